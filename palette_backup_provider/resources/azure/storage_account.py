"""A storage account for backups: private, TLS 1.2 only, its shared keys left on for Velero."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import STORAGE, AzureClient
from palette_backup_provider.clients.azure_blob import account_path
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER, Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.mark import (
    MARK,
    Tags,
    demand_ours,
    marked,
    retagged,
    still_ours,
    user_tags,
)
from palette_backup_provider.resources.azure.resource_group import Location
from palette_backup_provider.resources.azure.storage_account_contents import held
from palette_backup_provider.resources.azure.storage_account_settings import (
    BYPASS,
    DEMANDED,
    NAME,
    Addresses,
    Sku,
    SubnetIds,
    properties,
    settings,
)


@dataclass(kw_only=True)
class StorageAccountArgs:
    """A storage account. Blobs are never public, and nothing older than TLS 1.2 gets in.

    Its public endpoint is on, as that is where Palette and the clusters come in, and open to all
    networks or to those that are allowed.

    Its shared keys work, because Velero lists and uses them: whoever may list them reaches all that
    is in the account, so give every location an account of its own. Tags that others add stay. An
    account with containers, shares, queues or tables in it is not deleted.

    Args:
        resource_group: The name of the resource group. A change replaces the account.
        location: The region, such as `westeurope`. Default: the stack's `azure-native:location`. A
            change replaces the account.
        kind: `StorageV2`, `BlobStorage` (Standard SKUs) or `BlockBlobStorage` (Premium SKUs).
            Default: `StorageV2`. A change replaces the account.
        name: 3 to 24 lower-case letters and digits, unique in all of Azure. Default: made from the
            resource's name. A change replaces the account.
        sku: How often and where data is kept: `Standard_LRS`, `Standard_GRS`, `Standard_RAGRS`,
            `Standard_ZRS`, `Standard_GZRS`, `Standard_RAGZRS`, `Premium_LRS` or `Premium_ZRS`.
            Default: `Standard_LRS`. Changed in place; Azure refuses some changes, those between
            Standard and Premium among them.
        allowed_ips: IPv4 addresses, or ranges up to `/30`, that may reach the account. Default:
            with neither these nor subnets, all networks. Changed in place.
        allowed_subnets: Ids of subnets that may reach the account. Default: none. Changed in place.
        tags: At most 45; keys do not begin with `microsoft`, `azure`, `windows` or
            `palette-backup`. Added to the stack's `palette:tags`. Changed in place.
        identity: The subscription. Default: the stack's. Another one replaces the account.
        existing: Brings the account of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    resource_group: Input[str]
    location: Input[str] | None = None
    kind: Input[str] | None = None
    name: Input[str] | None = None
    sku: Input[str] | None = None
    allowed_ips: Input[Sequence[Input[str]]] | None = None
    allowed_subnets: Input[Sequence[Input[str]]] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: azure.Identity | None = None
    resource_group: Unchangeable[str]
    location: Annotated[Location, Replaces(), FromSetting("azure-native:location")] = ""
    kind: Unchangeable[Literal["StorageV2", "BlobStorage", "BlockBlobStorage"]] = "StorageV2"
    name: Annotated[str, Replaces(), Named(24, separator=""), NAME]
    resource_id: Annotated[str, Derived()] = ""
    subscription_id: Annotated[str, Derived()] = ""
    client_cloud: Annotated[str, Derived()] = ""
    sku: Sku = "Standard_LRS"
    allowed_ips: Addresses = Field(default_factory=list)
    allowed_subnets: SubnetIds = Field(default_factory=list)
    public_endpoint: Annotated[bool, Derived()] = True
    open_to_all: Annotated[bool, Derived()] = True
    bypass: Annotated[str, Derived()] = BYPASS
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    tls_version: Annotated[str, Derived()] = "TLS1_2"
    https_only: Annotated[bool, Derived()] = True
    public_access_blocked: Annotated[bool, Derived()] = True
    shared_keys: Annotated[bool, Derived()] = True


class StorageAccountHandler(Handler[AzureClient, State]):
    realm = "Azure subscription"

    def whoami(self) -> str:
        return self.client.subscription()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "resource_id": lambda: account_path(want.made_under, want.resource_group, want.name),
            "subscription_id": lambda: want.made_under,
            "client_cloud": lambda: self.client.reach.name,
            "public_endpoint": lambda: True,
            "open_to_all": lambda: not (want.allowed_ips or want.allowed_subnets),
            "bypass": lambda: BYPASS,
            "tls_version": lambda: "TLS1_2",
            "https_only": lambda: True,
            "public_access_blocked": lambda: True,
            "shared_keys": lambda: True,
        }

    def judge(self, want: State) -> Iterator[Invalid]:
        if want.sku.startswith("Premium_") != (want.kind == "BlockBlobStorage"):
            yield Invalid(
                "sku",
                "a Premium SKU takes kind='BlockBlobStorage', and a Standard SKU another kind",
            )

    def bring(self, want: State) -> str:
        try:
            return str(self._get(want.resource_id)["id"])
        except NotFound:
            raise NotFound(
                f"There is no storage account {want.name} in the resource group "
                f"{want.resource_group} of the subscription {want.made_under}."
            ) from None

    def unfit(self, want: State) -> Iterator[Invalid]:
        found = self._get(want.resource_id)["properties"]
        if found.get("allowSharedKeyAccess") is False:
            yield Invalid(
                "name", "the account forbids shared keys (allowSharedKeyAccess); Velero needs them"
            )
        if (found.get("immutableStorageWithVersioning") or {}).get("enabled"):
            yield Invalid(
                "name", "the account keeps every version of a blob; Velero has to rewrite some"
            )

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self._get(want.resource_id)
        except NotFound:
            self._put(want)
        else:
            bring = f"To use it as it is, bring it with existing_storage_account={want.name!r}."
            mark, what = (found.get("tags") or {}).get(MARK), f"The storage account {want.name}"
            demand_ours(want, mark, what, bring)
            if not self.recovers and (others := held(self.client, want.resource_id, but=want)):
                raise InTheWay(
                    f"{what} was made by this stack but is not in its state, and holds what was "
                    f"not: {others}. {bring} Or delete that and run `pulumi up` again. "
                    f"{HOW_TO_RECOVER}"
                )
            self._patch(want, retagged({}, want.tags, found.get("tags")))
        return Created(want.resource_id, want)

    def read(self, id: str, have: State) -> State:
        found = self._get(id)
        given = user_tags(found.get("tags"))
        if have.name:  # what others added is no drift
            given = {name: value for name, value in given.items() if name in have.tags}
        known = {
            "made_under": self.whoami(),
            "resource_group": have.resource_group or id.split("/")[4],
            "name": found["name"],
            "resource_id": have.resource_id or found["id"],
            "subscription_id": self.whoami(),
            "client_cloud": self.client.reach.name,
            "tags": given,
        }
        return have.model_copy(update={**known, **settings(found)})

    def update(self, id: str, have: State, want: State) -> State:
        found = self._get(id)
        self._patch(want, retagged(have.tags, want.tags, found.get("tags")))
        return want

    def delete(self, id: str, have: State) -> None:
        if not still_ours(have, (self._get(id).get("tags") or {}).get(MARK)):
            return
        if others := held(self.client, id):
            raise InTheWay(
                f"The storage account {have.name} holds what was not made here, so it is not "
                f"deleted: {others}. Move or delete that, and run again."
            )
        self.client.arm("DELETE", id, version=STORAGE)

    def may_replace(self, id: str, have: State) -> None:
        with suppress(NotFound):
            if others := held(self.client, id, but=have):
                raise InTheWay(
                    f"The storage account {have.name} holds what was not made here, so it cannot "
                    f"be replaced: {others}. Move or delete that, and run again."
                )

    def _get(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.arm("GET", id, version=STORAGE)
        return found

    def _put(self, want: State) -> None:
        body = {
            "sku": {"name": want.sku},
            "kind": want.kind,
            "location": want.location,
            "tags": marked(want, want.tags),
            "properties": {**properties(want), **DEMANDED.get(want.kind, {})},
        }
        try:
            self.client.arm("PUT", want.resource_id, body, version=STORAGE)
        except ApiError as error:
            if error.code in ("StorageAccountAlreadyTaken", "StorageAccountInAnotherResourceGroup"):
                raise NotOurs(
                    f"The storage account name {want.name} is taken: names are unique in all of "
                    f"Azure. Choose another name, or leave it out to have one made up."
                ) from None
            raise

    def _patch(self, want: State, tags: Mapping[str, str]) -> None:
        body = {
            "sku": {"name": want.sku},
            "tags": marked(want, tags),
            "properties": properties(want),
        }
        self.client.arm("PATCH", want.resource_id, body, version=STORAGE)


class StorageAccount(Resource[StorageAccountArgs], handler=StorageAccountHandler):
    """A storage account; its id, and `resource_id`, is its path in ARM.

    `client_cloud` is what Palette calls the cloud that it is in; `bypass` names what gets in past
    the network rules.
    """

    resource_group: Output[str]
    location: Output[str]
    kind: Output[str]
    name: Output[str]
    resource_id: Output[str]
    subscription_id: Output[str]
    client_cloud: Output[str]
    sku: Output[str]
    allowed_ips: Output[list[str]]
    allowed_subnets: Output[list[str]]
    public_endpoint: Output[bool]
    open_to_all: Output[bool]
    bypass: Output[str]
    tags: Output[dict[str, str]]
    tls_version: Output[str]
    https_only: Output[bool]
    public_access_blocked: Output[bool]
    shared_keys: Output[bool]
