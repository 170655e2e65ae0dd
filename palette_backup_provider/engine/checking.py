"""What check makes of the inputs of one resource, and what is wrong with them."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.compare import Invalid, violations
from palette_backup_provider.core.complete import Draft, NotKnown, completed
from palette_backup_provider.core.handler import AnyHandler, Clients
from palette_backup_provider.core.model import Derived, Model, Named, fields, key, recalled, variant
from palette_backup_provider.engine.properties import Props, held

UNDER = "__made_under"


@dataclass(frozen=True)
class Checked:
    """What check makes of inputs: all that can be told, what cannot yet, and what is wrong."""

    props: Props
    unknown: set[str]
    failures: list[Invalid]


class Checking:
    """The inputs of one resource type."""

    def __init__(self, handler: type[AnyHandler], clients: Clients) -> None:
        self._handler_type, self._clients = handler, clients
        self._state: type[Model] = handler.state_type

    def rules(self, before: Props, props: Props, unknown: set[str]) -> list[Invalid]:
        """What can be told to be wrong without credentials and without a network."""
        whole = completed(self._state, props, unknown, before, self._clients.settings)
        names = {key(self._state, f) for f in fields(self._state, Named)}
        if whole.get("existing") is True and (missing := names - whole.keys() - unknown):
            return [Invalid(n, "is required to bring what exists") for n in sorted(missing)]
        later = fields(self._state, Named) | fields(self._state, Derived)
        unknown |= {key(self._state, f) for f in later} - whole.keys()
        return self._violations(before, whole, unknown)

    def _violations(self, before: Props, whole: Props, unknown: set[str]) -> list[Invalid]:
        """What is there already is not judged: it was good enough for its makers."""
        found = violations(self._state, whole, unknown)
        spared = {name for name, value in whole.items() if before.get(name) == value}
        names = {key(self._state, f) for f in fields(self._state, Named)}
        if whole.get("existing") is True or whole.get("adopt") is not None:
            spared |= names & whole.keys()
        later = names | {key(self._state, f) for f in fields(self._state, Derived)}
        if whole.keys() <= spared and before.keys() - whole.keys() <= later:
            spared.add("")  # where rules about several fields are told
        return [f for f in found if f.path.partition(".")[0] not in spared]

    def checked(self, before: Props, props: Props, unknown: set[str]) -> Checked:
        """The inputs with all that can be told."""
        blind = any(path.partition(".")[0] == "identity" for path in unknown)
        handler = self._handler_type(self._clients, None if blind else self._identity(props))

        def made_under() -> str:
            if not blind:
                return handler.whoami()
            if UNDER not in before:
                raise NotKnown(UNDER)
            return str(before[UNDER])  # most likely; an update under another one is refused

        whole = completed(
            self._state,
            props,
            unknown,
            before,
            self._clients.settings,
            lambda draft: {
                "made_under": made_under,
                **handler.from_before(draft, before),
                **handler.derived(draft),
            },
        )
        failures = self._violations(before, whole, unknown)
        failures += self._moved(handler, before, whole) + self._brings_its_own(before, whole)
        if not failures:
            draft = Draft(self._state, whole, unknown)
            with suppress(NotKnown):
                if whole.get("existing") is True and before.get("existing") is not True:
                    handler.bring(draft)
                    failures.extend(handler.unfit(draft))
                failures.extend(handler.judge(draft))
                if whole.get("adopt") and not (before or unknown):
                    unlike = handler.unlike(held(self._state, whole))
                    failures += [Invalid("adopt", unlike)] if unlike else []
        return Checked(whole, unknown, failures)

    def _moved(self, handler: AnyHandler, before: Props, whole: Props) -> list[Invalid]:
        """Other credentials by accident look like everything gone; only a new identity moves."""
        was, now = before.get(UNDER), whole.get(UNDER)
        if not was or not now or was == now or before.get("identity") != whole.get("identity"):
            return []
        return [Invalid("", elsewhere(handler, str(was), str(now)))]

    def _brings_its_own(self, before: Props, whole: Props) -> list[Invalid]:
        """It would be spared, but the program no longer asks for what was made along with it."""
        by, argument = self._handler_type.signs_in or ("", "")
        was, now = (str(props.get(by, "")).casefold() for props in (before, whole))
        turns = whole.get("existing") is True and before.get("existing") is not True
        if not (turns and now) or (was, before.get(UNDER)) != (now, whole.get(UNDER)):
            return []
        reason = (
            f"this very resource made {whole[by]}: bringing it would delete what gives it access. "
            f"Leave {argument} out, and it goes on as it is. To go on with it unmanaged, first "
            f"`pulumi state delete` it, what depends on it and what gives it access."
        )
        return [Invalid("existing", reason)]

    def _identity(self, props: Props) -> Any:
        field = self._state.model_fields.get("identity")
        given = props.get("identity")
        if not field or given is None:
            return None
        inner = variant(field.annotation, given)
        return recalled(inner, given) if inner else None


def elsewhere(handler: AnyHandler, was: str, now: str) -> str:
    """What to tell of an object in `was` when the credentials are of `now`."""
    return (
        f"it was made in the {handler.realm} {was}, but the credentials in use belong to {now}. "
        f"Use credentials of {was}. (Nothing was changed; `pulumi refresh` and `pulumi destroy` "
        f"use the config of the last `pulumi up`.)"
    )
