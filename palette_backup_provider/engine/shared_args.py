"""Arguments that several classes of arguments share, and how help() describes them."""

from dataclasses import dataclass, fields
from inspect import cleandoc
from typing import Any, TypeVar

from pulumi import Input

T = TypeVar("T")
SECTION = "\n\nArgs:\n"
OWN_DOC = "_own_doc"
"""Where a class keeps its docstring without the inherited arguments."""


def documented(cls: type[T]) -> type[T]:
    """Adds the arguments that `cls` inherits to its docstring, so that help() describes all."""
    own = [vars(kind).get(OWN_DOC, kind.__doc__) or "" for kind in cls.__mro__[:-1]]
    described = [cleandoc(doc).partition(SECTION) for doc in own]
    arguments = "\n".join(arguments for _, _, arguments in described if arguments)
    setattr(cls, OWN_DOC, cls.__doc__)
    cls.__doc__ = described[0][0] + SECTION + arguments
    return cls


def described(kind: type[Any], section: str = SECTION) -> dict[str, str]:
    """What the docstring of `kind` says of each argument, or of each entry of another section."""
    texts: dict[str, str] = {}
    name = ""
    for line in cleandoc(kind.__doc__ or "").partition(section)[2].splitlines():
        if line.startswith("    ") and not line.startswith("     "):
            name, _, line = line.strip().partition(": ")
            texts[name] = line
        else:
            texts[name] = f"{texts[name]} {line.strip()}"
    return texts


def inherited(kind: type[Any], args: Any) -> dict[str, Any]:
    """The arguments that `args` has of its base class `kind`, as keywords to hand on."""
    return {field.name: getattr(args, field.name) for field in fields(kind)}


@dataclass(kw_only=True)
class RotationArgs:
    """When a credential is replaced, and how long the old credential goes on working.

    Args:
        rotate_after: Days after which the first `pulumi up` makes a new credential and hands it to
            its users, 1 or more. Default: never. Changed in place.
        rotation: Any text; a change makes a new credential now. Default: none.
        retire_after: Hours that the old credential goes on working, 0 to 8760: clusters take up the
            new credential later than Palette does. The first `pulumi up` after that removes the old
            credential; with 0, the next `pulumi up` does. Default: 24.
    """

    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None
