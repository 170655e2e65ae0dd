"""A backup location registered in Palette, on any kind of storage that Palette knows."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.capabilities import Adopts
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, NotOwned, ProviderError
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.core.ownership import still_ours
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.palette.inits import BackupLocationInit
from palette_backup_provider.resources.palette.location import adoption, answers, defaults
from palette_backup_provider.resources.palette.location.calls import Locations
from palette_backup_provider.resources.palette.location.common_args import CommonLocationArgs
from palette_backup_provider.resources.palette.location.credential_check import (
    is_deep_refresh,
    require_working,
    why_not_working,
)
from palette_backup_provider.resources.palette.location.registration import Registration, foreseen
from palette_backup_provider.resources.palette.location.scope import TENANT, scope_uid
from palette_backup_provider.resources.palette.location.state import MARK, BackupLocationState
from palette_backup_provider.resources.palette.storage import AnyStorageArgs


@documented
@dataclass(kw_only=True)
class BackupLocationArgs(CommonLocationArgs):
    """What to register.

    Args:
        storage: Where the backups go and how to sign in: a kind of storage, such as
            `palette.S3(...)`. Another kind replaces the location; any other change is made in
            place.
        name: What Palette and the clusters call it (`metadata.name`). Default: the logical name
            and ten hex digits. 1 to 63 of a-z, 0-9 and hyphens. A change renames it in place.
        labels: Labels shown in Palette (`metadata.labels`).
        annotations: Annotations (`metadata.annotations`). Those that others add stay; those named
            `palette-backup/…` are reserved.
    """

    storage: AnyStorageArgs
    name: Input[str] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    annotations: Input[Mapping[str, Input[str]]] | None = None


class BackupLocationHandler(Adopts[PaletteClient, BackupLocationState]):
    realm = "Palette tenant"
    chosen_by_owner: ClassVar = frozenset(
        {"storage.credentials.external_id", "storage.force_path_style", "storage.project"}
    )
    patience: ClassVar[Patience] = Patience(30)
    """How long to repeat a registration that has no clear answer."""

    def whoami(self) -> str:
        return self.client.tenant()

    def derive(self, want: BackupLocationState) -> Mapping[str, Callable[[], Any]]:
        return {
            "project_uid": lambda: scope_uid(self.client, want.scope, want.project),
            "palette_validate": lambda: want.storage.known_to_palette,
        }

    def validate(self, want: BackupLocationState) -> Iterator[Invalid]:
        yield from self.run.once(defaults.Defaults).refusals(want)

    def adoption_conflict(self, want: BackupLocationState) -> str | None:
        have, differing = self._compare(want)
        if differing and not want.adopt_overwrite:
            return adoption.conflict_message(want, have, differing)
        if differing:
            self.check_update(want.adopt or "", have, want)
        self.run.announce_once(
            f"{want.logical}: the location {have.name} ({want.adopt}) is adopted: Palette is told "
            f"{'what differs, ' if differing else ''}whose it is, and the credential anew."
        )
        return None

    def create(self, want: BackupLocationState) -> Created[BackupLocationState]:
        if want.adopt:
            return self._adopt(want.adopt, want)
        want = want.with_new_incarnation()
        require_working(want, self.client, self.run)
        registration = Registration(
            self._locations(want),
            want,
            reclaims_in_use=self.reclaims_in_use,
            name_argument=self.argument(want, "name"),
        )
        doing = f"{want.logical}: waiting for Palette to register the location"
        return Created(self.patience.until(registration.uid, answers.is_unclear, doing), want)

    def read(self, id: str, have: BackupLocationState) -> BackupLocationState:
        state = self._read(id, have)
        if listed := self._locations(state).listed().get(id):
            held_by = self.notation.holder(have, answers.mark_of(listed))
            state = state.model_copy(update={"held_by": held_by})
        if have.made_under and is_deep_refresh(self.run.settings):
            refused = why_not_working(state, self.client, self.run)
            state = state.model_copy(update={"refused": refused})
        return state

    def locate(self, id: str) -> Created[BackupLocationState]:
        """By its uid or its name, in the default project; another project, or `tenant`, stands
        before it and a slash."""
        project, _, name = id.rpartition("/")
        scope = {"scope": "tenant"} if project == TENANT else {"project": project or None}
        blank = load_unchecked(BackupLocationState, scope)
        listed = Locations(self.client, scope_uid(self.client, blank.scope, blank.project)).listed()
        uid = answers.uid_of(name, listed)
        state = self.read(uid, blank)
        update = {"palette_validate": state.storage.known_to_palette, "proven": False}
        return Created(uid, state.model_copy(update=update))

    def _read(self, id: str, have: BackupLocationState) -> BackupLocationState:
        if not have.made_under:  # looked up by id alone
            uid = scope_uid(self.client, have.scope, have.project)
            have = have.model_copy(update={"project_uid": uid})
        locations = self._locations(have)
        listed = locations.listed().get(id)
        modified = answers.timestamp(listed)
        if modified and modified == have.as_of and answers.is_default(listed) == have.is_default:
            return have  # Palette does not count it as a modification to lose the default
        kind = answers.kind_of(id, listed, have)
        location, as_of = locations.dated(id, kind, modified)
        return have.model_copy(update={**answers.fields_of(location, kind, have), "as_of": as_of})

    def update(
        self, id: str, have: BackupLocationState, want: BackupLocationState
    ) -> BackupLocationState:
        if want.storage != have.storage or have.refused or not have.proven:
            require_working(want, self.client, self.run)
        self._locations(want).put(id, want, have)
        if want.is_default and not have.is_default:
            self._locations(want).make_default(id, want)
        return want.model_copy(update={"proven": True, "as_of": ""})

    def delete(self, id: str, have: BackupLocationState) -> None:
        locations = self._locations(have)
        # an incomplete list may lack the location
        location = locations.listed().get(id) or locations.get(id, have.storage.kind)
        what, carrier = f"the location {have.name}", f"the annotation {MARK}"
        # Palette never reuses a uid: a location without a mark is still ours, unless imported
        mark = answers.mark_of(location)
        if (mark or not have.incarnation) and not still_ours(self, id, have, mark, what, carrier):
            return
        self.check_delete(id, have)
        locations.delete(id)

    def check_create(self, want: BackupLocationState) -> None:
        self._announce_default(want.adopt, want)
        if not want.adopt:
            with suppress(ApiError):  # the call that needs the list reports its failure
                # a list of now would be one more call for each location that is created
                locations = self._locations(want).first_listed()
                for message in foreseen(locations, want, reclaims_in_use=self.reclaims_in_use):
                    self.run.announce_once(message)

    def check_delete(self, id: str, have: BackupLocationState) -> None:
        self._locations(have).refuse_if_used(id, have.name, "deleted")

    def check_update(self, id: str, have: BackupLocationState, want: BackupLocationState) -> None:
        if have.storage.location_key() != want.storage.location_key():
            moving = f"moved from {have.storage.describe()} to {want.storage.describe()}"
            self._locations(have).refuse_if_used(id, have.name, moving)
        self._announce_default(id, want)

    def check_move(self, want: BackupLocationState) -> None:
        locations = Locations(self.client, scope_uid(self.client, want.scope, want.project))
        for id, location in locations.listed().items():
            if self.notation.same_resource(want, answers.mark_of(location)):
                locations.refuse_if_used(id, location["metadata"]["name"], "moved")

    def check_replace(self, id: str, have: BackupLocationState) -> None:
        self._locations(have).refuse_if_used(id, have.name, "replaced")
        if have.is_default:
            announce(defaults.replaced(have))

    def _announce_default(self, id: str | None, want: BackupLocationState) -> None:
        """Say which location loses the default to this one."""
        if want.is_default:
            locations = self._locations(want).first_listed()
            for message in defaults.displaced(
                locations, id, want, reclaims_in_use=self.reclaims_in_use
            ):
                self.run.announce_once(message)

    def _adopt(self, uid: str, want: BackupLocationState) -> Created[BackupLocationState]:
        """Take an existing location under management."""
        have, differing = self._compare(want)
        if differing and not want.adopt_overwrite:
            raise NotOwned(adoption.conflict_message(want, have, differing))
        self.check_update(uid, have, want)
        return Created(uid, self.update(uid, have, want.with_new_incarnation()))

    def _compare(self, want: BackupLocationState) -> tuple[BackupLocationState, list[str]]:
        """The location to adopt, with the secrets of `want`, and how it differs from `want`."""
        uid = want.adopt or ""
        if (listed := self._locations(want).listed().get(uid)) is None:
            raise ProviderError(adoption.not_listed_message(want))
        have = self.read(uid, want.model_copy(update={"proven": False}))
        have = have.model_copy(update={"held_by": None})  # told as what differs
        return have, list(adoption.differing(want, have, answers.mark_of(listed)))

    def _locations(self, state: BackupLocationState) -> Locations:
        return Locations(self.client, state.project_uid)


class BackupLocation(
    BackupLocationInit, Resource[BackupLocationArgs], handler=BackupLocationHandler
):
    """A backup location in Palette. Its credential is tried before the location is registered."""

    name: Output[str]
    is_default: Output[bool]
    project_uid: Output[str]
    labels: Output[Mapping[str, str]]
    annotations: Output[Mapping[str, str]]

    @property
    def uid(self) -> Output[str]:
        """The uid by which cluster profiles and backup schedules refer to the location."""
        return self.id

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: str,
        opts: ResourceOptions | None = None,
        *,
        project: Input[str] | None = None,
        scope: Input[str] | None = None,
    ) -> Self:
        """Look up the location with uid `id` in a project (default `palette:project`) or, with
        scope="tenant", in the tenant. It is not managed: never changed or deleted."""
        return cls._look_up(resource_name, id, {"project": project, "scope": scope}, opts)
