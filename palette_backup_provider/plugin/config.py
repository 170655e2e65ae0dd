"""The plugin's settings: those of the registry, in the only namespace that the engine hands over.

A plugin is told no config but its own, so `palette:apiKey` is `palette-backup:apiKey` here, and
the settings of a cloud begin with its name. Environment variables are the same for both adapters.
"""

import json
import os
from functools import cache
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime import proto
from pulumi.runtime.rpc import UNKNOWN

from palette_backup_provider.clients.namespaces import NAMESPACES
from palette_backup_provider.core.namespace import Effect, Key
from palette_backup_provider.core.own_settings import NATIVE, QUIET
from palette_backup_provider.core.places import meant
from palette_backup_provider.core.progress import quieten
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.owner import PACKAGE, Origin
from palette_backup_provider.engine.registration import CONFIG
from palette_backup_provider.engine.wire import plain, read, sealed

ORGANIZATION = Key(
    "organization",
    "The organization in the marks of what is made. Default: that of the last run, else "
    "`organization`. Components know theirs.",
)
DIGITS = 15
"""How much of a provider resource's id is a lineage: what fits into a label of Google Cloud."""
DEFAULT = "default"
"""How the name begins of a provider resource that Pulumi makes by itself, of stack config."""
_NO_SETTINGS = {"version", "pluginDownloadURL", "__internal", CONFIG}


@cache
def settings() -> dict[str, Key]:
    """Each setting by its name in the plugin's namespace."""
    keys = (key for namespace in NAMESPACES for key in namespace.keys)
    honoured = (key for key in keys if key.effect is Effect.HONOURED and key is not NATIVE)
    return {ORGANIZATION.name: ORGANIZATION, **{native_name(key.name): key for key in honoured}}


def native_name(key: str) -> str:
    """`palette:apiKey` as `apiKey`. The name of the cloud comes before a setting without it."""
    word, _, name = key.partition(":")
    cloud = word.removesuffix("-native")
    if cloud == "palette" or name.startswith(cloud):
        return name
    return f"{cloud}{name[:1].upper()}{name[1:]}"


class PluginConfiguration:
    """The config of provider resources."""

    def check(self, request: Any) -> Any:
        news = request.news.fields
        unknown = sorted(news.keys() - settings().keys() - _NO_SETTINGS)
        by_pulumi = request.urn.rpartition("::")[2].startswith(DEFAULT)
        reasons = [_unknown(name, in_config=by_pulumi) for name in unknown]
        failures = [proto.CheckFailure(property="", reason=reason) for reason in reasons]
        inputs = Struct()
        inputs.CopyFrom(request.news)
        for name, key in settings().items():
            if key.secret and name in news:
                inputs.fields[name].CopyFrom(sealed(news[name]))
        return proto.CheckResponse(inputs=inputs, failures=failures)

    def configure(self, request: Any) -> tuple[Run, Origin]:
        values = {name: _text(name, value) for name, value in request.args.fields.items()}
        remember(_marked_secret(request.args))
        config: dict[str, str] = json.loads(values.get(CONFIG, "{}"))
        config |= {key.name: values[name] for name, key in settings().items() if name in values}
        secrets = [key.name for key in settings().values() if key.secret]
        remember([config[name] for name in secrets if name in config])
        keys = frozenset(config.keys() - {ORGANIZATION.name})
        run = Run(Settings(config.get, os.environ, keys))
        quieten(run.settings.flag(*QUIET.places))
        return run, Origin(config.get(ORGANIZATION.name, ""), _lineage(request.id))


def _lineage(provider: str) -> str:
    """The id of the state (`engine/lineage.py`) that has a provider resource of that id. The engine
    draws it before anything remote is made, keeps it, and does not know it in the first preview."""
    if not provider or provider == UNKNOWN:
        return ""
    return f"p{provider.replace('-', '')[:DIGITS]}"


def _marked_secret(args: Struct) -> list[Any]:
    """What the user made secret. Config that a program hands over is secret as a whole, and most
    of it is not."""
    marked = Struct()
    marked.CopyFrom(args)
    marked.fields.pop(CONFIG, None)
    secrets = read(None, marked).secrets
    return [*secrets, *(_unquoted(one) for one in secrets if isinstance(one, str))]


def _unknown(name: str, *, in_config: bool) -> str:
    """What is told of a key that is none; the key of another tool may be meant."""
    others = {setting.name.partition(":")[2]: native for native, setting in settings().items()}
    key = others.get(name) or meant(name, settings())
    prefix, remedy = "", "Correct or remove this property of the provider."
    if in_config:
        prefix, remedy = f"{PACKAGE}:", "Correct or remove it (`pulumi config rm`)."
    hint = f": do you mean {prefix}{key}?" if key else "."
    return f"{prefix}{name} is no setting{hint} {remedy}"


def _text(name: str, value: Value) -> str:
    """A setting as stack config holds it: text, or the JSON of anything else.

    SDKs in TypeScript give a text in quotes where the schema has another type. A secret is a text
    there, so the quotes of one are its own.
    """
    content = plain(value)
    if content is None:
        return ""
    if not isinstance(content, str):
        return json.dumps(content)
    key = settings().get(name)
    return content if key is None or key.secret else _unquoted(content)


def _unquoted(text: str) -> str:
    """What a text says that is the JSON of a text; any other as it is."""
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError:
        return text
