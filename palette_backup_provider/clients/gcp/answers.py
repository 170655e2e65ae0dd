"""What is read of the answers of Google's REST APIs, by method and path."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Moment,
    Name,
    Routes,
    Shape,
    Whole,
    decoded_base64,
    json_of,
    judged,
    or_empty,
)

# Cloud Storage


class Switch(Shape):
    enabled: bool = ABSENT


class Condition(Shape):
    isLive: bool = ABSENT
    daysSinceNoncurrentTime: int = ABSENT
    matchesPrefix: list[str] = ABSENT


class Rule(Shape):
    action: dict[str, Any] = ABSENT
    condition: Condition = ABSENT


class LifecycleRules(Shape):
    rule: list[Rule] = ABSENT


class SoftDelete(Shape):
    retentionDurationSeconds: Whole = ABSENT


class DefaultKey(Shape):
    defaultKmsKeyName: str = ABSENT


class BucketAccess(Shape):
    uniformBucketLevelAccess: Switch = ABSENT
    publicAccessPrevention: str = ABSENT


class RetentionPolicy(Shape):
    retentionPeriod: Whole = ABSENT


class Bucket(Shape):
    name: Name
    location: str
    storageClass: str = ABSENT
    labels: dict[str, str] = ABSENT
    lifecycle: LifecycleRules = ABSENT
    softDeletePolicy: SoftDelete = ABSENT
    encryption: DefaultKey = ABSENT
    versioning: Switch = ABSENT
    iamConfiguration: BucketAccess = ABSENT
    retentionPolicy: RetentionPolicy = ABSENT
    defaultEventBasedHold: bool = ABSENT


class Object(Shape):
    name: Annotated[str, Field(min_length=1)]
    generation: Whole
    timeDeleted: str = ABSENT


class Objects(Shape):
    kind: str
    items: list[Object] = ABSENT
    prefixes: list[str] = ABSENT
    nextPageToken: str = ABSENT


class Agent(Shape):
    email_address: str


# Allow policies, of buckets and of projects


class Binding(Shape):
    role: str
    members: list[str]
    condition: dict[str, Any] = ABSENT


class Policy(Shape):
    """Written back as a whole, so nothing else must pass for a policy without bindings."""

    etag: Annotated[str, Field(min_length=1)]
    bindings: list[Binding] = ABSENT


# IAM


class Account(Shape):
    email: Name
    uniqueId: Name
    displayName: str = ABSENT
    description: str = ABSENT
    disabled: bool = ABSENT


KEY_NAME = r"^projects/[^/]+/serviceAccounts/[^/]+/keys/[A-Za-z0-9_-]+$"


class Key(Shape):
    name: Annotated[str, Field(pattern=KEY_NAME)]
    validAfterTime: Moment
    validBeforeTime: Moment = ABSENT
    disabled: bool = ABSENT


class Keys(Shape):
    keys: list[Key] = ABSENT


class KeyFile(Shape):
    client_email: str
    private_key: str
    private_key_id: str
    token_uri: str


def _key_file(text: str) -> str:
    judged(json_of(decoded_base64(text).decode()), KeyFile)
    return text


class NewKey(Shape):
    name: Annotated[str, Field(pattern=KEY_NAME)]
    privateKeyData: Annotated[str, AfterValidator(_key_file)]
    validBeforeTime: Moment = ABSENT


class Role(Shape):
    name: str
    description: str = ABSENT
    includedPermissions: list[str] = ABSENT
    stage: str = ABSENT
    deleted: bool = ABSENT


class Violation(Shape):
    type: str | None = None


class Detail(Shape):
    reason: str | None = None
    violations: list[Violation] | None = None


class Project(Shape):
    projectId: str


class Granted(Shape):
    permissions: list[str] = ABSENT


class Problem(Shape):
    message: str
    status: str | None = None
    details: list[Detail] | None = None
    errors: list[Detail] | None = None


class Refusal(Shape):
    error: Problem


BUCKET = "/storage/v1/b/{bucket}"
ACCOUNT = "/v1/projects/{project}/serviceAccounts/{email}"
ROLE = "/v1/projects/{project}/roles/{role}"
ROUTES = Routes(
    {
        "GET /storage/v1/b": UNREAD,
        "POST /storage/v1/b": UNREAD,
        f"GET {BUCKET}": Bucket,
        f"PATCH {BUCKET}": UNREAD,
        f"DELETE {BUCKET}": UNREAD,
        f"GET {BUCKET}/iam": Policy,
        f"PUT {BUCKET}/iam": UNREAD,
        f"GET {BUCKET}/o": Objects,
        f"GET {BUCKET}/o/{{object}}": str,
        f"DELETE {BUCKET}/o/{{object}}": UNREAD,
        "GET /storage/v1/projects/{project}/serviceAccount": Agent,
        "POST /v1/projects/{project}/serviceAccounts": Account,
        f"GET {ACCOUNT}": Account,
        f"PATCH {ACCOUNT}": UNREAD,
        f"DELETE {ACCOUNT}": UNREAD,
        f"POST {ACCOUNT}:enable": UNREAD,
        f"GET {ACCOUNT}/keys": Annotated[Keys, or_empty("keys")],
        f"POST {ACCOUNT}/keys": NewKey,
        f"DELETE {ACCOUNT}/keys/{{key}}": UNREAD,
        f"POST {ACCOUNT}/keys/{{key}}:enable": UNREAD,
        "POST /v1/projects/{project}/roles": UNREAD,
        f"GET {ROLE}": Role,
        f"PATCH {ROLE}": UNREAD,
        f"DELETE {ROLE}": UNREAD,
        f"POST {ROLE}:undelete": UNREAD,
        "GET /v1/projects/{project}": Project,
        "POST /v1/projects/{project}:getIamPolicy": Policy,
        "POST /v1/projects/{project}:setIamPolicy": UNREAD,
        "POST /v1/projects/{project}:testIamPermissions": Annotated[
            Granted, or_empty("permissions")
        ],
    }
)
