"""The reasons why an existing container cannot serve Velero, or would harm its backups."""

from collections.abc import Iterator, Mapping
from typing import Any

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.errors import REFUSED
from palette_backup_provider.clients.azure.trial import ContainerRef, operator_blobs
from palette_backup_provider.core import velero
from palette_backup_provider.core.errors import ApiError

UNASKED = REFUSED | {"AuthorizationFailure", "KeyBasedAuthenticationNotPermitted"}
"""What these credentials, or this machine, may not ask about."""


def unfit_for_velero(client: AzureClient, container: str) -> Iterator[str]:
    """The problems of the existing container of that id, each with the harm that it does. Questions
    that these credentials may not ask, or this machine cannot ask, are skipped.
    """
    for ask in (_immutable, _foreign_folders, _lost_to_lifecycle):
        try:
            yield from ask(client, container)
        except ApiError as error:
            if error.code not in UNASKED:
                raise


def unfit_account(properties: Mapping[str, Any]) -> Iterator[str]:
    """The problems of an existing account."""
    if properties.get("allowSharedKeyAccess") is False:
        yield "the account forbids shared keys (allowSharedKeyAccess); Velero needs them"
    if (properties.get("immutableStorageWithVersioning") or {}).get("enabled"):
        yield "the account keeps every version of a blob; Velero has to rewrite some"


def _immutable(client: AzureClient, container: str) -> Iterator[str]:
    properties = client.arm("GET", container, version=STORAGE)["properties"]
    versions = (properties.get("immutableStorageWithVersioning") or {}).get("enabled")
    if properties.get("hasImmutabilityPolicy") or properties.get("hasLegalHold") or versions:
        yield velero.locked(
            f"the container {container.rpartition('/')[2]}",
            "is immutable (an immutability policy or a legal hold)",
            "Use a container without.",
        )


def _foreign_folders(client: AzureClient, container: str) -> Iterator[str]:
    steps = container.split("/")
    place = ContainerRef(client.connection.name, steps[2], steps[4], steps[8], steps[-1])
    folders = operator_blobs(client, place).folders()
    return velero.foreign(f"the container {steps[-1]}", folders)


def _lost_to_lifecycle(client: AzureClient, container: str) -> Iterator[str]:
    account, _, name = container.partition("/blobServices/default/containers/")
    try:
        policy = client.arm("GET", f"{account}/managementPolicies/default", version=STORAGE)
    except ApiError as error:
        if error.status != 404:
            raise
        return  # there is none
    for rule in policy["properties"]["policy"]["rules"]:
        does = (rule["definition"].get("actions") or {}).get("baseBlob") or {}
        if rule.get("enabled") is False or not _touches(rule["definition"], name):
            continue
        what = f"the lifecycle rule {rule['name']!r} of the storage account"
        if does.get("delete"):
            yield velero.expires(what)
        if does.get("tierToArchive"):
            yield velero.archives(what, ["the archive tier"])


def _touches(definition: Mapping[str, Any], container: str) -> bool:
    """Whether a rule holds for what Velero writes, which has no index tags."""
    narrowed = definition.get("filters") or {}
    if narrowed.get("blobIndexMatch"):
        return False
    prefixes = narrowed.get("prefixMatch") or [f"{container}/"]
    inside = [prefix.partition("/")[2] for prefix in prefixes if _in(prefix, container)]
    return any(map(velero.touched, inside))


def _in(prefix: str, container: str) -> bool:
    """Whether what begins with `prefix`, of which the container is the first part, may be in it."""
    first, slash, _ = prefix.partition("/")
    return first == container if slash else container.startswith(first)
