"""Declares a resource of a program in Python to the plugin, and not to Pulumi's dynamic provider.

Outputs have the plugin's names on the wire. A program finds them under the names that it knows, as
those of a dynamic resource.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from pulumi import Alias, CustomResource, Output, ProviderResource, ResourceOptions, RunError
from pulumi.runtime import get_config, get_root_resource
from pulumi.runtime.config import CONFIG as CONFIG_OF_STACK
from pulumi.runtime.config import get_config_env

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.own_settings import NATIVE, PALETTE
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.shape import in_python, on_wire, path_on_wire, shape_of

SWITCH = NATIVE.name
CONFIG = "__config"
"""What a program's provider resource hands the plugin of the stack's config, under its own keys."""
_WORDS = {PALETTE.word, *(cloud.namespace for cloud in CLOUDS.values())}
"""The namespaces of what is handed."""
_PATHS = ("ignore_changes", "replace_on_changes", "additional_secret_outputs", "hide_diffs")
"""The options that name properties."""
_IN_PYTHON = "_in_python"
"""Where a resource keeps what was read of its outputs of maps."""
_in_plugin = False


def serve_natively() -> None:
    """Declare all resources of this process to the plugin: it is the plugin itself."""
    global _in_plugin
    _in_plugin = True


def is_native() -> bool:
    """Whether resources are declared to the plugin."""
    return _in_plugin or _switch() is True


def _switch() -> bool | None:
    """What the stack says of the plugin; None if nothing."""
    settings = Settings(get_config, {})
    try:
        return settings.flag(SWITCH) if settings.get(SWITCH) else None
    except BadSetting as error:
        raise RunError(str(error)) from None


def aliases_of(token: str) -> list[Alias]:
    """What a resource of that type is called by the adapter that it comes from. A dynamic resource
    comes from the plugin only where the program says that it is not native any more."""
    if is_native():
        return [Alias(type_=f"pulumi-python:dynamic/{token}")]
    return [Alias(type_=f"{PACKAGE}:{token}")] if _switch() is False else []


def _provider() -> ProviderResource | None:
    """The one provider resource of a program, with the settings of its stack; None in the plugin,
    and where no setting is in the stack's config."""
    program = get_root_resource()
    keys = {key for key in (*CONFIG_OF_STACK.get(), *get_config_env()) if key != SWITCH}
    config = {key: get_config(key) for key in sorted(keys) if key.partition(":")[0] in _WORDS}
    if program is None or not config:
        return None
    attributes = vars(program)
    if SWITCH not in attributes:
        # it knows its program, so a table of ours would keep both for ever
        settings = {CONFIG: Output.secret(json.dumps(config))}
        attributes[SWITCH] = ProviderResource(PACKAGE, PACKAGE, settings)
    declared: ProviderResource = attributes[SWITCH]
    return declared


class _Nested:
    """An output of maps, whose keys are the plugin's. A program that reads it finds its own names.

    It is brought to them then, and not before: the SDK takes as long for an output that follows
    from another as for several of the resource's own."""

    def __init__(self, name: str, models: Mapping[str | None, type[Model]]) -> None:
        self._name, self._models = name, models

    def __get__(self, resource: CustomResource | None, owner: type) -> Any:
        outputs = vars(resource) if resource else {}
        if self._name not in outputs:
            raise AttributeError(self._name)
        read = outputs.get(_IN_PYTHON)
        if read is None:  # it is a dynamic resource
            return outputs[self._name]
        if self._name not in read:
            read[self._name] = outputs[self._name].apply(partial(in_python, self._models))
        return read[self._name]

    def __set__(self, resource: CustomResource, value: Any) -> None:
        vars(resource)[self._name] = value


def register(
    resource: CustomResource,
    token: str,
    state: type[Model],
    name: str,
    props: Mapping[str, Any],
    opts: ResourceOptions | None,
) -> None:
    """Declare `resource`, and set its outputs. It takes over one that was declared otherwise."""
    shape = shape_of(state)
    options = ResourceOptions(
        aliases=aliases_of(token),
        additional_secret_outputs=[shape.wire[field_name] for field_name in sorted(shape.secret)],
        provider=None if opts and opts.provider else _provider(),
    )
    merged = ResourceOptions.merge(options, _spelled(state, opts))
    properties = on_wire(state, props)
    CustomResource.__init__(resource, f"{PACKAGE}:{token}", name, properties, merged)
    outputs = vars(resource)
    outputs[_IN_PYTHON] = {}
    for property in props:
        outputs[property] = outputs.pop(shape.wire.get(property, property))
        if property in shape.nested and property not in vars(type(resource)):
            setattr(type(resource), property, _Nested(property, shape.nested[property]))


def _spelled(state: type[Model], opts: ResourceOptions | None) -> ResourceOptions | None:
    """A copy of `opts` that names properties as the schema does. The SDK does so by the classes
    that it generates, and ours are written by hand."""
    if opts is None:
        return None
    copy = ResourceOptions.merge(opts, None)
    for option in _PATHS:
        if paths := getattr(opts, option, None):
            # ignored is what the last run had, which was under Python's names before a move
            before = paths if option == "ignore_changes" else []
            told = [*(path_on_wire(state, path) for path in paths), *before]
            setattr(copy, option, list(dict.fromkeys(told)))
    return copy


def with_old_names(state: type[Model], opts: ResourceOptions | None) -> ResourceOptions | None:
    """`opts` of a dynamic resource that may come from the plugin. The engine takes what is ignored
    from the inputs of the last run, so it goes by the names that it had there, too."""
    if opts is None or not opts.ignore_changes or _switch() is not False:
        return opts
    old = [path_on_wire(state, path) for path in opts.ignore_changes]
    return ResourceOptions.merge(opts, ResourceOptions(ignore_changes=old))
