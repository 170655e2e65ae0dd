"""What a preview knows of a resource that is updated, and what it may not guess."""

import asyncio
from typing import Any, cast

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN
from pulumi.runtime import rpc

from palette_backup_provider.core.run import Planned
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.planned import FROM, fill_planned, otherwise, reseal, sources
from tests.unit.engine.fake import SECRET, Cloud, ThingHandler, run_of

KEY = "acme/shop/dev/key:0a1b2c"
STAYS = {KEY: {"id": Planned("AKIA", secret=False), "secret": Planned(SECRET, secret=True)}}


def news(**given: Any) -> dict[str, Any]:
    noted = {"name": [KEY, "id"], "door.key": [KEY, "secret"]}
    return {"name": UNKNOWN, "door": {"key": UNKNOWN, "color": UNKNOWN}, FROM: noted, **given}


def test_what_stays_is_put_in_and_all_else_stays_unknown() -> None:
    whole, sealed = fill_planned(news(), STAYS)
    assert whole == {"name": "AKIA", "door": {"key": SECRET, "color": UNKNOWN}}
    assert sealed.keys() == {"door.key"}
    (secret,) = sealed.values()
    assert rpc.is_rpc_secret(secret) and rpc.unwrap_rpc_secret(secret) == SECRET
    assert reseal(whole, sealed)["door"]["key"] == secret


def test_nothing_is_put_over_what_is_known() -> None:
    known = news(name="BKIA", door={"key": "another"})
    assert fill_planned(known, STAYS) == ({"name": "BKIA", "door": {"key": "another"}}, {})


def test_a_secret_that_the_answer_has_not_is_not_put_there() -> None:
    assert reseal({"name": "n", "door": None}, {"door.key": SECRET, "lock": SECRET}) == {
        "name": "n",
        "door": None,
    }


@pytest.mark.parametrize("coming", [{}, {KEY: {}}, {"another": STAYS[KEY]}])
def test_of_what_is_not_updated_nothing_is_told(coming: Any) -> None:
    whole, sealed = fill_planned(news(), coming)
    assert whole == {"name": UNKNOWN, "door": {"key": UNKNOWN, "color": UNKNOWN}}
    assert not sealed


@pytest.mark.parametrize(
    ("output", "fallback", "known", "value"),
    [
        ("own", "default", True, "own"),
        (None, "default", True, "default"),
        (None, None, False, None),
    ],
)
def test_what_a_preview_is_not_told_has_its_default(
    output: str | None, fallback: str | None, known: bool, value: str | None
) -> None:
    def held(value: str | None) -> Output[str]:
        return Output.from_input(cast(str, UNKNOWN if value is None else value))

    async def found() -> tuple[bool, Any]:
        one = otherwise(held(output), held(fallback))
        return await one.is_known(), await one.future()

    assert asyncio.run(found()) == (known, value)


class Made:
    """Stands for a resource of ours."""

    def __init__(self) -> None:
        self._owner = Output.from_input(KEY)
        value, known = asyncio.Future[str](), asyncio.Future[bool]()
        value.set_result("AKIA")
        known.set_result(True)
        self.key_id: Output[str] = Output({cast(Any, self)}, value, known)


def test_only_an_output_that_is_passed_on_as_it_is_has_a_source() -> None:
    async def found() -> dict[str, list[str]]:
        made = Made()
        changed = made.key_id.apply(lambda id: f"{id}!")
        given = [(["a", "b"], made.key_id), (["c"], changed), (["d"], Output.from_input("y"))]
        return await sources(given)

    assert asyncio.run(found()) == {"a.b": [KEY, "key_id"]}


def test_an_update_that_waits_for_something_tells_nothing() -> None:
    cloud = Cloud()
    thing = Lifecycle(ThingHandler, run_of(cloud))
    given = {"__owner": KEY, "region": "eu"}
    before = thing.check({}, given, set()).props
    made = thing.create(before)
    olds = {**before, "token": SECRET}
    for unknown, known in (({"days"}, False), (set[str](), True)):
        thing.run.planned.clear()
        news = thing.check(before, {**given, "days": 8}, set(unknown)).props
        thing.diff(made.id, olds, news, set(unknown))
        assert (KEY in thing.run.planned) is known
    assert thing.run.planned[KEY]["token"] == Planned(SECRET, secret=True)
