"""The arguments of a location that a component takes under the same names."""

from dataclasses import dataclass

from pulumi import Input


@dataclass(kw_only=True)
class CommonLocationArgs:
    """What is registered in Palette.

    Args:
        project: Name or uid of the Palette project. Default: `palette:project`. A change replaces
            the location.
        scope: `project`, the default, or `tenant` for all projects. A change replaces the location.
        is_default: Whether it is the scope's default location (`spec.isDefault`). Default: false.
            Only one location of a scope can be.
        probe: Whether to try the credential on the storage before registering: put, get, list and
            delete of one small object. Default: true. Turn it off where only Palette can reach
            the storage.
        palette_validate: Whether Palette validates the credential before registering.
            Default: true where Palette has a call that asks this very storage. The arguments of
            the storage say where it has none.
        adopt: The uid of an existing location, to take it under management as it is. All but the
            secret must be as this program says, and our mark is all that changes. The secret is
            tried and sent along. The location's name is not judged. A location that another stack
            holds is refused. Default: none, a location is made. Read when the resource is made;
            later it means nothing, and may go.
        adopt_overwrite: Whether an adopted location that differs is changed to what this program
            says, instead of refused. Default: false. Read together with `adopt`. A credential that
            a component makes always differs.
    """

    project: Input[str] | None = None
    scope: Input[str] | None = None
    is_default: Input[bool] | None = None
    probe: Input[bool] | None = None
    palette_validate: Input[bool] | None = None
    adopt: Input[str] | None = None
    adopt_overwrite: Input[bool] | None = None
