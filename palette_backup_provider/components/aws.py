"""A backup location on AWS with an access key: bucket, policy, user, key and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Output, ResourceOptions, RunError

from palette_backup_provider.clients.aws import partition
from palette_backup_provider.core.compare import violations
from palette_backup_provider.core.model import Model
from palette_backup_provider.resources import aws, palette
from palette_backup_provider.resources.aws.bucket_rules import KmsKeyArn
from palette_backup_provider.resources.aws.policy_documents import (
    access_policy,
    bucket_policy_for,
    key_policy_for,
)


@dataclass(kw_only=True)
class AwsBackupLocationArgs:
    """All optional but the region.

    Args:
        region: The AWS region of the bucket, such as `eu-west-1`. A change makes a new bucket.
        location_name: The location's name in Palette. Default: the logical name and ten hex digits.
        project: Name or uid of the Palette project. Default: `palette:project`. A change replaces
            the location.
        scope: `project`, the default, or `tenant`. A change replaces the location.
        is_default: Whether it is its scope's default location. Default: false.
        labels: The location's labels in Palette.
        annotations: The location's annotations in Palette.
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, used as it is and never changed or deleted.
        user_name: The name of the user to make. Default: the logical name and ten hex digits.
        existing_user: The name of a user of yours. It gets a new access key and nothing else: it
            must be allowed already what `policy_document` says.
        policy_name: The name of the policy to make. Default: the logical name and ten hex digits.
        existing_policy: The ARN of a policy of yours to attach to the user instead of one made.
        snapshots: Whether the credential may snapshot EBS volumes. Default: true, as Palette's
            guide has it.
        snapshot_tags: Tags a volume must carry to be snapshot. Default: any volume.
        kms_key_arn: A KMS key to encrypt the bucket with; the policy then allows its use.
            Default: AES256.
        versioning: Whether the bucket keeps old versions of objects. Default: false.
        noncurrent_days: Days that an old version is kept. Default: 7.
        tls_only: Whether the bucket refuses requests without TLS. Default: true.
        policy_statements: Statements of yours for the bucket's policy, each with a `Sid`.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        tags: Tags of the bucket. For tags on everything made, set `palette:tags`.
        permissions_boundary: ARN of the user's boundary. Default: `palette:permissionsBoundary`.
        url: An S3 endpoint instead of AWS's own.
        force_path_style: The bucket in the path instead of the host name. Default: only with `url`.
        ca_cert: PEM of the CA that signs the endpoint's certificate.
        probe: Whether to try the key on the bucket before registering. Default: true.
        palette_validate: Whether Palette validates the key before registering. Default: true.
        identity: Whose AWS credentials make all this. Default: those of the process.
    """

    region: Input[str]
    location_name: Input[str] | None = None
    project: Input[str] | None = None
    scope: Input[str] | None = None
    is_default: Input[bool] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    annotations: Input[Mapping[str, Input[str]]] | None = None
    bucket_name: Input[str] | None = None
    existing_bucket: Input[str] | None = None
    user_name: Input[str] | None = None
    existing_user: Input[str] | None = None
    policy_name: Input[str] | None = None
    existing_policy: Input[str] | None = None
    snapshots: Input[bool] | None = None
    snapshot_tags: Input[Mapping[str, Input[str]]] | None = None
    kms_key_arn: Input[str] | None = None
    versioning: Input[bool] | None = None
    noncurrent_days: Input[int] | None = None
    tls_only: Input[bool] | None = None
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None = None
    force_destroy: Input[bool] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    permissions_boundary: Input[str] | None = None
    url: Input[str] | None = None
    force_path_style: Input[bool] | None = None
    ca_cert: Input[str] | None = None
    probe: Input[bool] | None = None
    palette_validate: Input[bool] | None = None
    identity: aws.Identity | None = None


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
        access_key_id: The key's id; its secret is only in Palette and, encrypted, in state.
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
        _one_of(name, args, ("bucket_name", "existing_bucket"), ("user_name", "existing_user"))
        _one_of(name, args, ("policy_name", "existing_policy"))
        _one_of(name, args, ("existing_user", "existing_policy"))
        child = ResourceOptions(parent=self)
        region = Output.from_input(args.region)
        bucket = self._bucket(name, args, child)
        self.policy_document = Output.all(
            bucket=bucket.name,
            region=region,
            snapshots=True if args.snapshots is None else args.snapshots,
            snapshot_tags=args.snapshot_tags,
            kms_key_arn=args.kms_key_arn,
        ).apply(lambda parts: _access(name, parts))
        user, policy = self._user(name, args, child)
        key = aws.AccessKey(name, aws.AccessKeyArgs(user=user.name, identity=args.identity), child)
        location = self._location(name, args, bucket, key, child)
        self.location_uid, self.location_name = location.uid, location.name
        self.location_type = Output.from_input("s3")
        self.bucket_name, self.user_name = bucket.name, user.name
        self.policy_arn = policy.arn if policy else Output.from_input(None)
        self.access_key_id = key.access_key_id
        self.bucket_policy_statements = Output.all(user.arn, bucket.name, region).apply(
            lambda parts: bucket_policy_for(parts[0], parts[1], partition(parts[2]))
        )
        self.key_policy_statements = user.arn.apply(key_policy_for)
        self.register_outputs(
            {output: getattr(self, output) for output in type(self).__annotations__}
        )

    def _bucket(self, name: str, args: AwsBackupLocationArgs, child: ResourceOptions) -> aws.Bucket:
        if args.existing_bucket is not None:
            brought = aws.BucketArgs(
                existing=True,
                name=args.existing_bucket,
                region=args.region,
                identity=args.identity,
            )
            return aws.Bucket(name, brought, child)
        made = aws.BucketArgs(
            name=args.bucket_name,
            region=args.region,
            tags=args.tags,
            kms_key_arn=args.kms_key_arn,
            versioning=args.versioning,
            noncurrent_days=args.noncurrent_days,
            tls_only=args.tls_only,
            policy_statements=args.policy_statements,
            force_destroy=args.force_destroy,
            identity=args.identity,
        )
        return aws.Bucket(name, made, child)

    def _user(
        self, name: str, args: AwsBackupLocationArgs, child: ResourceOptions
    ) -> tuple[aws.User, aws.Policy | None]:
        if args.existing_user is not None:
            brought = aws.UserArgs(existing=True, name=args.existing_user, identity=args.identity)
            return aws.User(name, brought, child), None
        policy = self._policy(name, args, child)
        user = aws.UserArgs(
            name=args.user_name,
            permissions_boundary=args.permissions_boundary,
            policies=[policy.arn],
            identity=args.identity,
        )
        return aws.User(name, user, child), policy

    def _policy(self, name: str, args: AwsBackupLocationArgs, child: ResourceOptions) -> aws.Policy:
        if args.existing_policy is not None:
            arn = Output.from_input(args.existing_policy)
            brought = aws.PolicyArgs(
                existing=True,
                name=arn.apply(lambda arn: arn.rpartition("/")[2]),
                path=arn.apply(_path),
                document=self.policy_document,
                identity=args.identity,
            )
            return aws.Policy(name, brought, child)
        made = aws.PolicyArgs(
            name=args.policy_name, document=self.policy_document, identity=args.identity
        )
        return aws.Policy(name, made, child)

    def _location(
        self,
        name: str,
        args: AwsBackupLocationArgs,
        bucket: aws.Bucket,
        key: aws.AccessKey,
        child: ResourceOptions,
    ) -> palette.BackupLocation:
        credentials = palette.StaticCredentials(
            access_key=key.access_key_id, secret_key=key.secret_access_key
        )
        storage = palette.S3(
            bucket=bucket.name,
            region=args.region,
            credentials=credentials,
            url=args.url,
            force_path_style=args.force_path_style,
            ca_cert=args.ca_cert,
        )
        location = palette.BackupLocationArgs(
            storage=storage,
            name=args.location_name,
            project=args.project,
            scope=args.scope,
            is_default=args.is_default,
            labels=args.labels,
            annotations=args.annotations,
            probe=args.probe,
            palette_validate=args.palette_validate,
        )
        return palette.BackupLocation(name, location, child)


def _one_of(name: str, args: AwsBackupLocationArgs, *pairs: tuple[str, str]) -> None:
    for one, other in pairs:
        if getattr(args, one) is not None and getattr(args, other) is not None:
            raise RunError(f"{name}: {one} and {other} exclude each other; give one of them.")


class _Access(Model):
    """What the policy document depends on, with the types that no resource checks."""

    bucket: str
    region: str
    snapshots: bool
    snapshot_tags: dict[str, str] | None
    kms_key_arn: KmsKeyArn | None


def _access(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if wrong := list(violations(_Access, given, set())):
        raise RunError("\n".join(f"{name}: {found.path}: {found.reason}" for found in wrong))
    want = _Access.model_validate(given)
    return access_policy(
        want.bucket,
        partition(want.region),
        snapshots=want.snapshots,
        snapshot_tags=want.snapshot_tags,
        kms_key_arn=want.kms_key_arn,
    )


def _path(arn: str) -> str:
    """The path within a policy's ARN, such as `/` or `/team/`."""
    return "/" + "".join(f"{step}/" for step in arn.partition(":policy/")[2].split("/")[:-1])
