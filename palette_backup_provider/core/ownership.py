"""Whose a remote object is, by the mark that it carries.

A mark has three parts. The owner names the resource: organisation, project, stack, logical name.
The lineage is the id of the state that manages the object; it tells two states of the same name
apart. The incarnation is new with every create. docs/decisions/marks.md says why.

An object belongs to the state that knows its incarnation, whatever was renamed since. An object
that state does not know is reclaimed only if its mark has this owner and this lineage: then an
interrupted run of this very state made it. `palette:recover` reclaims it by its owner alone.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from palette_backup_provider.core.errors import NotOwned
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.progress import announce

NOBODY = "nobody, as its mark is gone"
UNFINISHED = "nobody, as its creation did not end"
ANOTHER_RUN = "another run of this stack"
ANOTHER_STATE = "another state of this stack"
STACK, OWNER = 8, 12
"""Hex digits of the hashes in a hashed mark."""
HOW_TO_RECOVER = (
    "If the stack's state was lost, `pulumi config set palette:recover true` has the next "
    "`pulumi up` reclaim what this stack made, in use or not."
)


@dataclass(frozen=True)
class Mark:
    """A mark, taken apart; a part that it lacks is empty."""

    owner: str
    lineage: str
    incarnation: str


class Notation:
    """How a mark is written where any text of 256 characters can be: in a tag, a description."""

    def owner(self, state: Owned) -> str:
        """What stands for the owner."""
        return state.owner

    def stack(self, owner: str) -> str:
        """The part of an owner that all resources of its stack share."""
        return "/".join(owner.split("/")[:3])

    def name(self, owner: str) -> str:
        """An owner, for a person to read."""
        return owner.partition(":")[0]

    def write(self, state: Owned) -> str:
        """The mark of the object of `state`."""
        return state.mark

    def parse(self, text: str) -> Mark:
        """The parts of a mark."""
        owner, _, rest = text.rpartition("@")
        lineage, _, incarnation = rest.rpartition(".")
        return Mark(owner, lineage, incarnation)

    def same_resource(self, state: Owned, mark: str | None) -> bool:
        """Whether the mark names this resource, in whichever state."""
        return bool(state.owner and mark) and self.parse(mark or "").owner == self.owner(state)

    def same_state(self, state: Owned, mark: str | None) -> bool:
        """Whether the object of that mark belongs to the state that `state` is a part of."""
        if not state.owner or not mark:
            return False
        other = self.parse(mark)
        if other.lineage or state.lineage:
            return other.lineage == state.lineage
        return self.stack(other.owner) == self.stack(self.owner(state))

    def reclaims(self, state: Owned, mark: str | None, *, in_use: bool) -> bool:
        """Whether an interrupted run of this very state made the object of that mark for `state`;
        where state was lost, whether any run of that stack did."""
        return self.same_resource(state, mark) and (in_use or self.same_state(state, mark))

    def known(self, state: Owned, mark: str | None) -> bool:
        """Whether `state` holds the very object of that mark."""
        other = self.parse(mark or "")
        return bool(other.incarnation) and other.incarnation == state.incarnation

    def holder(self, state: Owned, mark: str | None) -> str | None:
        """Who holds the object of that mark; None where it is `state`."""
        if not state.owner or self.known(state, mark):
            return None
        if not mark:
            return NOBODY
        if self.same_state(state, mark):
            return ANOTHER_RUN
        if self.same_resource(state, mark):
            return f"{ANOTHER_STATE}{_born(self.parse(mark).lineage)}"
        return self.name(self.parse(mark).owner)


class HashedNotation(Notation):
    """How a mark is written where 63 of a-z, 0-9 and `-` can be: `<hash of the stack><hash of the
    owner>-<lineage>-<incarnation>`."""

    def owner(self, state: Owned) -> str:
        return _hash(PLAIN.stack(state.owner), STACK) + _hash(state.owner, OWNER)

    def stack(self, owner: str) -> str:
        return owner[:STACK]

    def name(self, owner: str) -> str:
        return "another resource or stack"

    def write(self, state: Owned) -> str:
        parts = (self.owner(state), state.lineage, state.incarnation)
        return "-".join(part for part in parts if part)

    def parse(self, text: str) -> Mark:
        owner, _, rest = text.partition("-")
        lineage, _, incarnation = rest.rpartition("-")
        return Mark(owner, lineage, incarnation)


PLAIN, HASHED = Notation(), HashedNotation()


def heals(holder: str) -> bool:
    """Whether an object in state that `holder` holds is marked anew by the next update."""
    return holder in (NOBODY, UNFINISHED, ANOTHER_RUN) or holder.startswith(ANOTHER_STATE)


def demand_ours(handler: Any, want: Owned, mark: str | None, what: str, way_out: str) -> None:
    """Demand that an object which state does not know was made for `want`.

    `what` names the object, such as "the bucket nightly"; `way_out` is a sentence. Raises NotOwned
    for what another program, another state or a person made.
    """
    notation: Notation = handler.notation
    if notation.reclaims(want, mark, in_use=handler.reclaims_in_use):
        return
    holder = notation.holder(want, mark)
    if notation.same_resource(want, mark):
        raise NotOwned(
            f"{_sentence(what)} exists already: {holder} made it. Two stacks of one name, on two "
            f"backends, cannot have the same object. {way_out} {HOW_TO_RECOVER}"
        )
    whose = f"belongs to {holder}" if mark else "does not carry our mark"
    raise NotOwned(f"{_sentence(what)} exists already and {whose}. {way_out}")


def tell_reclaimed(handler: Any, want: Owned, mark: str | None, what: str) -> None:
    """Say where the object that `want` reclaims comes from."""
    notation: Notation = handler.notation
    if notation.known(want, mark):  # made a moment ago, by this very call
        return
    lost = handler.reclaims_in_use if not mark else not notation.same_state(want, mark)
    if lost and want.owner in handler.run.foretold:
        return
    if lost:
        announce(f"{want.logical}: state was lost; {what}, which it knew, is reclaimed")
    else:
        announce(f"{want.logical}: this stack made {what} in an earlier run; it is reclaimed")


def still_ours(
    handler: Any, id: str, have: Owned, mark: str | None, what: str, carrier: str
) -> bool:
    """Whether deleting the resource deletes the object; raises NotOwned if somebody else may hold
    it. Somebody may have recreated an object without a mark by hand.

    `carrier` says where the mark is, such as "the tag palette-backup".
    """
    notation: Notation = handler.notation
    if notation.known(have, mark):
        return True
    if not mark and have.held_by == UNFINISHED:  # its creation failed before it was marked
        return True
    if not (mark or have.incarnation):
        raise NotOwned(
            f"{_sentence(what)} was imported and does not carry this stack's mark yet ({carrier}), "
            f"so it is not deleted. Run `pulumi up --refresh` first, which marks it; or `pulumi "
            f"state delete` forgets it."
        )
    if not mark:
        raise NotOwned(
            f"{_sentence(what)} no longer carries the mark that it was made with ({carrier}), so "
            f"it may be somebody else's by now and is not deleted. If it is still this stack's, "
            f"run `pulumi up --refresh`, which puts the mark {notation.write(have)!r} back; if "
            f"not, `pulumi state delete` forgets it."
        )
    if not notation.same_state(have, mark):
        raise NotOwned(
            f"{_sentence(what)} is not deleted: by its mark ({carrier}) it is held by "
            f"{notation.holder(have, mark)}. If this state was restored from an export, run "
            f"`pulumi up --refresh` first; if it is another's by right, `pulumi state delete` "
            f"forgets it here."
        )
    if (type(handler), id) in handler.run.kept:
        announce(
            f"{have.logical}: {what} stays, as the resource that replaces this one goes on with it"
        )
        return False
    return True


def _hash(text: str, digits: int) -> str:
    return sha256(text.encode()).hexdigest()[:digits]


def _born(lineage: str) -> str:
    day = lineage[:8]
    dated = day.isdecimal() and len(day) == 8
    return f" (begun on {day[:4]}-{day[4:6]}-{day[6:]})" if dated else ""


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]
