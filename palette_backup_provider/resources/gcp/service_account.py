"""A service account, the one that Palette and the clusters sign in as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import GcpClient, email_of
from palette_backup_provider.clients.gcp_rest import IAM
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER, Created, Handler
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Named,
    Prerequisite,
    Replaces,
    rule,
)
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.denied import explained
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.lost_keys import (
    NOTES,
    AccountKeys,
    account_path,
    without,
)
from palette_backup_provider.resources.gcp.mark import demand_ours, described, marked, still_ours

ACCOUNT_ID = rule(
    r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
    "6 to 30 lower-case letters, digits and hyphens, beginning with a letter and not ending with a "
    "hyphen",
)
DISPLAY_NAME = rule(r"(?s).{0,100}", "at most 100 characters")


@dataclass(kw_only=True)
class ServiceAccountArgs:
    """A service account. It is not deleted while it has keys that this stack does not know.

    Its description holds our mark. An account that is made anew under an old email is another
    principal to Google: whatever the old one was granted is not granted to it. An account that was
    disabled is enabled by the next `pulumi up` that sees it.

    Args:
        account_id: What comes before the `@`: 6 to 30 lower-case letters, digits and hyphens,
            beginning with a letter. Default: made from the resource's name. A change replaces the
            account. Of a brought account it may be the whole email.
        display_name: What people see, at most 100 characters. Default: `Palette backups`. Changed
            in place.
        identity: Whose credentials make the account. Default: those of the process. A change
            within the project changes nothing in Google Cloud; another project replaces it.
        existing: Brings the account of that id or email instead of making one: it is read, and
            never changed or deleted; not one that this very resource made. Default: false.
    """

    account_id: Input[str] | None = None
    display_name: Input[str] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: gcp.Identity | None = None
    account_id: Annotated[str, Replaces(), Named(30, first="a-z"), ACCOUNT_ID]
    email: Annotated[str, Derived()] = ""
    member: Annotated[str, Derived()] = ""
    display_name: Annotated[str, DISPLAY_NAME] = "Palette backups"
    enabled: Annotated[bool, Derived()] = True
    unique_id: Annotated[str, Computed()] = ""


class ServiceAccountHandler(Handler[GcpClient, State]):
    realm = "Google Cloud project"
    signs_in = "email", "existing_service_account"

    def whoami(self) -> str:
        return self.client.project()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        def email() -> str:
            id = want.account_id
            return id if "@" in id else email_of(id, want.made_under)

        return {
            "email": email,
            "member": lambda: f"serviceAccount:{want.email}",
            "enabled": lambda: True,
        }

    def bring(self, want: State) -> str:
        try:
            return str(self._get(want.email)["email"])
        except NotFound:
            raise NotFound(
                f"There is no service account {want.email}. Check its email, and the project."
            ) from None

    def create(self, want: State) -> Created[State]:
        want = want.born()
        about = {"displayName": want.display_name, "description": described(want)}
        body = {"accountId": want.account_id, "serviceAccount": about}
        path = f"/v1/projects/{want.made_under}/serviceAccounts"
        try:
            found = self.client.call(IAM, "POST", path, body)
        except ApiError as error:
            if error.status != 409:
                doing = f"make the service account {want.account_id} in {want.made_under}"
                raise explained(error, doing) from None
            found = self._adopt(want)
        known = {"unique_id": found["uniqueId"]}
        return Created(want.email, want.model_copy(update=known))

    def read(self, id: str, have: State) -> State:
        found = self._get(have.email or id)
        update = {
            "display_name": found.get("displayName", ""),
            "enabled": not found.get("disabled", False),
            "unique_id": found["uniqueId"],
        }
        if not have.email:
            update |= {
                "made_under": self.whoami(),
                "account_id": id.partition("@")[0],
                "email": found["email"],
                "member": f"serviceAccount:{found['email']}",
            }
        return have.model_copy(update=update)

    def update(self, id: str, have: State, want: State) -> State:
        if not have.enabled:
            self._enable(want)
        self._describe(want)
        return want

    def delete(self, id: str, have: State) -> None:
        description = self._get(have.email).get("description")
        if not still_ours(have, marked(description), "the words in its description"):
            return
        if foreign := self._foreign_keys(have.email):
            raise InTheWay(
                f"The service account {have.email} has keys that this stack did not make: "
                f"{foreign}. Delete them if nothing uses them, and run again."
            )
        self.client.call(IAM, "DELETE", account_path(have.email))

    def _get(self, email: str) -> dict[str, Any]:
        return self.client.call(IAM, "GET", account_path(email))

    def _adopt(self, want: State) -> dict[str, Any]:
        """Take over what an interrupted run of this very resource made."""
        found = self._get(want.email)
        bring = f"bring it with existing_service_account={want.email!r}"
        what = f"The service account {want.email}"
        demand_ours(want, marked(found.get("description")), what, bring)
        if not self.recovers and (foreign := self._foreign_keys(want.email)):
            raise NotOurs(
                f"{what} exists already and has keys that this stack did not make: {foreign}. To "
                f"use it as it is, {bring}; else delete those that nothing uses and run "
                f"`pulumi up` again. {HOW_TO_RECOVER}"
            )
        if found.get("disabled"):
            self._enable(want)
        self._describe(want)
        return found

    def _foreign_keys(self, email: str) -> str:
        """The account's keys that this stack did not make, in words; empty if there are none."""
        keys = AccountKeys(self.client, email)
        there = keys.there()
        ours = keys.lost(there, keys.notes()) | keys.closed(there, keys.notes())
        return keys.described(without(there, ours))

    def _enable(self, want: State) -> None:
        self.client.call(IAM, "POST", f"{account_path(want.email)}:enable", {})

    def _describe(self, want: State) -> None:
        """The name and the mark, with the notes about keys kept."""
        with NOTES:
            notes = AccountKeys(self.client, want.email).notes()
            about = {
                "displayName": want.display_name,
                "description": described(want, *map("".join, notes.items())),
            }
            body = {"serviceAccount": about, "updateMask": "displayName,description"}
            self.client.call(IAM, "PATCH", account_path(want.email), body)


class ServiceAccount(Resource[ServiceAccountArgs], handler=ServiceAccountHandler):
    """A service account; its id is its email.

    `member` is how policies name it; `unique_id` is new when the account is made anew.
    """

    account_id: Output[str]
    email: Output[str]
    member: Output[str]
    display_name: Output[str]
    enabled: Output[bool]
    unique_id: Output[str]
