"""What every location takes, on any cloud."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.engine.arguments import arguments
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.properties import OWNER
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.shared_args import inherited
from palette_backup_provider.engine.together import goes_with, serves
from palette_backup_provider.resources import palette
from palette_backup_provider.resources.palette.location.common_args import CommonLocationArgs

NAMES = {
    "name": "location_name",
    "labels": "location_labels",
    "annotations": "location_annotations",
    "storage": "",
}
"""The component's argument of each property of the location, where the names differ."""
EXISTING = "existing"
"""The metadata of an argument that only shapes an object made here: see `of_made`."""


def of_made(**existing: str) -> Any:
    """The default, None, of an argument that only shapes an object made here.

    `existing` are the arguments that name an existing object instead, each with the kind of object:
    `existing_bucket="a bucket"`. Together with one of them the argument means nothing, so
    `incoherent` names both.
    """
    return field(default=None, metadata={EXISTING: existing})


@documented
@dataclass(kw_only=True)
class LocationArgs(CommonLocationArgs):
    """What is registered in Palette.

    Args:
        location_name: The location's name in Palette. Default: the logical name and ten hex digits.
        location_labels: The location's labels in Palette.
        location_annotations: The location's annotations in Palette.
    """

    location_name: Input[str] | None = None
    location_labels: Input[Mapping[str, Input[str]]] | None = None
    location_annotations: Input[Mapping[str, Input[str]]] | None = None


def location(
    name: str,
    args: LocationArgs,
    storage: palette.AnyStorageArgs,
    opts: ResourceOptions,
    *,
    storage_made: Sequence[Resource[Any]],
    after: Sequence[Resource[Any] | None] = (),
    retiring: Sequence[Output[list[pulumi.Resource]]] = (),
) -> palette.BackupLocation:
    """The location that `args` describe, on `storage`, which is in `storage_made`.

    It depends on all that is made along with it, directly or by way of others, on `after` and on
    what is `retiring`. A destroy that the location refuses spares what the location depends on.
    """
    dependencies = [resource for resource in after if resource]
    all_made = Output.all(*retiring).apply(
        lambda retired: [*dependencies, *(o for old in retired for o in old)]
    )
    opts = ResourceOptions.merge(opts, ResourceOptions(depends_on=all_made))
    registered = palette.BackupLocationArgs(
        storage=storage,
        name=args.location_name,
        labels=args.location_labels,
        annotations=args.location_annotations,
        **inherited(CommonLocationArgs, args),
    )
    note = {**goes_with(storage_made), **arguments(**NAMES)}
    return palette.BackupLocation(name, registered, opts, noted=note)


def follows(function: Callable[..., Any], *made: Output[Any]) -> Output[Any]:
    """`function` of outputs of what is made; None where one of them is not told. That is so in unit
    tests of a program alone: Pulumi's mocks tell no output that is no input."""
    return Output.all(*made).apply(
        lambda values: None if any(value in (None, "") for value in values) else function(*values)
    )


def called(args: Any, thing: str, **names_of_new: str) -> dict[str, Any]:
    """The note of what the arguments about `thing` are called.

    `names_of_new` has each property's argument where the thing is made here. Default: its name's.
    """
    existing = f"existing_{thing}"
    names = names_of_new or {"name": f"{thing}_name"}
    if getattr(args, existing) is not None:
        names = dict.fromkeys(names, existing)
    return arguments(**names, existing=existing)


def serving(name: str, args: Any, opts: ResourceOptions) -> dict[str, Any]:
    """What the location's storage notes about the location."""
    kind = palette.BackupLocation
    owner = {OWNER: kind.owner_of(name, opts)}
    scope = {"project": args.project, "scope": args.scope}
    return serves(kind.token, args.force_destroy, **owner, **scope)


def incoherent(args: Any) -> Iterator[tuple[str, str]]:
    """Arguments that shape an object which is not made here, and why that is wrong."""
    idle: dict[tuple[str, str], list[str]] = {}
    for argument in fields(args):
        if getattr(args, argument.name) is not None:
            for existing, what in argument.metadata.get(EXISTING, {}).items():
                if getattr(args, existing, None) is not None:
                    idle.setdefault((existing, what), []).append(argument.name)
    for (existing, what), idling in idle.items():
        yield (
            ", ".join(idling),
            f"{'these arguments need' if idling[1:] else 'needs'} {what} made here, and "
            f"{existing} names an existing one. Leave out either.",
        )
