"""What docstrings of resources, components and their arguments say, section by section.

help() shows them as they are. The schema of the plugin has the text of each entry in its place.
"""

from inspect import cleandoc
from typing import Any, TypeVar

T = TypeVar("T")
ARGS, OUTPUTS, BESIDES = "\n\nArgs:\n", "\n\nOutputs:\n", "\n\nBesides:\n"
"""How a section begins. `Besides` has the hidden properties that other languages give."""
_OWN = "_own_doc"
"""Where a class keeps its docstring without the inherited arguments."""


def documented(cls: type[T]) -> type[T]:
    """Adds the arguments that `cls` inherits to its docstring, so that help() describes all."""
    own = [vars(kind).get(_OWN, kind.__doc__) or "" for kind in cls.__mro__[:-1]]
    parted = [cleandoc(doc).partition(ARGS) for doc in own]
    arguments = "\n".join(arguments for _, _, arguments in parted if arguments)
    setattr(cls, _OWN, cls.__doc__)
    cls.__doc__ = parted[0][0] + ARGS + arguments
    return cls


def summary(kind: Any, section: str = ARGS) -> str:
    """What the docstring of `kind` says before a section."""
    return cleandoc(kind.__doc__ or "").partition(section)[0]


def described(kind: Any, section: str = ARGS) -> dict[str, str]:
    """What the docstring of `kind` says of each entry of a section."""
    texts: dict[str, str] = {}
    name = ""
    for line in cleandoc(kind.__doc__ or "").partition(section)[2].splitlines():
        if line.startswith("    ") and not line.startswith("     "):
            name, _, line = line.strip().partition(": ")
            texts[name] = line
        else:
            texts[name] = f"{texts[name]} {line.strip()}"
    return texts
