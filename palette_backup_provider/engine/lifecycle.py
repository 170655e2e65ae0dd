"""Turns property bags into typed calls on a handler, and back.

Every adapter shares it, so each rule is in one place. An object is gone only if the API confirms
that the whole object is absent. A part that is absent, or another account, never means that.
Deletes are idempotent. The diff is read off the model.
"""

from contextlib import suppress
from dataclasses import replace

from palette_backup_provider.core.capabilities import find_existing
from palette_backup_provider.core.compare import Invalid, changes, only_local
from palette_backup_provider.core.errors import (
    Blocked,
    NotFound,
    NotOwned,
    ProviderError,
    WrongIdentity,
    sentence,
)
from palette_backup_provider.core.handler import AnyHandler, Created, HalfMade
from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.model import Model, Owned, fields, is_existing, load_unchecked
from palette_backup_provider.core.own_settings import PALETTE, STORAGE_STAYS
from palette_backup_provider.core.ownership import NOBODY, UNFINISHED, heals
from palette_backup_provider.core.run import Run
from palette_backup_provider.engine.checking import CheckResult, InputCheck, wrong_account_message
from palette_backup_provider.engine.comparison import Comparison, Difference, without_deferred
from palette_backup_provider.engine.expected import Expected
from palette_backup_provider.engine.properties import (
    LINEAGE,
    OWNER,
    UNBORN,
    Props,
    load_state,
    with_defaults,
    without_defaults,
    without_engine_keys,
)
from palette_backup_provider.engine.together import HOW_TO_LEAVE_IT
from palette_backup_provider.engine.tokens import cloud_of, handler_of


class Lifecycle:
    """One resource type, in one run."""

    def __init__(self, handler: type[AnyHandler], run: Run) -> None:
        self.handler_type, self.run = handler, run
        self.state: type[Model] = handler.state_type

    def check(self, before: Props, props: Props, unknown: set[str]) -> CheckResult:
        """The cheap rules first: they need neither credentials nor a network."""
        before = with_defaults(self.state, without_engine_keys(before))
        props = without_engine_keys(props)
        if LINEAGE in unknown:  # of the first preview; no rule depends on it
            checked = self.check(before, {**props, LINEAGE: UNBORN}, unknown - {LINEAGE})
            return replace(checked, unknown=checked.unknown | {LINEAGE})
        self.run.asked.add(str(props.get(OWNER)))
        load_unchecked(self.state, props)  # remembers the secrets, whatever is wrong with the rest
        checking = InputCheck(self.handler_type, self.run)
        try:
            PALETTE.demand_known(self.run.settings)
            failures = checking.rules(before, props, set(unknown))
            if not failures:
                checked = checking.checked(before, props, set(unknown))
                self.run.failed |= bool(checked.failures)
                return replace(checked, props=without_defaults(self.state, checked.props, before))
        except ProviderError as error:
            failures = [Invalid("", str(error))]
        self.run.failed = True
        return CheckResult(props, unknown, failures)

    def diff(self, id: str, olds: Props, news: Props, unknown: set[str]) -> Difference:
        """What differs, and what follows from that."""
        with self.run.recording_failure():
            return Comparison(self.handler_type, self.run).difference(id, olds, news, unknown)

    def create(self, props: Props) -> Created[Model]:
        with self.run.recording_failure():
            if str(props.get(OWNER)) in self.run.once(Expected).waiting:  # it is there by now
                props = InputCheck(self.handler_type, self.run).checked({}, props, set()).props
            want = load_state(self.state, props)
            handler = self._for(want)
            id = find_existing(handler, want)
            created = handler.create(want) if id is None else Created(id, want)
            self.run.kept.add((self.handler_type, created.id))
            return created

    def locate(self, id: str, owner: Props) -> Created[Model] | None:
        """What an import of `id` takes into state; None where there is no such object.

        `owner` has the properties that say whose it becomes. The object is marked by its first
        update, and is not deleted before. An object that another stack holds is looked up as it is;
        the next preview refuses it.
        """
        handler = self.handler_type(self.run)
        try:
            located = handler.locate(id)
            state = located.state.model_copy(
                update={
                    "owner": owner.get(OWNER, ""),
                    "lineage": owner.get(LINEAGE, ""),
                    "made_under": handler.whoami(),
                }
            )
            holder = handler.read(located.id, state).held_by
        except NotFound:
            return None
        foreign = None if heals(holder or NOBODY) else holder
        return Created(located.id, state.model_copy(update={"held_by": foreign}))

    def read(self, id: str, props: Props) -> Model | None:
        have = load_state(self.state, props)
        handler = self._same_realm(have)
        try:
            existing = find_existing(handler, have) is not None
            state: Model = have if existing else handler.read(id, have)
        except NotFound:
            return None
        return state

    def unchanged(self, olds: Props, news: Props) -> Model | None:
        """What state holds, if the program asks for just that. An update of state that the other
        adapter wrote spells it anew, and does nothing else."""
        have, want = load_state(self.state, olds), load_state(self.state, news)
        state: Model = have
        return None if list(changes(have, want)) else state

    def update(self, id: str, olds: Props, news: Props) -> Model:
        with self.run.recording_failure():
            have = load_state(self.state, olds)
            computed = {f: getattr(have, f) for f in fields(self.state, Computed)}
            want = load_state(self.state, news).model_copy(update=computed)
            want = without_deferred(self._for(want), id, have, want)
            handler = self._same_realm(want)
            if have.held_by == UNFINISHED:
                have = handler.read(id, have)
            try:
                return self._updated(handler, id, have, want)
            except HalfMade as half:  # what state holds is whole
                raise half.failure from None

    def _updated(self, handler: AnyHandler, id: str, have: Model, want: Model) -> Model:
        if find_existing(handler, want) is not None:
            return want
        if is_existing(have):  # only what bears our mark can be reclaimed
            handler.reclaim_requested = True
            created: Created[Model] = handler.create(want)
            return created.state
        if only_local(have, want):
            return want
        if isinstance(want, Owned) and not want.incarnation:  # it was imported, and is marked now
            want = want.with_new_incarnation()
        state: Model = handler.update(id, have, want)
        return state

    def delete(self, id: str, props: Props) -> None:
        have = load_state(self.state, props)
        if is_existing(have):
            return
        handler = self._same_realm(have)
        self._demand_storage_goes(have)
        try:
            handler.delete(id, have)
        except NotFound as error:
            with suppress(NotFound):  # what is gone may be a part of it alone
                handler.read(id, have)
                raise ProviderError(
                    f"{sentence(str(error))} The rest is still there, and may not be known "
                    f"everywhere yet. Wait a minute and run it again."
                ) from None

    def check_delete(self, id: str, props: Props) -> None:
        """Raise if the object goes in this run and its deletion is bound to be refused."""
        have = load_state(self.state, props)
        if not is_existing(have) and have.owner not in self.run.asked:
            with suppress(NotFound):
                self._same_realm(have).check_delete(id, have)

    def _demand_storage_goes(self, have: Owned) -> None:
        """What the program still asks for is replaced at most; then its storage stays."""
        stays = self.run.settings.flag(*STORAGE_STAYS.places) or have.owner in self.run.asked
        for noted in () if stays else getattr(have, "goes_with", None) or ():
            storage = Lifecycle(handler_of(noted["token"]), self.run)
            try:
                storage.check_delete(noted["id"], noted["properties"])
            except (Blocked, NotOwned) as error:
                raise Blocked(
                    f"{sentence(str(error))} So {have.logical} stays as it is, with its location, "
                    f"credential and identity: nothing was changed. {HOW_TO_LEAVE_IT}"
                ) from None

    def _same_realm(self, state: Owned) -> AnyHandler:
        handler = self._for(state)
        was, cloud = state.made_under, cloud_of(self.handler_type)
        if was and (now := handler.whoami()) != was:
            error = WrongIdentity(wrong_account_message(handler, was, now))
            raise error.see(f"{cloud}.{'tenant' if cloud == 'palette' else 'account'}")
        return handler

    def _for(self, state: Model) -> AnyHandler:
        return self.handler_type.of(self.run, state)
