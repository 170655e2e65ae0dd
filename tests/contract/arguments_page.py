"""docs/arguments.md, made of the components: `python -m tests.contract.arguments_page`."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.contract.clouds import in_each_folder, merged
from tests.contract.difference import Words
from tests.contract.test_every_component import COMPONENTS, args_of

PAGE = Path(__file__).parents[2] / "docs/arguments.md"
OF_CLOUDS = in_each_folder("arguments")
COLUMNS: dict[str, str] = merged("arguments", "COLUMNS")
INTRODUCTION = f"""\
# Arguments and outputs, cloud by cloud

An argument has the cloud's own word where the cloud has one, and one word on every cloud where the
idea is ours. A thing that is made is called `<thing>_name`, and an existing one `existing_<thing>`.
What Palette shows of the location begins with `location_`. `help({next(iter(COLUMNS))}Args)` and so
on describe each argument.

`docs/arguments.md` is made of the components, and each difference has a reason:
`python -m tests.contract.arguments_page`.
"""


ROLE = "A role is assumed: there is no long-lived credential."
CALLED = "What Palette acts as is called as the cloud calls it"
IDEAS = {
    "ARGUMENTS": {
        "region": "The cloud's own word.",
        "bucket": "",
        "what holds the bucket": "",
        "identity to make": f"{CALLED}.",
        "identity that exists": "By what the cloud tells it from others.",
        "secret of the identity": "",
        "permissions": "What allows the identity to use the bucket.",
        "who else assumes it": "Only a role is assumed by others.",
        "boundary": "",
        "snapshots": "Off unless asked for on every cloud: the first run needs, and gives, least.",
        "tags of volumes": "",
        "key of encryption": "",
        "versions": "",
        "locks": "",
        "soft delete": "",
        "class of storage": "The cloud's own word, of the bucket or of the account.",
        "what the bucket refuses": "",
        "firewall": "",
        "tags": "",
        "endpoint": "What is reached, where it may be another than the cloud's own.",
        "addressing": "",
        "life of a secret": "",
        "rotation": ROLE,
        "operator": "Each cloud has its own way to sign in.",
    },
    "OUTPUTS": {
        "bucket": "",
        "what holds the bucket": "",
        "identity": f"{CALLED}. It is what the cloud's own tools take.",
        "credential": ROLE,
        "life of a secret": "",
        "permissions": "What allows it, as the cloud names that.",
        "document": "A policy is a document.",
        "who assumes it": "Only a role says who may assume it.",
        "policies of others": "",
    },
}
"""By table and idea, what is to be said of it on every cloud. What a cloud calls it, and why, is in
the cloud's folder."""
Told = Mapping[str, Mapping[str, Any]]
"""For each component, what it has, and how."""


def arguments() -> Told:
    """The arguments of each component: their types and defaults."""
    return {name: _arguments(kind) for name, kind in COMPONENTS.items()}


def outputs() -> Told:
    """The outputs of each component, and their types."""
    return {name: dict(kind.__annotations__) for name, kind in COMPONENTS.items()}


def _arguments(kind: Any) -> dict[str, Any]:
    args = args_of(kind)
    text = inspect.getdoc(args) or ""
    return {field.name: (field.type, _default(text, field.name)) for field in fields(args)}


def _default(text: str, argument: str) -> str:
    """The default that help() tells of."""
    entry = re.split(rf"(?m)^    {argument}: ", text)[1]
    told = re.search(r"Default: ([^.]*)", re.split(r"(?m)^    \w+: ", entry)[0])
    return " ".join(told[1].split()) if told else ""


def differing(told: Told) -> set[str]:
    """What not every component has in the same way."""
    names = {name for one in told.values() for name in one}
    return {name for name in names if len({repr(one.get(name)) for one in told.values()}) > 1}


def words(table: str, idea: str) -> list[Words]:
    """What each cloud calls it that has something to say of it."""
    tables = [getattr(cloud, table) for cloud in OF_CLOUDS.values()]
    return [one[idea] for one in tables if idea in one]


def why(table: str, idea: str) -> str:
    """Why it is not the same on every cloud."""
    told = [IDEAS[table][idea], *(one.why for one in words(table, idea))]
    return " ".join(filter(None, told))


def page() -> str:
    """The whole page."""
    told = {"ARGUMENTS": arguments(), "OUTPUTS": outputs()}
    return "\n".join([INTRODUCTION, *(line for one in told.items() for line in _section(*one))])


def _section(table: str, told: Told) -> list[str]:
    same = [name for name in next(iter(told.values())) if name not in differing(told)]
    return [
        f"## {table.title()}",
        "",
        f"The same on every cloud: {', '.join(f'`{name}`' for name in same)}.",
        "",
        f"| {' | '.join(COLUMNS.values())} | why |",
        f"|{'---|' * (len(COLUMNS) + 1)}",
        *(_row(table, told, idea) for idea in IDEAS[table]),
        "",
    ]


def _row(table: str, told: Told, idea: str) -> str:
    names = dict.fromkeys(name for one in words(table, idea) for name in one.names)
    cells = [
        ", ".join(f"`{name}`" for name in names if name in told[component]) or "-"
        for component in COLUMNS
    ]
    return f"| {' | '.join([*cells, why(table, idea)])} |"


if __name__ == "__main__":
    PAGE.write_text(page())
