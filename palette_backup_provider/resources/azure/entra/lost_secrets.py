"""The client secrets of an application that state does not know.

`prefix` is how the display names of one resource's secrets begin. `known` has the ids of those that
state knows.
"""

from collections.abc import Mapping
from typing import Any

from palette_backup_provider.resources.azure.entra.secret_notes import NOTE


def lost(application: Mapping[str, Any], prefix: str, known: set[str]) -> list[str]:
    """The ids of those of the resource that reached nobody, or came after all that state knows."""
    secrets = {secret["keyId"]: secret for secret in application["passwordCredentials"]}
    # one that reached somebody may be the one that Palette holds, unless it came after those
    # that state knows
    last = max((secrets[k]["startDateTime"] for k in known & secrets.keys()), default="9999")
    return [
        key
        for key, secret in secrets.items()
        if _is_of(secret, prefix)
        and key not in known
        and (not _is_noted(application, key) or secret["startDateTime"] >= last)
    ]


def unnoted(application: Mapping[str, Any], prefix: str, known: set[str]) -> list[str]:
    """Each that no other resource of the stack noted, by id and display name."""
    return [
        f"{secret['keyId']} ({secret.get('displayName')})"
        for secret in application["passwordCredentials"]
        if secret["keyId"] not in known
        and (_is_of(secret, prefix) or not _is_noted(application, secret["keyId"]))
    ]


def _is_of(secret: Mapping[str, Any], prefix: str) -> bool:
    return str(secret.get("displayName")).startswith(f"{prefix}@")


def _is_noted(application: Mapping[str, Any], key: str) -> bool:
    return f"{NOTE}{key}" in application.get("tags", [])
