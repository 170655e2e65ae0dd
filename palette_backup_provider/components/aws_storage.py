"""What every location on AWS needs, with a key or with a role: the bucket and the policy."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import Input, Output, Resource, ResourceOptions

from palette_backup_provider.clients.aws.regions import partition
from palette_backup_provider.components.location import (
    LocationArgs,
    called,
    follows,
    of_made,
    serving,
)
from palette_backup_provider.engine.function import checked
from palette_backup_provider.engine.warning import warn
from palette_backup_provider.resources import aws, palette
from palette_backup_provider.resources.aws.literals import PolicyArn

BUCKET = {"existing_bucket": "a bucket"}
OWNED, OWNER = "kubernetes.io/cluster/", "KubernetesCluster"
"""Tags by which clusters own volumes: Velero replaces them, if it knows its cluster's name."""
IDENTITY = {"existing_user": "a user", "existing_role": "a role"}
"""The arguments that name an existing identity for Palette to sign in as."""


@dataclass(kw_only=True)
class AwsStorageArgs(LocationArgs):
    """All optional but the region.

    Args:
        region: The AWS region of the bucket, such as `eu-west-1`. A change makes a new bucket.
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, used as it is and never changed or deleted.
        policy_name: The name of the policy to make. Default: the logical name and ten hex digits.
        existing_policy: The ARN of a policy of yours to attach instead of one made.
        snapshots: Whether the credential may snapshot EBS volumes: set it where the clusters'
            volumes are snapshot, as Palette's guide has it. Default: false.
        snapshot_tags: Tags a volume must carry to be snapshot, one at least; no `*` or `?`; needs
            `snapshots`. Not those by which a cluster owns it (`kubernetes.io/cluster/…`): see the
            warning. Default: any volume.
        kms_key_arn: A KMS key to encrypt a bucket made here with, or that an existing one is
            encrypted with; the policy then allows its use. Default: AES256.
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
        url: An S3 endpoint instead of AWS's own. Palette's validate call knows none and would ask
            AWS, so of another store than AWS it is not asked unless `palette_validate` is True.
        force_path_style: The bucket in the path instead of the host name. Default: only with `url`.
        ca_cert: PEM of the CA that signs the endpoint's certificate.
        identity: Whose AWS credentials make all this. Default: those of the process.
    """

    region: Input[str]
    bucket_name: Input[str] | None = of_made(**BUCKET)
    existing_bucket: Input[str] | None = None
    policy_name: Input[str] | None = of_made(existing_policy="a policy", **IDENTITY)
    existing_policy: Input[str] | None = of_made(**IDENTITY)
    snapshots: Input[bool] | None = None
    snapshot_tags: Input[Mapping[str, Input[str]]] | None = None
    kms_key_arn: Input[str] | None = None
    versioning: Input[bool] | None = of_made(**BUCKET)
    noncurrent_days: Input[int] | None = of_made(**BUCKET)
    object_lock: Input[aws.ObjectLock] | None = of_made(**BUCKET)
    tls_only: Input[bool] | None = of_made(**BUCKET)
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None = of_made(**BUCKET)
    force_destroy: Input[bool] | None = of_made(**BUCKET)
    replace_with_data: Input[Literal["refuse", "retain"]] | None = of_made(**BUCKET)
    tags: Input[Mapping[str, Input[str]]] | None = of_made(**BUCKET)
    permissions_boundary: Input[str] | None = of_made(**IDENTITY)
    url: Input[str] | None = None
    force_path_style: Input[bool] | None = None
    ca_cert: Input[str] | None = None
    identity: aws.Identity | None = None


def bucket(name: str, args: AwsStorageArgs, opts: ResourceOptions) -> aws.Bucket:
    """The bucket that `args` create, or name if it exists."""
    if args.existing_bucket is not None:
        existing = aws.BucketArgs(
            existing=True, name=args.existing_bucket, region=args.region, identity=args.identity
        )
        return aws.Bucket(name, existing, opts, noted=called(args, "bucket"))
    new = aws.BucketArgs(
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
    note = {**serving(name, args, opts), **called(args, "bucket")}
    return aws.Bucket(name, new, opts, noted=note)


def policy_document(
    name: str, args: AwsStorageArgs, bucket: aws.Bucket, of: Resource
) -> Output[dict[str, Any]]:
    """What Palette's credential may do; `of` is the component to warn about."""
    Output.from_input(args.snapshot_tags or {}).apply(lambda tags: _warn_of(tags, of))
    given = Output.all(
        region=args.region,
        snapshots=False if args.snapshots is None else args.snapshots,
        snapshot_tags=args.snapshot_tags,
        kms_key_arn=args.kms_key_arn,
    )
    return follows(lambda of, values: _access(name, bucket=of, **values), bucket.name, given)


def policy(
    name: str, args: AwsStorageArgs, document: Output[dict[str, Any]], opts: ResourceOptions
) -> aws.Policy:
    """The policy that `args` create, or name if it exists."""
    if args.existing_policy is not None:
        arn = Output.from_input(args.existing_policy).apply(checked(_existing_policy, name))
        existing = aws.PolicyArgs(
            existing=True,
            name=arn.apply(lambda arn: arn.rpartition("/")[2]),
            path=arn.apply(_path),
            document=document,
            identity=args.identity,
        )
        note = called(args, "policy", name="policy_name", path="")
        return aws.Policy(name, existing, opts, noted=note)
    new = aws.PolicyArgs(name=args.policy_name, document=document, identity=args.identity)
    return aws.Policy(name, new, opts, noted=called(args, "policy"))


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


def _warn_of(tags: Mapping[str, Any], of: Resource) -> None:
    if owned := [tag for tag in tags if tag == OWNER or tag.startswith(OWNED)]:
        warn(
            f"snapshot_tags: {', '.join(owned)}: where Velero runs with AWS_CLUSTER_NAME set, it "
            f"puts such tags of its own on a volume that it restores, and the policy refuses the "
            f"volume: backups work, and restores fail. Use another tag, or leave AWS_CLUSTER_NAME "
            f"unset.",
            of,
        )


def _access(name: str, *, region: str, **values: Any) -> dict[str, Any]:
    return checked(aws.access_policy, name)(partition=partition(region), **values)


def _existing_policy(existing_policy: PolicyArn) -> str:
    return existing_policy


def _path(arn: str) -> str:
    """The path within a policy's ARN, such as `/` or `/team/`."""
    return "/" + "".join(f"{step}/" for step in arn.partition(":policy/")[2].split("/")[:-1])
