"""Clearing a text of secrets, as every error and every line of progress is."""

import json
import random
import string
import time
from base64 import b64encode
from collections.abc import Iterator

from palette_backup_provider.core import secrets
from tests.bench.report import Row
from tests.bench.world import World
from tests.private_key import armoured

GOALS = ((4_096, 20, 1.0), (65_536, 200, 30.0))
"""Characters, secrets, milliseconds at most."""
RUNS = 25
ANSWER = json.dumps(
    {
        "error": {
            "code": "InvalidRequest",
            "message": 'The value of "location" in https://management.example.com/accounts/'
            "12345678-1234-1234-1234-123456789abc?api-version=2021-04-01 is wrong.\nSee "
            "urn:example:iam::123456789012:user/backup/nightly-3f9a1c2b4d <b>&amp; %2Fmore%3D</b>",
            "details": [{"code": "BadParameter", "target": f"properties.{n}"} for n in range(4)],
        }
    }
)


def clearing(world: World | None = None) -> Iterator[Row]:
    """The fastest of several runs, by the processor's time, of an answer that holds no secret and
    of one that echoes one: what a message costs whoever waits for it."""
    for size, known, goal in GOALS:
        for value in _secrets(known):
            secrets.remember(value)
        text = (ANSWER * (size // len(ANSWER) + 1))[:size]
        echo = text[: size // 2] + json.dumps(_secrets(known)[0]) + text[size // 2 :]
        quiet, echoing = _milliseconds(text), _milliseconds(echo[:size])
        yield Row(
            f"clear {size // 1024} KB of {known} secrets, CPU time",
            f"{quiet:.1f} ms; {echoing:.1f} ms where one is echoed",
            f"at most {goal:.0f} ms",
            quiet <= goal,
        )


def _milliseconds(text: str) -> float:
    secrets.cleared(text)  # what is new is put into the index once
    best = float("inf")
    for _ in range(RUNS):
        started = time.thread_time()
        secrets.cleared(text)
        best = min(best, time.thread_time() - started)
    return best * 1000


def _secrets(count: int) -> list[str]:
    """Access keys, tokens, private keys and passphrases, the same in every run."""
    drawn = random.Random(count)

    def one(number: int) -> str:
        if number % 10 == 9:
            body = b64encode(drawn.randbytes(1200)).decode()
            return armoured(body)
        if number % 10 == 8:
            return f"pä&ss <wörd> {drawn.random()}"
        length = 1200 if number % 10 == 7 else 40
        return "".join(drawn.choices(string.ascii_letters + string.digits + "/+", k=length))

    return [one(number) for number in range(count)]
