"""What is read of MinIO's answers, by operation: of the admin API's JSON, and of the objects that
minio-py makes of S3's XML.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Name,
    Shape,
    json_of,
    judged,
)

# The admin API


class Policy(Shape):
    ID: str | None = None
    Statement: Any


class Granted(Shape):
    Effect: str
    Action: list[str] | None = None
    NotAction: list[str] | None = None
    Resource: list[str] | None = None
    NotResource: list[str] | None = None
    Condition: dict[str, Any] | None = None


class AllGranted(Shape):
    Statement: list[Granted] | None


class Account(Shape):
    Policy: AllGranted


class User(Shape):
    status: str
    policyName: str = ABSENT
    memberOf: list[str] | None = None


class ListedKey(Shape):
    accessKey: Name
    description: str | None = None


class Keys(Shape):
    accounts: list[ListedKey] | None


class Key(Shape):
    parentUser: str
    accountStatus: str
    impliedPolicy: bool
    expiration: str | None = None


class Holders(Shape):
    users: list[str] | None = None
    groups: list[str] | None = None


class Entities(Shape):
    policyMappings: list[Holders] | None = None


ADMIN: dict[str, Any] = {
    "account_info": Account,
    "policy_info": Policy,
    "policy_add": UNREAD,
    "policy_remove": UNREAD,
    "get_policy_entities": Entities,
    "user_info": User,
    "user_add": UNREAD,
    "user_remove": UNREAD,
    "group_add": UNREAD,
    "group_remove": UNREAD,
    "attach_policy": UNREAD,
    "detach_policy": UNREAD,
    "list_service_account": Keys,
    "get_service_account": Key,
    "add_service_account": UNREAD,
    "update_service_account": UNREAD,
    "delete_service_account": UNREAD,
}


# S3, as objects of minio-py


class Statement(Shape):
    Effect: str


class BucketPolicy(Shape):
    Statement: list[Statement]


def _policy(text: str) -> str:
    judged(json_of(text), BucketPolicy)
    return text


class Made(Shape):
    """What minio-py makes of XML."""

    model_config = ConfigDict(from_attributes=True)


class Object(Made):
    """One object, or one version of it."""

    object_name: Annotated[str, Field(min_length=1)]
    version_id: str | None = None


class Undeleted(Made):
    name: str | None
    code: str | None
    message: str | None


class Written(Made):
    version_id: str | None


class Lock(Made):
    mode: str | None
    duration: int | None
    duration_unit: str | None


class LifecycleRule(Made):
    rule_id: str | None
    status: str


class Lifecycle(Made):
    rules: Annotated[list[LifecycleRule], Field(min_length=1)]


S3: dict[str, Any] = {
    "list_buckets": UNREAD,
    "bucket_exists": bool,
    "make_bucket": UNREAD,
    "remove_bucket": UNREAD,
    "get_bucket_tags": dict[str, str] | None,
    "set_bucket_tags": UNREAD,
    "get_bucket_policy": Annotated[str, AfterValidator(_policy)],
    "set_bucket_policy": UNREAD,
    "delete_bucket_policy": UNREAD,
    "get_object_lock_config": Lock,
    "get_bucket_lifecycle": Lifecycle | None,
    "list_objects": list[Object],
    "remove_objects": list[Undeleted],
    "remove_object": UNREAD,
    "put_object": Written,
    "get_object": UNREAD,
}
