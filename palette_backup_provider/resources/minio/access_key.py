"""An access key of a MinIO user: a name and a secret, with the permissions of the user."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex, token_urlsafe
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.core.markers import Computed, CreateOnly, Derived, Replaces, Secret
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.credential import Credential, CredentialHandler, strays
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import Rotating
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.resources.minio.iam.user_keys import OPEN, delete_key, described
from palette_backup_provider.resources.minio.identity import MinioArgs, MinioState, OnServer
from palette_backup_provider.resources.minio.inits import AccessKeyInit
from palette_backup_provider.resources.minio.retiring_key import RetiringKey


@documented
@dataclass(kw_only=True)
class AccessKeyArgs(MinioArgs, RotationArgs):
    """One access key of a user on MinIO, which calls it a service account.

    It has the permissions of the user, and is deleted with the user. Others may switch a key off,
    or give it another secret, a policy or an end. The next `pulumi up` that sees this restores the
    key.

    Args:
        user: The name of the user, which needs a policy: MinIO lets a user without one make no
            key. A change replaces the key.
        user_secret: The user's secret key: MinIO lets only the user make keys of it. Read when a
            key is made; a change alone changes nothing.
        old_user_secret: The secret before `user_secret` (`old_secret_key` of a `minio.User`), tried
            if the server does not have `user_secret` yet. Default: none. Read when a key is made.
    """

    user: Input[str]
    user_secret: Input[str]
    old_user_secret: Input[str] | None = None


CHANGED = "on, with another secret"
TAKEN = "XMinioIAMServiceAccountNotAllowed"
"""MinIO's code for an existing key. It answers a repeated call of ours whose first answer was
lost."""
NO_POLICY = {"Version": "", "Statement": []}
"""The policy with which a key may do what its user may."""
NEVER = "1970-01-01T00:00:00Z"
"""How MinIO is told that a key has no end."""


class AccessKeyState(MinioState, Credential):
    user: Annotated[str, Replaces()]
    user_secret: Annotated[str, Secret(), CreateOnly()]
    old_user_secret: Annotated[str, Secret(), CreateOnly()] = ""
    status: Annotated[str, Derived()] = "on"
    """`on`, or `off` where another hand disabled the key."""
    policy_of_its_own: Annotated[bool | None, Derived()] = None
    """Whether somebody gave the key a policy of its own, so that it lacks permissions of its
    user."""
    expires: Annotated[str | None, Derived()] = None
    """The time at which the key ends, if somebody set one."""
    access_key_id: Annotated[str, Computed()] = ""
    """The id of the current key."""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""
    """The secret of the current key."""


class AccessKeyHandler(OnServer, CredentialHandler[MinioClient, AccessKeyState]):
    current = "access_key_id"
    patience: ClassVar[Patience] = Patience(30)
    """For a user that was made a moment ago."""

    def check_create(self, want: AccessKeyState) -> None:
        self.client.demand_admin_api()

    def derive(self, want: AccessKeyState) -> Mapping[str, Callable[[], Any]]:
        return {"status": lambda: "on"}

    def issue(self, want: AccessKeyState, known: set[str]) -> dict[str, str]:
        descriptions = described(self.client, want.user)
        for id, description in descriptions.items():
            lost = description.startswith(OPEN) and self.notation.reclaims(
                want, description.removeprefix(OPEN), in_use=self.reclaims_in_use
            )
            if lost and id not in known:
                with suppress(NotFound):  # as of a call that was repeated
                    delete_key(self.client, id)
                announce(f"{want.user}: deleted {id}, which an interrupted run had left")
        handed_over = {
            id: description
            for id, description in descriptions.items()
            if not description.startswith(OPEN)
        }
        self._tell_strays(want, handed_over, self.known_in_use(known), told=bool(known))
        id, secret = token_hex(10), token_urlsafe(30)
        remember(secret)
        doing = f"{want.user}: waiting for MinIO to know the user"
        self.patience.until(lambda: self._make(want, id, secret), _not_yet, doing)
        credential = {"access_key_id": id, "secret_access_key": secret}
        with self.handing_over(want, credential):
            self._hand_over(want, id)
        return credential

    def read_current(self, id: str, have: AccessKeyState) -> AccessKeyState:
        id = have.access_key_id or id
        key = self.client.admin("get_service_account", id)
        status, secret = key["accountStatus"], have.secret_access_key
        if status == "on" and secret and self.client.another_secret(id, secret):
            status = CHANGED
        if have.owner:
            self._tell_strays(have, described(self.client, key["parentUser"]), {id, have.previous})
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "user": key["parentUser"],
                "status": status,
                "policy_of_its_own": None if key["impliedPolicy"] else True,
                "expires": key.get("expiration") or None,
                "access_key_id": id,
            }
        )

    def update_current(self, have: AccessKeyState, want: AccessKeyState) -> None:
        changed: dict[str, Any] = {}
        if want.status != have.status:  # of one that is off, nobody can try the secret
            changed |= {"status": want.status, "secret_key": have.secret_access_key}
        if want.policy_of_its_own != have.policy_of_its_own:
            changed["policy"] = NO_POLICY
        if want.expires != have.expires:
            changed["expiration"] = NEVER
        if want.remarks(have):
            changed["description"] = want.mark
        if changed:
            self.client.admin("update_service_account", access_key=want.access_key_id, **changed)

    def revoke(self, have: AccessKeyState, id: str) -> None:
        delete_key(self.client, id)

    def delete(self, id: str, have: AccessKeyState) -> None:
        super().delete(id, have)
        for key_id, description in described(self.client, have.user).items():
            if description.removeprefix(OPEN) == have.mark:
                with suppress(NotFound):
                    self.revoke(have, key_id)

    def _make(self, want: AccessKeyState, id: str, secret: str) -> None:
        try:
            self._make_as(want, want.user_secret, id, secret)
        except ApiError as error:
            if error.code != "SignatureDoesNotMatch" or not want.old_user_secret:
                raise
            self._make_as(want, want.old_user_secret, id, secret)

    def _make_as(self, want: AccessKeyState, user_secret: str, id: str, secret: str) -> None:
        user = self.client.under(self.client.identity.of(want.user, user_secret))
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

    def _tell_strays(
        self,
        state: AccessKeyState,
        descriptions: Mapping[str, str],
        known: set[str],
        *,
        told: bool = True,
    ) -> None:
        """Warn of keys that an earlier run of this resource made and state does not know."""
        left = [
            id
            for id, text in descriptions.items()
            if id not in known and self.notation.same_resource(state, text.removeprefix(OPEN))
        ]
        if left:
            whose = f"The user {state.user}"
            self.run.announce_once(strays(whose, ", ".join(left), told=told))

    def _made(self, id: str) -> bool:
        """Whether a call without an answer took effect. Nobody else knows the name."""
        try:
            self.client.admin("get_service_account", id)
        except NotFound:
            return False
        return True

    def _hand_over(self, want: AccessKeyState, id: str) -> None:
        try:
            self.client.admin("update_service_account", access_key=id, description=want.mark)
        except ApiError as error:
            if not error.unclear:  # the key works, and state is about to hold it
                raise


def _not_yet(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.code == "InvalidAccessKeyId"


class AccessKey(
    AccessKeyInit, Rotating, Resource[AccessKeyArgs], handler=AccessKeyHandler, retired=RetiringKey
):
    """An access key of a user; its id is that of the first, `access_key_id` the current one."""

    user: Output[str]
    status: Output[str]
    policy_of_its_own: Output[bool | None]
    expires: Output[str | None]
    access_key_id: Output[str]
    secret_access_key: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]
