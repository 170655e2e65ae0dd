"""A backup location on AWS with an access key: bucket, policy, user, key and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Output, ResourceOptions

from palette_backup_provider.clients.aws import partition
from palette_backup_provider.components import aws_storage
from palette_backup_provider.components.aws_storage import AwsStorageArgs
from palette_backup_provider.components.location import (
    RotationArgs,
    documented,
    location,
    one_of,
)
from palette_backup_provider.resources import aws, palette
from palette_backup_provider.resources.aws.policy_documents import (
    bucket_policy_for,
    key_policy_for,
)


@documented
@dataclass(kw_only=True)
class AwsBackupLocationArgs(AwsStorageArgs, RotationArgs):
    """All optional but the region.

    Args:
        user_name: The name of the user to make. Default: the logical name and ten hex digits.
        existing_user: The name of a user of yours, not of the one made here. It gets a new access
            key and nothing else: it must be allowed already what `policy_document` says.
    """

    user_name: Input[str] | None = None
    existing_user: Input[str] | None = None


class AwsBackupLocation(ComponentResource):
    """A backup location on AWS, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `s3`.
        bucket_name: The bucket that holds the backups.
        policy_document: What the credential may do.
        policy_arn: The policy that says so; None with `existing_user`.
        user_name: The user that the key belongs to.
        access_key_id: The current key's id; its secret is only in Palette and, encrypted, in state.
        bucket_policy_statements: What to add to the policy of a brought bucket in another account.
        key_policy_statements: What to add to the policy of a KMS key in another account.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    policy_document: Output[dict[str, Any]]
    policy_arn: Output[str | None]
    user_name: Output[str]
    access_key_id: Output[str]
    bucket_policy_statements: Output[list[dict[str, Any]]]
    key_policy_statements: Output[list[dict[str, Any]]]

    def __init__(
        self, name: str, args: AwsBackupLocationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("palette-backup:index:AwsBackupLocation", name, {}, opts)
        one_of(name, args, ("bucket_name", "existing_bucket"), ("user_name", "existing_user"))
        one_of(name, args, ("policy_name", "existing_policy"))
        one_of(name, args, ("existing_user", "existing_policy"))
        child = ResourceOptions(parent=self)
        bucket = aws_storage.bucket(name, args, child)
        self.policy_document = aws_storage.policy_document(name, args, bucket)
        user, policy = self._user(name, args, child)
        wanted = aws.AccessKeyArgs(
            user=user.name,
            identity=args.identity,
            rotate_after=args.rotate_after,
            rotation=args.rotation,
            retire_after=args.retire_after,
        )
        key = aws.AccessKey(name, wanted, child)
        credentials = palette.StaticCredentials(
            access_key=key.access_key_id, secret_key=key.secret_access_key
        )
        registered = location(name, args, aws_storage.storage(args, bucket, credentials), child)
        self.location_uid, self.location_name = registered.uid, registered.name
        self.location_type = Output.from_input("s3")
        self.bucket_name, self.user_name = bucket.name, user.name
        self.policy_arn = policy.arn if policy else Output.from_input(None)
        self.access_key_id = key.access_key_id
        self.bucket_policy_statements = Output.all(user.arn, bucket.name, args.region).apply(
            lambda parts: bucket_policy_for(parts[0], parts[1], partition(parts[2]))
        )
        self.key_policy_statements = user.arn.apply(key_policy_for)
        self.register_outputs({name: getattr(self, name) for name in type(self).__annotations__})

    def _user(
        self, name: str, args: AwsBackupLocationArgs, opts: ResourceOptions
    ) -> tuple[aws.User, aws.Policy | None]:
        if args.existing_user is not None:
            brought = aws.UserArgs(existing=True, name=args.existing_user, identity=args.identity)
            return aws.User(name, brought, opts), None
        policy = aws_storage.policy(name, args, self.policy_document, opts)
        made = aws.UserArgs(
            name=args.user_name,
            permissions_boundary=args.permissions_boundary,
            policies=[policy.arn],
            identity=args.identity,
        )
        return aws.User(name, made, opts), policy
