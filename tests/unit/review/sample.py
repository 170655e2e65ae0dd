"""Previews made by hand, for tests of one rule."""

import json
from collections.abc import Mapping
from typing import Any

from palette_backup_provider.review.demands import Resource
from palette_backup_provider.review.preview import OURS
from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import Report, report

STACK = "urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev"
COMPONENT = "palette-backup:index:SomeBackupLocation"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How a preview writes what is not known yet."""


def step(
    op: str,
    type: str,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    *,
    name: str = "nightly",
    parent: str = STACK,
    **more: Any,
) -> dict[str, Any]:
    """One step; `type` is of ours where it has one colon."""
    full = type if type.count(":") > 1 else f"{OURS}{type}"
    above = "" if parent == STACK else f"{parent.split('::')[2]}$"
    found = {"op": op, "urn": f"urn:pulumi:dev::lab::{above}{full}::{name}", **more}
    for side, inputs in (("oldState", old), ("newState", new)):
        if inputs is not None:
            found[side] = {"inputs": dict(inputs), "parent": parent, **more.get(side, {})}
    return found


def asked(type: str, name: str = "nightly", /, **given: Any) -> Resource:
    """One of our resources, as a program asks for it."""
    return Resource(f"{OURS}{type}", name, given)


def component(op: str = "same") -> dict[str, Any]:
    """The step of a component, in which `inside` puts a resource."""
    return step(op, COMPONENT, {}, {})


INSIDE = component()["urn"]


def digest(*steps: Mapping[str, Any], **more: Any) -> str:
    stack = {"op": "same", "urn": STACK, "oldState": {}, "newState": {}}
    whole = {"steps": [stack, *steps], "changeSummary": {"same": 3}, **more}
    return json.dumps(whole)


def reported(*steps: Mapping[str, Any], **more: Any) -> Report:
    return report(preview("preview.json", digest(*steps, **more)))


def told(*steps: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The class and the severity of each thing to decide."""
    return [(one.kind, one.severity) for one in reported(*steps).findings]
