"""Asking the checks: one level at once, each and all for so many seconds, none on bad ground."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.clients.rest.sign_in import said
from palette_backup_provider.core.errors import ProviderError, without_pointers
from palette_backup_provider.core.packages import import_shared
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.doctor.advice import parted
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import (
    Check,
    Finding,
    Outcome,
    Verdict,
    fault,
    skipped,
)

T = TypeVar("T")
GRACE = 0.5
"""Seconds in which a call that has to end does so by itself, and says which host was silent."""


def examine(case: Case, checks: Sequence[Check]) -> list[Outcome]:
    """What each check found, in the order of `checks`, which have all that they need."""
    with suppress(Exception):  # the checks tell what is wrong with it
        import_shared()
    outcomes: dict[str, list[Outcome]] = {}
    grounds: dict[str, str] = {}
    left = list(checks)
    while left:
        level = [check for check in left if all(need in outcomes for need in check.needs)]
        for check in level:
            if ground := _bad_ground(case, check, grounds):
                grounds[check.id] = ground
                outcomes[check.id] = [Outcome(check, skipped(f"{ground} is red"))]
        outcomes |= _asked(case, [check for check in level if check.id not in grounds])
        left = [check for check in left if check not in level]
    return [outcome for check in checks for outcome in outcomes[check.id]]


def with_needs(ids: Iterable[str], checks: Sequence[Check]) -> list[Check]:
    """The checks of these ids and all that they stand on, in the order of `checks`."""
    by_id, wanted_ids = {check.id: check for check in checks}, list(ids)
    for id in wanted_ids:
        wanted_ids += [need for need in by_id[id].needs if need not in wanted_ids]
    return [check for check in checks if check.id in wanted_ids]


def _bad_ground(case: Case, check: Check, grounds: Mapping[str, str]) -> str:
    """The red check that `check` stands on, perhaps by way of others; empty without any."""
    for need in check.needs:
        if need in case.red:
            return need
        if need in grounds:
            return grounds[need]
    return ""


def _asked(case: Case, checks: Sequence[Check]) -> dict[str, list[Outcome]]:
    """What checks of one level found, all asked at once."""
    outcomes: dict[str, list[Outcome]] = {check.id: [] for check in checks}
    listed = [(check, _begun(case, check, partial(_things, case, check))) for check in checks]
    _await(case, [things for _, things in listed])
    begun = []
    for check, things in listed:
        if failure := _failure(case, check, things):
            outcomes[check.id].append(Outcome(check, failure))
            continue
        begun += [(check, name, _begun(case, check, ask)) for name, ask in things.result()]
    _await(case, [finding for _, _, finding in begun])
    for check, name, finding in begun:
        outcomes[check.id].append(Outcome(check, _finding(case, check, finding), name))
    case.red |= {
        id
        for id, several in outcomes.items()
        if any(outcome.verdict is Verdict.FAULT for outcome in several)
    }
    return outcomes


def _things(case: Case, check: Check) -> list[tuple[str, Callable[[], Finding]]]:
    """The things that a check asks about: their names, and what asks about each."""
    if check.each is None:
        return [("", partial(check.ask, case))]
    return [
        ("", partial(_itself, thing))
        if isinstance(thing, Finding)
        else (printable(str(thing)), partial(check.ask, case, thing))
        for thing in check.each(case)
    ]


def _itself(finding: Finding) -> Finding:
    return finding


def _begun(case: Case, check: Check, call: Callable[[], T]) -> Future[T]:
    """A thread of its own, which a hanging library cannot keep from being left behind."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            with answering(f"the check {check.id}", seconds=case.timeout):
                future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    if case.left > 0:
        threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return future


def _await(case: Case, futures: Sequence[Future[Any]]) -> None:
    wait(futures, max(0, min(case.timeout + GRACE, case.left)))


def _finding(case: Case, check: Check, future: Future[Finding]) -> Finding:
    if failure := _failure(case, check, future):
        return failure
    finding = future.result()
    text = without_pointers(finding.text)  # of an error that it quotes
    return Finding(finding.verdict, printable(text), printable(finding.fix))


def _failure(case: Case, check: Check, future: Future[Any]) -> Finding | None:
    """Why there is no result; None if there is one."""
    if not future.done() and case.left <= 0:
        longer = f"give them longer with --timeout, or ask less: --only {check.id}"
        return fault(f"the {case.whole:g} s that all checks may take were over", longer)
    if not future.done():
        return fault(f"nothing came of it within {case.timeout:g} s")
    try:
        future.result()
    except ProviderError as error:
        return fault(*parted(without_pointers(str(error))))
    except Exception as error:  # of a library, or a mistake of ours: the other lines still count
        return fault(said(error))
    return None
