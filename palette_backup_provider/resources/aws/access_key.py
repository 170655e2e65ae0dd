"""An access key of a user. AWS shows its secret once, and allows a user two keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, TypeVar

from pulumi import Input, Output

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.errors import ANEW, ApiError, Blocked, NotFound, WaitTimedOut
from palette_backup_provider.core.markers import Computed, Derived, Replaces, Secret
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.credential import Credential, CredentialHandler
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import Rotating
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.resources.aws.iam.denied import with_advice
from palette_backup_provider.resources.aws.iam.orphaned_keys import (
    Keys,
    UserKeys,
    excluding,
    notes_of,
    recorded,
    unfinished,
)
from palette_backup_provider.resources.aws.identity import AwsArgs, AwsState, InAwsAccount
from palette_backup_provider.resources.aws.inits import AccessKeyInit
from palette_backup_provider.resources.aws.retiring_key import RetiringKey

LIMIT = 2
T = TypeVar("T")


@documented
@dataclass(kw_only=True)
class AccessKeyArgs(AwsArgs, RotationArgs):
    """One access key of an IAM user.

    A user has at most two keys. At that limit nothing is deleted, and the error names both keys. So
    a key is not rotated while the previous key is kept. If a key was made inactive, the next
    `pulumi up` that sees it makes it active again.

    Args:
        user: The name of the user, one made here or any other. A change replaces the key.
    """

    user: Input[str]


class AccessKeyState(AwsState, Credential):
    user: Annotated[str, Replaces()]
    status: Annotated[str, Derived()] = "Active"
    """`Active`, or `Inactive` where another hand deactivated the key."""
    access_key_id: Annotated[str, Computed()] = ""
    """The id of the current key."""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""
    """The secret of the current key."""


class AccessKeyHandler(InAwsAccount, CredentialHandler[AwsClient, AccessKeyState]):
    current = "access_key_id"
    patience: ClassVar[Patience] = Patience(10)
    """For a user made a moment ago. The wait is short, because a misspelt name takes as long."""

    def derive(self, want: AccessKeyState) -> Mapping[str, Callable[[], Any]]:
        return {"status": lambda: "Active"}

    def issue(self, want: AccessKeyState, known: set[str]) -> dict[str, str]:
        keys = UserKeys(self.client, want.user)
        listed, notes = self._when_known(want, lambda: (keys.list(), keys.tags()))
        ours = self.notation.same_state(want, notes.get(MARK))
        if ours:
            own_notes = notes_of(want, notes)
            # of a finished note, Palette may hold the key
            may_be_held = self.reclaims_in_use or not known
            trusted_notes = unfinished(own_notes) if may_be_held else own_notes
            recorded_by_others = recorded(notes) - recorded(own_notes)
            orphaned = keys.orphaned(excluding(listed, known | recorded_by_others), trusted_notes)
            keys.delete_orphaned(orphaned)
            listed = excluding(listed, orphaned)
        if len(listed) >= LIMIT:
            raise _full(want, keys, listed, known)
        in_use, told = self.known_in_use(known), bool(known)
        if ours and (warning := keys.strays(want, notes, listed, in_use, told=told)):
            self.run.announce_once(warning)
        earlier = {id for id in recorded(notes_of(want, notes)) if id in listed} - known
        open_note = self._when_known(want, partial(keys.note_open, want, listed)) if ours else {}
        created, retried = self._make(want, keys, known)
        id = created["AccessKeyId"]
        if retried:  # the answer of the first try may have got lost on its way, and a key with it
            self._delete_orphan_of_retry(
                want, keys, excluding(keys.list(), [id, *listed]), open_note
            )
        credential = {"access_key_id": id, "secret_access_key": created["SecretAccessKey"]}
        if ours:
            with self.handing_over(want, credential):
                self._when_known(want, partial(keys.note_made, want, id, *sorted(earlier)))
        return credential

    def read_current(self, id: str, have: AccessKeyState) -> AccessKeyState:
        id = have.access_key_id or id
        user = have.user or self._user_of(id)
        keys = UserKeys(self.client, user)
        listed, known = keys.list(), {id, have.previous}
        key = listed.get(id)
        notes = keys.tags() if excluding(listed, known) else {}
        ours = self.notation.same_state(have, notes.get(MARK))
        if ours and (warning := keys.strays(have, notes, listed, known)):
            self.run.announce_once(warning)
        if key is None:
            raise NotFound(f"The access key {id} of the user {user} is gone. {ANEW}")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "user": user,
                "status": "Active" if key.active else "Inactive",
                "access_key_id": id,
            }
        )

    def update_current(self, have: AccessKeyState, want: AccessKeyState) -> None:
        id = want.access_key_id
        keys = UserKeys(self.client, want.user)
        if want.status != have.status:
            self.client.call(
                "iam",
                "update_access_key",
                UserName=want.user,
                AccessKeyId=id,
                Status=want.status,
            )
        if want.owner != have.owner:
            keys.rename(have, want, id)

    def revoke(self, have: AccessKeyState, id: str) -> None:
        UserKeys(self.client, have.user).delete(id)

    def delete(self, id: str, have: AccessKeyState) -> None:
        super().delete(id, have)
        UserKeys(self.client, have.user).forget(have, have.access_key_id or id)

    def _make(
        self, want: AccessKeyState, keys: UserKeys, known: set[str]
    ) -> tuple[dict[str, str], bool]:
        """The new key, and whether the call was repeated."""
        try:
            answer = self._when_known(
                want, lambda: self.client.call("iam", "create_access_key", UserName=want.user)
            )
        except ApiError as error:
            if error.code == "LimitExceeded":
                raise _full(want, keys, keys.list(), known) from None
            raise with_advice(error, f"make an access key of the user {want.user}") from None
        created: dict[str, str] = answer["AccessKey"]
        remember(created["SecretAccessKey"])
        return created, bool(answer["ResponseMetadata"].get("RetryAttempts"))

    def _delete_orphan_of_retry(
        self, want: AccessKeyState, keys: UserKeys, others: Keys, note: dict[str, str]
    ) -> None:
        if note:
            keys.delete_orphaned(keys.orphaned(others, note))
        elif others:
            announce(
                f"{want.user}: AWS was asked twice for a key and may have made two. This user is "
                f"not ours to clean; please look at {keys.described(others)}"
            )

    def _when_known(self, want: AccessKeyState, attempt: Callable[[], T]) -> T:
        doing = f"{want.user}: waiting for AWS IAM to know the user"
        try:
            return self.patience.until(attempt, lambda e: isinstance(e, NotFound), doing)
        except WaitTimedOut:
            raise NotFound(
                f"There is no user {want.user} in the AWS account {want.made_under}, also not "
                f"after {self.patience.budget:.0f} s. Check the name, and whether the credentials "
                f"are of the account that the user is in; if it was deleted, run `pulumi refresh` "
                f"first."
            ) from None

    def _user_of(self, id: str) -> str:
        answer = self.client.call("iam", "get_access_key_last_used", AccessKeyId=id)
        return str(answer["UserName"])


def _full(want: AccessKeyState, keys: UserKeys, listed: Keys, known: set[str]) -> Blocked:
    way_out = (
        f"They are the current key and the previous key. The first `pulumi up` that completes "
        f"removes the previous key. Set `rotation` and `rotate_after` of {want.logical} back to "
        f"what they were, run `pulumi up`, and then rotate."
        if listed.keys() <= known
        else f"Find the key that nothing uses (`palette-backup import UID` prints which key a "
        f"location has), delete it with `aws iam delete-access-key --user-name {want.user} "
        f"--access-key-id ID` and run `pulumi up` again."
    )
    return Blocked(
        f"The user {want.user} has {len(listed)} access keys, all that AWS allows: "
        f"{keys.described(listed)}. Nothing was deleted. {way_out}"
    )


class AccessKey(
    AccessKeyInit, Rotating, Resource[AccessKeyArgs], handler=AccessKeyHandler, retired=RetiringKey
):
    """An access key of a user. Its id is the id of its first key; `access_key_id` is the current
    key."""

    user: Output[str]
    status: Output[str]
    access_key_id: Output[str]
    secret_access_key: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]
