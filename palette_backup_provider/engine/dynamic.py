"""Pulumi's dynamic-provider adapter.

Pulumi pickles a provider into the state of every resource. Ours pickles as a type token and the
path of `load`, so handlers may move: that one path and the tokens are a file format. It holds no
client and no secret.
"""

import os
import re
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pulumi import dynamic
from pulumi.runtime import rpc

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.handler import AnyHandler, Clients
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import ENGINE, Props, inputs, outputs

TOKEN = re.compile(r"([a-z]+):([A-Z][A-Za-z]+)")
_clients: Clients | None = None  # one provider process serves one phase of one stack


def load(token: str) -> "DynamicProvider":
    """The provider behind a type token such as `aws:Bucket`. Its path is written into state."""
    # requests silences a warning while it is imported. Pulumi calls handlers in threads, and a
    # thread that imports botocore meanwhile brings the warning back, onto the terminal.
    import_module("requests")
    _show_own_errors_without_traceback()
    named = TOKEN.fullmatch(token)
    path = f"palette_backup_provider.resources.{named[1]}" if named else ""
    kind = getattr(import_module(path), named[2], None) if named and find_spec(path) else None
    if kind is None or getattr(kind, "token", None) != token:
        raise ProviderError(
            f"The stack's state names a resource type {token!r}, which this version of "
            "palette-backup-provider does not have. Install the version that made the stack."
        )
    return DynamicProvider(token, kind.handler)


class DynamicProvider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def __init__(self, token: str, handler: type[AnyHandler]) -> None:
        super().__init__()
        self.token, self.handler = token, handler

    def __reduce__(self) -> tuple[Callable[[str], "DynamicProvider"], tuple[str]]:
        return load, (self.token,)

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        global _clients
        if _clients is None:  # Pulumi holds a lock around configure()
            _clients = Clients(Settings(req.config.get, os.environ))

    def check(self, olds: Props, news: Props) -> dynamic.CheckResult:
        known, unknown = split(news)
        checked = self._lifecycle().check(split(olds)[0], known, unknown)
        # never name the property: the engine would print its value, a secret included
        failures = [
            dynamic.CheckFailure("", cleared(f"{f.path}: {f.reason}" if f.path else f.reason))
            for f in checked.failures
        ]
        return dynamic.CheckResult(joined(news, checked.props, checked.unknown), failures)

    def diff(self, id_: str, olds: Props, news: Props) -> dynamic.DiffResult:
        known, unknown = split(news)
        found = self._lifecycle().diff(id_, olds, known, unknown)
        return dynamic.DiffResult(
            changes=found.changes,
            replaces=found.replaces,
            delete_before_replace=found.delete_first,
        )

    def create(self, props: Props) -> dynamic.CreateResult:
        made = self._lifecycle().create(props)
        return dynamic.CreateResult(made.id, outputs(made.state))

    def read(self, id_: str, props: Props) -> dynamic.ReadResult:
        state = self._lifecycle().read(id_, props)
        if state is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, outputs(state), inputs(state))

    def update(self, id_: str, olds: Props, news: Props) -> dynamic.UpdateResult:
        return dynamic.UpdateResult(outputs(self._lifecycle().update(id_, olds, news)))

    def delete(self, id_: str, props: Props) -> None:
        self._lifecycle().delete(id_, props)

    def _lifecycle(self) -> Lifecycle:
        assert _clients is not None
        return Lifecycle(self.handler, _clients)


def split(props: Any, path: str = "") -> tuple[Props, set[str]]:
    """The known part of `props`, and the paths whose value is not known yet.

    Numbers arrive as floats; a whole one is made an integer, so that it is written as one.
    """
    known: Props = {}
    unknown: set[str] = set()
    for name, value in props.items():
        if name in ENGINE or value is None:
            continue
        if isinstance(value, dict):
            known[name], below = split(value, f"{path}{name}.")
            unknown |= below
        elif rpc.contains_unknowns(value):
            unknown.add(f"{path}{name}")
        else:
            whole = isinstance(value, float) and value.is_integer()
            known[name] = int(value) if whole else value
    return known, unknown


def joined(news: Props, whole: Props, unknown: set[str]) -> Props:
    """`whole`, with what is unknown marked so, and what the engine added for itself."""
    engine = {k: v for k, v in news.items() if k in ENGINE}
    waiting = {path: rpc.UNKNOWN for path in unknown if "." not in path}
    return {**engine, **_marked(whole, news), **waiting}


def _marked(known: Props, news: Props) -> Props:
    """`known`, with what is unknown in `news`; by its keys, as a tag's key may hold a dot."""
    answer = dict(known)
    for name, value in news.items():
        if isinstance(value, dict):
            answer[name] = _marked(answer.get(name, {}), value)
        elif rpc.contains_unknowns(value):
            answer[name] = rpc.UNKNOWN
    return answer


class _Traceback:
    """Stands in for `traceback` in Pulumi's provider process, which shows every error with one.

    The text of a deliberate error is written for people; anything else is a bug, or another
    provider's, and keeps its traceback.
    """

    def format_exc(self) -> str:
        error = sys.exception()
        return str(error) if isinstance(error, ProviderError) else cleared(traceback.format_exc())

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)


def _show_own_errors_without_traceback() -> None:
    main = sys.modules["__main__"]
    if getattr(getattr(main, "__spec__", None), "name", "") == "pulumi.dynamic.__main__":
        main.traceback = _Traceback()  # type: ignore[attr-defined]
