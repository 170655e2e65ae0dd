"""How each service is reached, said without importing any of its packages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.sandbox.folders import in_each_folder


@dataclass(frozen=True)
class Service:
    """A cloud, or Palette. No field has a default, so that no service forgets one."""

    needed: tuple[str, ...]
    """The variables that lead to the real one."""
    variables: str
    """A pattern of all variables that could lead to it."""
    elsewhere: Mapping[str, str | None]
    """The variables by which it is looked for at another host, by the public CAs."""
    planted: Mapping[str, str]
    """Variables by which a machine may lead to the real one."""
    planted_files: Mapping[str, str]
    """Files below the home folder that may do so."""
    package: str
    """The package that is imported for it, and for it alone; empty without one."""


@cache
def services() -> dict[str, Service]:
    """Every service, by the name of its folder."""
    return {name: module.SERVICE for name, module in in_each_folder("service").items()}
