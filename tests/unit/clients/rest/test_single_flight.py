"""One thread fetches, the others get what it got."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from palette_backup_provider.clients.rest.single_flight import SingleFlight


def test_is_fetched_once_by_key() -> None:
    shared, numbers = SingleFlight[int](), count()

    def get(key: str, fresh: bool = False) -> int:
        return shared.get(key, lambda: next(numbers), fresh=fresh)

    assert [get("a"), get("a"), get("b")] == [0, 0, 1]
    assert [get("a", fresh=True), get("a")] == [2, 2]
    shared.drop()
    assert get("a") == 3


def together(shared: SingleFlight[str], fail: bool) -> tuple[list[str], int]:
    """What four threads get that ask while the first of them is still fetching."""
    started, go, fetches = threading.Event(), threading.Event(), []

    def fetch() -> str:
        fetches.append(1)
        started.set()
        assert go.wait(10)
        if fail:
            raise OSError("down")
        return "answer"

    def ask() -> str:
        try:
            return shared.get("", fetch)
        except OSError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask)
        assert started.wait(10)
        asking = [pool.submit(ask) for _ in range(3)]
        # A thread that waits for the answer holds a place in its condition.
        answer = shared._answers[""]
        while len(answer._condition._waiters) < 3:  # type: ignore[attr-defined]
            threading.Event().wait(0.001)
        go.set()
        return [future.result() for future in (first, *asking)], len(fetches)


@pytest.mark.parametrize(("fail", "got"), [(False, "answer"), (True, "down")])
def test_threads_share_answer_and_error(fail: bool, got: str) -> None:
    assert together(SingleFlight(), fail) == ([got] * 4, 1)


def test_an_error_is_not_kept() -> None:
    shared = SingleFlight[str]()
    together(shared, fail=True)
    assert shared.get("", lambda: "back") == "back"


@pytest.mark.parametrize("change", ["drop", "amend"])
def test_an_answer_on_its_way_during_a_change_is_not_kept(change: str) -> None:
    shared = SingleFlight[str]()

    def fetch() -> str:
        shared.drop() if change == "drop" else shared.amend(lambda _: None)
        return "from before"

    assert shared.get("", fetch) == "from before"
    assert shared.get("", lambda: "from after") == "from after"


def test_amend_changes_what_is_here() -> None:
    shared = SingleFlight[dict[str, int]]()
    shared.get("", lambda: {"a": 1, "b": 2})
    shared.amend(lambda known: known.pop("a"))
    assert shared.get("", dict) == {"b": 2}
