"""What is read of the answers of Azure Resource Manager, the sign-in, metadata hosts and Blob
Storage, by method and path; `graph_answers` has Microsoft Graph's.
"""

from typing import Annotated, Any
from xml.etree import ElementTree

from pydantic import Field

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Base64,
    Routes,
    Shape,
    Url,
)
from palette_backup_provider.core.errors import UnreadableAnswer

Tags = dict[str, str] | None


# Azure Resource Manager


class Thing(Shape):
    name: Annotated[str, Field(min_length=1)]


class Things(Shape):
    value: list[Thing]


class Inside(Thing):
    id: str
    type: str


class Insides(Shape):
    value: list[Inside]


class Group(Thing):
    id: str
    location: str
    tags: Tags = None


class Sku(Shape):
    name: str


class Endpoints(Shape):
    blob: Url


class Versions(Shape):
    enabled: bool | None = None


class IpRule(Shape):
    value: str


class SubnetRule(Shape):
    id: str


class Network(Shape):
    ipRules: list[IpRule] | None = None
    virtualNetworkRules: list[SubnetRule] | None = None
    defaultAction: str = ABSENT
    bypass: str = ABSENT


class AccountProperties(Shape):
    primaryEndpoints: Endpoints
    networkAcls: Network | None = None
    publicNetworkAccess: str | None = None
    minimumTlsVersion: str = ABSENT
    supportsHttpsTrafficOnly: bool = ABSENT
    allowBlobPublicAccess: bool = ABSENT
    allowSharedKeyAccess: bool | None = None
    immutableStorageWithVersioning: Versions | None = None


class Account(Thing):
    id: str
    location: str
    kind: str
    sku: Sku
    tags: Tags = None
    properties: AccountProperties


class AccountKey(Shape):
    value: Base64


class AccountKeys(Shape):
    keys: Annotated[list[AccountKey], Field(min_length=1)]


class ContainerProperties(Shape):
    publicAccess: str = ABSENT
    metadata: Tags = None
    hasImmutabilityPolicy: bool | None = None
    hasLegalHold: bool | None = None
    immutableStorageWithVersioning: Versions | None = None


class Container(Thing):
    id: str
    properties: ContainerProperties


class AssignmentProperties(Shape):
    roleDefinitionId: str
    principalId: str
    scope: str
    description: str | None = None
    condition: str | None = None


class Assignment(Shape):
    properties: AssignmentProperties


class Permission(Shape):
    actions: list[str] = ABSENT
    notActions: list[str] = ABSENT
    dataActions: list[str] = ABSENT
    notDataActions: list[str] = ABSENT


class Granted(Shape):
    actions: list[str] | None = None
    notActions: list[str] | None = None


class AllGranted(Shape):
    value: list[Granted]


class RoleProperties(Shape):
    roleName: str
    description: str | None = None
    permissions: list[Permission] | None = None
    assignableScopes: list[str] | None = None


class RoleDefinition(Shape):
    properties: RoleProperties


class Problem(Shape):
    code: str | None = None
    message: str | None = None


class OperationStatus(Shape):
    status: str
    error: Problem | None = None


GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{{account}}"
CONTAINERS = f"{ACCOUNT}/blobServices/default/containers"
ASSIGNMENT = "{scope*}/providers/Microsoft.Authorization/roleAssignments/{name}"
ROLE = "{scope*}/providers/Microsoft.Authorization/roleDefinitions/{name}"


class LifecycleDefinition(Shape):
    actions: dict[str, dict[str, Any] | None] | None = None
    filters: dict[str, Any] | None = None


class LifecycleRule(Thing):
    enabled: bool | None = None
    definition: LifecycleDefinition


class LifecyclePolicy(Shape):
    rules: list[LifecycleRule]


class LifecycleProperties(Shape):
    policy: LifecyclePolicy


class Lifecycle(Shape):
    properties: LifecycleProperties


ARM = Routes(
    {
        "GET /subscriptions/{subscription}": UNREAD,
        "GET /subscriptions/{subscription}/locations": Things,
        f"GET {GROUP}": Group,
        f"PUT {GROUP}": UNREAD,
        f"DELETE {GROUP}": UNREAD,
        f"GET {GROUP}/resources": Insides,
        f"GET {ACCOUNT}": Account,
        f"PUT {ACCOUNT}": UNREAD,
        f"PATCH {ACCOUNT}": UNREAD,
        f"DELETE {ACCOUNT}": UNREAD,
        f"POST {ACCOUNT}/listKeys": AccountKeys,
        f"GET {ACCOUNT}/managementPolicies/default": Lifecycle,
        f"GET {CONTAINERS}": Things,
        f"GET {ACCOUNT}/fileServices/default/shares": Things,
        f"GET {ACCOUNT}/queueServices/default/queues": Things,
        f"GET {ACCOUNT}/tableServices/default/tables": Things,
        f"GET {CONTAINERS}/{{container}}": Container,
        f"PUT {CONTAINERS}/{{container}}": UNREAD,
        f"PATCH {CONTAINERS}/{{container}}": UNREAD,
        f"DELETE {CONTAINERS}/{{container}}": UNREAD,
        "GET {scope*}/providers/Microsoft.Authorization/permissions": AllGranted,
        f"GET {ASSIGNMENT}": Assignment,
        f"PUT {ASSIGNMENT}": UNREAD,
        f"DELETE {ASSIGNMENT}": UNREAD,
        f"GET {ROLE}": RoleDefinition,
        f"PUT {ROLE}": UNREAD,
        f"DELETE {ROLE}": UNREAD,
    }
)


# The sign-in, and metadata hosts


def blob_names(body: bytes, api: object, call: str, kind: str = "Blob") -> tuple[list[str], str]:
    """The names in a page of blobs, or of the folders before them (`BlobPrefix`), and the marker of
    the next page, empty after the last."""
    try:
        page = ElementTree.fromstring(body.decode("utf-8-sig"))
    except (ElementTree.ParseError, ValueError):
        raise UnreadableAnswer(api, call, "it is not XML") from None
    blobs = page.find("Blobs")
    if page.tag != "EnumerationResults" or blobs is None:
        raise UnreadableAnswer(api, call, "it is no list of blobs")
    names = [blob.findtext("Name") or "" for blob in blobs.iterfind(kind)]
    if not all(names):
        raise UnreadableAnswer(api, call, f"Blobs.{kind}.Name is missing")
    return names, page.findtext("NextMarker") or ""
