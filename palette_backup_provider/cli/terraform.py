"""Locations in a state file of Spectro Cloud's Terraform provider.

What a location is, Palette tells; of the file only the uid, the address and the secret are read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.secrets import remember

TYPE = "spectrocloud_backup_storage_location"
SECRETS = {
    "secret_key": ("s3", "secret_key"),
    "json_credentials": ("gcp_storage_config", "gcp_json_credentials"),
    "client_secret": ("azure_storage_config", "azure_client_secret"),
}
"""By the field of ours that takes it: the block and the attribute that hold a secret."""


@dataclass(frozen=True, repr=False)
class Moved:
    """One location that Terraform manages."""

    uid: str
    tenant: bool
    address: str
    """What `terraform state rm` takes."""
    name: str
    """What the program calls it, by its name and its key in Terraform."""
    secrets: dict[str, str]
    """By field of ours; never printed."""


def moved(file: TextIO) -> list[Moved]:
    """The locations in a state file."""
    try:
        state = json.load(file)
    except ValueError:
        state = None
    if not isinstance(state, dict) or state.get("version") != 4:
        raise ProviderError(
            f"{file.name} is not a Terraform state file of version 4. Give terraform.tfstate, or "
            "`terraform state pull | palette-backup import --terraform -` for a remote state."
        )
    try:
        found = list(_found(state))
    except (AttributeError, IndexError, KeyError, TypeError):
        raise ProviderError(f"{file.name}: a {TYPE} is not as its provider writes it.") from None
    if not found:
        raise ProviderError(f"{file.name} has no {TYPE}.")
    return found


def _found(state: dict[str, Any]) -> Iterator[Moved]:
    for resource in state["resources"]:
        if (resource["mode"], resource["type"]) != ("managed", TYPE):
            continue
        prefix = f"{resource['module']}." if resource.get("module") else ""
        for instance in resource["instances"]:
            if "deposed" in instance:  # replaced, and still to be destroyed: no address of its own
                continue
            attributes, index = instance["attributes"], instance.get("index_key")
            key = "" if index is None else f"[{json.dumps(index)}]"
            yield Moved(
                uid=attributes["id"],
                tenant=attributes.get("context") == "tenant",
                address=f"{prefix}{TYPE}.{resource['name']}{key}",
                name=resource["name"] if index is None else f"{resource['name']}-{index}",
                secrets=_secrets(attributes),
            )


def _secrets(attributes: dict[str, Any]) -> dict[str, str]:
    found = {}
    for ours, (block, attribute) in SECRETS.items():
        if value := (attributes.get(block) or [{}])[0].get(attribute):
            remember(value)
            found[ours] = value
    return found
