"""Programs in other languages than Python, judged by the schema that the plugin tells."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.plugin.package import schema

MADE = {
    "typescript": re.compile(r'(?ms)^const \w+ = new backup\.(\w+)\("[\w-]+", \{$(.*?)^\}\);'),
    "go": re.compile(
        r'(?ms)^\t\t\w+, err := backup\.New(\w+)\(ctx, "[\w-]+", &backup\.\w+\{$(.*?)^\t\t\}\)'
    ),
    "java": re.compile(
        r'(?ms)^ {12}var \w+ = new (\w+)\("[\w-]+", \w+\.builder\(\)$(.*?)^ {16}\.build\(\)\);'
    ),
}
"""How a resource is made; what is within has one argument a line."""
ARGUMENT = {
    "typescript": re.compile(r"(?m)^ {4}(\w+):"),
    "go": re.compile(r"(?m)^\t\t\t(\w+):"),
    "java": re.compile(r"(?m)^ {16}\.(\w+)\("),
}
OUTPUT = re.compile(r"\b(nightly)\.(\w+)")


@cache
def resources() -> dict[str, Any]:
    """The resources, components and the provider of the schema, by their types."""
    found = schema("0.0.0")
    return {**found["resources"], f"pulumi:providers:{PACKAGE}": found["provider"]}


def judge_plugin_program(language: str, text: str) -> None:
    """Fails if a class, an argument or an output of the program is not in the schema, or if an
    argument is missing."""
    made = MADE[language].findall(text)
    assert made
    for name, given in made:
        token = f"{PACKAGE}:index:{name}"
        judge_arguments(token, map(_lower, ARGUMENT[language].findall(given)), whole=True)
        outputs = {_lower(output) for _, output in OUTPUT.findall(text)}
        assert outputs <= resources()[token]["properties"].keys()


def judge_plugin_yaml(found: dict[str, Any]) -> None:
    """The same of a program in YAML. A part of one may leave arguments out."""
    whole = "resources" in found
    for resource in found.get("resources", found).values():
        judge_arguments(resource["type"], resource.get("properties", {}), whole=whole)


def judge_arguments(token: str, given: Iterable[str], *, whole: bool) -> None:
    names, spec = set(given), resources()[token]
    assert names <= spec["inputProperties"].keys()
    assert not whole or names >= {*spec.get("requiredInputs", ())}


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
