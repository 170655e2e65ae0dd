from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.core.rotation.credential import Credential
from palette_backup_provider.core.rotation.schedule import derive_dates, due
from palette_backup_provider.engine.properties import Props
from tests.unit.core.rotation.vault import NOON, OWNER

days = st.integers(min_value=1, max_value=5000)
hours = st.integers(min_value=0, max_value=8760)
times = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def told(want: Credential, before: Props, now: datetime = NOON) -> Props:
    return {name: tell() for name, tell in derive_dates(want, before, now).items()}


def wants(**given: Any) -> Credential:
    return Credential(**{"__owner": OWNER, **given})


def test_a_new_one_is_made_today_and_nothing_retires() -> None:
    found = told(wants(rotate_after=1, rotation="x"), {})
    assert (found["made_on"], found["retiring_until"]) == ("2026-11-23", "")


@given(after=days, age=st.integers(min_value=-5, max_value=6000), hours=hours, now=times)
def test_it_is_due_exactly_when_it_is_that_old(
    after: int, age: int, hours: int, now: datetime
) -> None:
    made = (now.date() - timedelta(days=age)).isoformat()
    before = {"made_on": made}
    found = told(wants(rotate_after=after, retire_after=hours), before, now)
    if age >= after:
        assert found["made_on"] == now.date().isoformat()
        until = datetime.fromisoformat(found["retiring_until"])
        assert timedelta(0) <= now + timedelta(hours=hours) - until < timedelta(minutes=1)
    else:
        assert (found["made_on"], found["retiring_until"]) == (made, "")


@given(now=times, until=times, made=st.dates(date(2019, 1, 1), date(2019, 12, 31)))
def test_while_one_retires_nothing_is_due(now: datetime, until: datetime, made: date) -> None:
    stamp = f"{until:%Y-%m-%dT%H:%MZ}"
    before = {"made_on": made.isoformat(), "retiring_until": stamp, "rotation": "a"}
    want = wants(rotate_after=1, rotation="b")
    found = told(want, before, now)
    if now >= datetime.fromisoformat(stamp):
        assert due(want, before, now)
        return
    assert found["made_on"] == made.isoformat()
    assert found["retiring_until"] == stamp


@given(now=times, before=times, after=days)
def test_what_was_told_is_told_again_until_something_is_due(
    now: datetime, before: datetime, after: int
) -> None:
    want = wants(rotate_after=after, retire_after=24)
    first = told(want, {}, before)
    quiet = (now.date() - before.date()).days < after
    assert (told(want, first, now) == first) is quiet


@pytest.mark.parametrize(
    ("was", "now", "rotates"),
    [(None, "a", True), ("a", "b", True), ("a", "a", False), ("a", None, False)],
)
def test_a_changed_text_is_due_at_once(was: str | None, now: str | None, rotates: bool) -> None:
    before = {"made_on": "2026-11-23", **({"rotation": was} if was else {})}
    assert due(wants(rotation=now), before, NOON) is rotates


def test_a_state_without_a_date_gets_one_only_when_age_counts() -> None:
    before = {"__owner": OWNER}
    assert told(wants(), before) == {"made_on": "", "retiring_until": "", "rotations": 0}
    assert told(wants(rotate_after=30), before)["made_on"] == "2026-11-23"
