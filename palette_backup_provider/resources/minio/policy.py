"""A policy that users can have. Its id is its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output
from pydantic import AfterValidator

from palette_backup_provider.clients import minio
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Named, Prerequisite, Replaces, rule
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.mark import demand_ours, still_ours
from palette_backup_provider.resources.minio.policy_documents import same

NAME = rule(r"[A-Za-z0-9+.@_-]{1,128}", "1 to 128 letters, digits and +.@_-")
ACTIONS = ("s3:", "admin:", "kms:", "sts:")
RESOURCES = ("arn:aws:s3:::", "arn:minio:kms:::")
ID = "ID"
"""The element of a document that has our mark."""


def _understood(document: dict[str, Any]) -> dict[str, Any]:
    if extra := document.keys() - {"Version", "Statement"}:
        raise ValueError(f"a policy has a Version and a Statement, and no {sorted(extra)[0]}")
    statements = _listed(document.get("Statement"))
    if not statements or not all(isinstance(each, Mapping) for each in statements):
        raise ValueError("a policy has a Statement, with at least one statement in it")
    for statement in statements:
        for action in _listed(statement.get("Action")):
            if action != "*" and not str(action).startswith(ACTIONS):
                raise ValueError(f"MinIO knows no action {action}; there is no EC2")
        for resource in _listed(statement.get("Resource")):
            if not str(resource).startswith(RESOURCES):
                raise ValueError(f"the resource {resource} is not allowed: arn:aws:s3:::<bucket>")
    return document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@dataclass(kw_only=True)
class PolicyArgs:
    """A policy on MinIO. One that somebody still has is not deleted.

    Args:
        document: The policy document, in MinIO's dialect; see `minio.access_policy`. Changed in
            place. The order of keys and lists means nothing, nor does a list of one.
        name: 1 to 128 letters, digits and `+.@_-`. Default: made from the resource's name. A
            change replaces the policy.
        identity: The server, and who makes the policy. Default: the stack's settings. Another
            server replaces the policy.
        existing: Brings the policy of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    document: Input[Mapping[str, Any]]
    name: Input[str] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] = False


class State(Prerequisite):
    identity: minio.Identity | None = None
    name: Annotated[str, Replaces(), Named(128), NAME]
    document: Annotated[dict[str, Any], AfterValidator(_understood)]


class PolicyHandler(Handler[MinioClient, State]):
    realm = "MinIO server"

    def whoami(self) -> str:
        return self.client.server()

    def bring(self, want: State) -> str:
        try:
            self._policy(want.name)
        except NotFound:
            raise NotFound(
                f"There is no policy {want.name} on {self.client.identity.url}. Check the name, "
                f"and whether it is the right server."
            ) from None
        return want.name

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self._policy(want.name)  # to add a policy replaces one of the same name
        except NotFound:
            pass
        else:
            bring = f"bring it with existing_policy={want.name!r}"
            demand_ours(want, found.get(ID), f"The policy {want.name}", bring)
        self._write(want)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        found = self._policy(id)
        there = {name: part for name, part in found.items() if name != ID}
        kept = have.document and same(there, have.document)
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "document": have.document if kept else there,
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if have.owner != want.owner or not same(have.document, want.document):
            self._write(want)
        return want

    def delete(self, id: str, have: State) -> None:
        if not still_ours(have, self._policy(id).get(ID), f"the policy's {ID}"):
            return
        try:
            self.client.admin("policy_remove", id)
        except ApiError as error:
            if error.code != "XMinioIAMPolicyInUse":
                raise
            raise InTheWay(
                f"The policy {id} is not deleted: {', '.join(self._holders(id))} have it. Take it "
                f"from them and run again."
            ) from None

    def _holders(self, name: str) -> Iterator[str]:
        found = self.client.admin("get_policy_entities", [], [], [name])
        for mapping in found.get("policyMappings") or []:
            yield from (f"the user {user}" for user in mapping.get("users") or [])
            yield from (f"the group {group}" for group in mapping.get("groups") or [])

    def _policy(self, name: str) -> dict[str, Any]:
        return self.client.admin("policy_info", name)

    def _write(self, want: State) -> None:
        self.client.admin("policy_add", want.name, policy={ID: want.mark, **want.document})


class Policy(Resource[PolicyArgs], handler=PolicyHandler):
    """A policy on MinIO; its id is its name."""

    name: Output[str]
    document: Output[dict[str, Any]]
