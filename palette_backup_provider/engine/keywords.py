"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pulumi import Input


class RotationArgsDict(TypedDict, total=False):
    """As `RotationArgs`, which describes each."""

    rotate_after: Input[int] | None
    rotation: Input[str] | None
    retire_after: Input[int] | None
