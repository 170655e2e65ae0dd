"""Answers that are nothing like what they should be, at every call of every component's life.

Each recorded answer is made into something else, and the step that it was an answer in done again:
that ends well, or with one readable error, without a secret in it and without delay.
"""

import gc
import os
import random
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.scenario import Trial, trial
from tests.sandbox.crash.thing import plain
from tests.sandbox.mangled import mangled
from tests.sandbox.tape import Player, Recorder, Step, patched

__all__ = ["trial"]

SOME, ALL = 60, 2000
"""How many answers are mangled for each component."""
SECONDS = 5.0
"""How long a step may compute: nothing in it waits."""
LONGEST = 3000
"""Characters of an error that can be read."""


def recorded(tried: Trial, whole: bool) -> list[Step]:
    """The life of a component, step by step."""
    component = tried.component
    with patched() as patch:
        recorder = Recorder(patch)
        tried.reset()
        tried.up(component.made)
        tried.refresh()
        for thing in tried.engine.state:  # by id alone, as `get` and `pulumi import` do
            with suppress(ProviderError):  # not every type can be found by it
                tried.engine.provider(thing).read(thing.id, {})
        tried.up(component.updated)
        if whole and component.rotates:
            tried.up(component.rotated)
        if whole:
            tried.up(component.replaced)
        tried.destroy()
        return recorder.steps


def outcome(player: Player, step: Step, exchanges: list[Any], secrets: set[str]) -> str:
    """What is wrong with how the step ends; empty if nothing is."""
    started = time.process_time()
    gc.disable()  # collecting what earlier steps left is not this step's work
    try:
        found = player.play(step, exchanges)
        told = vars(found) if found else {}
        reasons = [failure.reason for failure in told.pop("failures", None) or []]
        plain(told)
    except ProviderError as error:
        reasons = [str(error)]
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]  # its text may quote a secret
        return f"{type(error).__name__} at {last.filename}:{last.lineno}"
    finally:
        gc.enable()
    if time.process_time() - started > SECONDS:
        return f"took {time.process_time() - started:.0f} s"
    for reason in reasons:
        if not reason or "\n" in reason or "\r" in reason or len(reason) > LONGEST:
            return (
                f"cannot be read: {len(reason)} characters, {reason.count(chr(10))} ends of lines"
            )
        if any(secret in reason for secret in secrets):
            return "shows a secret"
    return ""


@pytest.mark.parametrize(
    ("count", "seed"),
    [
        pytest.param(SOME, 1, id="some"),
        pytest.param(ALL, 2, id="all", marks=pytest.mark.stress),
    ],
)
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled(2)
def test_an_answer_of_the_wrong_shape_is_one_readable_error(
    trial: Callable[[Component], Trial],
    component: Component,
    count: int,
    seed: int,
    secrets: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = recorded(trial(component), whole=count == ALL)
    every = [made for step in steps for made in step.exchanges]
    chance = random.Random(seed)
    wrong: list[str] = []
    with patched() as patch:
        player = Player(steps, dict(os.environ), patch)
        for step in steps:  # else what follows would show nothing
            assert not outcome(player, step, step.exchanges, secrets), step
            assert not player.unheard, step
        assert not player.strays
        for number in range(count):
            step = chance.choice(steps)
            at = chance.randrange(len(step.exchanges))
            answers = list(step.exchanges)
            answers[at] = mangled(answers[at], every, chance)
            if told := outcome(player, step, answers, secrets):
                wrong.append(f"{number}, {step}, {answers[at].call}: {told}")
    summary = f"{component.name}: {count} answers of the wrong shape, {len(wrong)} found"
    with capsys.disabled():
        print("\n".join(["", summary, *wrong[:20]]))
    assert not wrong, "\n".join([summary, *wrong])
