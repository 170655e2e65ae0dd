"""A storage account for backups: private, TLS 1.2 only, its shared keys left on for Velero."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.trial import account_path
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import Blocked, NotFound
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.holding import tell_kept, tell_replaced
from palette_backup_provider.core.ownership import (
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.tags import user_tags
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.locations import absent, spelled
from palette_backup_provider.resources.azure.arm.scopes import names_in
from palette_backup_provider.resources.azure.identity import InSubscription, SubscriptionArgs
from palette_backup_provider.resources.azure.inits import StorageAccountInit
from palette_backup_provider.resources.azure.mark import TAG, mark_of, retagged
from palette_backup_provider.resources.azure.storage import settings
from palette_backup_provider.resources.azure.storage.api import AccountApi
from palette_backup_provider.resources.azure.storage.contents import content, kept_for, with_backups
from palette_backup_provider.resources.azure.storage.state import BYPASS, StorageAccountState
from palette_backup_provider.resources.azure.storage.velero_check import unfit_account

NOUN = "storage account"


@documented
@dataclass(kw_only=True)
class StorageAccountArgs(SubscriptionArgs):
    """A storage account. Blobs are never public, and nothing older than TLS 1.2 gets in.

    Its public endpoint is on, because Palette and the clusters use it. It is open to all networks,
    or to the allowed networks alone.

    Its shared keys work, because Velero lists and uses them. Whoever may list the keys reaches
    everything in the account, so give every location its own account. Tags that others add stay. An
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
        replace_with_data: What happens when an account that holds anything is to be replaced or
            destroyed. `refuse`: nothing, and the error says what it holds. `retain`: it is kept,
            out of the stack's state, and named. It must be in force beforehand. Default: `refuse`.
        existing: Whether to use the existing account of that name. It is read, and never changed or
            deleted. Default: false.
    """

    resource_group: Input[str]
    location: Input[str] | None = None
    kind: Input[str] | None = None
    name: Input[str] | None = None
    sku: Input[str] | None = None
    allowed_ips: Input[Sequence[Input[str]]] | None = None
    allowed_subnets: Input[Sequence[Input[str]]] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    existing: Input[bool] | None = None


class StorageAccountHandler(InSubscription, UsesExisting[AzureClient, StorageAccountState]):
    known_as = "resource_id"

    def derive(self, want: StorageAccountState) -> Mapping[str, Callable[[], Any]]:
        return {
            **self._place(want),
            "public_endpoint": lambda: True,
            "open_to_all_networks": lambda: not (want.allowed_ips or want.allowed_subnets),
            "bypass": lambda: BYPASS,
            "tls_version": lambda: "TLS1_2",
            "https_only": lambda: True,
            "public_access_blocked": lambda: True,
            "shared_keys": lambda: True,
        }

    def observed(self, want: StorageAccountState) -> Mapping[str, Callable[[], Any]]:
        account = cache(partial(self._api.get_existing, want))
        return {
            **self._place(want),
            "location": lambda: spelled(account()["location"]),
            "kind": lambda: account()["kind"],
            "sku": lambda: account()["sku"]["name"],
        }

    def validate(self, want: StorageAccountState) -> Iterator[Invalid]:
        if reason := absent(self.client, want.location):
            yield Invalid("location", reason)
        if want.sku.startswith("Premium_") != (want.kind == "BlockBlobStorage"):
            yield Invalid(
                "sku",
                "a Premium SKU takes kind='BlockBlobStorage', and a Standard SKU another kind",
            )

    def find_existing(self, want: StorageAccountState) -> str:
        return str(self._api.get_existing(want)["id"])

    def check_existing(self, want: StorageAccountState) -> Iterator[Invalid]:
        account = self._api.get(want.resource_id)
        actual = {"sku": account["sku"]["name"], "location": spelled(account["location"])}
        for field, value in actual.items():
            if getattr(want, field) != value:
                yield Invalid(field, f"the account has {value}: say that")
        for reason in unfit_account(account["properties"]):
            yield Invalid("name", reason)

    def create(self, want: StorageAccountState) -> Created[StorageAccountState]:
        want = want.with_new_incarnation()
        try:
            account = self._api.get(want.resource_id)
        except NotFound:
            self._api.put(want)
        else:
            way_out = self.use_existing(want, want.name)
            mark, what = mark_of(account), f"the storage account {want.name}"
            demand_ours(self, want, mark, what, way_out)
            if not self.reclaims_in_use and (
                others := content(self.client, want.resource_id, but=want)
            ):
                raise Blocked(
                    f"The storage account {want.name} was made by this stack but is not in its "
                    f"state, and holds what was not: {others}. {way_out} Or delete that and run "
                    f"`pulumi up` again. {HOW_TO_RECOVER}"
                )
            tell_reclaimed(self, want, mark, what)
            self._api.patch(want, retagged({}, want.tags, account.get("tags")))
        return Created(want.resource_id, want)

    def read(self, id: str, have: StorageAccountState) -> StorageAccountState:
        account = self._api.get(id)
        tags = user_tags(account.get("tags"))
        if have.name:  # what others added is no drift
            tags = {name: value for name, value in tags.items() if name in have.tags}
        update = {
            "made_under": self.whoami(),
            "resource_group": have.resource_group or id.split("/")[4],
            "name": account["name"],
            "resource_id": have.resource_id or account["id"],
            "subscription_id": self.whoami(),
            "client_cloud": self.client.connection.name,
            "tags": tags,
            "held_by": self.notation.holder(have, mark_of(account)),
        }
        return have.model_copy(update={**update, **settings.read(account)})

    def locate(self, id: str) -> Created[StorageAccountState]:
        names = names_in(id, self.whoami(), "resourceGroups", "storageAccounts")
        return super().locate(account_path(self.whoami(), *names))

    def update(
        self, id: str, have: StorageAccountState, want: StorageAccountState
    ) -> StorageAccountState:
        account = self._api.get(id)
        self._api.patch(want, retagged(have.tags, want.tags, account.get("tags")))
        return want

    def delete(self, id: str, have: StorageAccountState) -> None:
        if not self._still_ours(id, have):
            return
        if backups := kept_for(self.client, id, have):
            tell_kept(self, have, NOUN, backups)
        else:
            self.client.arm("DELETE", id, version=STORAGE)

    def check_delete(self, id: str, have: StorageAccountState) -> None:
        with suppress(NotFound):
            if self._still_ours(id, have):
                kept_for(self.client, id, have, but=have)

    def check_replace(self, id: str, have: StorageAccountState) -> None:
        with suppress(NotFound):
            others = kept_for(self.client, id, have, but=have)
            if backups := others or with_backups(self.client, id, have):
                tell_replaced(have, NOUN, backups)

    def _still_ours(self, id: str, have: StorageAccountState) -> bool:
        mark, what = mark_of(self._api.get(id)), f"the storage account {have.name}"
        return still_ours(self, id, have, mark, what, TAG)

    def _place(self, want: StorageAccountState) -> dict[str, Callable[[], Any]]:
        return {
            "resource_id": lambda: account_path(want.made_under, want.resource_group, want.name),
            "subscription_id": lambda: want.made_under,
            "client_cloud": lambda: self.client.connection.name,
        }

    @property
    def _api(self) -> AccountApi:
        return AccountApi(self.client)


class StorageAccount(
    StorageAccountInit, Resource[StorageAccountArgs], handler=StorageAccountHandler
):
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
    open_to_all_networks: Output[bool]
    bypass: Output[str]
    tags: Output[dict[str, str]]
    tls_version: Output[str]
    https_only: Output[bool]
    public_access_blocked: Output[bool]
    shared_keys: Output[bool]
