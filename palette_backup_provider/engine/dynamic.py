"""Pulumi's dynamic-provider adapter.

Pulumi pickles a provider into the state of every resource. Ours pickles as a type token and the
path of `load`, so handlers may move: that one path and the tokens are a file format. It holds no
client and no secret.
"""

import os
import sys
from collections.abc import Callable

from pulumi import dynamic
from pulumi.dynamic.dynamic import PROVIDER_KEY

from palette_backup_provider.core.handler import AnyHandler, HalfMade
from palette_backup_provider.core.own_settings import QUIET
from palette_backup_provider.core.packages import import_shared
from palette_backup_provider.core.progress import quieten
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.arguments import NOTE, argument
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.planned import fill_planned, reseal
from palette_backup_provider.engine.properties import OWNER, Props, inputs, outputs
from palette_backup_provider.engine.shape import in_python
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.engine.tracebacks import Traceback
from palette_backup_provider.engine.unknowns import mark_unknowns, split_unknowns
from palette_backup_provider.engine.watch import watch_engine

_run: Run | None = None  # one provider process serves one phase of one stack


def load(token: str) -> "DynamicProvider":
    """The provider behind a type token. State holds the path of this function."""
    import_shared()  # Pulumi calls handlers in threads, and this under a lock
    _set_up_process()
    return DynamicProvider(token, handler_of(token))


class DynamicProvider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def __init__(self, token: str, handler: type[AnyHandler]) -> None:
        super().__init__()
        self.token, self.handler = token, handler

    def __reduce__(self) -> tuple[Callable[[str], "DynamicProvider"], tuple[str]]:
        return load, (self.token,)

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        global _run
        if _run is None:  # Pulumi holds a lock around configure()
            settings = Settings(req.config.get, os.environ, _keys(req.config))
            quieten(settings.flag(*QUIET.places))
            _run = Run(settings)

    def check(self, olds: Props, news: Props) -> dynamic.CheckResult:
        before = self._in_python(olds)
        if before != olds:  # what the program ignores is as the plugin wrote it
            news = self._in_python(news)
        note = news.get(NOTE) or {}
        assert _run is not None
        _run.arguments[str(news.get(OWNER))] = note
        news, sealed = fill_planned(
            {n: value for n, value in news.items() if n != NOTE}, _run.planned
        )
        known, unknown = split_unknowns(news)
        checked = self._lifecycle().check(split_unknowns(before)[0], known, unknown)
        # never name the property: the engine would print its value, a secret included
        reasons = [(argument(f.path, note), f.reason) for f in checked.failures]
        failures = [
            dynamic.CheckFailure("", printable(f"{path}: {reason}" if path else reason))
            for path, reason in reasons
        ]
        props = mark_unknowns(news, checked.props, checked.unknown)
        return dynamic.CheckResult(reseal(props, sealed), failures)

    def diff(self, id_: str, olds: Props, news: Props) -> dynamic.DiffResult:
        known, unknown = split_unknowns(news)
        difference = self._lifecycle().diff(id_, self._in_python(olds), known, unknown)
        return dynamic.DiffResult(
            changes=True if _moved(olds, news) else difference.changes,
            replaces=difference.replaces,
            delete_before_replace=difference.delete_first,
        )

    def create(self, props: Props) -> dynamic.CreateResult:
        try:
            created = self._lifecycle().create(props)
        except HalfMade as half:  # Pulumi keeps no such object in state
            raise half.failure from None
        return dynamic.CreateResult(created.id, outputs(created.state))

    def read(self, id_: str, props: Props) -> dynamic.ReadResult:
        state = self._lifecycle().read(id_, props)
        if state is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, outputs(state), inputs(state))

    def update(self, id_: str, olds: Props, news: Props) -> dynamic.UpdateResult:
        life, have = self._lifecycle(), self._in_python(olds)
        unchanged = life.unchanged(have, news) if _moved(olds, news) else None
        return dynamic.UpdateResult(outputs(unchanged or life.update(id_, have, news)))

    def delete(self, id_: str, props: Props) -> None:
        self._lifecycle().delete(id_, props)

    def _in_python(self, props: Props) -> Props:
        """Properties with the names of the model, also where the plugin wrote them into state."""
        return dict(in_python({None: self.handler.state_type}, props))

    def _lifecycle(self) -> Lifecycle:
        assert _run is not None
        return Lifecycle(self.handler, _run)


def _moved(olds: Props, news: Props) -> bool:
    """Whether a program comes back from the plugin, whose state names no pickled provider."""
    return PROVIDER_KEY in news and PROVIDER_KEY not in olds


def _keys(config: dynamic.Config) -> frozenset[str]:
    """What the stack's config sets, which Pulumi tells one by one alone; not the project's own."""
    own = f"{config._project_name}:"
    return frozenset(key for key in config._props if not key.startswith(own))


def _set_up_process() -> None:
    """What holds for Pulumi's provider process as a whole, once."""
    main = sys.modules["__main__"]
    if getattr(getattr(main, "__spec__", None), "name", "") != "pulumi.dynamic.__main__":
        return
    if not isinstance(main.traceback, Traceback):
        main.traceback = Traceback()  # type: ignore[attr-defined]
        watch_engine()
