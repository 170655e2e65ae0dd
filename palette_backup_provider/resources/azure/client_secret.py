"""A client secret of an application. Entra ID shows it once.

The display name of a secret carries our mark. After a secret is created, its id is written to a tag
on the application. A secret of ours without that tag was never handed out, and the next run deletes
it. If state was lost, Palette may hold a tagged secret that is not in state: the next rotation
deletes it. Only applications that this stack made get tags, and only their secrets are deleted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.identity import Guid
from palette_backup_provider.core.errors import ANEW, ApiError, NotFound, WaitTimedOut
from palette_backup_provider.core.markers import Computed, Derived, Replaces, Secret, Unchangeable
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.credential import CredentialHandler, Expiring, strays
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import Rotating
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.resources.azure.entra.lost_secrets import lost, unnoted
from palette_backup_provider.resources.azure.entra.secret_notes import ApplicationSecrets
from palette_backup_provider.resources.azure.identity import AzureState, InTenant, TenantArgs
from palette_backup_provider.resources.azure.inits import ClientSecretInit
from palette_backup_provider.resources.azure.retiring_secret import RetiringSecret

FOR_NOW = {
    "Request_ResourceNotFound",
    "ConcurrencyViolation",
    "Directory_ConcurrencyViolation",
}
"""What Graph answers for an application made a moment ago, or changed at the same time."""


@documented
@dataclass(kw_only=True)
class ClientSecretArgs(TenantArgs, RotationArgs):
    """A client secret of one application, one made here or any other.

    Args:
        client_id: The application (client) id. A change replaces the secret.
        valid_days: How long the secret is good for, in days, 1 to 3650. Default: 730, two years, as
            Entra ID has it. A change replaces the secret. `rotate_after` has to be smaller.
    """

    client_id: Input[str]
    valid_days: Input[int] | None = None


class ClientSecretState(AzureState, Expiring):
    client_id: Unchangeable[Guid]
    valid_days: Annotated[int, Replaces()] = Field(default=730, ge=1, le=3650)
    tenant_id: Annotated[str, Derived()] = ""
    """The tenant of the application."""
    key_id: Annotated[str, Computed()] = ""
    """The id of the current secret."""
    client_secret: Annotated[str, Computed(), Secret()] = ""
    """The current secret."""

    @property
    def prefix(self) -> str:
        """How the display names of this resource's secrets begin."""
        return f"{self.logical:.30} {sha256(self.owner.encode()).hexdigest()[:16]}"

    @property
    def display_name(self) -> str:
        """The name that people see, with our mark."""
        return f"{self.prefix}@{self.incarnation}"


class ClientSecretHandler(InTenant, CredentialHandler[AzureClient, ClientSecretState]):
    current = "key_id"
    patience: ClassVar[Patience] = Patience(60)
    """For an application made a moment ago, and for an answer that got lost."""

    def derive(self, want: ClientSecretState) -> Mapping[str, Callable[[], Any]]:
        return {"tenant_id": lambda: want.made_under}

    def issue(self, want: ClientSecretState, known: set[str]) -> dict[str, str]:
        want = want.with_new_incarnation()  # each secret has a display name of its own
        application = self._when_known(want)
        noted = self.notation.same_state(want, application.get("notes"))
        self._remove_lost(want, application, noted, known)
        created = self._made(want)
        credential = {
            "incarnation": want.incarnation,
            "key_id": created["keyId"],
            "expires": created["endDateTime"],
            "client_secret": created["secretText"],
        }
        if noted:
            with self.handing_over(want, credential):
                self.patience.until(
                    lambda: self._of(want).note(credential["key_id"], add=True),
                    _refused_for_now,
                    f"{want.logical}: waiting to note the client secret {credential['key_id']}",
                )
        return credential

    def read_current(self, id: str, have: ClientSecretState) -> ClientSecretState:
        key = have.key_id or id
        if not have.client_id:
            raise NotFound(
                f"The client secret {key} cannot be looked up by its id alone. Leave out `id`, and "
                f"have one made."
            )
        application = self._of(have).application()
        if self.notation.same_state(have, application.get("notes")):
            self._tell_strays(have, application, {key, have.previous})
        for secret in application["passwordCredentials"]:
            if secret["keyId"] == key:
                update = {"made_under": self.whoami(), "expires": secret["endDateTime"]}
                return have.model_copy(update=update)
        raise NotFound(
            f"The client secret {key} of the application {have.client_id} is gone. {ANEW}"
        )

    def update_current(self, have: ClientSecretState, want: ClientSecretState) -> None:
        """Nothing to do: no name of a secret depends on the owner."""

    def revoke(self, have: ClientSecretState, id: str) -> None:
        self._of(have).revoke(id)

    def _remove_lost(
        self, want: ClientSecretState, application: Mapping[str, Any], noted: bool, known: set[str]
    ) -> None:
        ours = lost(application, want.prefix, known)
        if noted:
            for key in ours:
                self._of(want).revoke(key)
                announce(f"{want.logical}: removed {key}, which an interrupted run had left")
            in_use = self.known_in_use({*known, *ours})
            self._tell_strays(want, application, in_use, told=bool(known))
        elif ours:
            announce(
                f"{want.logical}: the application {want.client_id} has secrets that an earlier run "
                f"made: {', '.join(ours)}. It is not ours to clean; remove those that nothing uses."
            )

    def _tell_strays(
        self,
        state: ClientSecretState,
        application: Mapping[str, Any],
        known: set[str],
        *,
        told: bool = True,
    ) -> None:
        """Warn of secrets that no resource of the stack knows."""
        unknown = unnoted(application, state.prefix, known)
        if unknown:
            whose = f"The application {state.client_id}"
            self.run.announce_once(strays(whose, ", ".join(unknown), told=told))

    def _made(self, want: ClientSecretState) -> Any:
        ends = datetime.now(UTC) + timedelta(days=want.valid_days)
        request = {
            "displayName": want.display_name,
            "endDateTime": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        path, body = f"{self._of(want).path}/addPassword", {"passwordCredential": request}

        def make() -> Any:
            try:
                return self.client.graph("POST", path, body)
            except ApiError as error:
                if error.unclear:  # it may have been made, and nobody knows its text
                    self._remove_by_name(want)
                raise

        created = self.patience.until(
            make,
            lambda error: (
                _refused_for_now(error) or (isinstance(error, ApiError) and error.unclear)
            ),
            f"{want.logical}: waiting to create a client secret of the "
            f"application {want.client_id}",
        )
        remember(created["secretText"])
        return created

    def _remove_by_name(self, want: ClientSecretState) -> None:
        def remove() -> None:
            for secret in self._of(want).application()["passwordCredentials"]:
                if secret.get("displayName") == want.display_name:
                    self._of(want).remove(secret["keyId"])

        doing = f"{want.logical}: waiting to remove a client secret whose creation got no answer"
        self.patience.until(remove, _refused_for_now, doing)

    def _when_known(self, want: ClientSecretState) -> Any:
        try:
            return self.patience.until(
                lambda: self._of(want).application(),
                lambda error: isinstance(error, NotFound),
                f"{want.logical}: waiting for Entra ID to know the application {want.client_id}",
            )
        except WaitTimedOut:
            raise NotFound(
                f"There is no application {want.client_id} in the tenant {want.made_under}, also "
                f"not after {self.patience.budget:.0f} s. Check the client id (not the object id), "
                f"and whether the credentials are of the tenant that the application is in; if it "
                f"was deleted, run `pulumi refresh` first."
            ) from None

    def _of(self, state: ClientSecretState) -> ApplicationSecrets:
        return ApplicationSecrets(self.client, state.client_id)


def _refused_for_now(error: BaseException) -> bool:
    """Whether the call can be repeated: not every server knows the application yet, or another call
    changes it."""
    return isinstance(error, ApiError) and error.code in FOR_NOW


class ClientSecret(
    ClientSecretInit,
    Rotating,
    Resource[ClientSecretArgs],
    handler=ClientSecretHandler,
    retired=RetiringSecret,
):
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
