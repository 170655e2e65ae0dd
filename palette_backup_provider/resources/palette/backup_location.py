"""A backup location registered in Palette, on any kind of storage that Palette knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input, Output, ResourceOptions
from pydantic import AfterValidator, Field

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import NotOurs, ProviderError
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Initial,
    Named,
    Owned,
    Replaces,
    rule,
)
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.palette.adoption import (
    Adopted,
    absent,
    another_owner,
    differences,
    refusal,
)
from palette_backup_provider.resources.palette.defaults import Defaults
from palette_backup_provider.resources.palette.locations import (
    MARK,
    OURS,
    Locations,
    is_default,
    kind_of,
    mark,
    observed,
    passing,
)
from palette_backup_provider.resources.palette.registration import Registration
from palette_backup_provider.resources.palette.scope import scope_uid
from palette_backup_provider.resources.palette.storage import AnyStorage, AnyStorageArgs
from palette_backup_provider.resources.palette.trial import deep, prove, refused

NAME = rule(
    r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
    "1 to 63 of a-z, 0-9 and hyphens, beginning and ending with a letter or digit, because "
    "clusters use it as the name of a Kubernetes object",
)


def _theirs(annotations: dict[str, str]) -> dict[str, str]:
    for name in annotations:
        if name.startswith(OURS):
            raise ValueError(f"the annotation {name!r} is not allowed: {OURS} is reserved")
    return annotations


@dataclass(kw_only=True)
class BackupLocationArgs:
    """What to register.

    Args:
        storage: Where the backups go and how to sign in: `palette.S3(...)`, `palette.Minio(...)`,
            `palette.Gcs(...)` or `palette.AzureBlob(...)`. Another kind of storage replaces the
            location; any other change is made in place.
        name: What Palette and the clusters call it (`metadata.name`). Default: the logical name
            and ten hex digits. 1 to 63 of a-z, 0-9 and hyphens. A change renames it in place.
        project: Name or uid of the project. Default: `palette:project`. A change replaces.
        scope: `project`, the default, or `tenant` for all projects. A change replaces.
        is_default: Whether it is the scope's default location (`spec.isDefault`). Default: false.
            Only one location of a scope can be.
        labels: Labels shown in Palette (`metadata.labels`).
        annotations: Annotations (`metadata.annotations`). Those that others add stay; those named
            `palette-backup/…` are reserved.
        probe: Whether to try the credential on the bucket before registering: put, get, list and
            delete of one small object. Default: true. Turn it off where only Palette can reach
            the storage.
        palette_validate: Whether to have Palette validate the credential before registering.
            Default: true.
        adopt: The uid of a location that exists, to bring it under management as it is: nothing is
            changed, and all but the secret must be as this program says. Its name is not judged.
            Default: none, a location is made. Read when the resource is made; later it means
            nothing, and may go.
        adopt_overwrite: Whether a location to adopt that differs is changed to what this program
            says, instead of refused. Default: false. Read together with `adopt`.
    """

    storage: AnyStorageArgs
    name: Input[str] | None = None
    project: Input[str] | None = None
    scope: Input[str] | None = None
    is_default: Input[bool] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    annotations: Input[Mapping[str, Input[str]]] | None = None
    probe: Input[bool] | None = None
    palette_validate: Input[bool] | None = None
    adopt: Input[str] | None = None
    adopt_overwrite: Input[bool] | None = None


class State(Owned):
    scope: Literal["project", "tenant"] = "project"
    project: str | None = None
    project_uid: Annotated[str, Derived(), Replaces()] = ""
    """Empty in the tenant's scope."""
    name: Annotated[str, Named(63, within="project_uid"), NAME]
    storage: AnyStorage
    is_default: bool = False
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: Annotated[dict[str, str], AfterValidator(_theirs)] = Field(default_factory=dict)
    probe: bool = True
    palette_validate: bool = True
    adopt: Annotated[str | None, Initial()] = None
    adopt_overwrite: Annotated[bool, Initial()] = False
    refused: Annotated[str | None, Derived()] = None
    """What the storage or Palette answered when a deep refresh tried the credential in vain."""
    proven: Annotated[bool, Computed()] = Field(alias="__proven", default=True)
    """False for the credential of an adopted location: it is tried before it is sent to Palette."""
    modified: Annotated[str, Computed()] = Field(alias="__modified", default="")
    """Palette's timestamp of the last change that this state knows of."""

    def body(self) -> dict[str, Any]:
        """The request of POST and PUT, secrets included."""
        metadata = {
            "name": self.name,
            "labels": self.labels,
            "annotations": {**self.annotations, MARK: self.mark},
        }
        spec = {
            "config": self.storage.config(),
            "isDefault": self.is_default,
            "type": self.storage.kind,
        }
        return {"metadata": metadata, "spec": spec}


class BackupLocationHandler(Handler[PaletteClient, State]):
    realm = "Palette tenant"
    patience: ClassVar[Patience] = Patience(30)
    """For a Palette that gives no clear answer while a location is registered."""

    def whoami(self) -> str:
        return self.client.tenant()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"project_uid": lambda: scope_uid(self.client, want.scope, want.project)}

    def judge(self, want: State) -> Iterator[Invalid]:
        if want.is_default:
            first = self.clients(Defaults).claimed_by(want.project_uid, want.owner)
            if first != want.owner:
                other = first.rpartition("/")[2].partition(":")[0]
                yield Invalid(
                    "is_default",
                    f"{other!r} is the default of the same scope already; there can be one",
                )

    def unlike(self, want: State) -> str | None:
        there, differs = self._compared(want)
        if differs and want.adopt_overwrite:
            self.may_update(want.adopt or "", there, want)
            return None
        return refusal(want, there, differs) if differs else None

    def create(self, want: State) -> Created[State]:
        if want.adopt:
            return self._bring(want.adopt, want)
        want = want.born()
        self.clients(Adopted).uids.pop(want.owner, None)
        prove(want, self.client, self.clients)
        registration = Registration(self._in(want), want, recovers=self.recovers)
        doing = f"{want.logical}: registering in Palette"
        return Created(self.patience.until(registration.uid, passing, doing), self._seen(want))

    def read(self, id: str, have: State) -> State:
        there = self._read(id, have)
        if have.made_under and deep(self.clients.settings):
            told = refused(there, self.client, self.clients)
            there = there.model_copy(update={"refused": told})
        return there

    def _read(self, id: str, have: State) -> State:
        if not have.made_under:  # looked up by id alone
            uid = scope_uid(self.client, have.scope, have.project)
            have = have.model_copy(update={"project_uid": uid})
        listed = self._in(have).listed().get(id)
        modified = listed["metadata"].get("lastModifiedTimestamp") or "" if listed else ""
        if modified and modified <= have.modified and is_default(listed) == have.is_default:
            return have  # another location made the default is no modification of this one
        kind = kind_of(id, listed, have)
        found = observed(have, kind, self._in(have).get(id, kind))
        return have.model_copy(update={**found, "modified": modified})

    def update(self, id: str, have: State, want: State) -> State:
        if want.storage != have.storage or have.refused or not have.proven:
            prove(want, self.client, self.clients)
        self._in(want).put(id, want, have)
        if want.is_default and not have.is_default:
            self._in(want).make_default(id, want)
        self.stays(id, want)
        return self._seen(want.model_copy(update={"proven": True}))

    def stays(self, id: str, want: State) -> None:
        self.clients(Adopted).uids[want.owner] = id

    def delete(self, id: str, have: State) -> None:
        if id in self.clients(Adopted).uids.values():
            return
        locations = self._in(have)
        # the list may have been cut before it
        there = locations.listed().get(id) or locations.get(id, have.storage.kind)
        # without a mark it is still ours: Palette gives a uid once
        if mark(there) not in (None, have.mark):
            return
        locations.refuse_if_used(id, have.name, "deleted")
        locations.delete(id)

    def may_update(self, id: str, have: State, want: State) -> None:
        if have.storage.place() != want.storage.place():
            moving = f"moved from {have.storage.where()} to {want.storage.where()}"
            self._in(have).refuse_if_used(id, have.name, moving)

    def may_replace(self, id: str, have: State) -> None:
        self._in(have).refuse_if_used(id, have.name, "replaced")
        if have.is_default:
            tell(
                f"{have.logical}: the location {have.name} is the default of its scope and will be "
                f"replaced: what backs up to the default goes to the new location, or finds none "
                f"if that one is in another scope."
            )

    def _bring(self, uid: str, want: State) -> Created[State]:
        """Bring what exists under management. It keeps its mark, unless it is to be changed."""
        there, differs = self._compared(want)
        if differs and not want.adopt_overwrite:
            raise NotOurs(refusal(want, there, differs))
        want = want.born()
        if differs:
            self.may_update(uid, there, want)
            want = self.update(uid, there, want)
        else:
            known = {"modified": there.modified, "proven": False}
            if told := mark(self._in(want).listed()[uid]):
                known["incarnation"] = told.rpartition("@")[2]
            want = want.model_copy(update=known)
        self.stays(uid, want)
        return Created(uid, want)

    def _compared(self, want: State) -> tuple[State, list[str]]:
        """The location to adopt, with the secrets of `want`, and how it differs from `want`."""
        uid = want.adopt or ""
        if (listed := self._in(want).listed().get(uid)) is None:
            raise ProviderError(absent(want))
        there = self.read(uid, want.model_copy(update={"proven": False}))
        differs = [*another_owner(want, mark(listed)), *differences(want, there)]
        return there, differs

    def _in(self, state: State) -> Locations:
        return Locations(self.client, state.project_uid)

    def _seen(self, state: State) -> State:
        """POST and PUT do not tell the timestamp; the answer's Date is not before it."""
        return state.model_copy(update={"modified": self.client.server_time})


class BackupLocation(Resource[BackupLocationArgs], handler=BackupLocationHandler):
    """A backup location in Palette, its credential proven before it is registered."""

    name: Output[str]
    is_default: Output[bool]
    project_uid: Output[str]
    labels: Output[Mapping[str, str]]
    annotations: Output[Mapping[str, str]]

    @property
    def uid(self) -> Output[str]:
        """The uid that cluster profiles and backup schedules refer to it by."""
        return self.id

    @classmethod
    def get(
        cls,
        name: str,
        id: str,
        opts: ResourceOptions | None = None,
        *,
        project: Input[str] | None = None,
        scope: Input[str] | None = None,
    ) -> Self:
        """Look up the location with uid `id` in a project (default `palette:project`) or, with
        scope="tenant", in the tenant. It is not managed: never changed or deleted."""
        return cls._look_up(name, id, {"project": project, "scope": scope}, opts)
