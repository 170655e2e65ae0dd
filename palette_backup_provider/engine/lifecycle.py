"""Turns property bags into typed calls on a handler, and back.

Shared by every adapter, so the rules live once: a confirmed absence means gone and nothing else
does, the absence of a part least of all, deletes are idempotent, another account is never "gone",
and the diff is read off the model.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.compare import (
    Invalid,
    changes,
    fixed_at,
    same_name,
)
from palette_backup_provider.core.errors import NotFound, ProviderError, WrongIdentity, sentence
from palette_backup_provider.core.handler import AnyHandler, Clients, Created
from palette_backup_provider.core.model import (
    Computed,
    Model,
    fields,
    recalled,
)
from palette_backup_provider.core.rotation import Expiring
from palette_backup_provider.engine.checking import Checked, Checking, elsewhere
from palette_backup_provider.engine.noted import noted
from palette_backup_provider.engine.properties import (
    Props,
    brought,
    filled,
    held,
    ours,
)

OWNER = "__owner"


@dataclass(frozen=True)
class Difference:
    """What diff answers. `changes` is None where the engine should compare the inputs itself: only
    then does it show the detail and honour replace_on_changes."""

    changes: bool | None
    replaces: list[str]
    delete_first: bool = False


class Lifecycle:
    """One resource type, with the clients of this process."""

    def __init__(self, handler: type[AnyHandler], clients: Clients) -> None:
        self.handler_type, self.clients = handler, clients
        self.state: type[Model] = handler.state_type

    def check(self, before: Props, props: Props, unknown: set[str]) -> Checked:
        """The cheap rules first: they need neither credentials nor a network."""
        before, props = ours(before), ours(props)
        self.clients.asked.add(str(props.get(OWNER)))
        recalled(self.state, props)  # so that its secrets are remembered, whatever is wrong with it
        checking = Checking(self.handler_type, self.clients)
        try:
            found = checking.rules(before, props, set(unknown))
            if not found:
                checked = checking.checked(before, props, set(unknown))
                self.clients.failed |= bool(checked.failures)
                return checked
        except ProviderError as error:
            found = [Invalid("", str(error))]
        self.clients.failed = True
        return Checked(props, unknown, found)

    @noted
    def diff(self, id: str, olds: Props, news: Props, unknown: set[str]) -> Difference:
        """What is unknown is taken to stay as it is, unless the field is one that replaces."""
        have = held(self.state, olds)
        want = held(self.state, filled(ours(news), ours(olds), unknown))
        found = list(changes(have, want))
        above = {path.partition(".")[0] for path in unknown}
        paths = {c.path for c in found if c.replaces} | {u for u in unknown if fixed_at(want, u)}
        replaces = {path.partition(".")[0] for path in paths}
        if want.owner in self.clients.asked:  # the engine compares in a refresh, too
            self._foresee(id, have, want, bool(found or unknown), bool(replaces))
        if not found and not unknown:
            return Difference(False, [])
        hidden = any(c.hidden for c in found)
        return Difference(
            changes=True if hidden or unknown else None,
            replaces=sorted(replaces),
            delete_first=bool(replaces) and same_name(have, want, above),
        )

    @noted
    def create(self, props: Props) -> Created[Model]:
        want = held(self.state, props)
        handler = self._for(want)
        return Created(handler.bring(want), want) if brought(want) else handler.create(want)

    def read(self, id: str, props: Props) -> Model | None:
        have = held(self.state, props)
        handler = self._same_realm(have)
        try:
            if brought(have):
                handler.bring(have)
            state: Model = have if brought(have) else handler.read(id, have)
        except NotFound:
            return None
        return state

    @noted
    def update(self, id: str, olds: Props, news: Props) -> Model:
        have = held(self.state, olds)
        kept = {f: getattr(have, f) for f in fields(self.state, Computed)}
        want = held(self.state, news).model_copy(update=kept)
        handler = self._same_realm(want)
        if brought(want):
            handler.bring(want)
            state: Model = want
        elif brought(have):  # only what bears our mark can be taken over
            handler.takes_over = True
            state = handler.create(want).state
        else:
            state = handler.update(id, have, want)
        return state

    def delete(self, id: str, props: Props) -> None:
        have = held(self.state, props)
        if brought(have):
            return
        handler = self._same_realm(have)
        try:
            handler.delete(id, have)
        except NotFound as error:
            with suppress(NotFound):  # what is gone may be a part of it alone
                handler.read(id, have)
                raise ProviderError(
                    f"{sentence(str(error))} The rest is still there, and may not be known "
                    f"everywhere yet: wait a minute and run it again."
                ) from None

    def _foresee(self, id: str, have: Any, want: Any, differs: bool, replaces: bool) -> None:
        """Raise what the run would fail with, and warn of what comes."""
        if have.owner and have.stack != want.stack:
            self.clients.tell_once(
                f"The stack {have.stack} is called {want.stack} now: the marks of all that it made "
                f"change, in place."
            )
        if isinstance(have, Expiring) and not want.rotates(have):
            have.warn(self.clients.now())
        if not differs:
            self._for(want).stays(id, want)
        elif not replaces:
            self._for(want).may_update(id, have, want)
        elif not brought(have):
            self._for(have).may_replace(id, have)

    def _same_realm(self, state: Any) -> AnyHandler:
        handler = self._for(state)
        was = getattr(state, "made_under", "")
        if was and (now := handler.whoami()) != was:
            raise WrongIdentity(elsewhere(handler, was, now))
        return handler

    def _for(self, state: Model) -> AnyHandler:
        return self.handler_type(self.clients, getattr(state, "identity", None))
