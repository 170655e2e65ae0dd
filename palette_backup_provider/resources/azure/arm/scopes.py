"""Ids in Azure Resource Manager: each names one place, at which and below which a role holds."""

from typing import Annotated

from palette_backup_provider.core.errors import NotImportable
from palette_backup_provider.core.literal import LITERAL
from palette_backup_provider.core.model import matches

GUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SEGMENT = r"(?u:[\w.()-]{0,89}[\w()-])"
"""A part of an id that is a name: it can end no path, and lead to no other."""
GROUP = rf"(?i:/subscriptions)/{GUID}(?i:/resourceGroups)/{SEGMENT}"
RESOURCE = rf"(?i:/providers)/{SEGMENT}(/{SEGMENT}/{SEGMENT})+"


def names_in(id: str, subscription: str, *kinds: str) -> list[str]:
    """The names that an id in ARM has for these kinds of resources.

    ARM takes kinds in any case, and state holds one spelling. Raises NotImportable for what is no
    such id in the subscription.
    """
    steps = id.strip("/").split("/")
    by_kind = dict(zip((kind.lower() for kind in steps[::2]), steps[1::2], strict=False))
    names = [by_kind.get(kind.lower(), "") for kind in kinds]
    if not all(names) or by_kind.get("subscriptions", "").lower() != subscription.lower():
        raise NotImportable(
            f"{id} cannot be imported: it is no such id in the subscription in use. Give one such "
            f"as /subscriptions/{subscription}/…/{kinds[-1]}/<name>."
        )
    return names


AccountName = Annotated[str, matches("[a-z0-9]{3,24}", "the name of a storage account is needed")]
GroupName = Annotated[str, LITERAL, matches(SEGMENT, "the name of a resource group is needed")]
Scope = Annotated[
    str,
    LITERAL,
    matches(
        rf"{GROUP}({RESOURCE})?|(?i:/subscriptions)/{GUID}",
        "the id of a resource group, a resource or a subscription: "
        "/subscriptions/<GUID>/resourceGroups/<name>…",
    ),
]
