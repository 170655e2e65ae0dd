"""What every test with Pulumi's mocks needs: threads that leave no loop open, values unsealed."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from pulumi.runtime import rpc


@contextmanager
def event_loops() -> Iterator[None]:
    """One here, and one for each thread that calls the mocks, which else would leave one open."""
    made: list[asyncio.AbstractEventLoop] = []

    def make() -> None:
        made.append(asyncio.new_event_loop())
        asyncio.set_event_loop(made[-1])

    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(initializer=make))
        asyncio.set_event_loop(runner.get_loop())
        yield
    for loop in made:
        loop.close()


def opened(value: Any) -> Any:
    """A value without its seals."""
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return opened(value["value"])
        return {name: opened(inner) for name, inner in value.items()}
    return [opened(inner) for inner in value] if isinstance(value, list) else value
