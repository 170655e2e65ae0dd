"""What every location takes, on any cloud."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, TypeVar

from pulumi import Input, ResourceOptions, RunError

from palette_backup_provider.resources import palette

T = TypeVar("T")
SECTION = "\n\nArgs:\n"


def documented(cls: type[T]) -> type[T]:
    """Adds the arguments that `cls` inherits to its docstring, so that help() tells of all."""
    described = [cleandoc(kind.__doc__ or "").partition(SECTION) for kind in cls.__mro__[:-1]]
    arguments = "\n".join(arguments for _, _, arguments in described if arguments)
    cls.__doc__ = described[0][0] + SECTION + arguments
    return cls


@dataclass(kw_only=True)
class LocationArgs:
    """What is registered in Palette.

    Args:
        location_name: The location's name in Palette. Default: the logical name and ten hex digits.
        project: Name or uid of the Palette project. Default: `palette:project`. A change replaces
            the location.
        scope: `project`, the default, or `tenant`. A change replaces the location.
        is_default: Whether it is its scope's default location. Default: false.
        labels: The location's labels in Palette.
        annotations: The location's annotations in Palette.
        probe: Whether to try the credential on the storage before registering. Default: true.
        palette_validate: Whether Palette validates the credential before registering.
            Default: true.
        adopt: The uid of a location that exists, to bring it under management instead of making
            one. Read when the location is made; later it means nothing, and may go.
        adopt_overwrite: Whether a location to adopt that differs is changed to what this program
            says, instead of refused. Default: false. A credential made here always differs.
    """

    location_name: Input[str] | None = None
    project: Input[str] | None = None
    scope: Input[str] | None = None
    is_default: Input[bool] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    annotations: Input[Mapping[str, Input[str]]] | None = None
    probe: Input[bool] | None = None
    palette_validate: Input[bool] | None = None
    adopt: Input[str] | None = None
    adopt_overwrite: Input[bool] | None = None


@dataclass(kw_only=True)
class RotationArgs:
    """When the credential is replaced, and how long the old one lives on.

    Args:
        rotate_after: Days after which the first `pulumi up` makes a new credential and gives it to
            Palette, 1 or more. Default: never.
        rotation: Any text; a change makes a new credential now. Default: none.
        retire_after: Hours that the old credential goes on working, as clusters take the new one
            up later than Palette does; 0 to 8760. The first `pulumi up` after that removes it; with
            0 that is the next one. Default: 24.
    """

    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None


def location(
    name: str, args: LocationArgs, storage: palette.AnyStorageArgs, opts: ResourceOptions
) -> palette.BackupLocation:
    """The location that `args` describe, on `storage`."""
    registered = palette.BackupLocationArgs(
        storage=storage,
        name=args.location_name,
        project=args.project,
        scope=args.scope,
        is_default=args.is_default,
        labels=args.labels,
        annotations=args.annotations,
        probe=args.probe,
        palette_validate=args.palette_validate,
        adopt=args.adopt,
        adopt_overwrite=args.adopt_overwrite,
    )
    return palette.BackupLocation(name, registered, opts)


def one_of(name: str, args: Any, *pairs: tuple[str, str]) -> None:
    """Refuse arguments that exclude each other."""
    for one, other in pairs:
        if getattr(args, one) is not None and getattr(args, other) is not None:
            raise RunError(f"{name}: {one} and {other} exclude each other; give one of them.")
