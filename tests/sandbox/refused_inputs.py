"""Inputs that are refused in preview, as the folders describe them in `refused_inputs.py`."""

from dataclasses import dataclass

from tests.sandbox.folders import in_each_folder

Cases = tuple[tuple[str, list[str]], ...]
"""Programs, and what is said of each."""


@dataclass(frozen=True)
class RefusedInputs:
    """Those of one cloud, or of Palette."""

    broken: Cases = ()
    """They break a rule, and a message names the property by its path."""
    nowhere: Cases = ()
    """They name a place that does not exist."""
    meaningless: Cases = ()
    """They would reach further than is meant, or mean nothing."""
    spellings: tuple[str, ...] = ()
    """Programs that a cloud takes for one another."""


def everywhere() -> list[RefusedInputs]:
    """Those of every folder."""
    return [each.REFUSED for each in in_each_folder("refused_inputs").values()]
