"""A Cloud Storage bucket for backups: private, encrypted, with access by IAM alone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import STORAGE
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
from palette_backup_provider.resources.gcp.bucket_contents import (
    PROBES,
    bucket_path,
    content,
    empty,
)
from palette_backup_provider.resources.gcp.bucket_rules import (
    BucketName,
    KmsKeyName,
    Location,
    kms_location,
)
from palette_backup_provider.resources.gcp.bucket_settings import changed, explained, found_in, made
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.mark import (
    MARK,
    UserLabels,
    demand_ours,
    still_ours,
    user_labels,
)
from palette_backup_provider.resources.gcp.velero_check import unfit_for_velero


def _soft_delete(days: int) -> int:
    if days and not 7 <= days <= 90:
        raise ValueError(f"{days} days are not allowed: 7 to 90, or 0 to switch it off")
    return days


@dataclass(kw_only=True)
class BucketArgs:
    """A Cloud Storage bucket. Public access is always prevented, and ACLs are switched off.

    Labels and lifecycle rules that others add stay. A bucket that holds anything is neither deleted
    nor replaced, unless `force_destroy` is set.

    Args:
        location: A region such as `europe-west1`, a multi-region (`US`, `EU`, `ASIA`) or a
            dual-region such as `EUR4`. A change replaces the bucket.
        name: 3 to 63 lower-case letters, digits, `_` and `-`, by Google's rules for bucket names.
            Default: made from the resource's name. A change replaces the bucket.
        storage_class: `STANDARD`, `NEARLINE`, `COLDLINE` or `ARCHIVE`, of objects written from then
            on. Default: `STANDARD`. Changed in place.
        labels: At most 50; keys of 1 to 63 and values of up to 63 lower-case letters, digits, `_`
            and `-`; keys do not begin with `goog` or `palette-backup`. Added to the stack's
            `gcp:defaultLabels`. Changed in place.
        kms_key_name: The whole name of the Cloud KMS key, in the bucket's location, that new
            objects are encrypted with. Default: Google's own keys. Changed in place, for objects
            written from then on.
        versioning: Whether old versions of objects are kept. Default: false. Changed in place.
        noncurrent_days: Days after which an old version is deleted, 1 or more. Default: 7. Changed
            in place.
        soft_delete_days: Days in which what was deleted can be restored, 7 to 90, or 0 for none;
            they are paid for. Default: 7. Changed in place.
        force_destroy: Whether the bucket is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the bucket is destroyed or replaced.
        identity: Whose credentials make the bucket. Default: those of the process. A change within
            the project changes nothing in Google Cloud; another project replaces the bucket.
        existing: Brings the bucket of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    location: Input[str]
    name: Input[str] | None = None
    storage_class: Input[str] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    kms_key_name: Input[str] | None = None
    versioning: Input[bool] | None = None
    noncurrent_days: Input[int] | None = None
    soft_delete_days: Input[int] | None = None
    force_destroy: Input[bool] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: gcp.Identity | None = None
    location: Unchangeable[Location]
    name: Annotated[BucketName, Replaces(), Named(63)]
    url: Annotated[str, Derived()] = ""
    project: Annotated[str, Derived()] = ""
    storage_class: Literal["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"] = "STANDARD"
    labels: Annotated[UserLabels, FromSetting("gcp:defaultLabels")] = Field(default_factory=dict)
    kms_key_name: KmsKeyName | None = None
    versioning: bool = False
    noncurrent_days: int = Field(default=7, ge=1)
    soft_delete_days: Annotated[int, AfterValidator(_soft_delete)] = 7
    uniform_access: Annotated[bool, Derived()] = True
    public_access_prevented: Annotated[bool, Derived()] = True
    force_destroy: bool = False


class BucketHandler(Handler[GcpClient, State]):
    realm = "Google Cloud project"

    def whoami(self) -> str:
        return self.client.project()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "url": lambda: f"gs://{want.name}",
            "project": lambda: "" if want.existing else want.made_under,
            "uniform_access": lambda: True,
            "public_access_prevented": lambda: True,
        }

    def judge(self, want: State) -> Iterator[Invalid]:
        where = kms_location(want.location)
        if want.kms_key_name and want.kms_key_name.split("/")[3] != where:
            reason = f"for a bucket in {want.location} the key must be in the location {where}"
            yield Invalid("kms_key_name", reason)

    def bring(self, want: State) -> str:
        try:
            there = found_in(self._get(want.name))["location"]
        except NotFound:
            raise NotFound(f"There is no bucket {want.name} to bring.") from None
        except ApiError as error:
            if error.status != 403:
                raise
            return want.name  # of another project, it need not let us look
        if there != want.location:
            raise NotFound(f"The bucket {want.name} is in {there}, not in {want.location}.")
        return want.name

    def unfit(self, want: State) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.name):
            yield Invalid("name", reason)

    def create(self, want: State) -> Created[State]:
        want = want.born()
        project = want.made_under
        try:
            self.client.call(STORAGE, "POST", "/storage/v1/b", made(want), project=project)
        except ApiError as error:
            if error.status != 409:
                raise explained(self.client, error, want) from None
            self._adopt(want)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        found = self._get(have.name or id)
        there = found_in(found)
        labels = user_labels(found.get("labels", {}))
        if have.name:  # what others added is no drift
            labels = {name: value for name, value in labels.items() if name in have.labels}
        else:
            there |= {"made_under": self.whoami(), "url": f"gs://{id}"}
        return have.model_copy(update={**there, "labels": labels})

    def update(self, id: str, have: State, want: State) -> State:
        found = self._get(want.name)
        try:
            self.client.call(STORAGE, "PATCH", bucket_path(want.name), changed(found, have, want))
        except ApiError as error:
            raise explained(self.client, error, want) from None
        return want

    def delete(self, id: str, have: State) -> None:
        if not self._still_ours(have):
            return
        self._demand_spare(have)
        empty(self.client, have.name, "" if have.force_destroy else PROBES)
        self.client.call(STORAGE, "DELETE", bucket_path(have.name))

    def may_replace(self, id: str, have: State) -> None:
        with suppress(NotFound):
            if self._still_ours(have):
                self._demand_spare(have)

    def _get(self, name: str) -> dict[str, Any]:
        return self.client.call(STORAGE, "GET", bucket_path(name))

    def _still_ours(self, have: State) -> bool:
        found = self._get(have.name).get("labels", {}).get(MARK)
        return still_ours(have, found, f"the label {MARK}")

    def _demand_spare(self, have: State) -> None:
        if not have.force_destroy and (kept := content(self.client, have.name)):
            raise InTheWay(
                f"The bucket {have.name} holds {kept}, so it is not deleted. Empty it; or set "
                f"force_destroy=True, run `pulumi up`, then destroy or replace it. If it left the "
                f"program, put it back first."
            )

    def _adopt(self, want: State) -> None:
        """Take over what an interrupted run of this very resource made."""
        what, bring = f"The bucket {want.name}", f"bring it with existing_bucket={want.name!r}"
        try:
            found = self._get(want.name)
        except ApiError as error:
            if error.status not in (403, 404):
                raise
            raise NotOurs(
                f"The bucket name {want.name} is taken in another Google Cloud project, or these "
                f"credentials may not see the bucket. Choose another name, or leave it out to have "
                f"one made up."
            ) from None
        demand_ours(want, found.get("labels", {}).get(MARK), what, bring)
        if not self.recovers and (kept := content(self.client, want.name)):
            raise InTheWay(
                f"{what} was made by this stack but is not in its state, and holds {kept}. To use "
                f"it as it is, {bring}; or empty it and run `pulumi up` again. {HOW_TO_RECOVER}"
            )
        there = found_in(found)
        if there["location"] != want.location:
            raise NotOurs(f"{what} exists already, in {there['location']}. Choose another name.")
        self.update(want.name, want.model_copy(update={"labels": {}}), want)


class Bucket(Resource[BucketArgs], handler=BucketHandler):
    """A Cloud Storage bucket; its id is its name.

    `project` is the project that it was made in, empty for a brought one.
    """

    location: Output[str]
    name: Output[str]
    url: Output[str]
    project: Output[str]
    storage_class: Output[str]
    labels: Output[dict[str, str]]
    kms_key_name: Output[str | None]
    versioning: Output[bool]
    noncurrent_days: Output[int]
    soft_delete_days: Output[int]
    uniform_access: Output[bool]
    public_access_prevented: Output[bool]
