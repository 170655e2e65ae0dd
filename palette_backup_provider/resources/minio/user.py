"""A MinIO user, which is a key at the same time: its name and its secret are what Palette gets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from palette_backup_provider.clients import minio
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.core.errors import (
    ApiError,
    InTheWay,
    NotFound,
    NotOurs,
    ProviderError,
)
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Named,
    Prerequisite,
    Replaces,
    Secret,
    rule,
)
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.mark import made_up_for

NAME = rule(r"[A-Za-z0-9+.@_-]{3,64}", "3 to 64 letters, digits and +.@_-")
POLICY = rule(r"[^,\s]+", "the name of a policy has no comma and no blank")
SHORTEST, LONGEST = 8, 40
ALREADY = "XMinioAdminPolicyChangeAlreadyApplied"
CHANGED = "enabled, with another secret"


def _fits(secret: str) -> str:
    if not SHORTEST <= len(secret) <= LONGEST:
        raise ValueError(f"has {len(secret)} characters; MinIO takes {SHORTEST} to {LONGEST}")
    return secret


@dataclass(kw_only=True)
class UserArgs:
    """A user on MinIO, the one that Palette acts as.

    Policies that others attach stay. The user is not deleted while others have attached anything
    to it, nor if its secret is no longer the one that was set here.

    Args:
        name: The access key: 3 to 64 letters, digits and `+.@_-`. Default: made from the
            resource's name. A change replaces the user.
        secret_key: The secret key, 8 to 40 characters. Default: a random one of 40. Changed in
            place; the old one is refused from then on.
        policies: Names of the policies to attach, in any order. Default: none. Changed in place;
            one taken off this list is detached.
        identity: The server, and who makes the user. Default: the stack's settings. Another server
            replaces the user.
        existing: Brings the user of that name, with its `secret_key`, instead of making one: it is
            tried, and never changed or deleted; not one that this very resource made. Default:
            false.
    """

    name: Input[str] | None = None
    secret_key: Input[str] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] = False


class State(Prerequisite):
    identity: minio.Identity | None = None
    name: Annotated[str, Replaces(), Named(64), NAME]
    secret_key: Annotated[str | None, Secret(), AfterValidator(lambda s: s and _fits(s))] = None
    policies: Annotated[
        list[Annotated[str, POLICY]], AfterValidator(lambda found: sorted(set(found)))
    ] = Field(default_factory=list)
    status: Annotated[str, Derived()] = "enabled"
    access_key_id: Annotated[str, Derived()] = ""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""


class UserHandler(Handler[MinioClient, State]):
    realm = "MinIO server"
    signs_in = "name", "existing_user"
    patience: ClassVar[Patience] = Patience(30)
    """For a secret that was set a moment ago."""

    def whoami(self) -> str:
        return self.client.server()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"status": lambda: "enabled", "access_key_id": lambda: want.name}

    def bring(self, want: State) -> str:
        name, secret = want.name, want.secret_key
        if not secret:
            raise ProviderError("secret_key: is required to bring a user: MinIO does not tell it")
        try:
            self._sign_in(name, secret)
        except ApiError as error:
            raise ProviderError(
                f"The user {name} does not get in with the secret key given. {error}"
            ) from None
        return name

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self.client.admin("user_info", want.name)
        except NotFound:
            pass
        else:
            self._adopt(want, found)
        want = self._with_secret(want, want.secret_key or token_urlsafe(30))
        self._attach(want.name, want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        found = self.client.admin("user_info", id)
        attached, status = _policies(found), found["status"]
        secret = have.secret_access_key
        if status == "enabled" and secret and self.client.another_secret(id, secret):
            status = CHANGED
        if have.name:  # what others attached is no drift
            attached = [policy for policy in attached if policy in have.policies]
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "access_key_id": id,
                "status": status,
                "policies": attached,
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        asked = want.secret_key or want.secret_access_key
        if asked != want.secret_access_key or want.status != have.status:
            want = self._with_secret(want, asked)
        self._attach(id, [policy for policy in want.policies if policy not in have.policies])
        self._detach(id, [policy for policy in have.policies if policy not in want.policies])
        return want

    def delete(self, id: str, have: State) -> None:
        found = self.client.admin("user_info", id)
        if found["status"] != "enabled":
            raise NotOurs(
                f"The user {id} is disabled, so it cannot be tried whether it is still the one "
                f"made here. Enable it and run again; or `pulumi state delete` forgets it."
            )
        if not self._still_ours(id, have):
            tell(f"{have.logical}: the user {id} has another secret by now, so it is left alone")
            return
        if others := self._others(have, found):
            raise InTheWay(
                f"The user {id} is not deleted: others gave it {', '.join(others)}. Take that "
                f"away and run again."
            )
        self.client.admin("user_remove", id)

    def _adopt(self, want: State, found: dict[str, Any]) -> None:
        """Take over what an interrupted run of this very resource made; its secret got lost."""
        bring = (
            f"To use it as it is, bring it with existing_user={want.name!r} and its secret_key; "
            f"or choose another name."
        )
        if not made_up_for(want):
            raise NotOurs(
                f"The user {want.name} exists already, and to make it would reset its secret. "
                f"{bring}"
            )
        if others := self._others(want, found):
            raise NotOurs(
                f"The user {want.name} exists already and has {', '.join(others)}, so it is in "
                f"use. {bring}"
            )
        tell(f"{want.logical}: an interrupted run left the user {want.name}; its secret is reset")

    def _others(self, state: State, found: dict[str, Any]) -> list[str]:
        """What somebody else gave to the user."""
        keys = self.client.admin("list_service_account", state.name).get("accounts") or []
        theirs = [key for key in keys if not state.same_stack(key.get("description"))]
        return [
            *(f"the policy {name}" for name in _policies(found) if name not in state.policies),
            *(f"the group {group}" for group in found.get("memberOf") or []),
            *(f"the access key {key['accessKey']}" for key in theirs),
        ]

    def _with_secret(self, want: State, secret: str) -> State:
        remember(secret)
        # sets the secret of one that is there, and enables it: while it was disabled, nobody could
        # try whether it had another
        self.client.admin("user_add", want.name, secret)
        return want.model_copy(update={"secret_access_key": secret})

    def _still_ours(self, id: str, have: State) -> bool:
        def not_yet(error: BaseException) -> bool:  # it exists and is enabled
            return isinstance(error, ApiError) and error.code == "InvalidAccessKeyId"

        doing = f"{have.logical}: waiting for {self.client.identity.url} to know the user {id}"
        try:
            self.patience.until(lambda: self._sign_in(id, have.secret_access_key), not_yet, doing)
        except ApiError as error:
            if error.code != "SignatureDoesNotMatch":
                raise
            return False
        return True

    def _sign_in(self, name: str, secret: str) -> None:
        own = self.client.identity.model_copy(update={"user": name, "password": secret})
        MinioClient.of(own).sign_in()

    def _attach(self, user: str, policies: Iterable[str]) -> None:
        for policy in policies:
            self._change("attach_policy", user, policy)

    def _detach(self, user: str, policies: Iterable[str]) -> None:
        for policy in policies:
            self._change("detach_policy", user, policy)

    def _change(self, operation: str, user: str, policy: str) -> None:
        try:
            self.client.admin(operation, [policy], user=user)
        except ApiError as error:
            if error.code != ALREADY:
                raise


def _policies(found: dict[str, Any]) -> list[str]:
    return sorted(policy for policy in found.get("policyName", "").split(",") if policy)


class User(Resource[UserArgs], handler=UserHandler):
    """A user on MinIO; its id is its name.

    `access_key_id` and `secret_access_key` are what Palette gets. The secret of a user that was
    brought is not repeated here.
    """

    name: Output[str]
    policies: Output[list[str]]
    status: Output[str]
    access_key_id: Output[str]
    secret_access_key: Output[str]
