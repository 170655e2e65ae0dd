"""What differs between state and the inputs of a program, and what follows from that.

The diff is read off the model. Whatever a run would fail with is raised here, before anything is
changed, and in a preview too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from palette_backup_provider.core.compare import (
    Change,
    changes,
    name_collides,
    only_local,
    replaces_at,
    top,
)
from palette_backup_provider.core.errors import NotOwned
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.markers import CreateOnly, Local, Secret
from palette_backup_provider.core.model import (
    Model,
    Owned,
    Storage,
    fields,
    is_existing,
    properties_with,
)
from palette_backup_provider.core.ownership import UNFINISHED, heals
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.run import Planned, Run
from palette_backup_provider.engine.properties import (
    LINEAGE,
    UNBORN,
    Props,
    fill_unknowns,
    load_state,
    without_engine_keys,
)
from palette_backup_provider.engine.tokens import handler_of


@dataclass(frozen=True)
class Difference:
    """What diff answers.

    `changes` is None where the engine is to compare the inputs itself: then it shows the detail,
    and honours replace_on_changes at any depth. It is True where something hidden changes, which
    the engine would show, or not find.
    """

    changes: bool | None
    replaces: list[str]
    delete_first: bool = False
    visible: list[str] = field(default_factory=list)
    """The properties that change or have no value yet, without those that a program never sees."""


class Comparison:
    """Compares state and inputs of one resource type, in one run."""

    def __init__(self, handler: type[AnyHandler], run: Run) -> None:
        self.handler_type, self.run = handler, run
        self.state: type[Model] = handler.state_type

    def sides(self, id: str, olds: Props, news: Props, unknown: set[str]) -> tuple[Owned, Owned]:
        """What state has, and what this run brings it to. What is unknown is taken to stay."""
        have = load_state(self.state, olds)
        filled = fill_unknowns(without_engine_keys(news), without_engine_keys(olds), unknown)
        if LINEAGE in unknown:  # the run draws it
            filled[LINEAGE] = UNBORN
        want = load_state(self.state, filled)
        return have, without_deferred(self._for(want), id, have, want)

    def difference(self, id: str, olds: Props, news: Props, unknown: set[str]) -> Difference:
        """What differs, and what follows. What is unknown is taken to stay, unless it replaces."""
        have, want = self.sides(id, olds, news, unknown)
        changed = list(changes(have, want))
        if is_existing(have) and is_existing(want):
            # what earlier code noted besides was never true of it
            changed = [change for change in changed if top(change.path) in news]
        unnoticed = unknown & {*properties_with(self.state, Local), LINEAGE}
        initial = properties_with(self.state, CreateOnly)
        unknown = {path for path in unknown - unnoticed if top(path) not in initial}
        replaces = _replaces(have, want, changed, unknown)
        if want.owner in self.run.asked:  # the engine compares in a refresh, too
            if not replaces:
                self.run.kept.add((self.handler_type, id))
                if not (unknown or is_existing(have) or is_existing(want)):
                    self._note_planned(id, have, want)
            self._foresee(id, have, want, bool(changed or unknown), bool(replaces))
        if not changed and not unknown:
            return Difference(False, [])
        above = set(map(top, unknown))
        visible = above | {top(change.path) for change in changed}
        hidden = any(c.hidden for c in changed) or any(name.startswith("__") for name in above)
        hidden |= bool(unknown and unnoticed)  # the engine would show those
        return Difference(
            changes=True if have.held_by == UNFINISHED or hidden else None,
            replaces=sorted(replaces),
            delete_first=bool(replaces) and name_collides(have, want, above),
            visible=sorted(name for name in visible if not name.startswith("__")),
        )

    def _note_planned(self, id: str, have: Owned, want: Owned) -> None:
        secret = fields(self.state, Secret)
        self.run.planned[want.owner] = {
            name: Planned(value, name in secret)
            for name, value in self._for(want).known_after_update(id, have, want).items()
        }

    def _foresee(self, id: str, have: Owned, want: Owned, differs: bool, replaces: bool) -> None:
        """Raise what the run would fail with, and warn of what comes."""
        self._foresee_mark(id, have, want)
        if differs and only_local(have, want):
            self.run.announce_once(
                "What a location and its storage note of each other changes, in state alone: an "
                "update without a changed property."
            )
        handler = self._for(want)
        handler.prepare(id, have, want)
        if differs and not replaces:
            handler.check_update(id, have, want)
        elif replaces and not is_existing(have):
            for side in (have, want):  # a run that failed may have noted what never came
                self._demand_unused(side)
            self._for(have).check_replace(id, have)

    def _foresee_mark(self, id: str, have: Owned, want: Owned) -> None:
        if not have.owner or is_existing(want):
            return
        if message := _new_mark(have, want):
            self.run.announce_once(message)
        if have.held_by and not heals(have.held_by):
            raise NotOwned(
                f"{want.logical}: {id} is held by {have.held_by}, as its mark says, so it is not "
                f"changed. Take it out of the state here, with `pulumi state delete`; or, if that "
                f"stack is to hold it no longer, hand it over as docs/recover.md says."
            )
        if have.held_by == UNFINISHED:
            announce(f"{want.logical}: {id} was made by a run that failed; this one finishes it")
        elif have.held_by:
            announce(
                f"{want.logical}: {id} is held by {have.held_by}; it is marked for this state anew"
            )

    def _demand_unused(self, storage: Model) -> None:
        if isinstance(storage, Storage) and storage.serves:
            location = handler_of(storage.serves["token"])
            want = load_state(location.state_type, storage.serves["properties"])
            location(self.run).check_move(want)

    def _for(self, state: Model) -> AnyHandler:
        return self.handler_type.of(self.run, state)


def without_deferred(handler: AnyHandler, id: str, have: Owned, want: Owned) -> Owned:
    """`want` without what has to wait for a later run; an existing object waits for nothing."""
    if is_existing(have) or is_existing(want):
        return want
    sooner: Owned = handler.without_deferred(id, have, want)
    return sooner


def _replaces(
    have: Owned, want: Owned, changed: Iterable[Change], unknown: Iterable[str]
) -> set[str]:
    """The properties for which the object is replaced. In a run that marks everything anew nothing
    unknown is among them: an id is unknown then because what it names is updated."""
    paths = [change.path for change in changed if change.replaces]
    if (have.owner, have.lineage) == (want.owner, want.lineage):
        paths += [path for path in unknown if replaces_at(want, path)]
    return set(map(top, paths))


def _new_mark(have: Owned, want: Owned) -> str:
    """Why the mark of an object changes; empty where it does not."""
    then = "the marks of what it made change, in place."
    if have.stack != want.stack:
        return (
            f"The stack {have.stack} is called {want.stack} now: the marks of all that it made "
            f"change, in place."
        )
    if have.logical != want.logical:
        return f"{have.logical} is called {want.logical} now: {then}"
    if have.owner != want.owner:
        return f"{want.logical} is under another parent now: {then}"
    if have.lineage != want.lineage:
        return (
            f"The marks of all that {want.stack} made get the id of its state, in place: it "
            f"tells this state from another one of the same name."
        )
    return ""
