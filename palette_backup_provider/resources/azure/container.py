"""A blob container in a storage account."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.trial import account_path
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, WaitTimedOut
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.holding import Holding, HoldingHandler
from palette_backup_provider.core.markers import AutoNamed, Derived, Replaces, Unchangeable
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.ownership import (
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.scopes import AccountName, GroupName, names_in
from palette_backup_provider.resources.azure.identity import (
    AzureState,
    InSubscription,
    SubscriptionArgs,
)
from palette_backup_provider.resources.azure.inits import ContainerInit
from palette_backup_provider.resources.azure.mark import METADATA, container_mark
from palette_backup_provider.resources.azure.storage.contents import blobs
from palette_backup_provider.resources.azure.storage.velero_check import unfit_for_velero

CONTAINERS = "/blobServices/default/containers/"
"""The place of containers below the id of their account."""
NAME = matches(
    r"(?!.*--)[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]",
    "3 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or "
    "digit",
)
BUSY = "ContainerBeingDeleted"
NO_ACCOUNT = {"ContainerOperationFailure", "ParentResourceNotFound", "ResourceNotFound"}
NEW_ACCOUNT = 30.0
"""Seconds for Azure to know a new account. As a rule Azure knows it at once."""


@documented
@dataclass(kw_only=True)
class ContainerArgs(SubscriptionArgs):
    """A container, never public and never immutable: Velero has to rewrite what it wrote.

    A container that holds blobs is neither deleted nor replaced, unless the program sets
    `force_destroy`.

    Args:
        resource_group: The name of the account's resource group. A change replaces the container.
        storage_account: The name of the account. A change replaces the container.
        name: 3 to 63 lower-case letters, digits and single hyphens. Default: made from the
            resource's name. A change replaces the container.
        force_destroy: Whether the container is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the container is destroyed or replaced.
        replace_with_data: What happens when a container that holds blobs is to be replaced or
            destroyed. `refuse`: nothing, and the error says what it holds. `retain`: it is kept,
            out of the stack's state, and named; set it on its account and group too. Like
            `force_destroy`, which it excludes, it must be in force beforehand. Default: `refuse`.
        existing: Whether to use the existing container of that name. It is read, and never changed
            or deleted. Default: false.
    """

    resource_group: Input[str]
    storage_account: Input[str]
    name: Input[str] | None = None
    force_destroy: Input[bool] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    existing: Input[bool] | None = None


class ContainerState(AzureState, Holding):
    resource_group: Unchangeable[GroupName]
    storage_account: Unchangeable[AccountName]
    name: Annotated[str, Replaces(), AutoNamed(63), NAME]
    resource_id: Annotated[str, Derived()] = ""
    """The path of the container in ARM."""
    public: Annotated[bool, Derived()] = False
    """Whether anyone may read the container; true only where another hand allowed it."""


class ContainerHandler(InSubscription, HoldingHandler[AzureClient, ContainerState]):
    noun = "container"
    known_as = "resource_id"
    patience: ClassVar[Patience] = Patience(120)
    """How long Azure may keep the name of a container that was just deleted."""

    def derive(self, want: ContainerState) -> Mapping[str, Callable[[], Any]]:
        return {"resource_id": lambda: _id(want), "public": lambda: False}

    def observed(self, want: ContainerState) -> Mapping[str, Callable[[], Any]]:
        return {"resource_id": lambda: _id(want)}

    def find_existing(self, want: ContainerState) -> str:
        try:
            return str(self._get(want.resource_id)["id"])
        except NotFound:
            raise NotFound(
                f"There is no container {want.name} in the storage account "
                f"{want.storage_account} of the resource group {want.resource_group}. "
                f"Check the names, and azure-native:subscriptionId."
            ) from None

    def check_existing(self, want: ContainerState) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.resource_id):
            yield Invalid("name", reason)

    def create(self, want: ContainerState) -> Created[ContainerState]:
        want = want.with_new_incarnation()
        try:
            properties = self._get(want.resource_id)["properties"]
        except ApiError as error:
            if not (isinstance(error, NotFound) or _account_unknown(error)):
                raise
            self._make(want)
        else:
            mark, what = container_mark(properties), f"the container {want.name}"
            way_out = self.use_existing(want, want.name)
            demand_ours(self, want, mark, what, way_out)
            if not self.reclaims_in_use and (held := self.content(want)):
                raise Blocked(
                    f"The container {want.name} was made by this stack but is not in its state, "
                    f"and holds {held}. {way_out} Or empty it and run "
                    f"`pulumi up` again. {HOW_TO_RECOVER}"
                )
            tell_reclaimed(self, want, mark, what)
            self._patch(want, properties)
        return Created(want.resource_id, want)

    def read(self, id: str, have: ContainerState) -> ContainerState:
        container = self._get(id)
        steps = id.split("/")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "resource_group": have.resource_group or steps[4],
                "storage_account": have.storage_account or steps[8],
                "name": container["name"],
                "resource_id": have.resource_id or id,
                "public": container["properties"].get("publicAccess", "None") != "None",
                "held_by": self.notation.holder(have, container_mark(container["properties"])),
            }
        )

    def locate(self, id: str) -> Created[ContainerState]:
        kinds = ("resourceGroups", "storageAccounts", "containers")
        *above, name = names_in(id, self.whoami(), *kinds)
        return super().locate(f"{account_path(self.whoami(), *above)}{CONTAINERS}{name}")

    def update(self, id: str, have: ContainerState, want: ContainerState) -> ContainerState:
        if want.public != have.public or want.remarks(have):
            self._patch(want, self._get(id)["properties"])
        return want

    def still_ours(self, id: str, have: ContainerState) -> bool:
        mark, what = container_mark(self._get(id)["properties"]), f"the container {have.name}"
        return still_ours(self, id, have, mark, what, f"the metadata {METADATA}")

    def content(self, have: ContainerState) -> str:
        return blobs(self.client, _id(have))

    def remove(self, id: str, have: ContainerState) -> None:
        self.client.arm("DELETE", id, version=STORAGE)

    def _make(self, want: ContainerState) -> None:
        self.patience.until(
            lambda: self._put(want),
            lambda error: isinstance(error, ApiError) and error.code == BUSY,
            f"{want.logical}: waiting for Azure to let go of the container name {want.name}",
        )

    def _put(self, want: ContainerState) -> None:
        body = {"properties": {"publicAccess": "None", "metadata": {METADATA: want.mark}}}
        try:
            replace(self.patience, budget=NEW_ACCOUNT).until(
                lambda: self.client.arm("PUT", want.resource_id, body, version=STORAGE),
                _account_unknown,
                f"{want.logical}: waiting for Azure to know the storage account "
                f"{want.storage_account}",
            )
        except WaitTimedOut as error:
            raise WaitTimedOut(
                f"{error} Check that there is such an account in the resource group "
                f"{want.resource_group}; if it was deleted, run `pulumi refresh` first."
            ) from None

    def _patch(self, want: ContainerState, properties: Mapping[str, Any]) -> None:
        metadata = {**(properties.get("metadata") or {}), METADATA: want.mark}
        body = {"properties": {"publicAccess": "None", "metadata": metadata}}
        self.client.arm("PATCH", want.resource_id, body, version=STORAGE)

    def _get(self, id: str) -> dict[str, Any]:
        container: dict[str, Any] = self.client.arm("GET", id, version=STORAGE)
        return container


def _account_unknown(error: BaseException) -> bool:
    """Whether the storage account is absent, or not yet known everywhere."""
    return isinstance(error, ApiError) and error.status == 404 and error.code in NO_ACCOUNT


def _id(want: ContainerState) -> str:
    account = account_path(want.made_under, want.resource_group, want.storage_account)
    return f"{account}{CONTAINERS}{want.name}"


class Container(ContainerInit, Resource[ContainerArgs], handler=ContainerHandler):
    """A blob container; its id, and `resource_id`, is its path in ARM."""

    resource_group: Output[str]
    storage_account: Output[str]
    name: Output[str]
    resource_id: Output[str]
    public: Output[bool]
