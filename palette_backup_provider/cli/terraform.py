"""Locations in a state of Spectro Cloud's Terraform provider, as a file or as it is shown."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

from palette_backup_provider.cli.moved import Moved, secrets, text

TYPE = "spectrocloud_backup_storage_location"


def version_4(state: dict[str, Any]) -> Iterator[Moved]:
    """Those in a state file, or in what `terraform state pull` prints."""
    for resource in state["resources"]:
        if (resource["mode"], resource["type"]) != ("managed", TYPE):
            continue
        prefix = f"{resource['module']}." if resource.get("module") else ""
        for instance in resource["instances"]:
            if "deposed" in instance:  # replaced, and still to be destroyed: no address of its own
                continue
            index, name = instance.get("index_key"), text(resource["name"])
            key = "" if index is None else f"[{json.dumps(index)}]"
            address = f"{prefix}{TYPE}.{name}{key}"
            yield _moved(address, name, index, instance["attributes"])


def shown(state: dict[str, Any]) -> Iterator[Moved]:
    """The locations in what `terraform show -json` and `tofu show -json` print."""
    modules = [(state.get("values") or {}).get("root_module") or {}]
    while modules:
        module = modules.pop(0)
        modules += module.get("child_modules") or []
        for resource in module.get("resources") or []:
            managed = (resource["mode"], resource["type"]) == ("managed", TYPE)
            if managed and not resource.get("deposed_key"):
                yield _moved(
                    text(resource["address"]),
                    text(resource["name"]),
                    resource.get("index"),
                    resource["values"],
                )


def _moved(address: str, name: str, index: Any, attributes: dict[str, Any]) -> Moved:
    return Moved(
        uid=text(attributes["id"]),
        tenant=attributes.get("context") == "tenant",
        address=address,
        forget=f"terraform state rm {shlex.quote(address)}",
        name=name if index is None else f"{name}-{index}",
        secrets=secrets(attributes),
    )
