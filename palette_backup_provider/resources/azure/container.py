"""A blob container in a storage account."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import STORAGE, AzureClient
from palette_backup_provider.clients.azure_blob import Place, account_path, operator_blobs
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, GaveUp, InTheWay, NotFound
from palette_backup_provider.core.handler import HOW_TO_RECOVER, Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    Named,
    Prerequisite,
    Replaces,
    Unchangeable,
    rule,
)
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.mark import (
    METADATA,
    container_mark,
    demand_ours,
    still_ours,
)

PROBES = "palette-backup-probe-"
"""Blobs that our own validation writes; they never count as content."""
NAME = rule(
    r"(?!.*--)[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]",
    "3 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or "
    "digit",
)
BUSY = "ContainerBeingDeleted"
NO_ACCOUNT = {"ContainerOperationFailure", "ParentResourceNotFound", "ResourceNotFound"}
NEW_ACCOUNT = 30.0
"""Seconds for Azure to know an account made a moment ago; it does as a rule when it is made."""


@dataclass(kw_only=True)
class ContainerArgs:
    """A container, never public and never immutable: Velero has to rewrite what it wrote.

    A container that holds blobs is neither deleted nor replaced, unless `force_destroy` is set.

    Args:
        resource_group: The name of the account's resource group. A change replaces the container.
        storage_account: The name of the account. A change replaces the container.
        name: 3 to 63 lower-case letters, digits and single hyphens. Default: made from the
            resource's name. A change replaces the container.
        force_destroy: Whether the container is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the container is destroyed or replaced.
        identity: The subscription. Default: the stack's. Another one replaces the container.
        existing: Brings the container of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    resource_group: Input[str]
    storage_account: Input[str]
    name: Input[str] | None = None
    force_destroy: Input[bool] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: azure.Identity | None = None
    resource_group: Unchangeable[str]
    storage_account: Unchangeable[str]
    name: Annotated[str, Replaces(), Named(63), NAME]
    resource_id: Annotated[str, Derived()] = ""
    public: Annotated[bool, Derived()] = False
    force_destroy: bool = False


class ContainerHandler(Handler[AzureClient, State]):
    realm = "Azure subscription"
    patience: ClassVar[Patience] = Patience(120)
    """For Azure to let go of the name of a container deleted a moment ago."""

    def whoami(self) -> str:
        return self.client.subscription()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"resource_id": lambda: _id(want), "public": lambda: False}

    def bring(self, want: State) -> str:
        try:
            return str(self._get(want.resource_id)["id"])
        except NotFound:
            raise NotFound(
                f"There is no container {want.name} in the storage account "
                f"{want.storage_account} of the resource group {want.resource_group}."
            ) from None

    def unfit(self, want: State) -> Iterator[Invalid]:
        found = self._get(want.resource_id)["properties"]
        versions = (found.get("immutableStorageWithVersioning") or {}).get("enabled")
        if found.get("hasImmutabilityPolicy") or found.get("hasLegalHold") or versions:
            yield Invalid(
                "name",
                "the container is immutable (an immutability policy or a legal hold); Velero has "
                "to rewrite what it wrote, so backups would fail",
            )

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self._get(want.resource_id)["properties"]
        except ApiError as error:
            if not (isinstance(error, NotFound) or _account_unknown(error)):
                raise
            self._make(want)
        else:
            what, bring = (
                f"The container {want.name}",
                f"bring it with existing_container={want.name!r}",
            )
            demand_ours(want, container_mark(found), what, f"To use it as it is, {bring}.")
            if not self.recovers and (held := self._held(want)):
                raise InTheWay(
                    f"{what} was made by this stack but is not in its state, and holds {held}. To "
                    f"use it as it is, {bring}; or empty it and run `pulumi up` again. "
                    f"{HOW_TO_RECOVER}"
                )
            self._patch(want, found)
        return Created(want.resource_id, want)

    def read(self, id: str, have: State) -> State:
        found = self._get(id)
        steps = id.split("/")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "resource_group": have.resource_group or steps[4],
                "storage_account": have.storage_account or steps[8],
                "name": found["name"],
                "resource_id": have.resource_id or id,
                "public": found["properties"].get("publicAccess", "None") != "None",
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if (want.owner, want.public) != (have.owner, have.public):
            self._patch(want, self._get(id)["properties"])
        return want

    def delete(self, id: str, have: State) -> None:
        if not still_ours(have, container_mark(self._get(id)["properties"])):
            return
        self._demand_spare(have)
        self.client.arm("DELETE", id, version=STORAGE)

    def may_replace(self, id: str, have: State) -> None:
        with suppress(NotFound):
            if still_ours(have, container_mark(self._get(id)["properties"])):
                self._demand_spare(have)

    def _demand_spare(self, have: State) -> None:
        if not have.force_destroy and (held := self._held(have)):
            raise InTheWay(
                f"The container {have.name} holds {held}, so it is not deleted. Empty it; or set "
                f"force_destroy=True, run `pulumi up`, then destroy or replace it. If it left the "
                f"program, put it back first."
            )

    def _held(self, state: State) -> str:
        """What is in the container, in words; empty if nothing is."""
        place = Place(
            self.client.reach.name,
            self.whoami(),
            state.resource_group,
            state.storage_account,
            state.name,
        )
        found = operator_blobs(self.client, place).names()
        first = next((name for name in found if not name.startswith(PROBES)), None)
        return f"blobs, {first!r} among them" if first is not None else ""

    def _make(self, want: State) -> None:
        self.patience.until(
            lambda: self._put(want),
            lambda error: isinstance(error, ApiError) and error.code == BUSY,
            f"{want.logical}: waiting for Azure to let go of the container name {want.name}",
        )

    def _put(self, want: State) -> None:
        body = {"properties": {"publicAccess": "None", "metadata": {METADATA: want.mark}}}
        try:
            replace(self.patience, budget=NEW_ACCOUNT).until(
                lambda: self.client.arm("PUT", want.resource_id, body, version=STORAGE),
                _account_unknown,
                f"{want.logical}: waiting for Azure to know the storage account "
                f"{want.storage_account}",
            )
        except GaveUp as error:
            raise GaveUp(
                f"{error} Check that there is such an account in the resource group "
                f"{want.resource_group}; if it was deleted, run `pulumi refresh` first."
            ) from None

    def _patch(self, want: State, found: Mapping[str, Any]) -> None:
        metadata = {**(found.get("metadata") or {}), METADATA: want.mark}
        body = {"properties": {"publicAccess": "None", "metadata": metadata}}
        self.client.arm("PATCH", want.resource_id, body, version=STORAGE)

    def _get(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.arm("GET", id, version=STORAGE)
        return found


def _account_unknown(error: BaseException) -> bool:
    """Whether the storage account is what is not there, or not everywhere yet."""
    return isinstance(error, ApiError) and error.status == 404 and error.code in NO_ACCOUNT


def _id(want: State) -> str:
    account = account_path(want.made_under, want.resource_group, want.storage_account)
    return f"{account}/blobServices/default/containers/{want.name}"


class Container(Resource[ContainerArgs], handler=ContainerHandler):
    """A blob container; its id, and `resource_id`, is its path in ARM."""

    resource_group: Output[str]
    storage_account: Output[str]
    name: Output[str]
    resource_id: Output[str]
    public: Output[bool]
