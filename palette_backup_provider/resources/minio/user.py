"""A MinIO user. Its name and its secret are a credential."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import (
    Blocked,
    NotFound,
    NotImportable,
)
from palette_backup_provider.core.handler import Created, finishing
from palette_backup_provider.core.ownership import HASHED, still_ours
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.credential import strays
from palette_backup_provider.core.rotation.schedule import is_kept, rotations
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import declare_retired
from palette_backup_provider.resources.minio.iam import own_secret, user_mark
from palette_backup_provider.resources.minio.iam.state import UserState
from palette_backup_provider.resources.minio.iam.user_ownership import (
    demand_own_secret,
    keys_of_others,
    of_others,
    reclaim,
)
from palette_backup_provider.resources.minio.iam.user_policies import (
    attach,
    attached_policies,
    detach,
)
from palette_backup_provider.resources.minio.identity import MinioArgs, OnServer
from palette_backup_provider.resources.minio.inits import UserInit
from palette_backup_provider.resources.minio.retiring_secret import (
    RetiringSecret,
    RetiringSecretArgs,
)

CHANGED = "enabled, with another secret"


@documented
@dataclass(kw_only=True)
class UserArgs(MinioArgs):
    """A user on MinIO. Palette acts as this user.

    Policies that others attach stay. The user is not deleted while others have attached anything to
    it. It is not deleted either if its secret was not set here.

    Args:
        name: The access key: 3 to 64 letters, digits and `+.@_-`. Default: made from the
            resource's name. A change replaces the user.
        secret_key: The secret key, 8 to 40 characters of a user made here. Default: a random one of
            40. Changed in place: the old secret is refused at once. If the argument is removed, the
            current secret stays; with `keys_only` it ends after `retire_after`.
        policies: Names of the policies to attach, in any order. Default: none. Changed in place: a
            policy that leaves the list is detached.
        keys_only: Whether others sign in with access keys of the user (`minio.AccessKey`) and never
            with its own secret, which then stays in state. If it is turned on later, the secret
            goes on working for `retire_after`, unless `secret_key` gives it. The first `pulumi up`
            after that replaces it by a random secret. Default: false. Changed in place.
        retire_after: Hours that such a secret goes on working, 0 to 8760; with 0 until the next
            `pulumi up`. Default: 24.
        existing: Whether to use the existing user of that name, with its `secret_key`. It is tried,
            and never changed or deleted. A user that this resource made is refused. Default: false.
    """

    name: Input[str] | None = None
    secret_key: Input[str] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    keys_only: Input[bool] | None = None
    retire_after: Input[int] | None = None
    existing: Input[bool] = False


class UserHandler(OnServer, UsesExisting[MinioClient, UserState]):
    known_as = "name"
    notation = HASHED
    palette_identity = "name"
    patience: ClassVar[Patience] = Patience(30)
    """For a secret that was set a moment ago."""

    def check_create(self, want: UserState) -> None:
        self.client.demand_admin_api()

    def derive(self, want: UserState) -> Mapping[str, Callable[[], Any]]:
        return {**self.observed(want), "status": lambda: "enabled"}

    def observed(self, want: UserState) -> Mapping[str, Callable[[], Any]]:
        return {"access_key_id": lambda: want.name}

    def derive_from_last_run(
        self, want: UserState, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        def until() -> str:
            return own_secret.retiring_until(want, before, self.run.now())

        def retirements() -> int:
            return rotations(before) + bool(until() and not before.get("retiring_until"))

        return {"retiring_until": until, "retirements": retirements}

    def known_after_update(self, id: str, have: UserState, want: UserState) -> Mapping[str, Any]:
        if want.retires(have):
            return {"retired": id, "old_secret_key": have.secret_access_key}
        if want.secret_key and want.secret_key != have.secret_access_key:
            return {"retired": have.retired, "old_secret_key": ""}
        return super().known_after_update(id, have, want)

    def find_existing(self, want: UserState) -> str:
        own_secret.demand(self.client, want.name, want.secret_key)
        return want.name

    def create(self, want: UserState) -> Created[UserState]:
        want = want.with_new_incarnation()
        try:
            user = self.client.admin("user_info", want.name)
        except NotFound:
            user = {}
        else:
            reclaim(self, want, user)
        secret = want.secret_key or token_urlsafe(30)
        own_secret.give(self.client, want.name, secret)
        want = want.model_copy(update={"secret_access_key": secret})
        with finishing(want.name, want):
            user_mark.write(self.client, want, want.name, user)
            attach(self.client, want.name, want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: UserState) -> UserState:
        user = self.client.admin("user_info", id)
        attached, status, old = attached_policies(user), user["status"], have.old_secret_key
        secret = have.secret_access_key
        if status == "enabled" and secret and own_secret.refused(self.client, id, old):
            changed = own_secret.refused(self.client, id, secret)
            status, old = (CHANGED, old) if changed else (status, "")
        if have.keys_only and (theirs := keys_of_others(self, have)):
            self.run.announce_once(strays(f"The user {id}", ", ".join(theirs)))
        if have.name:  # what others attached is no drift
            attached = [policy for policy in attached if policy in have.policies]
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "access_key_id": id,
                "status": status,
                "policies": attached,
                "old_secret_key": old,
                "held_by": self._held_by(have, user_mark.mark_of(user)),
            }
        )

    def locate(self, id: str) -> Created[UserState]:
        raise NotImportable(
            f"The user {id} cannot be imported: MinIO shows no secret, so nothing could use it. "
            f"Use it as it is: existing=True, name={id!r} and its secret_key."
        )

    def _held_by(self, have: UserState, mark: str | None) -> str | None:
        if not (mark or have.lineage):  # by earlier code, which marked no users
            return None
        return self.notation.holder(have, mark)

    def check_update(self, id: str, have: UserState, want: UserState) -> None:
        if message := own_secret.notice(id, have, want):
            announce(message)

    def update(self, id: str, have: UserState, want: UserState) -> UserState:
        before = want.secret_access_key
        if want.retires(have):
            next = {"secret_access_key": token_urlsafe(30), "old_secret_key": before, "retired": id}
            remember(next["secret_access_key"])
            want = want.model_copy(update=next)
        elif want.secret_key and want.secret_key != before:
            own_secret.give(self.client, id, want.secret_key)
            update = {"secret_access_key": want.secret_key, "old_secret_key": ""}
            want = want.model_copy(update=update)
        if want.status != have.status:
            goes_on = is_kept(want.retiring_until, self.run.now())
            kept_on = want.old_secret_key if goes_on else ""
            own_secret.give(self.client, id, kept_on or want.secret_access_key)
        if want.remarks(have):
            user_mark.write(self.client, want, id, self.client.admin("user_info", id))
        attach(self.client, id, [policy for policy in want.policies if policy not in have.policies])
        detach(self.client, id, [policy for policy in have.policies if policy not in want.policies])
        return want

    def delete(self, id: str, have: UserState) -> None:
        user = self.client.admin("user_info", id)
        mark = user_mark.mark_of(user)
        if mark is None:
            demand_own_secret(self, id, have, user, self.patience)
        elif not still_ours(self, id, have, mark, f"the user {id}", user_mark.CARRIER):
            return
        if others := of_others(self, have, user):
            raise Blocked(
                f"The user {id} is not deleted: others gave it {', '.join(others)}. Take that "
                f"away and run again."
            )
        # an empty group would stay, and nobody would know of it; a killed run may have left one
        marks = user_mark.groups(user) or [user_mark.group(have)]
        user_mark.erase(self.client, id, marks)
        self.client.admin("user_remove", id)


class User(UserInit, Resource[UserArgs], handler=UserHandler):
    """A user on MinIO; its id is its name.

    `access_key_id` and `secret_access_key` are its name and its secret; with `keys_only` they make
    access keys, and while a secret is retired the server has `old_secret_key` instead. The secret
    of an existing user is not repeated here.
    """

    name: Output[str]
    policies: Output[list[str]]
    status: Output[str]
    access_key_id: Output[str]
    retiring_until: Output[str]
    secret_access_key: Output[str]
    old_secret_key: Output[str]
    retired: Output[str]

    def _declare_companion(self, name: str, args: UserArgs) -> None:
        secrets = RetiringSecretArgs(
            old_secret_key=self.old_secret_key,
            secret_key=self.secret_access_key,
            identity=args.identity,
        )
        self.retiring = declare_retired(
            self,
            name,
            args,
            RetiringSecret,
            secrets,
            ends=bool(args.keys_only),
            previous="retired",
        )
