"""What every location on AWS needs, with a key or with a role: the bucket and the policy."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import Input, Output, ResourceOptions, RunError

from palette_backup_provider.clients.aws import partition
from palette_backup_provider.components.location import LocationArgs
from palette_backup_provider.core.compare import violations
from palette_backup_provider.core.model import Model
from palette_backup_provider.resources import aws, palette
from palette_backup_provider.resources.aws.bucket_rules import KmsKeyArn
from palette_backup_provider.resources.aws.policy_documents import access_policy


@dataclass(kw_only=True)
class AwsStorageArgs(LocationArgs):
    """All optional but the region.

    Args:
        region: The AWS region of the bucket, such as `eu-west-1`. A change makes a new bucket.
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, used as it is and never changed or deleted.
        policy_name: The name of the policy to make. Default: the logical name and ten hex digits.
        existing_policy: The ARN of a policy of yours to attach instead of one made.
        snapshots: Whether the credential may snapshot EBS volumes. Default: true, as Palette's
            guide has it.
        snapshot_tags: Tags a volume must carry to be snapshot. Default: any volume.
        kms_key_arn: A KMS key to encrypt the bucket with; the policy then allows its use.
            Default: AES256.
        versioning: Whether the bucket keeps old versions of objects. Default: false.
        noncurrent_days: Days that an old version is kept. Default: 7.
        object_lock: Locks what is written against deletion; needs `versioning`. Default: none.
        tls_only: Whether the bucket refuses requests without TLS. Default: true.
        policy_statements: Statements of yours for the bucket's policy, each with a `Sid`.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        replace_with_data: `retain` keeps a bucket with backups in it, out of state, where it would
            be replaced or destroyed; `refuse` stops there. Default: `refuse`.
        tags: Tags of the bucket. For tags on everything made, set `palette:tags`.
        permissions_boundary: ARN of the boundary of the user or role. Default:
            `palette:permissionsBoundary`.
        url: An S3 endpoint instead of AWS's own.
        force_path_style: The bucket in the path instead of the host name. Default: only with `url`.
        ca_cert: PEM of the CA that signs the endpoint's certificate.
        identity: Whose AWS credentials make all this. Default: those of the process.
    """

    region: Input[str]
    bucket_name: Input[str] | None = None
    existing_bucket: Input[str] | None = None
    policy_name: Input[str] | None = None
    existing_policy: Input[str] | None = None
    snapshots: Input[bool] | None = None
    snapshot_tags: Input[Mapping[str, Input[str]]] | None = None
    kms_key_arn: Input[str] | None = None
    versioning: Input[bool] | None = None
    noncurrent_days: Input[int] | None = None
    object_lock: Input[aws.ObjectLock] | None = None
    tls_only: Input[bool] | None = None
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None = None
    force_destroy: Input[bool] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    permissions_boundary: Input[str] | None = None
    url: Input[str] | None = None
    force_path_style: Input[bool] | None = None
    ca_cert: Input[str] | None = None
    identity: aws.Identity | None = None


def bucket(name: str, args: AwsStorageArgs, opts: ResourceOptions) -> aws.Bucket:
    """The bucket that `args` make or bring."""
    if args.existing_bucket is not None:
        brought = aws.BucketArgs(
            existing=True, name=args.existing_bucket, region=args.region, identity=args.identity
        )
        return aws.Bucket(name, brought, opts)
    made = aws.BucketArgs(
        name=args.bucket_name,
        region=args.region,
        tags=args.tags,
        kms_key_arn=args.kms_key_arn,
        versioning=args.versioning,
        noncurrent_days=args.noncurrent_days,
        object_lock=args.object_lock,
        tls_only=args.tls_only,
        policy_statements=args.policy_statements,
        force_destroy=args.force_destroy,
        replace_with_data=args.replace_with_data,
        identity=args.identity,
    )
    return aws.Bucket(name, made, opts)


def policy_document(name: str, args: AwsStorageArgs, bucket: aws.Bucket) -> Output[dict[str, Any]]:
    """What Palette's credential may do."""
    return Output.all(
        bucket=bucket.name,
        region=args.region,
        snapshots=True if args.snapshots is None else args.snapshots,
        snapshot_tags=args.snapshot_tags,
        kms_key_arn=args.kms_key_arn,
    ).apply(lambda given: _access(name, given))


def policy(
    name: str, args: AwsStorageArgs, document: Output[dict[str, Any]], opts: ResourceOptions
) -> aws.Policy:
    """The policy that `args` make or bring."""
    if args.existing_policy is not None:
        arn = Output.from_input(args.existing_policy)
        brought = aws.PolicyArgs(
            existing=True,
            name=arn.apply(lambda arn: arn.rpartition("/")[2]),
            path=arn.apply(_path),
            document=document,
            identity=args.identity,
        )
        return aws.Policy(name, brought, opts)
    made = aws.PolicyArgs(name=args.policy_name, document=document, identity=args.identity)
    return aws.Policy(name, made, opts)


def storage(
    args: AwsStorageArgs,
    bucket: aws.Bucket,
    credentials: palette.StaticCredentials | palette.StsCredentials,
) -> palette.S3:
    """The location's storage."""
    return palette.S3(
        bucket=bucket.name,
        region=args.region,
        credentials=credentials,
        url=args.url,
        force_path_style=args.force_path_style,
        ca_cert=args.ca_cert,
    )


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
