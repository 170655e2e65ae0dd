"""What is read of the answers of IAM and STS, as botocore hands them on, by operation."""

from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import AfterValidator, AwareDatetime, Field

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Line,
    Name,
    Shape,
    json_of,
    judged,
)


class Statement(Shape):
    Sid: str = ABSENT


class Statements(Shape):
    Statement: list[Statement]


class OneStatement(Shape):
    Statement: Statement


def policy_document(value: Any) -> Any:
    document = json_of(unquote(value)) if isinstance(value, str) else value
    is_single = isinstance(document, dict) and isinstance(document.get("Statement"), dict)
    judged(document, OneStatement if is_single else Statements)
    return value


Document = Annotated[Any, AfterValidator(policy_document)]
"""A policy: botocore has parsed it, or it is text, percent-encoded by IAM."""


class Tag(Shape):
    Key: Annotated[Line, Field(min_length=1)]
    Value: Line


def goes_on(*markers: str) -> AfterValidator:
    """A page that is not the last tells where the next one begins."""

    def check(page: Any) -> Any:
        if page.IsTruncated and not all(getattr(page, marker) for marker in markers):
            raise ValueError(f"should have {' and '.join(markers)}, as there is more")
        return page

    return AfterValidator(check)


class Caller(Shape):
    Account: Annotated[str, Field(pattern=r"^\d{12}$")]
    Arn: Annotated[str, Field(pattern=r"^arn:[a-z-]+:")]


# IAM


class UserTags(Shape):
    Tags: list[Tag]


class Boundary(Shape):
    PermissionsBoundaryArn: str = ABSENT


class Principal(Shape):
    Arn: str
    Path: str
    Tags: list[Tag] = ABSENT
    PermissionsBoundary: Boundary = ABSENT


class User(Principal):
    UserName: Name


class GetUser(Shape):
    User: User


class Role(Principal):
    RoleName: Name
    AssumeRolePolicyDocument: Document
    MaxSessionDuration: int = ABSENT


class GetRole(Shape):
    Role: Role


class Attached(Shape):
    PolicyArn: str


class AttachedPolicies(Shape):
    AttachedPolicies: list[Attached]


class Key(Shape):
    AccessKeyId: Name
    CreateDate: AwareDatetime
    Status: str


class AccessKeys(Shape):
    AccessKeyMetadata: list[Key]


class NewKey(Shape):
    AccessKeyId: Name
    SecretAccessKey: Annotated[str, Field(min_length=1)]


class CreateAccessKey(Shape):
    AccessKey: NewKey


class Use(Shape):
    LastUsedDate: AwareDatetime = ABSENT
    ServiceName: str


class LastUsed(Shape):
    UserName: Name
    AccessKeyLastUsed: Use


class Policy(Shape):
    Arn: str
    PolicyName: Name
    Path: str
    DefaultVersionId: str
    Description: str = ABSENT
    Tags: list[Tag] = ABSENT


class GetPolicy(Shape):
    Policy: Policy


class Version(Shape):
    Document: Document


class GetPolicyVersion(Shape):
    PolicyVersion: Version


class ListedVersion(Shape):
    VersionId: Annotated[str, Field(pattern=r"^v\d{1,9}$")]
    IsDefaultVersion: bool


class PolicyVersions(Shape):
    Versions: list[ListedVersion]


class HoldingUser(Shape):
    UserName: str


class HoldingGroup(Shape):
    GroupName: str


class HoldingRole(Shape):
    RoleName: str


class Holders(Shape):
    IsTruncated: bool
    Marker: str = ABSENT
    PolicyUsers: list[HoldingUser] = ABSENT
    PolicyGroups: list[HoldingGroup] = ABSENT
    PolicyRoles: list[HoldingRole] = ABSENT


class Conditions(Shape):
    MissingContextValues: list[str] = ABSENT


class Evaluation(Conditions):
    EvalActionName: str
    EvalDecision: str
    ResourceSpecificResults: list[Conditions] = ABSENT


class Simulation(Shape):
    IsTruncated: bool
    Marker: str = ABSENT
    EvaluationResults: list[Evaluation]


IAM: dict[str, Any] = {
    "sts:get_caller_identity": Caller,
    **dict.fromkeys(
        (
            "iam:create_user",
            "iam:update_user",
            "iam:delete_user",
            "iam:tag_user",
            "iam:untag_user",
            "iam:put_user_permissions_boundary",
            "iam:delete_user_permissions_boundary",
            "iam:attach_user_policy",
            "iam:detach_user_policy",
            "iam:create_role",
            "iam:update_role",
            "iam:update_assume_role_policy",
            "iam:delete_role",
            "iam:tag_role",
            "iam:untag_role",
            "iam:put_role_permissions_boundary",
            "iam:delete_role_permissions_boundary",
            "iam:attach_role_policy",
            "iam:detach_role_policy",
            "iam:update_access_key",
            "iam:delete_access_key",
            "iam:create_policy",
            "iam:create_policy_version",
            "iam:delete_policy_version",
            "iam:delete_policy",
            "iam:tag_policy",
            "iam:untag_policy",
        ),
        UNREAD,
    ),
    "iam:get_user": GetUser,
    "iam:get_role": GetRole,
    "iam:list_user_tags": UserTags,
    "iam:list_attached_user_policies": AttachedPolicies,
    "iam:list_attached_role_policies": AttachedPolicies,
    "iam:list_access_keys": AccessKeys,
    "iam:create_access_key": CreateAccessKey,
    "iam:get_access_key_last_used": LastUsed,
    "iam:get_policy": GetPolicy,
    "iam:get_policy_version": GetPolicyVersion,
    "iam:list_policy_versions": PolicyVersions,
    "iam:simulate_principal_policy": Annotated[Simulation, goes_on("Marker")],
    "iam:list_entities_for_policy": Annotated[Holders, goes_on("Marker")],
}
