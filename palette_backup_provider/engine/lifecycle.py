"""Turns property bags into typed calls on a handler, and back.

Shared by every adapter, so the rules live once: a confirmed absence means gone and nothing else
does, deletes are idempotent, another account is never "gone", and the diff is read off the model.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.compare import Invalid, changes, fixed_at, violations
from palette_backup_provider.core.complete import Draft, NotKnown, completed
from palette_backup_provider.core.errors import NotFound, ProviderError, WrongIdentity
from palette_backup_provider.core.handler import Clients, Created, Handler
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Model,
    Named,
    fields,
    key,
    recalled,
    variant,
)
from palette_backup_provider.core.rotation import Expiring
from palette_backup_provider.engine.noted import noted
from palette_backup_provider.engine.properties import (
    Props,
    brought,
    filled,
    held,
    ours,
)

AnyHandler = Handler[Any, Any]
UNDER = "__made_under"


@dataclass(frozen=True)
class Checked:
    """What check makes of inputs: all that can be told, what cannot yet, and what is wrong."""

    props: Props
    unknown: set[str]
    failures: list[Invalid]


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
        recalled(self.state, props)  # so that its secrets are remembered, whatever is wrong with it
        try:
            found = self._rules(before, props, set(unknown))
            if not found:
                checked = self._checked(before, props, set(unknown))
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
        if isinstance(have, Expiring) and not want.rotates(have):
            have.warn(self.clients.now())
        above = {path.partition(".")[0] for path in unknown}
        paths = {c.path for c in found if c.replaces} | {u for u in unknown if fixed_at(want, u)}
        replaces = {path.partition(".")[0] for path in paths}
        if not replaces:
            self._for(want).stays(id)
        if not found and not unknown:
            return Difference(False, [])
        if replaces and not brought(have):
            self._for(have).may_replace(id, have)
        elif not replaces:
            self._for(want).may_update(id, have, want)
        hidden = any(c.hidden for c in found)
        named = fields(self.state, Named)
        same_name = any(
            getattr(have, n) == getattr(want, n) for n in named if key(self.state, n) not in above
        )
        return Difference(
            changes=True if hidden or unknown else None,
            replaces=sorted(replaces),
            delete_first=bool(replaces) and same_name,
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
        with suppress(NotFound):
            handler.delete(id, have)

    def _rules(self, before: Props, props: Props, unknown: set[str]) -> list[Invalid]:
        whole = completed(self.state, props, unknown, before, self.clients.settings)
        names = {key(self.state, f) for f in fields(self.state, Named)}
        if whole.get("existing") is True and (missing := names - whole.keys() - unknown):
            return [Invalid(n, "is required to bring what exists") for n in sorted(missing)]
        later = fields(self.state, Named) | fields(self.state, Derived)
        unknown |= {key(self.state, f) for f in later} - whole.keys()
        return self._violations(before, whole, unknown)

    def _violations(self, before: Props, whole: Props, unknown: set[str]) -> list[Invalid]:
        """What is there already is not judged: it was good enough for its makers."""
        found = violations(self.state, whole, unknown)
        spared = {name for name, value in whole.items() if before.get(name) == value}
        names = {key(self.state, f) for f in fields(self.state, Named)}
        if whole.get("existing") is True or whole.get("adopt") is not None:
            spared |= names & whole.keys()
        later = names | {key(self.state, f) for f in fields(self.state, Derived)}
        if whole.keys() <= spared and before.keys() - whole.keys() <= later:
            spared.add("")  # where rules about several fields are told
        return [f for f in found if f.path.partition(".")[0] not in spared]

    def _checked(self, before: Props, props: Props, unknown: set[str]) -> Checked:
        blind = any(path.partition(".")[0] == "identity" for path in unknown)
        handler = self.handler_type(self.clients, None if blind else self._identity(props))

        def made_under() -> str:
            if not blind:
                return handler.whoami()
            if UNDER not in before:
                raise NotKnown(UNDER)
            return str(before[UNDER])  # most likely; an update under another one is refused

        whole = completed(
            self.state,
            props,
            unknown,
            before,
            self.clients.settings,
            lambda draft: {
                "made_under": made_under,
                **handler.from_before(draft, before),
                **handler.derived(draft),
            },
        )
        failures = self._violations(before, whole, unknown)
        failures += self._moved(handler, before, whole)
        if not failures:
            draft = Draft(self.state, whole, unknown)
            with suppress(NotKnown):
                if whole.get("existing") is True and before.get("existing") is not True:
                    handler.bring(draft)
                    failures.extend(handler.unfit(draft))
                failures.extend(handler.judge(draft))
                if whole.get("adopt") and not (before or unknown):
                    unlike = handler.unlike(held(self.state, whole))
                    failures += [Invalid("adopt", unlike)] if unlike else []
        return Checked(whole, unknown, failures)

    def _moved(self, handler: AnyHandler, before: Props, whole: Props) -> list[Invalid]:
        """Other credentials by accident look like everything gone; only a new identity moves."""
        was, now = before.get(UNDER), whole.get(UNDER)
        if not was or not now or was == now or before.get("identity") != whole.get("identity"):
            return []
        return [Invalid("", _elsewhere(handler, str(was), str(now)))]

    def _same_realm(self, state: Any) -> AnyHandler:
        handler = self._for(state)
        was = getattr(state, "made_under", "")
        if was and (now := handler.whoami()) != was:
            raise WrongIdentity(_elsewhere(handler, was, now))
        return handler

    def _for(self, state: Model) -> AnyHandler:
        return self.handler_type(self.clients, getattr(state, "identity", None))

    def _identity(self, props: Props) -> Any:
        field = self.state.model_fields.get("identity")
        given = props.get("identity")
        if not field or given is None:
            return None
        inner = variant(field.annotation, given)
        return recalled(inner, given) if inner else None


def _elsewhere(handler: AnyHandler, was: str, now: str) -> str:
    return (
        f"it was made in the {handler.realm} {was}, but the credentials in use belong to {now}. "
        f"Use credentials of {was}. (Nothing was changed; `pulumi refresh` and `pulumi destroy` "
        f"use the config of the last `pulumi up`.)"
    )
