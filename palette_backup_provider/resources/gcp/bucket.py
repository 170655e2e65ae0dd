"""A Cloud Storage bucket for backups: private, encrypted, with access by IAM alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import Input, Output

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.holding import HoldingHandler
from palette_backup_provider.core.ownership import (
    HASHED,
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.tags import MARK, user_tags
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.identity import GcpArgs, InProject
from palette_backup_provider.resources.gcp.inits import BucketInit
from palette_backup_provider.resources.gcp.mark import LABEL
from palette_backup_provider.resources.gcp.storage import settings
from palette_backup_provider.resources.gcp.storage.contents import bucket_path, content, empty
from palette_backup_provider.resources.gcp.storage.rules import kms_location
from palette_backup_provider.resources.gcp.storage.settings import with_advice
from palette_backup_provider.resources.gcp.storage.state import NONCURRENT_DAYS, BucketState
from palette_backup_provider.resources.gcp.storage.velero_check import unfit_for_velero


@documented
@dataclass(kw_only=True)
class BucketArgs(GcpArgs):
    """A Cloud Storage bucket. Public access is always prevented, and ACLs are switched off.

    Labels and lifecycle rules that others add stay. A bucket that holds anything is neither deleted
    nor replaced, unless the program sets `force_destroy`.

    Args:
        location: A region such as `europe-west1`, a multi-region (`US`, `EU`, `ASIA`) or a
            dual-region such as `EUR4`, in any case. A change replaces the bucket.
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
        replace_with_data: The fate of a bucket that holds anything, when it is to be replaced or
            destroyed. `refuse`: nothing happens, and the error names the contents. `retain`: the
            bucket is kept, out of the stack's state, and named. It excludes `force_destroy`. It
            must be in force, by a `pulumi up`, beforehand. Default: `refuse`.
        existing: Whether to use the existing bucket of that name. It is read, and never changed or
            deleted. Default: false.
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
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    existing: Input[bool] | None = None


class BucketHandler(InProject, HoldingHandler[GcpClient, BucketState]):
    noun = "bucket"
    known_as = "name"
    notation = HASHED

    def derive(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {
            "url": lambda: f"gs://{want.name}",
            "project": lambda: want.made_under,
            "uniform_access": lambda: True,
            "public_access_prevented": lambda: True,
        }

    def observed(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {"url": lambda: f"gs://{want.name}"}

    def validate(self, want: BucketState) -> Iterator[Invalid]:
        yield from super().validate(want)
        where = kms_location(want.location)
        if want.kms_key_name and want.kms_key_name.split("/")[3] != where:
            reason = f"for a bucket in {want.location} the key must be in the location {where}"
            yield Invalid("kms_key_name", reason)

    def find_existing(self, want: BucketState) -> str:
        try:
            location = settings.read(self._get(want.name))["location"]
        except NotFound:
            raise NotFound(f"There is no bucket {want.name} to use. Check the name.") from None
        except ApiError as error:
            if error.status != 403:
                raise
            return want.name  # of another project, it need not let us look
        if location != want.location:
            raise NotFound(
                f"The bucket {want.name} is in {location}, not in {want.location}. Set "
                f"location={location!r}."
            )
        return want.name

    def check_existing(self, want: BucketState) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.name):
            yield Invalid("name", reason)

    def create(self, want: BucketState) -> Created[BucketState]:
        want = want.with_new_incarnation()
        request, project = settings.creation(want), want.made_under
        try:
            self.client.call(STORAGE, "POST", "/storage/v1/b", request, project=project)
        except ApiError as error:
            if error.status != 409:
                raise with_advice(self.client, error, want) from None
            self._reclaim(want)
        return Created(want.name, want)

    def read(self, id: str, have: BucketState) -> BucketState:
        bucket = self._get(have.name or id)
        update = settings.read(bucket)
        labels = user_tags(bucket.get("labels", {}))
        if have.name:  # what others added is no drift
            labels = {name: value for name, value in labels.items() if name in have.labels}
            update |= {"held_by": self.notation.holder(have, bucket.get("labels", {}).get(MARK))}
        else:
            update |= {"made_under": self.whoami(), "url": f"gs://{id}"}
        return have.model_copy(update={**update, "labels": labels})

    def locate(self, id: str) -> Created[BucketState]:
        """By its name, its URL or its full name. Without a rule about old versions of objects,
        the first update writes ours."""
        located = super().locate(id.rpartition("/")[2])
        update = {
            "project": located.state.made_under,
            "noncurrent_days": located.state.noncurrent_days or NONCURRENT_DAYS,
        }
        return Created(located.id, located.state.model_copy(update=update))

    def update(self, id: str, have: BucketState, want: BucketState) -> BucketState:
        request = settings.patch(self._get(want.name), have, want)
        try:
            self.client.call(STORAGE, "PATCH", bucket_path(want.name), request)
        except ApiError as error:
            raise with_advice(self.client, error, want) from None
        return want

    def still_ours(self, id: str, have: BucketState) -> bool:
        mark = self._get(have.name).get("labels", {}).get(MARK)
        return still_ours(self, id, have, mark, f"the bucket {have.name}", LABEL)

    def content(self, have: BucketState) -> str:
        return str(content(self.client, have.name))

    def remove(self, id: str, have: BucketState) -> None:
        empty(self.client, have.name, "" if have.force_destroy else PROBE_PREFIX)
        self.client.call(STORAGE, "DELETE", bucket_path(have.name))

    def _get(self, name: str) -> dict[str, Any]:
        return self.client.call(STORAGE, "GET", bucket_path(name))

    def _reclaim(self, want: BucketState) -> None:
        """Reclaim the object that an interrupted run of this resource made."""
        what, way_out = f"the bucket {want.name}", self.use_existing(want, want.name)
        try:
            bucket = self._get(want.name)
        except ApiError as error:
            if error.status not in (403, 404):
                raise
            raise NotOwned(
                f"The bucket name {want.name} is taken in another Google Cloud project, or these "
                f"credentials may not see the bucket. Choose another name, or leave it out to have "
                f"one made up."
            ) from None
        mark = bucket.get("labels", {}).get(MARK)
        demand_ours(self, want, mark, what, way_out)
        if not self.reclaims_in_use and (contents := content(self.client, want.name)):
            raise Blocked(
                f"The bucket {want.name} was made by this stack but is not in its state, and holds "
                f"{contents}. {way_out} Or empty it and run `pulumi up` "
                f"again. {HOW_TO_RECOVER}"
            )
        location = settings.read(bucket)["location"]
        if location != want.location:
            raise NotOwned(
                f"The bucket {want.name} exists already, in {location}. Choose another name."
            )
        tell_reclaimed(self, want, mark, what)
        self.update(want.name, want.model_copy(update={"labels": {}}), want)


class Bucket(BucketInit, Resource[BucketArgs], handler=BucketHandler):
    """A Cloud Storage bucket; its id is its name.

    `project` is the project that it was made in. It is empty for an existing bucket.
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
