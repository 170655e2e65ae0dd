"""An access key of a user. AWS shows its secret once, and allows a user two keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, TypeVar

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.errors import ApiError, GaveUp, InTheWay, NotFound
from palette_backup_provider.core.model import Computed, Derived, Replaces, Secret
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.rotation import Credential, CredentialHandler
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.credential import old
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.denied import explained
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.lost_keys import (
    Keys,
    UserKeys,
    closed,
    own,
    unanswered,
    without,
)
from palette_backup_provider.resources.aws.mark import MARK
from palette_backup_provider.resources.aws.retiring_key import RetiringKey, RetiringKeyArgs

LIMIT = 2
T = TypeVar("T")


@dataclass(kw_only=True)
class AccessKeyArgs:
    """One access key of an IAM user.

    A user has at most two keys; at that limit nothing is deleted, and the error names both. So a
    key is not rotated while the one before it is kept. A key that was made inactive is made active
    again by the next `pulumi up` that sees it.

    Args:
        user: The name of the user, one made here or any other. A change replaces the key.
        identity: Whose credentials make the key. Default: those of the process. A change within
            the account changes nothing in AWS; another account replaces the key.
        rotate_after: Days after which the first `pulumi up` makes a new key, 1 or more. Default:
            never. Changed in place.
        rotation: Any text; a change makes a new key now. Default: none.
        retire_after: Hours that the old key goes on working, 0 to 8760. The first `pulumi up`
            after that removes it; with 0 that is the next one. Default: 24.
    """

    user: Input[str]
    identity: Input[Identity] | None = None
    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None


class State(Credential):
    identity: aws.Identity | None = None
    user: Annotated[str, Replaces()]
    status: Annotated[str, Derived()] = "Active"
    access_key_id: Annotated[str, Computed()] = ""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""


class AccessKeyHandler(CredentialHandler[AwsClient, State]):
    current = "access_key_id"
    realm = "AWS account"
    patience: ClassVar[Patience] = Patience(10)
    """For a user made a moment ago. Short, as a misspelt name is waited for just as long."""

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"status": lambda: "Active"}

    def issue(self, want: State, known: set[str]) -> dict[str, str]:
        keys = UserKeys(self.client, want.user)
        there, notes = self._when_known(want, lambda: (keys.there(), keys.tags()))
        ours = want.same_stack(notes.get(MARK))
        if ours:
            mine = own(want, notes)
            # of a lost state: the key it spoke of may be the one that Palette holds
            told = unanswered(mine) if self.recovers else mine
            others = closed(notes) - closed(mine)
            lost = keys.lost(without(there, known | others), told)
            keys.delete_lost(lost)
            there = without(there, lost)
        if len(there) >= LIMIT:
            raise _full(want, keys, there, known)
        note = self._when_known(want, partial(keys.note_open, want, there)) if ours else {}
        made, retried = self._make(want, keys, known)
        id = made["AccessKeyId"]
        if retried:  # the answer of the first try may have got lost on its way, and a key with it
            self._unanswered(want, keys, without(keys.there(), [id, *there]), note)
        if ours:
            self._when_known(want, partial(keys.note_made, want, id))
        return {"access_key_id": id, "secret_access_key": made["SecretAccessKey"]}

    def look(self, id: str, have: State) -> State:
        id = have.access_key_id or id
        user = have.user or self._user_of(id)
        key = UserKeys(self.client, user).there().get(id)
        if key is None:
            raise NotFound(f"The access key {id} of the user {user} is gone.")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "user": user,
                "status": "Active" if key.active else "Inactive",
                "access_key_id": id,
            }
        )

    def adjust(self, have: State, want: State) -> None:
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

    def revoke(self, have: State, id: str) -> None:
        UserKeys(self.client, have.user).delete(id)

    def delete(self, id: str, have: State) -> None:
        super().delete(id, have)
        UserKeys(self.client, have.user).forget(have, have.access_key_id or id)

    def _make(self, want: State, keys: UserKeys, known: set[str]) -> tuple[dict[str, str], bool]:
        """The new key, and whether AWS was asked more than once."""
        try:
            answer = self._when_known(
                want, lambda: self.client.call("iam", "create_access_key", UserName=want.user)
            )
        except ApiError as error:
            if error.code == "LimitExceeded":
                raise _full(want, keys, keys.there(), known) from None
            raise explained(error, f"make an access key of the user {want.user}") from None
        made: dict[str, str] = answer["AccessKey"]
        remember(made["SecretAccessKey"])
        return made, bool(answer["ResponseMetadata"].get("RetryAttempts"))

    def _unanswered(self, want: State, keys: UserKeys, others: Keys, note: dict[str, str]) -> None:
        if note:
            keys.delete_lost(keys.lost(others, note))
        elif others:
            tell(
                f"{want.user}: AWS was asked twice for a key and may have made two. This user is "
                f"not ours to clean; please look at {keys.described(others)}"
            )

    def _when_known(self, want: State, attempt: Callable[[], T]) -> T:
        doing = f"{want.user}: waiting for AWS IAM to know the user"
        try:
            return self.patience.until(attempt, lambda e: isinstance(e, NotFound), doing)
        except GaveUp:
            raise NotFound(
                f"There is no user {want.user} in the AWS account {want.made_under}, also not "
                f"after {self.patience.budget:.0f} s. Check the name, and whether the credentials "
                f"are of the account that the user is in; if it was deleted, run `pulumi refresh` "
                f"first."
            ) from None

    def _user_of(self, id: str) -> str:
        found = self.client.call("iam", "get_access_key_last_used", AccessKeyId=id)
        return str(found["UserName"])


def _full(want: State, keys: UserKeys, there: Keys, known: set[str]) -> InTheWay:
    how = (
        f"One is the current key and one the key before it, which the first `pulumi up` that "
        f"completes removes. Set `rotation` and `rotate_after` of {want.logical} back to what they "
        f"were, run `pulumi up`, and then rotate."
        if there.keys() <= known
        else f"Find the one that nothing uses (`palette-backup import UID` prints which one a "
        f"location has), delete it with `aws iam delete-access-key --user-name {want.user} "
        f"--access-key-id ID` and run `pulumi up` again."
    )
    return InTheWay(
        f"The user {want.user} has {len(there)} access keys, all that AWS allows: "
        f"{keys.described(there)}. Nothing was deleted. {how}"
    )


class AccessKey(Resource[AccessKeyArgs], handler=AccessKeyHandler):
    """An access key of a user; its id is the key id of the first, `access_key_id` the current."""

    user: Output[str]
    status: Output[str]
    access_key_id: Output[str]
    secret_access_key: Output[str]
    made_on: Output[str]
    retiring_until: Output[str]
    previous: Output[str]

    def __init__(self, name: str, args: AccessKeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        if one := old(self, args):
            beside = RetiringKeyArgs(
                user=self.user, credential_id=one.id, until=one.until, identity=args.identity
            )
            RetiringKey(name, beside, one.opts)
