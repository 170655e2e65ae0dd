"""A service account. Palette and the clusters sign in as this account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output

from palette_backup_provider.clients.gcp.client import GcpClient, email_of
from palette_backup_provider.clients.gcp.rest import IAM
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import AutoNamed, Computed, Derived, Replaces
from palette_backup_provider.core.model import Prerequisite, matches
from palette_backup_provider.core.ownership import (
    HASHED,
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.iam.denied import with_advice
from palette_backup_provider.resources.gcp.iam.orphaned_keys import (
    NOTES,
    AccountKeys,
    account_path,
    excluding,
)
from palette_backup_provider.resources.gcp.identity import GcpArgs, GcpState, InProject
from palette_backup_provider.resources.gcp.inits import ServiceAccountInit
from palette_backup_provider.resources.gcp.mark import DESCRIPTION, described, marked

ACCOUNT_ID = matches(
    r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
    "6 to 30 lower-case letters, digits and hyphens, beginning with a letter and not ending with a "
    "hyphen",
)
DISPLAY_NAME = matches(r"(?s).{0,100}", "at most 100 characters")


@documented
@dataclass(kw_only=True)
class ServiceAccountArgs(GcpArgs):
    """A service account. It is not deleted while it has keys that this stack does not know.

    Its description holds our mark. A new account under an old email is another principal to Google:
    it has none of the old account's grants. If the account was disabled, the next `pulumi up` that
    sees it enables it.

    Args:
        account_id: What comes before the `@`: 6 to 30 lower-case letters, digits and hyphens,
            beginning with a letter. Default: made from the resource's name. A change replaces the
            account. For an existing account, the whole email is allowed too.
        display_name: What people see, at most 100 characters. Default: `Palette backups`. Changed
            in place.
        existing: Whether to use the existing account of that id or email. It is read, and never
            changed or deleted. An account that this resource made is refused. Default: false.
    """

    account_id: Input[str] | None = None
    display_name: Input[str] | None = None
    existing: Input[bool] | None = None


class ServiceAccountState(GcpState, Prerequisite):
    account_id: Annotated[str, Replaces(), AutoNamed(30, first="a-z"), ACCOUNT_ID]
    email: Annotated[str, Derived()] = ""
    """The email of the account."""
    member: Annotated[str, Derived()] = ""
    """How policies name the account."""
    display_name: Annotated[str, DISPLAY_NAME] = "Palette backups"
    enabled: Annotated[bool, Derived()] = True
    """Whether the account may sign in; false only where another hand disabled it."""
    unique_id: Annotated[str, Computed()] = ""
    """Google's number of the account. It is new when the account is made anew."""


class ServiceAccountHandler(InProject, UsesExisting[GcpClient, ServiceAccountState]):
    known_as = "email"
    notation = HASHED
    palette_identity = "email"

    def derive(self, want: ServiceAccountState) -> Mapping[str, Callable[[], Any]]:
        return {**self.observed(want), "enabled": lambda: True}

    def observed(self, want: ServiceAccountState) -> Mapping[str, Callable[[], Any]]:
        def email() -> str:
            id = want.account_id
            return id if "@" in id else email_of(id, want.made_under)

        return {"email": email, "member": lambda: f"serviceAccount:{want.email}"}

    def find_existing(self, want: ServiceAccountState) -> str:
        try:
            return str(self._get(want.email)["email"])
        except NotFound:
            raise NotFound(
                f"There is no service account {want.email}. Check its email, and the project."
            ) from None

    def create(self, want: ServiceAccountState) -> Created[ServiceAccountState]:
        want = want.with_new_incarnation()
        about = {"displayName": want.display_name, "description": described(want)}
        body = {"accountId": want.account_id, "serviceAccount": about}
        path = f"/v1/projects/{want.made_under}/serviceAccounts"
        try:
            account = self.client.call(IAM, "POST", path, body)
        except ApiError as error:
            if error.status != 409:
                doing = f"make the service account {want.account_id} in {want.made_under}"
                raise with_advice(error, doing) from None
            account = self._reclaim(want)
        update = {"unique_id": account["uniqueId"]}
        return Created(want.email, want.model_copy(update=update))

    def read(self, id: str, have: ServiceAccountState) -> ServiceAccountState:
        account = self._get(have.email or id)
        update = {
            "display_name": account.get("displayName", ""),
            "enabled": not account.get("disabled", False),
            "unique_id": account["uniqueId"],
            "held_by": self.notation.holder(have, marked(account.get("description"))),
        }
        if not have.email:
            update |= {
                "made_under": self.whoami(),
                "account_id": id.partition("@")[0],
                "email": account["email"],
                "member": f"serviceAccount:{account['email']}",
            }
        return have.model_copy(update=update)

    def locate(self, id: str) -> Created[ServiceAccountState]:
        """By its email, its full name, or its id in the project."""
        email = id.rpartition("/")[2]
        return super().locate(email if "@" in email else email_of(email, self.whoami()))

    def update(
        self, id: str, have: ServiceAccountState, want: ServiceAccountState
    ) -> ServiceAccountState:
        if not have.enabled:
            self._enable(want)
        self._describe(want)
        return want

    def delete(self, id: str, have: ServiceAccountState) -> None:
        mark = marked(self._get(have.email).get("description"))
        what = f"the service account {have.email}"
        if not still_ours(self, id, have, mark, what, DESCRIPTION):
            return
        if foreign := self._foreign_keys(have.email):
            raise Blocked(
                f"The service account {have.email} has keys that this stack did not make: "
                f"{foreign}. Delete them if nothing uses them, and run again."
            )
        self.client.call(IAM, "DELETE", account_path(have.email))

    def _get(self, email: str) -> dict[str, Any]:
        return self.client.call(IAM, "GET", account_path(email))

    def _reclaim(self, want: ServiceAccountState) -> dict[str, Any]:
        """Reclaim the object that an interrupted run of this resource made."""
        account = self._get(want.email)
        own = f"existing=True, account_id={want.email!r}"
        way_out = self.use_existing(want, want.email, own)
        what, mark = f"the service account {want.email}", marked(account.get("description"))
        demand_ours(self, want, mark, what, way_out)
        if not self.reclaims_in_use and (foreign := self._foreign_keys(want.email)):
            raise NotOwned(
                f"The service account {want.email} exists already and has keys that this stack did "
                f"not make: {foreign}. {way_out} Or delete the keys that "
                f"nothing uses and run `pulumi up` again. {HOW_TO_RECOVER}"
            )
        tell_reclaimed(self, want, mark, what)
        if account.get("disabled"):
            self._enable(want)
        self._describe(want)
        return account

    def _foreign_keys(self, email: str) -> str:
        """The account's keys that this stack did not make, in words; empty if there are none."""
        keys = AccountKeys(self.client, email)
        listed = keys.list()
        ours = keys.orphaned(listed, keys.notes()) | keys.recorded(listed, keys.notes())
        return keys.described(excluding(listed, ours))

    def _enable(self, want: ServiceAccountState) -> None:
        self.client.call(IAM, "POST", f"{account_path(want.email)}:enable", {})

    def _describe(self, want: ServiceAccountState) -> None:
        """Write the name and the mark, and keep the notes about keys."""
        with NOTES:
            notes = AccountKeys(self.client, want.email).notes()
            about = {
                "displayName": want.display_name,
                "description": described(want, *map("".join, notes.items())),
            }
            body = {"serviceAccount": about, "updateMask": "displayName,description"}
            self.client.call(IAM, "PATCH", account_path(want.email), body)


class ServiceAccount(
    ServiceAccountInit, Resource[ServiceAccountArgs], handler=ServiceAccountHandler
):
    """A service account; its id is its email.

    `member` is how policies name it; `unique_id` is new when the account is made anew.
    """

    account_id: Output[str]
    email: Output[str]
    member: Output[str]
    display_name: Output[str]
    enabled: Output[bool]
    unique_id: Output[str]
