"""A key of a service account. Google shows it once, and allows an account ten."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import Email, GcpClient
from palette_backup_provider.clients.gcp_rest import IAM
from palette_backup_provider.core.errors import ApiError, GaveUp, InTheWay, NotFound
from palette_backup_provider.core.model import Computed, Derived, Replaces, Secret
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.rotation import CredentialHandler, Expiring
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.credential import old
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.denied import explained
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.lost_keys import AccountKeys, expiry, own, without
from palette_backup_provider.resources.gcp.mark import same_stack
from palette_backup_provider.resources.gcp.retiring_key import RetiringKey, RetiringKeyArgs

LIMIT = 10
KIND = {"privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE", "keyAlgorithm": "KEY_ALG_RSA_2048"}
T = TypeVar("T")


@dataclass(kw_only=True)
class ServiceAccountKeyArgs:
    """One key of a service account.

    An account has at most ten keys; at that limit nothing is deleted, and the error names them all.
    A key that was disabled is enabled by the next `pulumi up` that sees it.

    Args:
        service_account: The email of the account, one made here or any other. A change replaces
            the key.
        identity: Whose credentials make the key. Default: those of the process. A change within
            the project changes nothing in Google Cloud; another project replaces the key.
        rotate_after: Days after which the first `pulumi up` makes a new key, 1 or more. Default:
            never. Changed in place.
        rotation: Any text; a change makes a new key now. Default: none.
        retire_after: Hours that the old key goes on working, 0 to 8760. The first `pulumi up`
            after that removes it; with 0 that is the next one. Default: 24.
    """

    service_account: Input[str]
    identity: Input[Identity] | None = None
    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None


class State(Expiring):
    identity: gcp.Identity | None = None
    service_account: Annotated[Email, Replaces()]
    enabled: Annotated[bool, Derived()] = True
    key_id: Annotated[str, Computed()] = ""
    private_key_json: Annotated[str, Computed(), Secret()] = ""


class ServiceAccountKeyHandler(CredentialHandler[GcpClient, State]):
    current = "key_id"
    realm = "Google Cloud project"
    patience: ClassVar[Patience] = Patience(60)
    """For an account made a moment ago: Google speaks of 60 seconds."""

    def whoami(self) -> str:
        return self.client.project()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"enabled": lambda: True}

    def issue(self, want: State, known: set[str]) -> dict[str, Any]:
        keys = AccountKeys(self.client, want.service_account)
        ours = self._when_known(want, lambda: self._prepared(want, keys, known))
        made = self._make(want, keys)
        if ours:
            self._when_known(want, lambda: keys.note_made(want, made["key_id"]))
        return made

    def look(self, id: str, have: State) -> State:
        id = have.key_id or id
        if not have.service_account:
            raise NotFound(
                f"Google tells of a key only together with its account, so {id} alone finds none."
            )
        key = AccountKeys(self.client, have.service_account).there().get(id)
        if key is None:
            raise NotFound(f"The key {id} of {have.service_account} is gone.")
        return have.model_copy(update={"enabled": key.enabled, "key_id": id})

    def adjust(self, have: State, want: State) -> None:
        keys = AccountKeys(self.client, want.service_account)
        if want.enabled and not have.enabled:
            self.client.call(IAM, "POST", f"{keys.path}/keys/{want.key_id}:enable", {})
        if want.owner != have.owner:
            keys.rename(have, want)

    def revoke(self, have: State, id: str) -> None:
        AccountKeys(self.client, have.service_account).revoke(id)

    def _prepared(self, want: State, keys: AccountKeys, known: set[str]) -> bool:
        """Make room for a key, and note it in an account of this stack; whether it is of this
        stack. Done twice, it is as if done once."""
        there = keys.there()
        ours = same_stack(want, keys.mark())
        if ours:
            lost = keys.lost(without(there, known), own(want, keys.notes()))
            keys.delete_lost(lost)
            there = without(there, lost)
        if len(there) >= LIMIT:
            raise InTheWay(
                f"The service account {want.service_account} has {len(there)} keys, all that "
                f"Google allows: {keys.described(there)}. Nothing was deleted. Find one that "
                f"nothing uses, delete it with `gcloud iam service-accounts keys delete ID "
                f"--iam-account {want.service_account}` and run `pulumi up` again."
            )
        if ours:
            keys.note_open(want, there)
        return ours

    def _make(self, want: State, keys: AccountKeys) -> dict[str, Any]:
        """What state holds of a new key."""
        try:
            answer = self._when_known(
                want, lambda: self.client.call(IAM, "POST", f"{keys.path}/keys", KIND)
            )
        except ApiError as error:
            raise explained(error, f"make a key of {want.service_account}") from None
        text = b64decode(answer["privateKeyData"]).decode()
        remember(text)
        remember(json.loads(text)["private_key"])
        if ends := expiry(answer):
            tell(
                f"{want.logical}: the organisation lets keys live no longer than until {ends}. "
                f"Backups fail from then on, unless the key is replaced before "
                f"(constraints/iam.serviceAccountKeyExpiryHours)."
            )
        id = answer["name"].rpartition("/")[2]
        return {"key_id": id, "expires": ends, "private_key_json": text}

    def _when_known(self, want: State, attempt: Callable[[], T]) -> T:
        """`attempt`, until it meets no server of Google's that does not know the account yet."""
        email = want.service_account
        doing = f"{email}: waiting for Google to know the service account"
        try:
            return self.patience.until(attempt, lambda e: isinstance(e, NotFound), doing)
        except GaveUp:
            raise NotFound(
                f"There is no service account {email}, also not after {self.patience.budget:.0f} "
                f"s. Check its email; if it was deleted, run `pulumi refresh` first."
            ) from None


class ServiceAccountKey(Resource[ServiceAccountKeyArgs], handler=ServiceAccountKeyHandler):
    """A key of a service account; its id is that of the first, `key_id` that of the current.

    `private_key_json` is what Palette takes as JSON credentials. `expires` is None but where an
    organisation policy ends keys by itself.
    """

    service_account: Output[str]
    enabled: Output[bool]
    key_id: Output[str]
    expires: Output[str | None]
    private_key_json: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]

    def __init__(
        self, name: str, args: ServiceAccountKeyArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts)
        if one := old(self, args):
            beside = RetiringKeyArgs(
                service_account=self.service_account,
                credential_id=one.id,
                until=one.until,
                identity=args.identity,
            )
            RetiringKey(name, beside, one.opts)
