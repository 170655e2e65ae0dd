"""The same questions to every type that holds backups, or holds what does."""

import inspect
from typing import Any

import pytest

from palette_backup_provider.core.holding import Holding, HoldingHandler, Retainable
from palette_backup_provider.core.markers import OnDelete
from palette_backup_provider.core.model import Storage, fields
from palette_backup_provider.engine.lifecycle import Lifecycle
from tests.contract.samples import SAMPLES, NoClients
from tests.contract.test_every_component import COMPONENTS, args_of
from tests.contract.test_every_type import TYPES

STORAGE = {t: k for t, k in TYPES.items() if issubclass(k.handler.state_type, Storage)}
HOLDING = {t: k for t, k in STORAGE.items() if issubclass(k.handler.state_type, Holding)}


def refusals(token: str, **given: Any) -> list[str]:
    """What check says of the sample of that type with these inputs."""
    (sample,) = SAMPLES[token]
    props = {"__owner": "acme/shop/dev/nightly:0a1b2c", **sample, **given}
    found = Lifecycle(TYPES[token].handler, NoClients()).check({}, props, set()).failures
    return [f"{failure.path}: {failure.reason}" for failure in found]


@pytest.mark.parametrize("token", STORAGE)
def test_it_can_be_kept_with_what_it_holds(token: str) -> None:
    state = STORAGE[token].handler.state_type
    assert issubclass(state, Retainable)
    assert "replace_with_data" in fields(state, OnDelete)
    assert state.model_fields["replace_with_data"].default == "refuse"
    assert not refusals(token, replace_with_data="retain")
    assert any(one.startswith("replace_with_data:") for one in refusals(token, replace_with_data=1))


@pytest.mark.parametrize("token", HOLDING)
def test_backups_in_it_do_not_both_go_and_stay(token: str) -> None:
    assert issubclass(HOLDING[token].handler, HoldingHandler)
    assert refusals(token, force_destroy=True, replace_with_data="retain") == [
        "replace_with_data: 'retain' and force_destroy exclude each other: leave one out"
    ]


@pytest.mark.parametrize("kind", COMPONENTS.values(), ids=COMPONENTS)
def test_every_component_offers_both(kind: Any) -> None:
    assert {"force_destroy", "replace_with_data"} <= inspect.signature(
        args_of(kind)
    ).parameters.keys()
