"""A resource group, in which the storage account is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.azure.client import RESOURCES, AzureClient
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import Blocked, NotFound, WaitTimedOut
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.holding import HOW_TO_RETAIN, Retainable, tell_kept, tell_replaced
from palette_backup_provider.core.markers import AutoNamed, Derived, FromSetting, Replaces
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.tags import user_tags
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.group_contents import GroupContents
from palette_backup_provider.resources.azure.arm.locations import Location, absent, spelled
from palette_backup_provider.resources.azure.arm.scopes import names_in
from palette_backup_provider.resources.azure.identity import (
    AzureState,
    InSubscription,
    SubscriptionArgs,
)
from palette_backup_provider.resources.azure.inits import ResourceGroupInit
from palette_backup_provider.resources.azure.mark import TAG, Tags, mark_of, marked, retagged
from palette_backup_provider.resources.azure.storage.contents import with_backups

NAME = matches(
    r"(?u:[\w.()-]{0,89}[\w()-])",
    "1 to 90 letters, digits and ._()-, not ending with a dot",
)
NOUN = "resource group"


@documented
@dataclass(kw_only=True)
class ResourceGroupArgs(SubscriptionArgs):
    """A resource group. It is not deleted while there is anything in it.

    Args:
        location: The region, such as `westeurope`. Default: the stack's `azure-native:location`. A
            change replaces the group.
        name: 1 to 90 letters, digits and `._()-`. Default: made from the resource's name. A change
            replaces the group.
        tags: At most 45; keys do not begin with `microsoft`, `azure`, `windows` or
            `palette-backup`. Added to the stack's `palette:tags`. Changed in place.
        replace_with_data: What happens when a group with anything in it is to be replaced or
            destroyed. `refuse`: nothing, and the error says what is in it. `retain`: it is kept,
            out of the stack's state, and named. It must be in force beforehand. Default: `refuse`.
        existing: Whether to use the existing group of that name. It is read, and never changed or
            deleted. Default: false.
    """

    location: Input[str] | None = None
    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    existing: Input[bool] | None = None


class ResourceGroupState(AzureState, Retainable):
    location: Annotated[Location, Replaces(), FromSetting("azure-native:location")] = ""
    name: Annotated[str, Replaces(), AutoNamed(90), NAME]
    resource_id: Annotated[str, Derived()] = ""
    """The path of the group in ARM."""
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)


class Listed(Blocked):
    """The list of a group has an entry that may be deleted already."""


class ResourceGroupHandler(InSubscription, UsesExisting[AzureClient, ResourceGroupState]):
    known_as = "resource_id"
    patience: ClassVar[Patience] = Patience(60)
    """For a group to list nothing that was deleted in it. Azure may need minutes, but our own
    account is looked up directly. An error about a group with contents should come soon."""

    def derive(self, want: ResourceGroupState) -> Mapping[str, Callable[[], Any]]:
        return {"resource_id": lambda: group_id(want.made_under, want.name)}

    def observed(self, want: ResourceGroupState) -> Mapping[str, Callable[[], Any]]:
        return {
            "location": lambda: spelled(self._get_existing(want)["location"]),
            "resource_id": lambda: group_id(want.made_under, want.name),
        }

    def validate(self, want: ResourceGroupState) -> Iterator[Invalid]:
        if reason := absent(self.client, want.location):
            yield Invalid("location", reason)

    def find_existing(self, want: ResourceGroupState) -> str:
        return str(self._get_existing(want)["id"])

    def check_existing(self, want: ResourceGroupState) -> Iterator[Invalid]:
        if want.location != (its := spelled(self._get_existing(want)["location"])):
            yield Invalid("location", f"the group is in {its}: say that")

    def create(self, want: ResourceGroupState) -> Created[ResourceGroupState]:
        want = want.with_new_incarnation()
        try:
            group = self._get(want.resource_id)
        except NotFound:
            self._put(want, want.tags)
        else:
            way_out = self.use_existing(want, want.name)
            mark, what = mark_of(group), f"the resource group {want.name}"
            demand_ours(self, want, mark, what, way_out)
            tell_reclaimed(self, want, mark, what)
            self._put(want, retagged({}, want.tags, group.get("tags")))
        return Created(want.resource_id, want)

    def read(self, id: str, have: ResourceGroupState) -> ResourceGroupState:
        group = self._get(id)
        tags = user_tags(group.get("tags"))
        if have.name:  # what others added is no drift
            tags = {name: value for name, value in tags.items() if name in have.tags}
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "location": group["location"],
                "name": have.name or group["name"],
                "resource_id": have.resource_id or group["id"],
                "tags": tags,
                "held_by": self.notation.holder(have, mark_of(group)),
            }
        )

    def locate(self, id: str) -> Created[ResourceGroupState]:
        """By its name, or by its id in ARM."""
        if "/" in id:
            (id,) = names_in(id, self.whoami(), "resourceGroups")
        return super().locate(group_id(self.whoami(), id))

    def update(
        self, id: str, have: ResourceGroupState, want: ResourceGroupState
    ) -> ResourceGroupState:
        group = self._get(id)
        self._put(want, retagged(have.tags, want.tags, group.get("tags")))
        return want

    def delete(self, id: str, have: ResourceGroupState) -> None:
        if not self._still_ours(id, have):
            return
        try:
            self.patience.until(
                lambda: self._demand_empty(id, have),
                lambda error: isinstance(error, Listed),
                f"{have.logical}: waiting for Azure to list nothing in the resource group "
                f"{have.name}",
            )
        except (WaitTimedOut, Blocked):
            if not have.retains:
                raise
            tell_kept(self, have, NOUN, self._contents(id).left()[0])
        else:
            self.client.arm("DELETE", id, version=RESOURCES)

    def check_delete(self, id: str, have: ResourceGroupState) -> None:
        with suppress(NotFound):
            if self._still_ours(id, have) and not have.retains:
                self._demand_empty(id, have, but=have)

    def check_replace(self, id: str, have: ResourceGroupState) -> None:
        self.check_delete(id, have)
        with suppress(NotFound):
            contents = self._contents(id)
            backups = contents.left(but=have)[0]
            for account in contents.accounts():
                backups = backups or with_backups(self.client, account["id"], have)
            if backups:
                tell_replaced(have, NOUN, backups)

    def _demand_empty(
        self, id: str, have: ResourceGroupState, but: ResourceGroupState | None = None
    ) -> None:
        left, for_sure = self._contents(id).left(but)
        if left:
            raise (Blocked if for_sure else Listed)(
                f"The resource group {have.name} holds what was not made here, so it is not "
                f"deleted: {left}. Move or delete that, and run again; {HOW_TO_RETAIN}."
            )

    def _contents(self, id: str) -> GroupContents:
        return GroupContents(self.client, id)

    def _still_ours(self, id: str, have: ResourceGroupState) -> bool:
        mark, what = mark_of(self._get(id)), f"the resource group {have.name}"
        return still_ours(self, id, have, mark, what, TAG)

    def _get_existing(self, want: ResourceGroupState) -> dict[str, Any]:
        try:
            return self._get(group_id(want.made_under, want.name))
        except NotFound:
            raise NotFound(
                f"There is no resource group {want.name} in the subscription {want.made_under}. "
                f"Check the name, and azure-native:subscriptionId."
            ) from None

    def _get(self, id: str) -> dict[str, Any]:
        group: dict[str, Any] = self.client.arm("GET", id, version=RESOURCES)
        return group

    def _put(self, want: ResourceGroupState, tags: Mapping[str, str]) -> None:
        body = {"location": want.location, "tags": marked(want, tags)}
        self.client.arm("PUT", want.resource_id, body, version=RESOURCES)


def group_id(subscription: str, name: str) -> str:
    """The group's id in ARM."""
    return f"/subscriptions/{subscription}/resourceGroups/{name}"


class ResourceGroup(ResourceGroupInit, Resource[ResourceGroupArgs], handler=ResourceGroupHandler):
    """A resource group; its id, and `resource_id`, is its path in ARM."""

    location: Output[str]
    name: Output[str]
    resource_id: Output[str]
    tags: Output[dict[str, str]]
