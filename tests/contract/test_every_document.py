"""No accepted input gives a document that allows more than the objects that it names.

Names are good ones that were tampered with: patterns, variables of policies, look-alikes, encoded
characters, ends of paths and lines. What is refused allows nothing. `test_documents.py` of each
cloud has what is accepted judged by the evaluators that the sandbox has of it.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from palette_backup_provider.core.markers import AutoNamed, Derived
from palette_backup_provider.core.model import Prerequisite, fields, property_name
from palette_backup_provider.engine.lifecycle import Lifecycle
from tests.contract.clouds import merged
from tests.contract.samples import SAMPLES, NoClients
from tests.contract.tampering import PATTERN, VARIABLES, tampered
from tests.contract.test_every_input import INPUTS, OWNER, Input
from tests.contract.test_every_type import TYPES

TEXTS = [place for place in INPUTS if "identity" not in place.path and not place.secret]
FREE = {"document", "trust_policy", "policy_statements"}
"""Documents that the user writes as a whole: what they say is meant."""


SCOPE = "/subscriptions/12345678-1234-1234-1234-123456789abc/resourceGroups/clusters"
REACHES = re.compile("arn:|/subscriptions/|projects/|serviceAccount:")


def reached(value: Any) -> Iterator[str]:
    """The ARNs, ids and members within what follows from inputs."""
    if isinstance(value, str) and REACHES.match(value):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from reached(inner)


@pytest.mark.parametrize("place", [p for p in TEXTS if not FREE & {*p.path}], ids=str)
def test_no_input_brings_a_pattern_into_what_follows_from_it(place: Input) -> None:
    derived = [
        property_name(place.lifecycle.state, f) for f in fields(place.lifecycle.state, Derived)
    ]

    def patterns(props: dict[str, Any], value: str = "") -> int:
        """How many there are in what is made of `value`; that a key is held is no ARN."""
        found = reached([props.get(name) for name in derived])
        return sum(len(PATTERN.findall(one)) for one in found if one != value)

    def checked(props: dict[str, Any]) -> Any:
        return place.lifecycle.check({}, props, set())

    usual = patterns(checked({**place.sample, **OWNER}).props)

    @settings(max_examples=10, derandomize=True, database=None, deadline=None)
    @given(tampered("nightly", "*", "a?", *VARIABLES, "/a/*/", SCOPE))
    def follows(value: str) -> None:
        found = checked(place.holding(value))
        assert found.failures or patterns(found.props, value) <= usual

    follows()


EXISTING = {
    token: kind
    for token, kind in TYPES.items()
    if issubclass(kind.handler.state_type, Prerequisite)
    and fields(kind.handler.state_type, AutoNamed)
}


REACH_NOTHING = merged("samples", "REACH_NOTHING")
"""Their names are in no document: the pattern in one is a name like any other."""
PATTERNS = ["*", "a?", *VARIABLES, "a/b"]
UNSEEN = [" ", "a\nb", "a\u202eb"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (token, name)
        for token in EXISTING
        for name in (*UNSEEN, *(() if token in REACH_NOTHING else PATTERNS))
    ],
)
def test_what_exists_already_is_one(token: str, name: str) -> None:
    lifecycle = Lifecycle(EXISTING[token].handler, NoClients())
    (field,) = fields(lifecycle.state, AutoNamed)
    (sample, *_) = SAMPLES[token]
    props = {**sample, **OWNER, "existing": True, field: name}
    (failure,) = lifecycle.check({}, props, set()).failures
    assert failure.path == field and failure.reason.isprintable()
    # in state it stays readable, and nothing judges it anew
    assert all(one.path != field for one in lifecycle.check(props, props, set()).failures)
