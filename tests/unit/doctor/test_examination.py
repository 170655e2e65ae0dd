"""One level of checks at once, each for so long, and none on red ground."""

import json
import threading
from typing import Any

import click
import pytest

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor import examination, report
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import (
    Check,
    Outcome,
    Verdict,
    fault,
    good,
    skipped,
    warning,
)
from palette_backup_provider.doctor.examination import examine, with_needs
from palette_backup_provider.doctor.stack import Stack

SECRET = "a-secret-of-the-examination"


def case(timeout: float = 20) -> Case:
    return Case(Settings(lambda _: None, {}), timeout=timeout)


def hurried() -> Case:
    """Each check has hardly any time, and all together plenty."""
    made = case(timeout=0.2)
    made.begun += 60
    return made


def check(id: str, ask: Any = lambda _: good("well"), *needs: str, each: Any = None) -> Check:
    return Check(id, "Is it?", "It is not.", "do it", ask, needs, each)


def found(*checks: Check) -> dict[str, Outcome]:
    return {outcome.check.id: outcome for outcome in examine(case(), checks)}


def test_what_stands_on_red_ground_is_skipped_and_names_it() -> None:
    told = found(
        check("machine.a", lambda _: fault("broken")),
        check("machine.b", lambda _: good("never asked"), "machine.a"),
        check("palette.c", lambda _: good("never asked"), "machine.b"),
        check("palette.d"),
    )
    assert [told[id].verdict.value for id in told] == ["fault", "skipped", "skipped", "good"]
    assert told["palette.c"].finding.text == "machine.a is red"


@pytest.mark.parametrize("ground", [warning("well, well"), skipped("nothing to ask")])
def test_yellow_and_skipped_ground_holds(ground: Any) -> None:
    told = found(
        check("machine.a", lambda _: ground),
        check("machine.b", lambda _: good("well"), "machine.a"),
    )
    assert told["machine.b"].verdict is Verdict.GOOD


def test_a_level_is_asked_at_once() -> None:
    together = threading.Barrier(3, timeout=20)

    def ask(_: Case) -> Any:
        together.wait()
        return good("met")

    told = found(*(check(f"machine.{name}", ask) for name in "abc"))
    assert {outcome.finding.text for outcome in told.values()} == {"met"}


def test_what_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "GRACE", 0.0)
    forever = threading.Event()
    hanging = check("machine.a", lambda _: forever.wait(20))
    (told,) = examine(hurried(), [hanging])
    forever.set()
    assert (told.verdict, told.finding.text) == (
        Verdict.FAULT,
        "nothing came of it within 0.2 s",
    )


def test_all_together_end_in_time_however_slow_each_level_is() -> None:
    """As with a server that answers each check just before its time is over."""
    asked: list[Case] = []

    def slow(one: Case) -> Any:
        asked.append(one)
        one.begun -= 4.9
        return good("slow")

    ids = [f"machine.{level}" for level in range(7)]
    told = examine(case(timeout=5), [check(id, slow, *ids[:n][-1:]) for n, id in enumerate(ids)])
    assert [outcome.verdict.value for outcome in told] == [
        *("good", "good", "good", "fault", "skipped", "skipped", "skipped")
    ]
    assert told[3].finding.text == "the 13 s that all checks may take were over"
    assert told[3].fix == "give them longer with --timeout, or ask less: --only machine.3"
    assert told[-1].finding.text == "machine.3 is red"
    assert len(asked) == 3


def test_what_hangs_hangs_no_longer_than_all_may_take() -> None:
    forever, late = threading.Event(), case()
    late.begun -= late.whole - 0.05
    (told,) = examine(late, [check("machine.a", lambda _: forever.wait(20))])
    forever.set()
    assert (told.verdict, told.finding.text) == (
        Verdict.FAULT,
        "the 52 s that all checks may take were over",
    )


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ProviderError("It failed."), "It failed."),
        (KeyError("field"), "KeyError: 'field'."),
        (ProviderError("x").see("palette.key"), "x."),
    ],
)
def test_any_error_is_red_and_one_line(error: Exception, says: str) -> None:
    def ask(_: Case) -> Any:
        raise error

    told = found(check("machine.a", ask))["machine.a"]
    assert (told.verdict, told.finding.text, told.fix) == (Verdict.FAULT, says, "do it")


def test_an_error_says_itself_what_to_do() -> None:
    def ask(_: Case) -> Any:
        raise ProviderError("It failed: no. That is why. Set this. It helps.").see("palette.key")

    told = found(check("machine.a", ask))["machine.a"]
    assert (told.finding.text, told.fix) == ("It failed: no. That is why.", "Set this. It helps")


def test_secrets_are_cleared_from_findings() -> None:
    remember(SECRET)
    told = found(check("machine.a", lambda _: warning(f"key {SECRET}\x1b[31m", f"rm {SECRET}")))
    assert SECRET not in f"{told['machine.a']}" and "\x1b" not in told["machine.a"].finding.text


def test_things_are_asked_about_one_by_one() -> None:
    def ask(_: Case, thing: str) -> Any:
        return good("well") if thing == "one" else fault("broken", "mend it")

    told = examine(case(), [check("location.a", ask, each=lambda _: ["one", "two"])])
    assert [(one.thing, one.verdict.value, one.fix) for one in told] == [
        ("one", "good", ""),
        ("two", "fault", "mend it"),
    ]


def test_a_list_of_things_that_fails_or_hangs_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "GRACE", 0.0)
    forever = threading.Event()

    def refused(_: Case) -> Any:
        raise ProviderError("The list is refused.")

    checks = [
        check("location.a", each=refused),
        check("location.b", each=lambda _: [forever.wait(20)]),
        check("location.c", lambda _: good("asked"), each=None),
        check("location.d", lambda _: good("never asked"), "location.a"),
    ]
    told = examine(hurried(), checks)
    forever.set()
    assert [one.finding.text for one in told] == [
        "The list is refused.",
        "nothing came of it within 0.2 s",
        "asked",
        "location.a is red",
    ]


def test_one_check_brings_all_that_it_stands_on() -> None:
    table = [check("a.a"), check("a.b"), check("a.c", good, "a.a"), check("a.d", good, "a.c")]
    assert [one.id for one in with_needs(["a.d"], table)] == ["a.a", "a.c", "a.d"]


OUTCOMES = [
    Outcome(check("palette.key"), good("accepted")),
    Outcome(check("palette.key-twice"), warning("two → three", "remove one")),
    Outcome(check("location.bucket"), fault("unfit"), "nightly"),
    Outcome(check("location.age"), skipped("palette.key is red")),
]


def test_text_is_aligned_and_says_what_to_do() -> None:
    told = report.text(case(), OUTCOMES, "utf-8")
    assert click.unstyle(told).splitlines() == [
        "Settings of the environment",
        "Palette",
        "  ✔ key        accepted",
        "  ! key-twice  two → three → remove one",
        "Locations",
        "  ✘ bucket  nightly: unfit → do it",
        "  – age     skipped: palette.key is red",
        "1 red, 1 yellow, 1 skipped, 1 green",
    ]


def test_signs_give_way_to_letters_where_the_terminal_has_none() -> None:
    told = report.text(case(), OUTCOMES, "ascii")
    assert told.isascii()
    assert "X" in told and "->" in told and "ok" in told


def test_json_has_every_line() -> None:
    told = json.loads(report.as_json(case(), OUTCOMES))
    assert told["stack"] is None
    assert told["findings"][1:3] == [
        {
            "id": "palette.key-twice",
            "thing": None,
            "verdict": "warning",
            "text": "two → three",
            "fix": "remove one",
        },
        {
            "id": "location.bucket",
            "thing": "nightly",
            "verdict": "fault",
            "text": "unfit",
            "fix": "do it",
        },
    ]


def test_the_heading_names_the_stack_and_its_environments() -> None:
    told = case()
    told.stack = Stack("acme/backups/prod", environments=("acme/palette",))
    assert report.heading(told) == (
        "Settings of stack acme/backups/prod (Pulumi.prod.yaml, environment acme/palette)"
    )
