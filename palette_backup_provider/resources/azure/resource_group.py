"""A resource group, in which the storage account is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import RESOURCES, STORAGE, AzureClient
from palette_backup_provider.core.errors import InTheWay, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    rule,
)
from palette_backup_provider.core.retry import Patience
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

NAME = rule(
    r"[\w.()-]{0,89}[\w()-]",
    "1 to 90 letters, digits and ._()-, not ending with a dot",
)
Location = Annotated[
    str,
    rule(
        r"[a-z0-9]+",
        "an Azure region's name, such as westeurope; give location= or set azure-native:location",
    ),
]
ACCOUNT = "microsoft.storage/storageaccounts"


@dataclass(kw_only=True)
class ResourceGroupArgs:
    """A resource group. It is not deleted while there is anything in it.

    Args:
        location: The region, such as `westeurope`. Default: the stack's `azure-native:location`. A
            change replaces the group.
        name: 1 to 90 letters, digits and `._()-`. Default: made from the resource's name. A change
            replaces the group.
        tags: At most 45; keys do not begin with `microsoft`, `azure`, `windows` or
            `palette-backup`. Added to the stack's `palette:tags`. Changed in place.
        identity: The subscription. Default: the stack's. Another one replaces the group.
        existing: Brings the group of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    location: Input[str] | None = None
    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: azure.Identity | None = None
    location: Annotated[Location, Replaces(), FromSetting("azure-native:location")] = ""
    name: Annotated[str, Replaces(), Named(90), NAME]
    resource_id: Annotated[str, Derived()] = ""
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)


class Listed(InTheWay):
    """A group's list has something in it, which may be gone already."""


class ResourceGroupHandler(Handler[AzureClient, State]):
    realm = "Azure subscription"
    patience: ClassVar[Patience] = Patience(60)
    """For a group to forget what was deleted in it. It may take minutes, but our own account is
    asked for instead; and a group that is not empty is to be told soon."""

    def whoami(self) -> str:
        return self.client.subscription()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"resource_id": lambda: group_id(want.made_under, want.name)}

    def bring(self, want: State) -> str:
        try:
            return str(self._get(want.resource_id)["id"])
        except NotFound:
            raise NotFound(
                f"There is no resource group {want.name} in the subscription {want.made_under}."
            ) from None

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self._get(want.resource_id)
        except NotFound:
            self._put(want, want.tags)
        else:
            bring = f"To use it as it is, bring it with existing_resource_group={want.name!r}."
            mark = (found.get("tags") or {}).get(MARK)
            demand_ours(want, mark, f"The resource group {want.name}", bring)
            self._put(want, retagged({}, want.tags, found.get("tags")))
        return Created(want.resource_id, want)

    def read(self, id: str, have: State) -> State:
        found = self._get(id)
        given = user_tags(found.get("tags"))
        if have.name:  # what others added is no drift
            given = {name: value for name, value in given.items() if name in have.tags}
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "location": found["location"],
                "name": have.name or found["name"],
                "resource_id": have.resource_id or found["id"],
                "tags": given,
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        found = self._get(id)
        self._put(want, retagged(have.tags, want.tags, found.get("tags")))
        return want

    def delete(self, id: str, have: State) -> None:
        if not still_ours(have, (self._get(id).get("tags") or {}).get(MARK)):
            return
        self.patience.until(
            lambda: self._demand_empty(id, have),
            lambda error: isinstance(error, Listed),
            f"{have.logical}: waiting for Azure to list nothing in the resource group {have.name}",
        )
        self.client.arm("DELETE", id, version=RESOURCES)

    def _demand_empty(self, id: str, have: State) -> None:
        inside = self.client.listed(f"{id}/resources", version=RESOURCES)
        accounts = [one for one in inside if one["type"].lower() == ACCOUNT]
        there = [one for one in accounts if self._is_there(one["id"])]
        if left := there + [one for one in inside if one not in accounts]:
            names = [f"{one['name']} ({one['type']})" for one in left[:10]]
            raise (InTheWay if there else Listed)(
                f"The resource group {have.name} holds what was not made here, so it is not "
                f"deleted: {', '.join(names)}. Move or delete that, and run again."
            )

    def _is_there(self, account: str) -> bool:
        try:
            self.client.arm("GET", account, version=STORAGE)
        except NotFound:
            return False
        return True

    def _get(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.arm("GET", id, version=RESOURCES)
        return found

    def _put(self, want: State, tags: Mapping[str, str]) -> None:
        body = {"location": want.location, "tags": marked(want, tags)}
        self.client.arm("PUT", want.resource_id, body, version=RESOURCES)


def group_id(subscription: str, name: str) -> str:
    """The group's id in ARM."""
    return f"/subscriptions/{subscription}/resourceGroups/{name}"


class ResourceGroup(Resource[ResourceGroupArgs], handler=ResourceGroupHandler):
    """A resource group; its id, and `resource_id`, is its path in ARM."""

    location: Output[str]
    name: Output[str]
    resource_id: Output[str]
    tags: Output[dict[str, str]]
