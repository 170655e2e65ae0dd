"""Locations that Spectro Cloud's own providers manage, read out of a state of theirs.

What a location is, Palette tells; of the file only the uid, the address and the secret are read.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.secrets import printable, remember
from palette_backup_provider.resources.palette.storage import KINDS

ACCEPTED = (
    "Give a Terraform state file of version 4 (terraform.tfstate, or `terraform state pull`), what "
    "`terraform show -json` or `tofu show -json` prints, or what `pulumi stack export` prints of a "
    "stack that uses Spectro Cloud's Pulumi package."
)
MASKED = "***"
"""Stands in the place of a secret: older releases of the Terraform provider kept what Palette
shows."""
SECRETS = {ours: where for kind in KINDS.values() for ours, where in kind.terraform.items()}
"""By the field of ours that takes it: the block and the attribute that hold a secret."""


@dataclass(frozen=True, repr=False)
class Moved:
    """One location that another tool manages."""

    uid: str
    tenant: bool
    address: str
    """What the tool calls it."""
    forget: str
    """The command that has the tool forget it."""
    name: str
    """What the program calls it, by its name and its key there."""
    secrets: dict[str, str]
    """By field of ours; never printed."""
    sealed: bool = False
    """Whether its secret is there, but encrypted."""


def moved(file: BinaryIO) -> list[Moved]:
    """The locations in a state, of whatever form."""
    name = printable(str(getattr(file, "name", "<stdin>")))
    state = _state(name, file)
    read, what = _reader(name, state)
    try:
        locations = list(read(state))
    except (AttributeError, IndexError, KeyError, TypeError, UnicodeError):
        raise ProviderError(
            f"{name}: a {what} is not as its provider writes it. {ACCEPTED}"
        ) from None
    if not locations:
        raise _strange(name, f"has no {what}")
    return locations


def _state(name: str, file: BinaryIO) -> dict[str, Any]:
    try:
        # of bytes, as some shells write what they redirect in UTF-16
        state = json.loads(file.read())
    except (ValueError, RecursionError):
        raise _strange(name, "is not JSON") from None
    if not isinstance(state, dict):
        raise _strange(name, f"is JSON, but no state: it is a {type(state).__name__}")
    return state


def _reader(
    name: str, state: dict[str, Any]
) -> tuple[Callable[[dict[str, Any]], Iterator[Moved]], str]:
    """What reads a state of that form, and what a location is called in it."""
    from palette_backup_provider.cli import bridged, terraform

    version, shown = state.get("version"), state.get("format_version")
    if "encrypted_data" in state:
        pull = "`tofu state pull` and `tofu show -json` decrypt it"
        raise _strange(name, f"is an OpenTofu state that is encrypted: {pull}")
    if isinstance(state.get("deployment"), dict):
        if version not in (3, 4):
            raise _strange(name, f"is a Pulumi stack of version {_version(version)}, not 3 or 4")
        return bridged.stack, bridged.TYPE
    if "planned_values" in state or "resource_changes" in state:
        raise _strange(name, "is a plan, and no state")
    if isinstance(shown, str):
        if shown.partition(".")[0] not in ("0", "1"):
            raise _strange(name, f"is a state of format {_version(shown)}, which is newer than 1")
        return terraform.shown, terraform.TYPE
    if version == 4 and isinstance(state.get("resources"), list):
        return terraform.version_4, terraform.TYPE
    if type(version) is int and version != 4:
        age = "newer" if version > 4 else "older"
        raise _strange(name, f"is a Terraform state file of version {version}, which is {age}")
    raise _strange(name, "is JSON, but no state")


def _version(version: Any) -> str:
    return printable(str(version))[:20]


def _strange(name: str, why: str) -> ProviderError:
    return ProviderError(f"{name} {why}. {ACCEPTED}")


def secrets(
    attributes: Mapping[str, Any], spelled: Callable[[str], str] = lambda name: name
) -> dict[str, str]:
    """The secrets of a location by field of ours; `spelled` is how the tool writes a name."""
    values = {}
    for ours, (block, attribute) in SECRETS.items():
        inside = attributes.get(spelled(block)) or {}
        inside = (inside or [{}])[0] if isinstance(inside, list) else inside
        if value := inside.get(spelled(attribute)):
            if MASKED in text(value):
                continue
            values[ours] = value
            remember(value)
    return values


def text(value: Any) -> str:
    """`value`, which the provider writes as text."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    value.encode()  # half a surrogate pair is no text
    return value
