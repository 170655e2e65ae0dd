"""The id of a state: made once, and kept."""

import asyncio
import re

import pytest

from palette_backup_provider.engine import lineage
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import outputs
from tests.unit.engine.fake import run_of


def test_a_state_keeps_the_id_that_it_began_with() -> None:
    life = Lifecycle(lineage.LineageHandler, run_of())
    props = life.check({}, {}, set()).props
    made = life.create(props)
    assert re.fullmatch(r"\d{8}[0-9a-f]{8}", made.id)
    olds = outputs(made.state)
    assert olds["state_id"] == made.id
    again = life.check(props, {}, set()).props
    assert again == props
    assert life.diff(made.id, olds, again, set()).changes is False
    found = life.read(made.id, olds)
    assert found is not None and outputs(found) == olds
    assert outputs(life.update(made.id, olds, again)) == olds
    life.delete(made.id, olds)


def test_a_preview_shows_no_id_that_the_run_does_not_make() -> None:
    assert "state_id" not in Lifecycle(lineage.LineageHandler, run_of()).check({}, {}, set()).props


def test_without_a_program_there_is_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "get_root_resource", lambda: None)

    async def found() -> str | None:
        return await lineage.lineage().future()

    assert asyncio.run(found()) == ""
