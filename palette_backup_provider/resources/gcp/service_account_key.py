"""A key of a service account. Google shows it once, and allows an account ten."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

from pulumi import Input, Output

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.identity import Email
from palette_backup_provider.clients.gcp.rest import IAM
from palette_backup_provider.core.errors import ANEW, ApiError, Blocked, NotFound, WaitTimedOut
from palette_backup_provider.core.markers import Computed, Derived, Replaces, Secret
from palette_backup_provider.core.ownership import HASHED
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.credential import CredentialHandler, Expiring
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import Rotating
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.resources.gcp.iam.denied import with_advice
from palette_backup_provider.resources.gcp.iam.orphaned_keys import (
    AccountKeys,
    excluding,
    expiry,
    notes_of,
)
from palette_backup_provider.resources.gcp.identity import GcpArgs, GcpState, InProject
from palette_backup_provider.resources.gcp.inits import ServiceAccountKeyInit
from palette_backup_provider.resources.gcp.retiring_key import RetiringKey

LIMIT = 10
KIND = {"privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE", "keyAlgorithm": "KEY_ALG_RSA_2048"}
T = TypeVar("T")


@documented
@dataclass(kw_only=True)
class ServiceAccountKeyArgs(GcpArgs, RotationArgs):
    """One key of a service account.

    An account has at most ten keys. At that limit nothing is deleted, and the error names all keys.
    If a key was disabled, the next `pulumi up` that sees it enables it.

    Args:
        service_account: The email of the account, one made here or any other. A change replaces
            the key.
    """

    service_account: Input[str]


class ServiceAccountKeyState(GcpState, Expiring):
    service_account: Annotated[Email, Replaces()]
    enabled: Annotated[bool, Derived()] = True
    """Whether the key works; false only where another hand disabled it."""
    key_id: Annotated[str, Computed()] = ""
    """The id of the current key."""
    private_key_json: Annotated[str, Computed(), Secret()] = ""
    """The current key, as the JSON credentials that Palette takes."""


class ServiceAccountKeyHandler(InProject, CredentialHandler[GcpClient, ServiceAccountKeyState]):
    current = "key_id"
    notation = HASHED
    patience: ClassVar[Patience] = Patience(60)
    """For an account made a moment ago: Google speaks of 60 seconds."""

    def derive(self, want: ServiceAccountKeyState) -> Mapping[str, Callable[[], Any]]:
        return {"enabled": lambda: True}

    def issue(self, want: ServiceAccountKeyState, known: set[str]) -> dict[str, Any]:
        keys = AccountKeys(self.client, want.service_account)
        ours = self._when_known(want, lambda: self._prepared(want, keys, known))
        created = self._make(want, keys)
        if ours:
            with self.handing_over(want, created):
                self._when_known(want, lambda: keys.note_made(want, created["key_id"]))
        return created

    def read_current(self, id: str, have: ServiceAccountKeyState) -> ServiceAccountKeyState:
        id = have.key_id or id
        if not have.service_account:
            raise NotFound(
                f"Google tells of a key only together with its account, so {id} alone finds none. "
                f"Leave out `id`, and have one made."
            )
        keys = AccountKeys(self.client, have.service_account)
        listed, known = keys.list(), {id, have.previous}
        key = listed.get(id)
        others = excluding(listed, known) and self.notation.same_state(have, keys.mark())
        if others and (warning := keys.strays(have, keys.notes(), listed, known)):
            self.run.announce_once(warning)
        if key is None:
            raise NotFound(f"The key {id} of {have.service_account} is gone. {ANEW}")
        return have.model_copy(update={"enabled": key.enabled, "key_id": id})

    def update_current(self, have: ServiceAccountKeyState, want: ServiceAccountKeyState) -> None:
        keys = AccountKeys(self.client, want.service_account)
        if want.enabled and not have.enabled:
            self.client.call(IAM, "POST", f"{keys.path}/keys/{want.key_id}:enable", {})
        if want.owner != have.owner:
            keys.rename(have, want)

    def revoke(self, have: ServiceAccountKeyState, id: str) -> None:
        AccountKeys(self.client, have.service_account).revoke(id)

    def _prepared(self, want: ServiceAccountKeyState, keys: AccountKeys, known: set[str]) -> bool:
        """Make room for a key, and note it if this stack made the account. Returns whether it did.
        The call is idempotent."""
        listed = keys.list()
        ours = self.notation.same_state(want, keys.mark())
        notes = keys.notes() if ours else {}
        if ours:
            orphaned = keys.orphaned(excluding(listed, known), notes_of(want, notes))
            keys.delete_orphaned(orphaned)
            listed = excluding(listed, orphaned)
        if len(listed) >= LIMIT:
            raise Blocked(
                f"The service account {want.service_account} has {len(listed)} keys, all that "
                f"Google allows: {keys.described(listed)}. Nothing was deleted. Find a key that "
                f"nothing uses, delete it with `gcloud iam service-accounts keys delete ID "
                f"--iam-account {want.service_account}` and run `pulumi up` again."
            )
        if ours:
            in_use, told = self.known_in_use(known), bool(known)
            if warning := keys.strays(want, notes, listed, in_use, told=told):
                self.run.announce_once(warning)
            keys.note_open(want, listed)
        return ours

    def _make(self, want: ServiceAccountKeyState, keys: AccountKeys) -> dict[str, Any]:
        """The computed fields of a new key."""
        try:
            answer = self._when_known(
                want, lambda: self.client.call(IAM, "POST", f"{keys.path}/keys", KIND)
            )
        except ApiError as error:
            raise with_advice(error, f"make a key of {want.service_account}") from None
        text = b64decode(answer["privateKeyData"]).decode()
        remember(text)
        remember(json.loads(text)["private_key"])
        if ends := expiry(answer):
            announce(
                f"{want.logical}: the organisation lets keys live no longer than until {ends}. "
                f"Backups fail from then on, unless the key is replaced before "
                f"(constraints/iam.serviceAccountKeyExpiryHours)."
            )
        id = answer["name"].rpartition("/")[2]
        return {"key_id": id, "expires": ends, "private_key_json": text}

    def _when_known(self, want: ServiceAccountKeyState, attempt: Callable[[], T]) -> T:
        """Repeat `attempt` until each server of Google's knows the account."""
        email = want.service_account
        doing = f"{email}: waiting for Google to know the service account"
        try:
            return self.patience.until(attempt, lambda e: isinstance(e, NotFound), doing)
        except WaitTimedOut:
            raise NotFound(
                f"There is no service account {email}, also not after {self.patience.budget:.0f} "
                f"s. Check its email; if it was deleted, run `pulumi refresh` first."
            ) from None


class ServiceAccountKey(
    ServiceAccountKeyInit,
    Rotating,
    Resource[ServiceAccountKeyArgs],
    handler=ServiceAccountKeyHandler,
    retired=RetiringKey,
):
    """A key of a service account. Its id is that of its first key; `key_id` is the current key's.

    `private_key_json` is what Palette takes as JSON credentials. `expires` is None, unless an
    organisation policy limits the life of keys.
    """

    service_account: Output[str]
    enabled: Output[bool]
    key_id: Output[str]
    expires: Output[str | None]
    private_key_json: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]
