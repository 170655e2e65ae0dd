"""Packages that are imported when they are needed, and files of a user's that hide one.

Python looks first in the folder of a program, in the program's process and in that of Pulumi's
provider. A file `requests.py` there would be run instead of the package that it hides.
"""

from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any

from palette_backup_provider.core.errors import MissingExtra, ProviderError, sentence
from palette_backup_provider.core.secrets import excerpt

OLDEST = (3, 250)
"""The first version of Pulumi's SDK that this package works with, and so of its engine."""
ALWAYS = ("google.protobuf", "grpc.aio", "requests.sessions", "urllib3.connection", "dill.session")
"""What Pulumi's provider needs before any code of ours runs, or whatever the cloud is."""


@cache
def package(name: str, installed: str, extra: str, *also: str) -> Any:
    """The module `name` of the distribution `installed` of an extra; it needs the modules `also`.

    Raises MissingExtra where it is absent, and ProviderError where it cannot be imported.
    """
    demand_visible(*(each for each in (name, *also) if "." in each))
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingExtra(extra, installed) from None
    except Exception as error:  # of a half or wrongly installed package, any
        raise ProviderError(
            f"{installed} cannot be imported: {type(error).__name__}: "
            f"{sentence(excerpt(str(error)))} Install it anew: pip install --force-reinstall "
            f"'palette-backup-provider[{extra}]'"
        ) from None


def import_shared() -> None:
    """Import what the clients of every cloud share, before threads use them.

    The parts of requests and urllib3 import one another in circles: of two threads that enter from
    two sides, each finds the other's half done. And requests silences a warning meanwhile, which a
    thread that imports botocore at that time brings back, onto the terminal.
    """
    import_module("requests")


def demand_visible(*names: str) -> None:
    """Raise ProviderError if a file or folder of the user's hides a package of these modules."""
    for name in names:
        top, inner = name.split(".")[:2]
        spec = PathFinder.find_spec(top)
        if spec is None or spec.origin is None:  # absent, or shared by several packages
            continue
        inside = spec.submodule_search_locations
        if inside is None or PathFinder.find_spec(f"{top}.{inner}", inside) is None:
            raise ProviderError(
                f"{spec.origin} hides the package {top}, which is needed here. Rename it: Python "
                "looks in a program's own folder first."
            )
