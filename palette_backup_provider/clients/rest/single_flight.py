"""Answers that several threads need and one thread fetches.

The engine calls us on four threads. The first thread to ask fetches what they all ask for (the list
of locations, the projects). The others wait and get the same answer or the same error. So an API
that is down costs one wait and not one a thread. Errors are not kept: who asks later tries again.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Answers by key, each fetched once until it is dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, Future[T]] = {}

    def get(self, key: str, fetch: Callable[[], T], *, fresh: bool = False) -> T:
        """The answer for `key`. With `fresh` it is fetched again, whatever is known."""
        with self._lock:
            known = None if fresh else self._answers.get(key)
            answer = self._answers[key] = known or Future()
        return answer.result() if known else self._fetch(key, answer, fetch)

    def drop(self) -> None:
        """Forget all answers, also those under way: they may be from before the change."""
        with self._lock:
            self._answers.clear()

    def amend(self, change: Callable[[T], object]) -> None:
        """Change every answer that has come. Answers still under way are dropped."""
        with self._lock:
            self._answers = {key: a for key, a in self._answers.items() if a.done()}
            for answer in self._answers.values():
                change(answer.result())

    def _fetch(self, key: str, answer: "Future[T]", fetch: Callable[[], T]) -> T:
        try:
            value = fetch()
        except BaseException as error:
            with self._lock:
                if self._answers.get(key) is answer:
                    del self._answers[key]
            answer.set_exception(error)
            raise
        answer.set_result(value)
        return value
