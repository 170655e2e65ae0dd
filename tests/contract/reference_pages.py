"""docs/reference, made of the registry, the models and the docstrings.

`python -m tests.contract.reference_pages` writes it: a page for each component and resource type.
"""

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from palette_backup_provider import palette, registry
from palette_backup_provider.core.markers import (
    CreateOnly,
    FromSetting,
    OnDelete,
    Replaces,
    Secret,
)
from palette_backup_provider.core.model import (
    Model,
    defaults,
    is_model,
    marker,
    property_name,
)
from palette_backup_provider.core.model import fields as marked
from tests.contract.clouds import NAMES
from tests.contract.docstrings import described_fields, entries, on_one_line, paragraphs
from tests.contract.reference_types import name_of, parts, written
from tests.contract.test_every_component import COMPONENTS, args_of

FOLDER = Path(__file__).parents[2] / "docs/reference"
FOLDERS = {**NAMES, "palette": "Palette"}
"""What people call what each folder of resources is about."""
TYPES: tuple[Any, ...] = (*registry.RESOURCES, palette.Lineage)
PREVIEWS = Path(__file__).parents[1] / "sandbox/previews"
INDEX = """\
# Reference

A page for each component and each resource type. A component creates everything that a location
needs. The resource types are what it is composed of, and can be used alone.

Every argument takes a value or an `Output`. In parentheses stand its type and what a change does.
*Replaces* means that a change makes a new object. *Secret* means that the value is encrypted in
state and never shown. `help()` of each class says the same.

The pages are made of the code: `python -m tests.contract.reference_pages`.
"""
Sections = dict[str, list[str]]


def pages() -> dict[str, str]:
    """The text of every page, by its file."""
    found = {f"{name}.md": component_page(kind) for name, kind in COMPONENTS.items()}
    found |= {f"{title(kind)}.md": type_page(kind) for kind in TYPES}
    return {"index.md": index(), "functions.md": functions_page(), **found}


def title(kind: Any) -> str:
    """`palette.BackupLocation`, as a program calls it."""
    return str(kind.token).replace(":", ".")


def index() -> str:
    """The first page, which lists the others."""
    rows = [
        f"| [`{name}`]({name}.md) | {_summary(kind)} | {', '.join(_made_by(name))} |"
        for name, kind in COMPONENTS.items()
    ]
    lines = [INDEX, "## Components", "", "| component | | creates |", "|---|---|---|", *rows, ""]
    for cloud, name in FOLDERS.items():
        kinds = [kind for kind in TYPES if kind.token.startswith(f"{cloud}:")]
        rows = [f"| [`{title(kind)}`]({title(kind)}.md) | {_summary(kind)} |" for kind in kinds]
        lines += [f"## {name}", "", "| type | |", "|---|---|", *rows, ""]
    listed = [*COMPONENTS, *map(title, TYPES), "functions"]
    lines += ["[Functions](functions.md) write policies and look locations up.", ""]
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *listed, "```", ""])


def component_page(kind: Any) -> str:
    """The page of a component."""
    name, args = kind.__name__, args_of(kind)
    outputs = entries(kind, "Outputs")
    example = kind.__module__.rpartition(".")[2].replace("_", "-")
    return _page(
        name,
        [
            *_intro(kind, args),
            f"It creates {', '.join(_made_by(name))}. A whole program is in "
            f"[`examples/{example}`](../../examples/{example}).",
        ],
        _arguments(args)
        | {"Outputs": [f"- `{name}`: {outputs[name]}" for name in kind.__annotations__]},
    )


def type_page(kind: Any) -> str:
    """The page of a resource type."""
    state = kind.handler.state_type
    args = getattr(inspect.getmodule(kind), f"{kind.__name__}Args", None)
    described = described_fields(state)
    others = [name for name in shown(state) if name not in _names(args)]
    sections = _arguments(args, state) if args else {}
    readable = [name for name in others if name in kind.__annotations__]
    told = [name for name in others if name not in readable]
    for heading, names in (("Outputs", readable), ("Shown in previews alone", told)):
        if names:
            lines = [_entry(name, _facts(state, name), described[name]) for name in names]
            sections[heading] = lines
    token = f"A preview calls it `pulumi-python:dynamic/{kind.token}`."
    return _page(title(kind), [*_intro(kind, args), token], sections)


def functions_page() -> str:
    """The page of the functions."""
    sections: Sections = {}
    for cloud in FOLDERS:
        module = import_module(f"palette_backup_provider.resources.{cloud}")
        for name in module.__all__:
            function = getattr(module, name)
            if inspect.isfunction(function):
                sections[f"{cloud}.{name}"] = [*_call(f"{cloud}.{name}", function)]
    return _page("Functions", ["What a program calls besides resources."], sections)


def shown(state: type[Model]) -> list[str]:
    """The properties of a type that a preview can show: those that Pulumi does not hide."""
    return [name for name in state.model_fields if not property_name(state, name).startswith("__")]


def _arguments(args: Any, state: type[Model] | None = None) -> Sections:
    """The arguments, and below them those of the objects that they take."""
    lines, found = [], dict[str, tuple[Any, type[Model] | None]]()
    by_name = {field.name: field for field in fields(args)}
    told = entries(args, "Args")
    for name in sorted(told, key=lambda name: not _required(by_name[name])):
        kind = by_name[name].type
        facts = [written(kind), *(["required"] if _required(by_name[name]) else [])]
        if state:
            facts += [*_default(state, name, told[name]), *_facts(state, name)]
        lines.append(_entry(name, facts, told[name]))
        for inner in filter(is_dataclass, parts(kind)):
            found[name_of(inner)] = inner, _model_of(state, name, inner)
    sections = {"Arguments": lines}
    for name, (inner, model) in found.items():
        intro = (inspect.getdoc(inner) or "").partition("\n\nArgs:")[0]
        nested = _arguments(inner, model)
        sections[name] = ["\n\n".join(paragraphs(intro)), "", *nested.pop("Arguments")]
        sections |= nested
    return sections


def _default(state: type[Model], name: str, told: str) -> Iterator[str]:
    """The default of a field, unless the text tells it."""
    default = defaults(state).get(name)
    if "default" not in told.lower() and default not in (None, "", [], {}):
        yield f"default `{json.dumps(default) if isinstance(default, bool | int) else default}`"


def _facts(state: type[Model], name: str) -> Iterator[str]:
    """What the markers of a field say."""
    if setting := marker(state, name, FromSetting):
        yield f"else {' and '.join(f'`{key}`' for key in setting.keys)}"
    for kind, says in {
        Replaces: "*replaces*",
        Secret: "*secret*",
        CreateOnly: "read when it is made",
        OnDelete: "read when it is deleted",
    }.items():
        if name in marked(state, kind):
            yield says


def _model_of(state: type[Model] | None, name: str, inner: Any) -> type[Model] | None:
    """The model behind an object that an argument takes: it has the same fields."""
    if state is None:
        return None
    choices = _models(state.model_fields[name].annotation)
    return next((one for one in choices if _names(inner) <= one.model_fields.keys()), None)


def _models(annotation: Any) -> Iterator[type[Model]]:
    if is_model(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _names(args: Any) -> set[str]:
    return {field.name for field in fields(args)} if args else set()


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _made_by(component: str) -> list[str]:
    """Links to the types that the first preview of a component creates."""
    text = (PREVIEWS / component / "1-first.txt").read_text()
    tokens = dict.fromkeys(re.findall(r"dynamic/(\w+:\w+): \(create\)", text))
    tokens.pop("palette:Lineage")
    return [f"[`{one}`]({one}.md)" for one in (token.replace(":", ".") for token in tokens)]


def _call(name: str, function: Any) -> Iterator[str]:
    told, _, _ = (inspect.getdoc(function) or "").partition("\n\nArgs:")
    parameters = ", ".join(inspect.signature(function).parameters)
    yield f"`{name}({parameters})`"
    yield from ("", "\n\n".join(paragraphs(told)), "")
    yield from (f"- `{name}`: {said}" for name, said in entries(function, "Args").items())


def _intro(kind: Any, args: Any) -> Iterator[str]:
    for one, section in ((kind, "Outputs"), (args, "Args")):
        if one:
            yield from paragraphs((inspect.getdoc(one) or "").partition(f"\n\n{section}:")[0])


def _summary(kind: Any) -> str:
    return re.split(r"[.;:] |\.$", on_one_line(inspect.getdoc(kind) or "").split("Outputs:")[0])[0]


def _entry(name: str, facts: Iterator[str] | list[str], told: str) -> str:
    known = ", ".join(facts)
    return f"- `{name}`{f' ({known})' if known else ''}: {told}"


def _page(heading: str, intro: list[str], sections: Sections) -> str:
    lines = [f"# {heading}", "", "\n\n".join(intro), ""]
    for name, section in sections.items():
        lines += [f"## {name}", "", *section, ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    for old in FOLDER.glob("*.md"):
        old.unlink()
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text)
