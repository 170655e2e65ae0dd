"""Groups, accounts and containers: what they hold, and what protects it."""

from functools import partial

from palette_backup_provider.review.own import holder
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import (
    Guard,
    Guards,
    Holder,
    Rules,
    amount,
    at,
    flag,
    one_of,
)
from palette_backup_provider.review.wording import shown

_TLS = ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3")
_ACCESS = ("Container", "Blob", "None")
_NETWORK = ("Allow", "Deny")


def _limited(props: Props) -> bool:
    return bool(props.get("allowed_ips") or props.get("allowed_subnets"))


def _account(props: Props) -> Guards:
    return {
        "lowest TLS": one_of(props.get("tls_version"), _TLS, default="TLS1_2"),
        "HTTPS alone": flag(props.get("https_only"), default=True),
        "block of public access": flag(props.get("public_access_blocked"), default=True),
        "limits of the network": flag(_limited(props)),
    }


def _container(props: Props) -> Guards:
    return {"refusal of anonymous requests": flag(not props.get("public"))}


def _theirs(noun: str, property: str, props: Props) -> Holder:
    """Azure deletes it with all that it holds, and asks nobody."""
    return Holder(noun, shown(props.get(property, "")), True, "")


def _their_account(props: Props) -> Guards:
    public = props.get("allowBlobPublicAccess")
    network = at(props, "networkRuleSet.defaultAction")
    return {
        "lowest TLS": one_of(props.get("minimumTlsVersion"), _TLS, default="TLS1_0"),
        "HTTPS alone": flag(props.get("enableHttpsTrafficOnly"), default=True),
        "block of public access": flag(not public),
        "limits of the network": one_of(network, _NETWORK, default="Allow"),
        "closed public endpoint": flag(props.get("publicNetworkAccess") == "Disabled"),
        "refusal of account keys": flag(props.get("allowSharedKeyAccess") is False),
    }


def _their_service(props: Props) -> Guards:
    return {
        "versioning": flag(props.get("isVersioningEnabled")),
        "soft delete of blobs": _kept(props, "deleteRetentionPolicy"),
        "soft delete of containers": _kept(props, "containerDeleteRetentionPolicy"),
    }


def _kept(props: Props, policy: str) -> Guard:
    on = at(props, f"{policy}.enabled")
    return amount(at(props, f"{policy}.days") if on else 0, "days")


def _their_lock(props: Props) -> Guards:
    return {"lock": amount(props.get("immutabilityPeriodSinceCreationInDays"), "days")}


RULES = {
    "azure:Container": Rules(
        holder=partial(holder, "container"), taggable=False, guards=_container
    ),
    "azure:ResourceGroup": Rules(holder=partial(holder, "resource group")),
    "azure:StorageAccount": Rules(holder=partial(holder, "storage account"), guards=_account),
    "azure-native:resources:ResourceGroup": Rules(
        holder=partial(_theirs, "resource group", "resourceGroupName")
    ),
    "azure-native:storage:BlobContainer": Rules(
        holder=partial(_theirs, "container", "containerName"),
        taggable=False,
        guards=lambda props: {
            "refusal of anonymous requests": one_of(
                props.get("publicAccess"), _ACCESS, default="None"
            )
        },
    ),
    "azure-native:storage:BlobContainerImmutabilityPolicy": Rules(guards=_their_lock),
    "azure-native:storage:BlobServiceProperties": Rules(guards=_their_service),
    "azure-native:storage:StorageAccount": Rules(
        holder=partial(_theirs, "storage account", "accountName"), guards=_their_account
    ),
}
