"""What is read of S3's answers, as botocore hands them on, by operation: of AWS's, and of any
store's that speaks S3."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from palette_backup_provider.clients.aws.iam_answers import Tag, goes_on, policy_document
from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Name,
    Shape,
    json_of,
)


class Head(Shape):
    BucketRegion: Name = ABSENT


class Tagging(Shape):
    TagSet: list[Tag]


class PublicAccessBlock(Shape):
    BlockPublicAcls: bool
    BlockPublicPolicy: bool
    IgnorePublicAcls: bool
    RestrictPublicBuckets: bool


class PublicAccess(Shape):
    PublicAccessBlockConfiguration: PublicAccessBlock


class Owner(Shape):
    ObjectOwnership: str


class Owners(Shape):
    Rules: list[Owner]


class Ownership(Shape):
    OwnershipControls: Owners


class Cipher(Shape):
    SSEAlgorithm: str
    KMSMasterKeyID: str = ABSENT


class EncryptionRule(Shape):
    ApplyServerSideEncryptionByDefault: Cipher = ABSENT


class EncryptionRules(Shape):
    Rules: list[EncryptionRule]


class Encryption(Shape):
    ServerSideEncryptionConfiguration: EncryptionRules


class Versioning(Shape):
    Status: str = ABSENT


class Retention(Shape):
    Mode: Literal["GOVERNANCE", "COMPLIANCE"]
    Days: Annotated[int, Field(ge=0, le=36500)] = ABSENT
    Years: Annotated[int, Field(ge=0, le=100)] = ABSENT


class LockRule(Shape):
    DefaultRetention: Retention = ABSENT


class Lock(Shape):
    ObjectLockEnabled: str
    Rule: LockRule = ABSENT


class ObjectLock(Shape):
    ObjectLockConfiguration: Lock


class Both(Shape):
    Prefix: str = ABSENT
    Tags: list[Tag] = ABSENT


class RuleFilter(Shape):
    Prefix: str = ABSENT
    And: Both = ABSENT


class Transition(Shape):
    StorageClass: str


class LifecycleRule(Shape):
    ID: str = ABSENT
    Status: str
    Prefix: str = ABSENT
    Filter: RuleFilter = ABSENT
    Expiration: dict[str, Any] = ABSENT
    Transitions: list[Transition] = ABSENT


class Lifecycle(Shape):
    Rules: list[LifecycleRule]
    TransitionDefaultMinimumObjectSize: str = ABSENT


def _policy(text: str) -> str:
    policy_document(json_of(text))
    return text


class BucketPolicy(Shape):
    Policy: Annotated[str, AfterValidator(_policy)]


class Object(Shape):
    Key: str
    VersionId: str
    IsLatest: bool = ABSENT


class ObjectVersions(Shape):
    IsTruncated: bool
    NextKeyMarker: str = ABSENT
    NextVersionIdMarker: str = ABSENT
    Versions: list[Object] = ABSENT
    DeleteMarkers: list[Object] = ABSENT


class Upload(Shape):
    Key: str
    UploadId: str


class Uploads(Shape):
    IsTruncated: bool
    NextKeyMarker: str = ABSENT
    NextUploadIdMarker: str = ABSENT
    Uploads: list[Upload] = ABSENT


class Folder(Shape):
    Prefix: str


class Objects(Shape):
    IsTruncated: bool
    NextContinuationToken: str = ABSENT
    CommonPrefixes: list[Folder] = ABSENT


class Undeleted(Shape):
    Key: str
    Code: str = ABSENT
    Message: str = ABSENT


class Deleted(Shape):
    Errors: list[Undeleted] = ABSENT


S3: dict[str, Any] = {
    **dict.fromkeys(
        (
            "s3:create_bucket",
            "s3:delete_bucket",
            "s3:put_bucket_tagging",
            "s3:put_public_access_block",
            "s3:put_bucket_ownership_controls",
            "s3:put_bucket_encryption",
            "s3:put_bucket_versioning",
            "s3:put_object_lock_configuration",
            "s3:put_bucket_lifecycle_configuration",
            "s3:put_bucket_policy",
            "s3:delete_bucket_policy",
            "s3:delete_object",
            "s3:abort_multipart_upload",
        ),
        UNREAD,
    ),
    "s3:head_bucket": Head,
    "s3:get_bucket_tagging": Tagging,
    "s3:get_public_access_block": PublicAccess,
    "s3:get_bucket_ownership_controls": Ownership,
    "s3:get_bucket_encryption": Encryption,
    "s3:get_bucket_versioning": Versioning,
    "s3:get_object_lock_configuration": ObjectLock,
    "s3:get_bucket_lifecycle_configuration": Lifecycle,
    "s3:get_bucket_policy": BucketPolicy,
    "s3:list_object_versions": Annotated[ObjectVersions, goes_on("NextKeyMarker")],
    "s3:list_multipart_uploads": Annotated[Uploads, goes_on("NextKeyMarker", "NextUploadIdMarker")],
    "s3:list_objects_v2": Annotated[Objects, goes_on("NextContinuationToken")],
    "s3:delete_objects": Deleted,
}


class Put(Shape):
    VersionId: str = ABSENT


class Got(Shape):
    Body: bytes


class Named(Shape):
    Key: str


class Contents(Shape):
    Contents: list[Named] = ABSENT


STORES: dict[str, Any] = {
    "put_object": Put,
    "get_object": Got,
    "list_objects_v2": Contents,
    "delete_object": UNREAD,
}
"""What is read of any store that speaks S3, by operation."""
