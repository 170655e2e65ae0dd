"""A backup location on AWS with an access key: bucket, policy, user, key and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients.aws.regions import partition
from palette_backup_provider.components import aws_storage
from palette_backup_provider.components.aws_storage import AwsStorageArgs
from palette_backup_provider.components.component import Component
from palette_backup_provider.components.inits import AwsBackupLocationInit
from palette_backup_provider.components.location import called, follows, of_made
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.shared_args import RotationArgs, inherited
from palette_backup_provider.resources import aws, palette


@documented
@dataclass(kw_only=True)
class AwsBackupLocationArgs(AwsStorageArgs, RotationArgs):
    """All optional but the region.

    Args:
        user_name: The name of the user to make. Default: the logical name and ten hex digits.
        existing_user: The name of a user of yours, not of the one made here. It gets a new access
            key and nothing else: it must be allowed already what `policy_document` says.
    """

    user_name: Input[str] | None = of_made(existing_user="a user")
    existing_user: Input[str] | None = None


class AwsBackupLocation(AwsBackupLocationInit, Component[AwsBackupLocationArgs]):
    """A backup location on AWS, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `s3`.
        bucket_name: The bucket that holds the backups.
        policy_document: What the credential may do.
        policy_arn: The policy that says so; None with `existing_user`.
        user_name: The user that the key belongs to.
        credential_id: The current access key's id; its secret is only in Palette and, encrypted,
            in state.
        bucket_policy_statements: What to add to the policy of an existing bucket in another
            account.
        key_policy_statements: What to add to the policy of a KMS key in another account.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    policy_document: Output[dict[str, Any]]
    policy_arn: Output[str | None]
    user_name: Output[str]
    credential_id: Output[str]
    bucket_policy_statements: Output[list[dict[str, Any]]]
    key_policy_statements: Output[list[dict[str, Any]]]

    def _make(self, name: str, args: AwsBackupLocationArgs, child: ResourceOptions) -> None:
        bucket = aws_storage.bucket(name, args, child)
        self.policy_document = aws_storage.policy_document(name, args, bucket, self)
        user, policy = self._user(name, args, child)
        key_args = aws.AccessKeyArgs(
            user=user.name,
            identity=args.identity,
            **inherited(RotationArgs, args),
        )
        key = aws.AccessKey(name, key_args, child)
        credentials = palette.StaticCredentials(
            access_key=key.access_key_id, secret_key=key.secret_access_key
        )
        storage = aws_storage.storage(args, bucket, credentials)
        self._register(name, args, storage, storage_made=[bucket], retiring=[key.retiring])
        self.bucket_name, self.user_name = bucket.name, user.name
        self.policy_arn = policy.arn if policy else Output.from_input(None)
        self.credential_id = key.access_key_id
        self.bucket_policy_statements = follows(
            lambda user, name, region: aws.bucket_policy_for(user, name, partition(region)),
            user.arn,
            bucket.name,
            Output.from_input(args.region),
        )
        self.key_policy_statements = follows(aws.key_policy_for, user.arn)

    def _user(
        self, name: str, args: AwsBackupLocationArgs, opts: ResourceOptions
    ) -> tuple[aws.User, aws.Policy | None]:
        if args.existing_user is not None:
            existing = aws.UserArgs(existing=True, name=args.existing_user, identity=args.identity)
            note = called(args, "user")
            return aws.User(name, existing, opts, noted=note), None
        policy = aws_storage.policy(name, args, self.policy_document, opts)
        user = aws.UserArgs(
            name=args.user_name,
            permissions_boundary=args.permissions_boundary,
            policies=[policy.arn],
            identity=args.identity,
        )
        return aws.User(name, user, opts, noted=called(args, "user")), policy
