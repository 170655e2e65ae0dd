"""A client secret of an application. Entra ID shows it once.

A secret's display name carries our mark, so that one whose making was interrupted is known again.
What tells it from a secret in use is a tag on the application, set when the secret is there: a
secret of ours without it never reached anybody, and the next run removes it. One that has it and is
not in state may be what Palette holds, if state was lost: the next rotation removes it. On an
application that this stack did not make nothing is noted and nothing removed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import AzureClient, Guid
from palette_backup_provider.core.errors import ApiError, GaveUp, NotFound
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Replaces,
    Secret,
    Unchangeable,
)
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.rotation import CredentialHandler, Expiring
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.credential import old
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.retiring_secret import (
    RetiringSecret,
    RetiringSecretArgs,
)
from palette_backup_provider.resources.azure.secret_notes import NOTE, ApplicationSecrets

FOR_NOW = {
    "Request_ResourceNotFound",
    "ConcurrencyViolation",
    "Directory_ConcurrencyViolation",
}
"""What Graph answers for an application made a moment ago, or changed at the same time."""


@dataclass(kw_only=True)
class ClientSecretArgs:
    """A client secret of one application, one made here or any other.

    Args:
        client_id: The application (client) id. A change replaces the secret.
        valid_days: How long the secret is good for, in days, 1 to 3650. Default: 730, two years, as
            Entra ID has it. A change replaces the secret.
        identity: The tenant. Default: the stack's. Another one replaces the secret.
        rotate_after: Days after which the first `pulumi up` makes a new secret, 1 or more. Default:
            never. Changed in place. Give fewer than `valid_days`.
        rotation: Any text; a change makes a new secret now. Default: none.
        retire_after: Hours that the old secret goes on working, 0 to 8760. The first `pulumi up`
            after that removes it; with 0 that is the next one. Default: 24.
    """

    client_id: Input[str]
    valid_days: Input[int] | None = None
    identity: Input[Identity] | None = None
    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None


class State(Expiring):
    identity: azure.Identity | None = None
    client_id: Unchangeable[Guid]
    valid_days: Annotated[int, Replaces()] = Field(default=730, ge=1, le=3650)
    tenant_id: Annotated[str, Derived()] = ""
    key_id: Annotated[str, Computed()] = ""
    client_secret: Annotated[str, Computed(), Secret()] = ""

    @property
    def prefix(self) -> str:
        """How the display names of this resource's secrets begin."""
        return f"{self.logical:.30} {sha256(self.owner.encode()).hexdigest()[:16]}"

    @property
    def display_name(self) -> str:
        """What people see, and our mark."""
        return f"{self.prefix}@{self.incarnation}"


class ClientSecretHandler(CredentialHandler[AzureClient, State]):
    current = "key_id"
    realm = "Entra tenant"
    patience: ClassVar[Patience] = Patience(60)
    """For an application made a moment ago, and for an answer that got lost."""

    def whoami(self) -> str:
        return self.client.tenant()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"tenant_id": lambda: want.made_under}

    def issue(self, want: State, known: set[str]) -> dict[str, str]:
        want = want.born()  # each secret has a display name of its own
        found = self._when_known(want)
        noted = want.same_stack(found.get("notes"))
        self._remove_lost(want, found, noted, known)
        made = self._made(want)
        if noted:
            self.patience.until(
                lambda: self._of(want).note(made["keyId"], add=True),
                _refused_for_now,
                f"{want.logical}: noting the client secret {made['keyId']}",
            )
        return {
            "incarnation": want.incarnation,
            "key_id": made["keyId"],
            "expires": made["endDateTime"],
            "client_secret": made["secretText"],
        }

    def look(self, id: str, have: State) -> State:
        key = have.key_id or id
        if not have.client_id:
            raise NotFound(f"A client secret cannot be looked up by its id {key} alone.")
        found = self._of(have).application()
        for one in found["passwordCredentials"]:
            if one["keyId"] == key:
                known = {"made_under": self.whoami(), "expires": one["endDateTime"]}
                return have.model_copy(update=known)
        raise NotFound(f"The client secret {key} of the application {have.client_id} is gone.")

    def adjust(self, have: State, want: State) -> None:
        """Its id is its own: nothing of it is found by the owner's name."""

    def revoke(self, have: State, id: str) -> None:
        self._of(have).revoke(id)

    def _remove_lost(
        self, want: State, found: Mapping[str, Any], noted: bool, known: set[str]
    ) -> None:
        there = {one["keyId"]: one for one in found["passwordCredentials"]}
        # one that reached somebody may be the one that Palette holds, unless it came after those
        # that state knows
        last = max((there[k]["startDateTime"] for k in known & there.keys()), default="9999")
        ours = [
            key
            for key, one in there.items()
            if str(one.get("displayName")).startswith(f"{want.prefix}@")
            and key not in known
            and (f"{NOTE}{key}" not in found.get("tags", []) or one["startDateTime"] >= last)
        ]
        if noted:
            for key in ours:
                self._of(want).revoke(key)
        elif ours:
            tell(
                f"{want.logical}: the application {want.client_id} has secrets that an earlier run "
                f"made: {', '.join(ours)}. It is not ours to clean; remove those that nothing uses."
            )

    def _made(self, want: State) -> Any:
        ends = datetime.now(UTC) + timedelta(days=want.valid_days)
        wanted = {
            "displayName": want.display_name,
            "endDateTime": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        path, body = f"{self._of(want).path}/addPassword", {"passwordCredential": wanted}

        def make() -> Any:
            try:
                return self.client.graph("POST", path, body)
            except ApiError as error:
                if error.unclear:  # it may have been made, and nobody knows its text
                    self._remove_by_name(want)
                raise

        made = self.patience.until(
            make,
            lambda error: (
                _refused_for_now(error) or (isinstance(error, ApiError) and error.unclear)
            ),
            f"{want.logical}: making a client secret of the application {want.client_id}",
        )
        remember(made["secretText"])
        return made

    def _remove_by_name(self, want: State) -> None:
        def remove() -> None:
            for one in self._of(want).application()["passwordCredentials"]:
                if one.get("displayName") == want.display_name:
                    self._of(want).remove(one["keyId"])

        doing = f"{want.logical}: removing a client secret whose making got no answer"
        self.patience.until(remove, _refused_for_now, doing)

    def _when_known(self, want: State) -> Any:
        try:
            return self.patience.until(
                lambda: self._of(want).application(),
                lambda error: isinstance(error, NotFound),
                f"{want.logical}: waiting for Entra ID to know the application {want.client_id}",
            )
        except GaveUp:
            raise NotFound(
                f"There is no application {want.client_id} in the tenant {want.made_under}, also "
                f"not after {self.patience.budget:.0f} s. Check the client id (not the object id), "
                f"and whether the credentials are of the tenant that the application is in; if it "
                f"was deleted, run `pulumi refresh` first."
            ) from None

    def _of(self, state: State) -> ApplicationSecrets:
        return ApplicationSecrets(self.client, state.client_id)


def _refused_for_now(error: BaseException) -> bool:
    """Whether nothing was done yet: an application is known to one server before it is to all, and
    is changed by one call after the other."""
    return isinstance(error, ApiError) and error.code in FOR_NOW


class ClientSecret(Resource[ClientSecretArgs], handler=ClientSecretHandler):
    """A client secret; its id is the key id of the first, `key_id` that of the current.

    It is good until `expires`.
    """

    client_id: Output[str]
    tenant_id: Output[str]
    key_id: Output[str]
    expires: Output[str]
    client_secret: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]

    def __init__(
        self, name: str, args: ClientSecretArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts)
        if one := old(self, args):
            beside = RetiringSecretArgs(
                client_id=self.client_id,
                credential_id=one.id,
                until=one.until,
                identity=args.identity,
            )
            RetiringSecret(name, beside, one.opts)
