"""What every command's help has in common: `-h`, examples, and terms with what they mean."""

import textwrap
from collections.abc import Mapping

WIDTH = 78
"""Characters of a line in a terminal of usual width, less the indentation of click."""
HELP = {"help_option_names": ["-h", "--help"]}
"""For the group at the top; its commands have it from there."""
_AS_IT_STANDS = "\b\n"
"""Keeps click from filling the paragraph."""


def examples(*commands: str) -> str:
    """The end of a command's help: command lines that work as they stand there."""
    return f"{_AS_IT_STANDS}Examples:\n" + "\n".join(f"  {command}" for command in commands)


def terms(meanings: Mapping[str, str]) -> str:
    """A paragraph of a command's help: a list of terms, and what they mean."""
    indent = max(map(len, meanings)) + 4
    lines = (
        textwrap.fill(
            meaning,
            WIDTH,
            initial_indent=f"  {term}".ljust(indent),
            subsequent_indent=" " * indent,
        )
        for term, meaning in meanings.items()
    )
    return _AS_IT_STANDS + "\n".join(lines)
