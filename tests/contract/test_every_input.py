"""Whatever stands in an input of any type: a clear refusal, or it comes back as it was given."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palette_backup_provider.core.compare import LONGEST
from palette_backup_provider.core.markers import Beside, Secret
from palette_backup_provider.core.model import Model, Owned, fields, property_name, variant
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import load_state, outputs
from palette_backup_provider.resources.palette.storage.base import Storage
from tests.contract.samples import SAMPLES, NoClients
from tests.contract.test_every_type import TYPES, asked

OWNER = {"__owner": "organization/project/stack/nightly:1a2b3c"}


@dataclass(frozen=True)
class Input:
    """A place for a value, in an otherwise good set of inputs."""

    token: str
    sample: dict[str, Any]
    path: tuple[str, ...]
    secret: bool
    in_credential: bool
    """Whether it stands beside a secret in a model that is a credential and nothing else."""

    def __str__(self) -> str:
        kind = self.sample.get("storage", {}).get("kind", "")
        return f"{self.token} {kind} {'.'.join(self.path)}"

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(TYPES[self.token].handler, NoClients())

    def holding(self, value: Any) -> dict[str, Any]:
        """The inputs with `value` at the place."""
        whole: dict[str, Any] = json.loads(json.dumps({**self.sample, **OWNER}))
        inner = whole
        for step in self.path[:-1]:
            inner = inner[step]
        inner[self.path[-1]] = value
        return whole


def places(
    model: type[Model], sample: Any, above: tuple[str, ...]
) -> Iterator[tuple[Any, bool, bool]]:
    """The paths of the inputs of `model`, whether they are secret, and whether beside a secret."""
    secrets = fields(model, Secret)
    credential = bool(secrets) and not issubclass(model, (Owned, Storage))
    for name in sorted(asked(model)):
        path = (*above, property_name(model, name))
        beside = name in fields(model, Beside) or (credential and name not in {*secrets, "url"})
        yield path, name in secrets, beside
        inner = sample.get(name)
        if isinstance(inner, dict) and (
            nested := variant(model.model_fields[name].annotation, inner)
        ):
            yield from places(nested, inner, path)


INPUTS = [
    Input(token, sample, path, secret, beside)
    for token, kind in TYPES.items()
    for sample in SAMPLES[token]
    for path, secret, beside in places(kind.handler.state_type, sample, ())
]
each_input = pytest.mark.parametrize("place", INPUTS, ids=str)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # JSON has no half characters
HUGE = st.sampled_from(["x" * 100_000, "é/" * 20_000, "\n" * 5_000, "9" * 5_000, "\0"])
LEAF = st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | TEXT | HUGE
VALUES = LEAF | st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
DEEP: Any = "deep"
for _ in range(60):
    DEEP = {"deeper": [DEEP]}


@each_input
def test_a_sample_is_good(place: Input) -> None:
    sample = {**place.sample, **OWNER}
    assert place.lifecycle.check({}, sample, set()).failures == []


def still(props: dict[str, Any]) -> dict[str, Any]:
    """`props` without what the next run tells otherwise: an old credential is let go of then."""
    return {name: value for name, value in props.items() if name != "credential_id"}


def judged(place: Input, value: Any) -> None:
    thing, props = place.lifecycle, place.holding(value)
    found = thing.check({}, props, set())
    for failure in found.failures:
        assert failure.path.partition(".")[0] in ("", *props, *thing.state.model_fields)
        assert failure.reason and len(failure.reason) <= LONGEST + 1, len(failure.reason)
        assert "\n" not in failure.reason
        if place.secret and isinstance(value, str) and len(value) > 5:
            assert value not in failure.reason
    if not found.failures:
        stored = outputs(load_state(thing.state, found.props))
        assert outputs(load_state(thing.state, json.loads(json.dumps(stored)))) == stored
        again = thing.check(found.props, props, set())
        assert (again.failures, still(again.props)) == ([], still(found.props))
        assert thing.diff("id", stored, found.props, set()).changes is False
    old = json.loads(json.dumps(props))  # once it may have been allowed
    assert thing.diff("id", old, old, set()).changes is False


@each_input
def test_it_is_refused_clearly_or_kept_faithfully(
    place: Input, monkeypatch: pytest.MonkeyPatch
) -> None:
    for handler in (kind.handler for kind in TYPES.values()):
        if hasattr(handler, "knowing"):
            monkeypatch.setattr(handler, "knowing", Patience(0))

    @settings(max_examples=12, derandomize=True, database=None)
    @given(VALUES)
    def whatever(value: Any) -> None:
        judged(place, value)

    whatever()
    judged(place, DEEP)
