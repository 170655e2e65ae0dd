"""A policy that users can have. Its id is its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output
from pydantic import AfterValidator

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import AutoNamed, Replaces
from palette_backup_provider.core.model import Prerequisite, matches
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.policy_language import ARN
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.iam.policy_documents import same
from palette_backup_provider.resources.minio.identity import MinioArgs, MinioState, OnServer
from palette_backup_provider.resources.minio.inits import PolicyInit

NAME = matches(r"[A-Za-z0-9+.@_-]{1,128}", "1 to 128 letters, digits and +.@_-")
ACTIONS = ("s3:", "admin:", "kms:", "sts:")
RESOURCES = (ARN, "arn:minio:kms:::")
ID = "ID"
"""The element of a document that carries our mark."""


def _understood(document: dict[str, Any]) -> dict[str, Any]:
    if extra := document.keys() - {"Version", "Statement"}:
        raise ValueError(
            f"holds {sorted(extra)[0]!r}: a policy takes a Version and a Statement alone"
        )
    statements = _listed(document.get("Statement"))
    if not statements or not all(isinstance(each, Mapping) for each in statements):
        raise ValueError("has no Statement: a policy needs at least one statement")
    for statement in statements:
        for action in _listed(statement.get("Action")):
            if action != "*" and not str(action).startswith(ACTIONS):
                raise ValueError(f"MinIO knows no action {action}; there is no EC2")
        for resource in _listed(statement.get("Resource")):
            if not str(resource).startswith(RESOURCES):
                raise ValueError(f"the resource {resource} is not allowed: {ARN}<bucket>")
    return document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@documented
@dataclass(kw_only=True)
class PolicyArgs(MinioArgs):
    """A policy on MinIO. It is not deleted while somebody has it.

    Args:
        document: The policy document, in MinIO's dialect; see `minio.access_policy`. Changed in
            place. The order of keys and lists has no meaning.
        name: 1 to 128 letters, digits and `+.@_-`. Default: made from the resource's name. A
            change replaces the policy.
        existing: Whether to use the existing policy of that name. It is read, and never changed or
            deleted. Default: false.
    """

    document: Input[Mapping[str, Any]]
    name: Input[str] | None = None
    existing: Input[bool] = False


class PolicyState(MinioState, Prerequisite):
    name: Annotated[str, Replaces(), AutoNamed(128, reaches=False), NAME]
    document: Annotated[dict[str, Any], AfterValidator(_understood)]


class PolicyHandler(OnServer, UsesExisting[MinioClient, PolicyState]):
    known_as = "name"

    def check_create(self, want: PolicyState) -> None:
        self.client.demand_admin_api()

    def find_existing(self, want: PolicyState) -> str:
        try:
            self._policy(want.name)
        except NotFound:
            raise NotFound(
                f"There is no policy {want.name} on {self.client.identity.url}. Check the name, "
                f"and whether it is the right server."
            ) from None
        return want.name

    def create(self, want: PolicyState) -> Created[PolicyState]:
        want = want.with_new_incarnation()
        try:
            document = self._policy(want.name)  # adding a policy replaces a policy of the same name
        except NotFound:
            pass
        else:
            mark, what = document.get(ID), f"the policy {want.name}"
            demand_ours(self, want, mark, what, self.use_existing(want, want.name))
            tell_reclaimed(self, want, mark, what)
        self._write(want)
        return Created(want.name, want)

    def read(self, id: str, have: PolicyState) -> PolicyState:
        policy = self._policy(id)
        document = {name: part for name, part in policy.items() if name != ID}
        unchanged = have.document and same(document, have.document)
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "document": have.document if unchanged else document,
                "held_by": self.notation.holder(have, policy.get(ID)),
            }
        )

    def update(self, id: str, have: PolicyState, want: PolicyState) -> PolicyState:
        if want.remarks(have) or not same(have.document, want.document):
            self._write(want)
        return want

    def delete(self, id: str, have: PolicyState) -> None:
        mark = self._policy(id).get(ID)
        if not still_ours(self, id, have, mark, f"the policy {id}", f"the policy's {ID}"):
            return
        try:
            self.client.admin("policy_remove", id)
        except ApiError as error:
            if error.code != "XMinioIAMPolicyInUse":
                raise
            raise Blocked(
                f"The policy {id} is not deleted: {', '.join(self._holders(id))} have it. Take it "
                f"from them and run again."
            ) from None

    def _holders(self, name: str) -> Iterator[str]:
        entities = self.client.admin("get_policy_entities", [], [], [name])
        for mapping in entities.get("policyMappings") or []:
            yield from (f"the user {user}" for user in mapping.get("users") or [])
            yield from (f"the group {group}" for group in mapping.get("groups") or [])

    def _policy(self, name: str) -> dict[str, Any]:
        return self.client.admin("policy_info", name)

    def _write(self, want: PolicyState) -> None:
        self.client.admin("policy_add", want.name, policy={ID: want.mark, **want.document})


class Policy(PolicyInit, Resource[PolicyArgs], handler=PolicyHandler):
    """A policy on MinIO; its id is its name."""

    name: Output[str]
    document: Output[dict[str, Any]]
