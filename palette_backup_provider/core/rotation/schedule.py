"""When a credential is rotated, and until when the credential before it goes on working."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

ROTATIONS = "__rotations"
"""The property that counts what was replaced."""


class Retires(Protocol):
    """Something that goes on working for a while after it was replaced."""

    @property
    def retire_after(self) -> int: ...


class Rotates(Retires, Protocol):
    """A credential, as far as its dates depend on it."""

    @property
    def rotate_after(self) -> int | None: ...
    @property
    def rotation(self) -> str | None: ...


def due(want: Rotates, before: Mapping[str, Any], now: datetime) -> bool:
    """Whether to rotate now. While an old credential is kept, a rotation by age waits for its
    end."""
    if not before or is_kept(before.get("retiring_until"), now):
        return False
    if want.rotation is not None and want.rotation != before.get("rotation"):
        return True
    made = before.get("made_on")
    if not made or not want.rotate_after:
        return False
    return bool((now.date() - date.fromisoformat(made)).days >= int(want.rotate_after))


def derive_dates(
    want: Rotates, before: Mapping[str, Any], now: datetime
) -> Mapping[str, Callable[[], Any]]:
    """How check tells the derived fields, from the inputs of the last run and the clock.

    A state of before there was rotation stays without a date until it is asked to rotate by age.
    """
    today = now.date().isoformat()

    def made_on() -> str:
        if not before or due(want, before, now):
            return today
        return before.get("made_on") or (today if want.rotate_after else "")

    def retiring_until() -> str:
        if due(want, before, now):
            return deadline(want, now)
        if want.rotate_after is None and want.rotation is None:
            return ""
        return kept_until(want, before, now)

    return {
        "made_on": made_on,
        "retiring_until": retiring_until,
        "rotations": lambda: rotations(before) + due(want, before, now),
    }


def rotations(before: Mapping[str, Any]) -> int:
    """How often what state holds was rotated."""
    return int(before.get(ROTATIONS, bool(before.get("retiring_until"))))


def is_kept(until: Any, now: datetime) -> bool:
    """Whether what goes on working until then still does."""
    return bool(until) and now < datetime.fromisoformat(str(until))


def deadline(want: Retires, now: datetime) -> str:
    """Until when a credential goes on working that is replaced now."""
    return _minute(now + timedelta(hours=int(want.retire_after)))


def kept_until(want: Retires, before: Mapping[str, Any], now: datetime) -> str:
    """The deadline of the last run, moved as `retire_after` was unless it is over."""
    last = str(before.get("retiring_until", ""))
    longer = int(want.retire_after) - int(before.get("retire_after", want.retire_after))
    if not (last and longer):
        return last
    until = datetime.fromisoformat(last) + timedelta(hours=longer)
    return _minute(until) if now < max(until, datetime.fromisoformat(last)) else last


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"
