from dataclasses import dataclass, field

import pytest

from palette_backup_provider.core.errors import NotOwned
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import (
    ANOTHER_RUN,
    ANOTHER_STATE,
    HASHED,
    NOBODY,
    PLAIN,
    UNFINISHED,
    Notation,
    demand_ours,
    heals,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings

OWNER = "org/project/stack/nightly:1a2b3c"
OURS, THEIRS = "202611281a2b3c4d", "202503015e6f7a8b"
notations = pytest.mark.parametrize("notation", [PLAIN, HASHED])


def state(owner: str = OWNER, lineage: str = OURS, incarnation: str = "") -> Owned:
    made = Owned.model_construct(owner=owner, lineage=lineage, held_by=None)
    return (
        made.model_copy(update={"incarnation": incarnation})
        if incarnation
        else made.with_new_incarnation()
    )


@dataclass
class Handler:
    notation: Notation = PLAIN
    reclaims_in_use: bool = False
    run: Run = field(default_factory=lambda: Run(Settings(lambda _: None, {})))


@notations
def test_a_mark_is_read_as_it_was_written(notation: Notation) -> None:
    for made in (state(), state(lineage="")):
        mark = notation.parse(notation.write(made))
        assert (mark.owner, mark.lineage) == (notation.owner(made), made.lineage)
        assert mark.incarnation == made.incarnation


def test_marks_fit_what_carries_them() -> None:
    longest = state(f"{'o' * 50}/{'p' * 50}/{'s' * 50}/{'n' * 50}:1a2b3c")
    assert len(PLAIN.write(longest)) <= 256
    assert len(HASHED.write(longest)) <= 63


@notations
def test_an_object_is_known_by_its_incarnation_whatever_was_renamed(notation: Notation) -> None:
    made = state()
    renamed = state("org/other/stack/monthly:ffffff", THEIRS, made.incarnation)
    assert notation.known(made, notation.write(renamed))
    assert notation.holder(made, notation.write(renamed)) is None
    for other in (None, "", "somebody's tag", notation.write(state())):
        assert not notation.known(made, other)
    lost = state().model_copy(update={"incarnation": ""})
    assert not notation.known(lost, notation.write(lost))


@notations
def test_only_this_very_state_reclaims_what_it_does_not_know(notation: Notation) -> None:
    made = state()

    def reclaims(other: Owned, *, in_use: bool = False) -> bool:
        return notation.reclaims(made, notation.write(other), in_use=in_use)

    assert reclaims(state())
    for lineage in (THEIRS, ""):
        assert not reclaims(state(lineage=lineage))
        assert reclaims(state(lineage=lineage), in_use=True)
    assert not reclaims(state("org/project/stack/other:1a2b3d"), in_use=True)
    assert not notation.reclaims(made, None, in_use=True)
    assert not notation.reclaims(state(owner=""), notation.write(state(owner="")), in_use=True)


@notations
def test_states_by_earlier_code_go_by_the_name_of_the_stack(notation: Notation) -> None:
    old = state(lineage="")
    for owner, same in {
        "org/project/stack/other:ffffff": True,
        "org/project/stack2/nightly:1a2b3c": False,
        "else/project/stack/nightly:1a2b3c": False,
    }.items():
        assert notation.same_state(old, notation.write(state(owner, lineage=""))) is same
    assert not notation.same_state(old, notation.write(state()))
    assert not notation.same_state(old, None)


def test_the_holder_is_told_in_words() -> None:
    made = state()
    told = {
        "": NOBODY,
        PLAIN.write(state()): ANOTHER_RUN,
        PLAIN.write(state("org/project/stack/old-name:ffffff")): ANOTHER_RUN,
        PLAIN.write(state(lineage=THEIRS)): f"{ANOTHER_STATE} (begun on 2025-03-01)",
        PLAIN.write(state(lineage="")): ANOTHER_STATE,
        PLAIN.write(state("a/b/c/d:ffffff", THEIRS)): "a/b/c/d",
    }
    assert {mark: PLAIN.holder(made, mark) for mark in told} == told
    assert [heals(holder) for holder in told.values()] == [True] * 5 + [False]
    assert HASHED.holder(made, HASHED.write(state("a/b/c/d:ffffff", THEIRS))) == (
        "another resource or stack"
    )
    assert PLAIN.holder(state(owner=""), "anything") is None  # looked up, not managed


@notations
def test_what_others_made_is_refused_by_name(notation: Notation) -> None:
    want, handler = state(), Handler(notation)
    for other, says in {
        None: "The bucket b exists already and does not carry our mark. Use it.",
        notation.write(state(lineage=THEIRS)): r"\(begun on 2025-03-01\) made it",
        notation.write(state("a/b/c/d:f", THEIRS)): "exists already and belongs to a",
    }.items():
        with pytest.raises(NotOwned, match=says):
            demand_ours(handler, want, other, "the bucket b", "Use it.")
    demand_ours(handler, want, notation.write(state()), "the bucket b", "")
    lost = notation.write(state(lineage=THEIRS))
    demand_ours(Handler(notation, reclaims_in_use=True), want, lost, "the bucket b", "")


def test_what_is_taken_over_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    want, handler = state(), Handler()
    tell_reclaimed(handler, want, want.mark, "the bucket b")
    assert not capsys.readouterr().out
    for mark in (state().mark, None):
        tell_reclaimed(handler, want, mark, "the bucket b")
        assert "nightly: this stack made the bucket b in an earlier run" in (
            capsys.readouterr().out
        )
    tell_reclaimed(handler, want, state(lineage=THEIRS).mark, "the bucket b")
    tell_reclaimed(Handler(reclaims_in_use=True), want, None, "the bucket b")
    told = capsys.readouterr().out
    assert told.count("state was lost; the bucket b, which it knew, is reclaimed") == 2
    handler.run.foretold.add(OWNER)
    tell_reclaimed(handler, want, state(lineage=THEIRS).mark, "the bucket b")
    assert not capsys.readouterr().out


@notations
def test_a_deletion_takes_what_this_state_made_and_nothing_else(notation: Notation) -> None:
    have, handler = state(), Handler(notation)

    def goes(mark: str | None) -> bool:
        return still_ours(handler, "b", have, mark, "the bucket b", "the tag")

    assert goes(notation.write(have))
    assert goes(notation.write(state()))  # of another run, which state was never told of
    with pytest.raises(NotOwned, match=r"The bucket b no longer carries the mark .*\(the tag\)"):
        goes(None)
    for other in (state(lineage=THEIRS), state("a/b/c/d:f", THEIRS)):
        with pytest.raises(NotOwned, match=r"b is not deleted: by its mark .* held by a"):
            goes(notation.write(other))


def test_what_a_replacement_goes_on_with_stays(capsys: pytest.CaptureFixture[str]) -> None:
    have, handler = state(), Handler()
    handler.run.kept.add((Handler, "b"))
    assert not still_ours(handler, "b", have, state().mark, "the bucket b", "the tag")
    assert "the bucket b stays" in capsys.readouterr().out
    assert still_ours(handler, "b", have, have.mark, "the bucket b", "the tag")
    assert still_ours(handler, "c", have, state().mark, "the bucket c", "the tag")


def test_an_update_writes_the_mark_anew_where_it_differs_or_somebody_else_holds_it() -> None:
    have = Owned.model_validate({"__owner": OWNER, "__incarnation": "0123456789"})
    assert not have.remarks(have)
    assert have.model_copy(update={"lineage": "202611281a2b3c4d"}).remarks(have)
    assert have.remarks(have.model_copy(update={"held_by": NOBODY}))


@notations
def test_what_was_imported_and_is_not_marked_is_not_deleted(notation: Notation) -> None:
    have = state().model_copy(update={"incarnation": ""})
    with pytest.raises(
        NotOwned, match=r"The bucket b was imported and does not carry this stack's"
    ):
        still_ours(Handler(notation), "b", have, None, "the bucket b", "the tag")


@notations
def test_what_was_made_and_never_marked_is_deleted(notation: Notation) -> None:
    have = state().model_copy(update={"held_by": UNFINISHED})
    assert still_ours(Handler(notation), "b", have, None, "the bucket b", "the tag")
    theirs = notation.write(state("acme/shop/test/nightly:0a1b2c", THEIRS))
    with pytest.raises(NotOwned, match="is held by"):
        still_ours(Handler(notation), "b", have, theirs, "the bucket b", "the tag")
