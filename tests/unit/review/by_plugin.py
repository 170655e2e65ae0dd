"""What the plugin's programs plan, made of what Python's plan: other types, and other spelling."""

import json
from collections.abc import Mapping
from typing import Any

from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.shape import on_wire
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.review.preview import OURS, PLUGIN


def digest(of_python: str) -> str:
    """The same preview of resources that the plugin serves."""
    whole = json.loads(of_python)
    for step in whole["steps"]:
        for side in ("oldState", "newState"):
            state = step.get(side, {})
            state["inputs"] = inputs(state.get("type", ""), state.get("inputs", {}))
        for reasons in ("replaceReasons", "diffReasons"):
            step[reasons] = [camel(one) for one in step.get(reasons) or []]
    return json.dumps(whole).replace(OURS, PLUGIN)


def inputs(type: str, of_python: Mapping[str, Any]) -> Mapping[str, Any]:
    """The inputs of a type as the plugin's schema spells them."""
    ours = type.startswith(OURS)
    model = handler_of(type.removeprefix(OURS)).state_type if ours else None
    return on_wire(model, of_python)
