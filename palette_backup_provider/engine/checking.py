"""What check makes of the inputs of one resource, and what is wrong with them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.capabilities import Adopts, UsesExisting
from palette_backup_provider.core.compare import NO_TEXT, Invalid, short, top, violations
from palette_backup_provider.core.complete import DraftState, UnknownValue, complete, found_by
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.literal import literal_name, visible
from palette_backup_provider.core.markers import (
    AutoNamed,
    Beside,
    Derived,
    DerivedDefault,
    Secret,
)
from palette_backup_provider.core.model import (
    ADOPT,
    EXISTING,
    IDENTITY,
    Model,
    Owned,
    is_existing,
    load_unchecked,
    marker,
    properties_with,
    variant,
)
from palette_backup_provider.core.ownership import ANOTHER_STATE
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.engine.expected import Expected
from palette_backup_provider.engine.properties import MADE_UNDER, OWNER, Props, load_state


@dataclass(frozen=True)
class CheckResult:
    """What check makes of inputs: all that can be told, what cannot yet, and what is wrong."""

    props: Props
    unknown: set[str]
    failures: list[Invalid]


class InputCheck:
    """The inputs of one resource type."""

    def __init__(self, handler: type[AnyHandler], run: Run) -> None:
        self._handler_type, self._run = handler, run
        self._state: type[Model] = handler.state_type

    def rules(self, before: Props, props: Props, unknown: set[str]) -> list[Invalid]:
        """What can be told to be wrong without credentials and without a network."""
        whole = complete(self._state, props, unknown, before, self._run.settings)
        names = properties_with(self._state, AutoNamed)
        if is_existing(whole) and (missing := names - whole.keys() - unknown):
            return [Invalid(n, "is required where existing=True") for n in sorted(missing)]
        unknown |= self._known_later - whole.keys()
        return self._violations(before, whole, unknown)

    @property
    def _known_later(self) -> set[str]:
        """Properties that take credentials or a network to fill in, where they are left out."""
        return properties_with(self._state, AutoNamed, Derived, DerivedDefault)

    def _violations(self, before: Props, whole: Props, unknown: set[str]) -> list[Invalid]:
        """What is wrong with the inputs. Values of the last run are not validated again. Name and
        secret of an existing object are refused only where they are dangerous or impossible."""
        invalid = list(violations(self._state, whole, unknown))
        spared = {name for name, value in whole.items() if before.get(name) == value}
        names = properties_with(self._state, AutoNamed)
        unusable: list[Invalid] = []
        if is_existing(whole):
            theirs = names | properties_with(self._state, Secret)
            unusable = list(self._unusable(theirs & whole.keys() - unknown - spared, whole))
            spared |= theirs & whole.keys()
        elif issubclass(self._handler_type, Adopts) and whole.get(ADOPT) is not None:
            spared |= names & whole.keys()
            invalid = [f for f in invalid if f.path not in self._handler_type.chosen_by_owner]
        if whole.keys() <= spared and before.keys() - whole.keys() <= self._known_later:
            spared.add("")  # where rules about several fields are told
        return [f for f in invalid if top(f.path) not in spared] + unusable

    def _unusable(self, theirs: set[str], props: Props) -> Iterator[Invalid]:
        """The properties among `theirs` that no owner can have given, or that name more than one
        thing where that would open more than one."""
        for name in sorted(theirs):
            value = props[name]
            if not isinstance(value, str):
                yield Invalid(name, NO_TEXT)
            elif not value:
                yield Invalid(name, "is empty: give it, or leave it out")
            elif named := marker(self._state, name, AutoNamed):
                try:
                    (literal_name if named.reaches else visible)(value)
                except ValueError as error:
                    beside = [value] if marker(self._state, name, Beside) else []
                    yield Invalid(name, cleared(short(str(error)), *beside))

    def checked(self, before: Props, props: Props, unknown: set[str]) -> CheckResult:
        """The inputs with all that can be told."""
        kind, expected = self._handler_type, self._run.once(Expected)
        blind = any(top(path) == IDENTITY for path in unknown)
        handler = kind(self._run, None if blind else self._identity(props))
        existing = handler if isinstance(handler, UsesExisting) and is_existing(props) else None

        def facts(draft: Any) -> dict[str, Callable[[], Any]]:
            if existing:
                found = expected.find_each(kind, props, existing.observed(draft))
            else:
                found = {**handler.derive_from_last_run(draft, before), **handler.derive(draft)}
            return {"made_under": lambda: _made_under(handler, before, blind), **found}

        whole = complete(self._state, props, unknown, before, self._run.settings, facts)
        # of an existing object, `rules` has validated all that the program says
        failures = [] if existing else self._violations(before, whole, unknown)
        failures += self._moved(handler, before, whole) + self._own_as_existing(before, whole)
        if existing:
            if not failures and not self._used_already(before, whole):
                failures = _before_unknown(self._unfit(existing, props, whole, unknown))
            return CheckResult(whole, unknown, failures)
        failures = failures or _before_unknown(self._refused(handler, before, whole, unknown))
        if not (before or failures or blind):
            self._foresee_create(handler, whole, unknown)
        expected.add(kind, whole)
        return CheckResult(whole, unknown, failures)

    def _unfit(
        self, handler: UsesExisting[Any, Any], props: Props, whole: Props, unknown: set[str]
    ) -> Iterator[Invalid]:
        """Why the existing object of `props` cannot serve."""
        draft: Any = DraftState(self._state, whole, unknown)
        expected = self._run.once(Expected)
        expected.find(self._handler_type, props, lambda: handler.find_existing(draft))
        yield from handler.check_existing(draft)

    def _refused(
        self, handler: AnyHandler, before: Props, whole: Props, unknown: set[str]
    ) -> Iterator[Invalid]:
        """Why an object cannot be as `whole` says."""
        yield from handler.validate(DraftState(self._state, whole, unknown))
        if isinstance(handler, Adopts) and whole.get(ADOPT) and not (before or unknown):
            conflict = handler.adoption_conflict(load_state(self._state, whole))
            yield from [Invalid(ADOPT, conflict)] if conflict else []

    def _foresee_create(self, handler: AnyHandler, whole: Props, unknown: set[str]) -> None:
        """Raise what the run would fail with, and warn of what comes."""
        draft: Any = DraftState(self._state, whole, unknown)
        with suppress(UnknownValue):
            handler.check_create(draft)
            self._tell_reclaimed(handler, draft, load_state(self._state, whole))

    def _tell_reclaimed(self, handler: AnyHandler, draft: Any, want: Owned) -> None:
        """Tell of the object of a lost state that the new one goes on with."""
        with suppress(NotFound):
            if not (handler.reclaims_in_use and (id := handler.place(draft))):
                return
            if str(handler.read(id, want).held_by).startswith(ANOTHER_STATE):
                self._run.foretold.add(want.owner)
                self._run.announce_once(
                    f"{want.logical}: state was lost; {id} is there, and is reclaimed"
                )

    def _used_already(self, before: Props, whole: Props) -> bool:
        """Whether the last run used the same existing object."""
        names = {MADE_UNDER, *found_by(self._state)}
        same = all(before[name] == whole.get(name) for name in names & before.keys())
        return same and is_existing(before)

    def _moved(self, handler: AnyHandler, before: Props, whole: Props) -> list[Invalid]:
        """Other credentials by accident look like everything gone; only a new identity moves."""
        was, now = before.get(MADE_UNDER), whole.get(MADE_UNDER)
        if not was or not now or was == now or before.get(IDENTITY) != whole.get(IDENTITY):
            return []
        return [Invalid("", wrong_account_message(handler, str(was), str(now)))]

    def _own_as_existing(self, before: Props, whole: Props) -> list[Invalid]:
        """It would be spared, but the program no longer asks for what was made along with it."""
        if not issubclass(self._handler_type, UsesExisting):
            return []
        by = self._handler_type.palette_identity or ""
        was, now = (str(props.get(by, "")).casefold() for props in (before, whole))
        turns = is_existing(whole) and not is_existing(before)
        if not (turns and now) or (was, before.get(MADE_UNDER)) != (now, whole.get(MADE_UNDER)):
            return []
        argument = self._run.argument(str(whole.get(OWNER)), EXISTING)
        reason = (
            f"this very resource made {whole[by]}: using it as existing would delete what gives it "
            f"access. Leave {argument} out, and it goes on as it is. To go on with it unmanaged, "
            f"first `pulumi state delete` it, what depends on it and what gives it access."
        )
        return [Invalid(EXISTING, reason)]

    def _identity(self, props: Props) -> Any:
        field = self._state.model_fields.get(IDENTITY)
        identity = props.get(IDENTITY)
        if not field or identity is None:
            return None
        inner = variant(field.annotation, identity)
        return load_unchecked(inner, identity) if inner else None


def _made_under(handler: AnyHandler, before: Props, blind: bool) -> str:
    """The account of the credentials; while those are not known, the one of the last run."""
    if not blind:
        return handler.whoami()
    if MADE_UNDER not in before:
        raise UnknownValue(MADE_UNDER)
    return str(before[MADE_UNDER])  # most likely; an update under another one is refused


def _before_unknown(failures: Iterator[Invalid]) -> list[Invalid]:
    """The failures that are told before the first value that is not known yet."""
    told: list[Invalid] = []
    with suppress(UnknownValue):
        told.extend(failures)
    return told


def wrong_account_message(handler: AnyHandler, was: str, now: str) -> str:
    """The message for an object in `was` if the credentials belong to `now`."""
    return (
        f"it was made in the {handler.realm} {was}, but the credentials in use belong to {now}. "
        f"Use credentials of {was}. (Nothing was changed; `pulumi refresh` and `pulumi destroy` "
        f"use the config of the last `pulumi up`.)"
    )
