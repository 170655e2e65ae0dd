"""Locations in a Pulumi stack that uses the package `spectrocloud`, the bridged Terraform provider.

https://www.pulumi.com/registry/packages/spectrocloud/api-docs/backupstoragelocation
"""

import shlex
from collections.abc import Iterator
from typing import Any

from palette_backup_provider.cli.moved import Moved, secrets, text
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.exported import opened

TYPE = "spectrocloud:index/backupStorageLocation:BackupStorageLocation"


def stack(export: dict[str, Any]) -> Iterator[Moved]:
    """The locations in what `pulumi stack export` prints."""
    for resource in export["deployment"].get("resources") or []:
        # what was only read is not managed there, and what is to be deleted was replaced
        if resource["type"] != TYPE or resource.get("external") or resource.get("delete"):
            continue
        sealed: list[str] = []
        urn = text(resource["urn"])
        attributes = opened({**(resource.get("inputs") or {}), **resource["outputs"]}, sealed)
        force = " --force" if resource.get("protect") else ""
        yield Moved(
            uid=text(resource["id"]),
            tenant=attributes.get("context") == "tenant",
            address=urn,
            forget=f"pulumi state delete{force} {shlex.quote(urn)}",
            name=urn.rpartition("::")[2],
            secrets=secrets(attributes, camel),
            sealed=bool(sealed),
        )
