"""The schema as lines to review: `python -m tests.contract.schema_lines` writes them anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from palette_backup_provider.plugin.package import schema

LINES = Path(__file__).with_name("schema_lines.txt")
MARKS = {"secret": "secret", "willReplaceOnChanges": "replaces", "plain": "plain"}


def lines() -> Iterator[str]:
    """Each type, function and setting, without its description."""
    whole = schema("0.0.0")
    for name, setting in whole["config"]["variables"].items():
        yield f"config {name}: {_type(setting)}"
    for token, kind in sorted({**whole["resources"], **whole["types"]}.items()):
        yield ""
        yield " ".join([token, *(f"(was {alias['type']})" for alias in kind.get("aliases", ()))])
        if values := kind.get("enum"):
            yield f"  one of {', '.join(one['value'] for one in values)}"
        given, needed = kind.get("inputProperties", {}), kind.get("requiredInputs", ())
        for name, told in given.items():
            yield f"  {name}{'' if name in needed else '?'}: {_type(told)}"
        for name, told in kind.get("properties", {}).items():
            optional = "" if name in kind["required"] else "?"
            arrow = "=> " if given else ""
            yield f"  {arrow}{name}{optional}: {_type(told)}"
    for token, function in whole["functions"].items():
        asked, found = function["inputs"], function["outputs"]
        yield ""
        yield f"{token}()"
        for name, told in asked["properties"].items():
            yield f"  {name}{'' if name in asked['required'] else '?'}: {_type(told)}"
        for name, told in found["properties"].items():
            yield f"  => {name}: {_type(told)}"


def _type(spec: dict[str, Any]) -> str:
    return ", ".join([_shape(spec), *(mark for name, mark in MARKS.items() if spec.get(name))])


def _shape(spec: dict[str, Any]) -> str:
    if "oneOf" in spec:
        return " | ".join(map(_shape, spec["oneOf"]))
    if "$ref" in spec:
        return str(spec["$ref"]).rpartition("/")[2]
    if "const" in spec:
        return repr(spec["const"])
    if spec["type"] == "array":
        return f"[{_shape(spec['items'])}]"
    if spec["type"] == "object" and "additionalProperties" in spec:
        return f"{{{_shape(spec['additionalProperties'])}}}"
    return str(spec["type"])


def text() -> str:
    return "\n".join([*lines(), ""])


if __name__ == "__main__":
    LINES.write_text(text())
