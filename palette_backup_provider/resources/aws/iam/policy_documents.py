"""Policy documents: what Palette's guide asks for, and what other accounts have to add.

Pure functions. With `snapshots`, `access_policy` is the guide's policy, statement for statement.
All inputs are literals: a document covers exactly the objects that it names.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from palette_backup_provider.core.policy_language import OBJECT_ACTIONS, VERSION, Json, allow
from palette_backup_provider.engine.function import checked
from palette_backup_provider.resources.aws.literals import (
    ACCOUNT,
    AccountId,
    AnyBucketName,
    ExternalId,
    IdentityArn,
    KmsKeyArn,
    OidcProviderArn,
    Partition,
    PrincipalName,
    SnapshotTags,
)

SNAPSHOT_ACTIONS = (
    "ec2:DescribeVolumes",
    "ec2:DescribeSnapshots",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:CreateSnapshot",
    "ec2:DeleteSnapshot",
)
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
"""GenerateDataKey serves writing; Decrypt serves reading and multipart uploads. Velero, kopia and
our probe never call kms:DescribeKey. Palette's own check does not know the key."""


def _narrowing(tags: dict[str, str], others: ValidationInfo) -> dict[str, str]:
    if not others.data.get("snapshots", True):
        raise ValueError("needs snapshots=True, which it narrows")
    return tags


@checked
def access_policy(
    bucket: AnyBucketName,
    partition: Partition = "aws",
    *,
    snapshots: bool = False,
    snapshot_tags: Annotated[SnapshotTags, AfterValidator(_narrowing)] | None = None,
    kms_key_arn: KmsKeyArn | None = None,
) -> Json:
    """What Palette's credential may do: the statements of Palette's guide.

    With `snapshots`, as in the guide, it may also snapshot and restore EBS volumes. `snapshot_tags`
    narrows this to volumes with all these tags. With `kms_key_arn` it may use that key. Wildcards
    and variables (`*`, `?`, `${...}`) are refused.
    """
    arn = bucket_arn(bucket, partition)
    statements: list[Json] = []
    if snapshot_tags:
        statements += _tagged_snapshots(partition, snapshot_tags)
    elif snapshots:
        statements.append(allow(SNAPSHOT_ACTIONS, "*"))
    statements.append(allow(OBJECT_ACTIONS, [f"{arn}/*"]))
    statements.append(allow(("s3:ListBucket",), [arn]))
    if kms_key_arn:
        statements.append(allow(KEY_ACTIONS, [kms_key_arn]))
    return {"Version": VERSION, "Statement": statements}


@checked
def trust_policy(
    palette_account: AccountId,
    external_id: ExternalId,
    partition: Partition = "aws",
    *,
    principals: Sequence[PrincipalName] = (),
    oidc_providers: Sequence[OidcProviderArn] = (),
) -> Json:
    """Who may assume the role of a location, as Palette's guide has it.

    Palette itself may, by its external id. `principals` are the accounts (12 digits) or the ARNs of
    roles or users that clusters run under. `oidc_providers` are the ARNs of the providers by which
    Velero of EKS clusters signs in. Each names one: no `*`, no service.
    """
    palette = _assumed_by(f"arn:{partition}:iam::{palette_account}:root")
    shown = {"StringEquals": {"sts:ExternalId": external_id}}
    roots = {p: f"arn:{partition}:iam::{p}:root" for p in principals if ACCOUNT.fullmatch(p)}
    return {
        "Version": VERSION,
        "Statement": [
            {**palette, "Condition": shown},
            *(_assumed_by(roots.get(p, p)) for p in principals),
            *(_velero_of(provider) for provider in oidc_providers),
        ],
    }


def _assumed_by(arn: str) -> Json:
    return {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}


def _velero_of(provider_arn: str) -> Json:
    provider = provider_arn.partition(":oidc-provider/")[2]
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringLike": {f"{provider}:sub": "system:serviceaccount:*:velero-server"},
            "StringEquals": {f"{provider}:aud": "sts.amazonaws.com"},
        },
    }


@checked
def bucket_policy_for(
    user_arn: IdentityArn, bucket: AnyBucketName, partition: Partition = "aws"
) -> list[Json]:
    """The statements that the owner of a bucket in another account adds to the bucket's policy, for
    one user or role."""
    arn, who = bucket_arn(bucket, partition), {"AWS": user_arn}
    return [
        allow(OBJECT_ACTIONS, [f"{arn}/*"], Sid="PaletteBackupObjects", Principal=who),
        allow(("s3:ListBucket",), [arn], Sid="PaletteBackupList", Principal=who),
    ]


@checked
def key_policy_for(user_arn: IdentityArn) -> list[Json]:
    """The statements that the owner of a KMS key in another account adds to the key's policy, for
    one user or role."""
    # in the policy of a key, "*" means that key
    return [allow(KEY_ACTIONS, "*", Sid="PaletteBackupKey", Principal={"AWS": user_arn})]


def tls_only(bucket: str, partition: str, sid: str) -> Json:
    """The statement that refuses every request to a bucket that comes without TLS."""
    arn = bucket_arn(bucket, partition)
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def bucket_arn(bucket: str, partition: str) -> str:
    return f"arn:{partition}:s3:::{bucket}"


def _tagged_snapshots(partition: str, tags: Mapping[str, str]) -> list[Json]:
    """The snapshot statement, narrowed to what carries `tags`.

    EC2 has no condition for Describe. Velero copies the tags of a volume to its snapshot, and the
    tags of a snapshot to the restored volume. It does so in the call that creates the copy. So the
    source must carry the tags, and the request must give them to the copy. CreateTags is allowed
    within these calls alone.
    """
    volumes, snapshots = f"arn:{partition}:ec2:*:*:volume/*", f"arn:{partition}:ec2:*::snapshot/*"
    carried = {"StringEquals": {f"aws:ResourceTag/{k}": v for k, v in tags.items()}}
    requested = {"StringEquals": {f"aws:RequestTag/{k}": v for k, v in tags.items()}}
    making = {"ec2:CreateAction": ["CreateSnapshot", "CreateVolume"]}
    tagging = {"StringEquals": {**requested["StringEquals"], **making}}
    return [
        allow(("ec2:DescribeVolumes", "ec2:DescribeSnapshots"), "*"),
        allow(("ec2:CreateSnapshot",), [volumes], Condition=carried),
        allow(("ec2:CreateSnapshot",), [snapshots], Condition=requested),
        allow(("ec2:CreateVolume", "ec2:DeleteSnapshot"), [snapshots], Condition=carried),
        allow(("ec2:CreateVolume",), [volumes], Condition=requested),
        allow(("ec2:CreateTags",), [snapshots, volumes], Condition=tagging),
    ]
