"""An access key of a MinIO user: a name and a secret of its own, with what the user may do."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex, token_urlsafe
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients import minio
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.core.model import Computed, Derived, Replaces, Secret
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.rotation import Credential, CredentialHandler
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.credential import old
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.mark import MARK
from palette_backup_provider.resources.minio.retiring_key import RetiringKey, RetiringKeyArgs


@dataclass(kw_only=True)
class AccessKeyArgs:
    """One access key of a user on MinIO, which calls it a service account.

    It may do what the user may, and is deleted with the user. A key that was switched off, or
    given another secret, a policy of its own or an end, is put right by the next `pulumi up` that
    sees it.

    Args:
        user: The name of the user, which needs a policy: MinIO lets a user without one make no
            key. A change replaces the key.
        user_secret: The user's secret key: MinIO lets only the user make keys of it. A change
            changes nothing on the server.
        identity: The server, and who looks after the key. Default: the stack's settings. Another
            server replaces the key.
        rotate_after: Days after which the first `pulumi up` makes a new key, 1 or more. Default:
            never. Changed in place.
        rotation: Any text; a change makes a new key now. Default: none.
        retire_after: Hours that the old key goes on working, 0 to 8760. The first `pulumi up`
            after that removes it; with 0 that is the next one. Default: 24.
    """

    user: Input[str]
    user_secret: Input[str]
    identity: Input[Identity] | None = None
    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None


CHANGED = "on, with another secret"
TAKEN = "XMinioIAMServiceAccountNotAllowed"
"""How MinIO refuses a key that is there: our own call, whose first answer got lost."""
OPEN = "open "
"""How a key's description begins until the key is handed over: then state, and Palette, may hold
it."""
NO_POLICY = {"Version": "", "Statement": []}
"""The policy with which a key may do what its user may."""
NEVER = "1970-01-01T00:00:00Z"
"""How MinIO is told that a key has no end."""


class State(Credential):
    identity: minio.Identity | None = None
    user: Annotated[str, Replaces()]
    user_secret: Annotated[str, Secret()]
    status: Annotated[str, Derived()] = "on"
    implied_policy: Annotated[bool, Derived()] = True
    expiration: Annotated[str, Derived()] = ""
    access_key_id: Annotated[str, Computed()] = ""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""


class AccessKeyHandler(CredentialHandler[MinioClient, State]):
    current = "access_key_id"
    realm = "MinIO server"
    patience: ClassVar[Patience] = Patience(30)
    """For a user that was made a moment ago."""

    def whoami(self) -> str:
        return self.client.server()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "status": lambda: "on",
            "implied_policy": lambda: True,
            "expiration": lambda: "",
        }

    def issue(self, want: State, known: set[str]) -> dict[str, str]:
        for id, told in self._described(want.user).items():
            lost = told.startswith(OPEN) and want.owns(told.removeprefix(OPEN))
            if lost and id not in known:
                with suppress(NotFound):  # as of a call that was repeated
                    self.client.admin("delete_service_account", id)
                tell(f"{want.user}: deleted {id}, which an interrupted run had left")
        id, secret = token_hex(10), token_urlsafe(30)
        remember(secret)
        doing = f"{want.user}: waiting for MinIO to know the user"
        self.patience.until(lambda: self._make(want, id, secret), _not_yet, doing)
        self._hand_over(want, id)
        return {"access_key_id": id, "secret_access_key": secret}

    def look(self, id: str, have: State) -> State:
        id = have.access_key_id or id
        found = self.client.admin("get_service_account", id)
        status, secret = found["accountStatus"], have.secret_access_key
        if status == "on" and secret and self.client.another_secret(id, secret):
            status = CHANGED
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "user": found["parentUser"],
                "status": status,
                "implied_policy": found["impliedPolicy"],
                "expiration": found.get("expiration") or "",
                "access_key_id": id,
            }
        )

    def adjust(self, have: State, want: State) -> None:
        changed: dict[str, Any] = {}
        if want.status != have.status:  # of one that is off, nobody can try the secret
            changed |= {"status": want.status, "secret_key": have.secret_access_key}
        if want.implied_policy != have.implied_policy:
            changed["policy"] = NO_POLICY
        if want.expiration != have.expiration:
            changed["expiration"] = NEVER
        if want.owner != have.owner:
            changed["description"] = want.mark
        if changed:
            self.client.admin("update_service_account", access_key=want.access_key_id, **changed)

    def revoke(self, have: State, id: str) -> None:
        self.client.admin("delete_service_account", id)

    def delete(self, id: str, have: State) -> None:
        super().delete(id, have)
        for one, told in self._described(have.user).items():
            if told.removeprefix(OPEN) == have.mark:
                with suppress(NotFound):
                    self.revoke(have, one)

    def _make(self, want: State, id: str, secret: str) -> None:
        own = {"user": want.user, "password": want.user_secret}
        user = self.client.under(self.client.identity.model_copy(update=own))
        key = {"access_key": id, "secret_key": secret, "name": MARK}
        try:
            user.admin("add_service_account", **key, description=f"{OPEN}{want.mark}")
        except ApiError as error:
            if error.code == "AccessDenied":
                raise ProviderError(
                    f"The user {want.user} may not make an access key: MinIO lets only a user "
                    f"with a policy do so. Attach one. {error}"
                ) from None
            if not (error.unclear or error.code == TAKEN) or not self._made(id):
                raise

    def _made(self, id: str) -> bool:
        """Whether the call whose answer got lost took effect; nobody else knows the name."""
        try:
            self.client.admin("get_service_account", id)
        except NotFound:
            return False
        return True

    def _hand_over(self, want: State, id: str) -> None:
        try:
            self.client.admin("update_service_account", access_key=id, description=want.mark)
        except ApiError as error:
            if not error.unclear:  # it works all the same, and state is about to hold it
                raise

    def _described(self, user: str) -> dict[str, str]:
        """The description of each key of the user, by the key's id."""
        found: dict[str, Any] = {}
        with suppress(NotFound):
            found = self.client.admin("list_service_account", user)
        return {
            key["accessKey"]: key.get("description") or "" for key in found.get("accounts") or []
        }


def _not_yet(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.code == "InvalidAccessKeyId"


class AccessKey(Resource[AccessKeyArgs], handler=AccessKeyHandler):
    """An access key of a user; its id is that of the first, `access_key_id` the current one."""

    user: Output[str]
    status: Output[str]
    implied_policy: Output[bool]
    expiration: Output[str]
    access_key_id: Output[str]
    secret_access_key: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]

    def __init__(self, name: str, args: AccessKeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        if one := old(self, args):
            beside = RetiringKeyArgs(credential_id=one.id, until=one.until, identity=args.identity)
            RetiringKey(name, beside, one.opts)
