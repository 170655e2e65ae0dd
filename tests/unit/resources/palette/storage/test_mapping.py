"""Each field of a storage has one place in Palette's JSON, and the docs name it."""

from collections.abc import Iterator
from inspect import getdoc
from typing import Any, get_args

import pytest

from palette_backup_provider.core.model import fields, is_model, marker
from palette_backup_provider.resources.palette.storage import KINDS, AnyStorageArgs
from palette_backup_provider.resources.palette.storage.mapping import At, Mapped


def members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def credentials(model: type[Mapped], args: type[Any]) -> dict[type[Mapped], type[Any]]:
    """Each way to sign in to that kind of storage that is a model of its own, and its Args."""
    if "credentials" not in model.model_fields:
        return {}
    told = members(args.__annotations__["credentials"])
    by_kind = {getattr(one, "kind", None): one for one in told}
    ways = members(model.model_fields["credentials"].annotation)
    assert len(by_kind) == len(told) == len(ways)
    kinds = [one.model_fields.get("kind") for one in ways]
    return {way: by_kind[kind and kind.default] for way, kind in zip(ways, kinds, strict=True)}


STORAGES: dict[type[Mapped], type[Any]] = {
    KINDS[args.kind]: args for args in get_args(AnyStorageArgs)
}
ARGS = STORAGES | {
    way: told for each in STORAGES.items() for way, told in credentials(*each).items()
}


def places(model: type[Mapped]) -> Iterator[tuple[str, str]]:
    for name in sorted(fields(model, At)):
        annotation, at = model.model_fields[name].annotation, marker(model, name, At)
        part = any(is_model(kind) for kind in (annotation, *get_args(annotation)))
        if at and name != "kind" and not part:
            yield name, at.path


@pytest.mark.parametrize(
    ("model", "name", "path"),
    [(model, *place) for model in ARGS for place in places(model)],
)
def test_the_docs_name_the_place(model: type[Mapped], name: str, path: str) -> None:
    above = "config" if model in KINDS.values() else "credentials"
    place = path if path.startswith("credentials.") else f"{above}.{path}"
    entry = (getdoc(ARGS[model]) or "").partition(f"    {name}: ")[2].split("\n    ")
    end = (number for number, line in enumerate(entry[1:], 1) if not line.startswith(" "))
    told = "".join(entry[: next(end, len(entry))])
    assert f"(`{place}`" in " ".join(told.split()), f"{name}: {told}"


@pytest.mark.parametrize("model", KINDS.values())
def test_a_place_within_a_part_is_declared_after_the_part(model: type[Mapped]) -> None:
    paths = [at.path for name in model.model_fields if (at := marker(model, name, At))]
    assert len(set(paths)) == len(paths)
    for path in paths:
        part = path.rpartition(".")[0]
        assert part not in paths or paths.index(part) < paths.index(path)
