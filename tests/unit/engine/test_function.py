"""Functions for programs, whose arguments are checked."""

import asyncio

import pytest
from pulumi import Output, RunError

from palette_backup_provider.core.literal import Literal
from palette_backup_provider.engine.function import checked
from palette_backup_provider.engine.mistakes import Mistake, refuse


@checked
def greeting(name: Literal, times: int = 1, *, loud: bool = False) -> str:
    """A greeting."""
    return (f"hello {name}" + "!" * loud) * times


def test_it_is_the_same_function() -> None:
    assert greeting("you") == "hello you"
    assert greeting("you", 2, loud=True) == "hello you!hello you!"
    assert (greeting.__name__, greeting.__doc__) == ("greeting", "A greeting.")


def test_what_is_given_is_taken_as_its_type() -> None:
    loud: object = "no"
    assert greeting("you", loud=loud) == "hello you"  # type: ignore[arg-type]


def test_all_that_is_wrong_is_told_by_name() -> None:
    with pytest.raises(RunError) as caught:
        greeting("*", "many")  # type: ignore[arg-type]
    first, second = str(caught.value).split("\n")
    assert first.startswith("greeting: name: '*' is not allowed: ")
    assert second.startswith("greeting: times: must be a whole number")


def test_a_mistake_is_told_where_no_program_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys._getframe", lambda: None)
    with pytest.raises(RunError) as caught:
        refuse("nightly", [Mistake("region", "is not set"), Mistake("tags", "is empty", "a_b")])
    assert str(caught.value) == "nightly: region: is not set\nnightly: tags.a_b: is empty"


def test_it_may_tell_by_another_name() -> None:
    with pytest.raises(RunError, match=r"^nightly: name: is empty"):
        checked(greeting, "nightly")("")


def test_an_output_has_no_value_yet() -> None:
    async def program() -> None:
        greeting(Output.from_input("you"))  # type: ignore[arg-type]

    with pytest.raises(RunError, match=r"name: is an Output.*in its `apply`"):
        asyncio.run(program())


def test_other_mistakes_are_those_of_any_function() -> None:
    with pytest.raises(TypeError, match="missing a required argument: 'name'"):
        greeting()  # type: ignore[call-arg]
