"""The rules of Azure for a storage account's inputs."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from palette_backup_provider.core.model import matches
from palette_backup_provider.resources.azure.arm.scopes import GROUP, SEGMENT

NAME = matches(r"[a-z0-9]{3,24}", "3 to 24 lower-case letters and digits")
Sku = Literal[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
]
Address = Annotated[
    str,
    matches(
        r"\d{1,3}(\.\d{1,3}){3}(/(\d|[12]\d|30))?",
        "an IPv4 address without a prefix, or a range up to /30, such as 203.0.113.0/24; Azure "
        "takes no /31 and /32",
    ),
]
SubnetId = Annotated[
    str,
    matches(
        rf"{GROUP}/providers/Microsoft\.Network/virtualNetworks/{SEGMENT}/subnets/{SEGMENT}",
        "the id of a subnet, /subscriptions/…/virtualNetworks/…/subnets/…",
    ),
]
Sorted = AfterValidator(lambda found: sorted(set(found)))
Addresses = Annotated[list[Address], Sorted]
SubnetIds = Annotated[list[SubnetId], Sorted]
