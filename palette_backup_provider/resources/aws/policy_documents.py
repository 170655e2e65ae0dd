"""Policy documents: what Palette's guide asks for, and what other accounts have to add.

Pure functions. The default `access_policy` is the guide's policy, statement for statement.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from palette_backup_provider.core.errors import ApiError

Json = dict[str, Any]

VERSION = "2012-10-17"
OBJECT_ACTIONS = (
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:PutObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
SNAPSHOT_ACTIONS = (
    "ec2:DescribeVolumes",
    "ec2:DescribeSnapshots",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:CreateSnapshot",
    "ec2:DeleteSnapshot",
)
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey")
UNIQUE_ID = re.compile("A(?:ID|RO)A[A-Z0-9]{12,}")
"""The id of a user or a role, which a new one of the same name does not have."""


def access_policy(
    bucket: str,
    partition: str = "aws",
    *,
    snapshots: bool = True,
    snapshot_tags: Mapping[str, str] | None = None,
    kms_key_arn: str | None = None,
) -> Json:
    """What Palette's credential may do: the guide's three statements.

    Without `snapshots` it may not touch volumes. With `snapshot_tags` it may snapshot, and restore
    to, only volumes that carry all these tags. With `kms_key_arn` it may use that key.
    """
    arn = bucket_arn(bucket, partition)
    statements: list[Json] = []
    if snapshots and snapshot_tags:
        statements += _tagged_snapshots(partition, snapshot_tags)
    elif snapshots:
        statements.append(_allow(SNAPSHOT_ACTIONS, "*"))
    statements.append(_allow(OBJECT_ACTIONS, [f"{arn}/*"]))
    statements.append(_allow(("s3:ListBucket",), [arn]))
    if kms_key_arn:
        statements.append(_allow(KEY_ACTIONS, [kms_key_arn]))
    return {"Version": VERSION, "Statement": statements}


def trust_policy(
    palette_account: str,
    external_id: str,
    partition: str = "aws",
    *,
    principals: Sequence[str] = (),
    oidc_providers: Sequence[str] = (),
) -> Json:
    """Who may assume the role of a location, as Palette's guide has it.

    Palette itself, by its external id; `principals`, the accounts (12 digits) or the ARNs of roles
    that clusters run under; and Velero of EKS clusters, by the ARNs of their `oidc_providers`.
    """
    palette = _assumed_by(f"arn:{partition}:iam::{palette_account}:root")
    shown = {"StringEquals": {"sts:ExternalId": external_id}}
    roots = {p: f"arn:{partition}:iam::{p}:root" for p in principals if p.isdigit()}
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


def bucket_policy_for(user_arn: str, bucket: str, partition: str = "aws") -> list[Json]:
    """The statements that the owner of a bucket in another account adds to the bucket's policy."""
    arn, who = bucket_arn(bucket, partition), {"AWS": user_arn}
    return [
        _allow(OBJECT_ACTIONS, [f"{arn}/*"], Sid="PaletteBackupObjects", Principal=who),
        _allow(("s3:ListBucket",), [arn], Sid="PaletteBackupList", Principal=who),
    ]


def key_policy_for(user_arn: str) -> list[Json]:
    """The statements that the owner of a KMS key in another account adds to the key's policy."""
    # in the policy of a key, "*" means that key
    return [_allow(KEY_ACTIONS, "*", Sid="PaletteBackupKey", Principal={"AWS": user_arn})]


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


def text(document: Json) -> str:
    """`document` as AWS takes it."""
    return json.dumps(_whole_numbers(document))


def same(one: Any, other: Any) -> bool:
    """Whether two documents, or parts of them, mean the same.

    AWS keeps neither the order of a list nor a list of one, and writes an account as its root.
    """
    return bool(_normal(one) == _normal(other))


def orphans(policy: str, statements: Any) -> str:
    """What to say of a policy that names users or roles which were deleted; empty if none does."""
    each = statements if isinstance(statements, list) else [statements]
    ids = sorted(set(UNIQUE_ID.findall(json.dumps([one.get("Principal") for one in each]))))
    if not ids:
        return ""
    return (
        f"{policy} names {', '.join(ids)}: AWS shows that id since the user or role that was named "
        "was deleted. One made anew under the same name is another to AWS, and is let in once "
        "`pulumi up` names it again"
    )


def names_nobody(error: BaseException) -> bool:
    """Whether a document was refused for a user or role that AWS does not know, or not yet."""
    return isinstance(error, ApiError) and "Invalid principal in policy" in str(error)


def _tagged_snapshots(partition: str, tags: Mapping[str, str]) -> list[Json]:
    """The snapshot statement, narrowed to what carries `tags`.

    EC2 knows no condition for Describe. Velero copies a volume's tags to its snapshot, and a
    snapshot's to the volume restored from it, each in the call that makes it: what exists must
    carry the tags, what is made must be given them, and CreateTags serves these calls alone.
    """
    volumes, snapshots = f"arn:{partition}:ec2:*:*:volume/*", f"arn:{partition}:ec2:*::snapshot/*"
    carried = {"StringEquals": {f"aws:ResourceTag/{k}": v for k, v in tags.items()}}
    given = {"StringEquals": {f"aws:RequestTag/{k}": v for k, v in tags.items()}}
    making = {"ec2:CreateAction": ["CreateSnapshot", "CreateVolume"]}
    tagging = {"StringEquals": {**given["StringEquals"], **making}}
    return [
        _allow(("ec2:DescribeVolumes", "ec2:DescribeSnapshots"), "*"),
        _allow(("ec2:CreateSnapshot",), [volumes], Condition=carried),
        _allow(("ec2:CreateSnapshot",), [snapshots], Condition=given),
        _allow(("ec2:CreateVolume", "ec2:DeleteSnapshot"), [snapshots], Condition=carried),
        _allow(("ec2:CreateVolume",), [volumes], Condition=given),
        _allow(("ec2:CreateTags",), [snapshots, volumes], Condition=tagging),
    ]


def _allow(actions: tuple[str, ...], resource: str | list[str], **more: Any) -> Json:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def _whole_numbers(value: Any) -> Any:
    """Numbers arrive from Pulumi as floats; a policy has only whole ones."""
    match value:
        case dict():
            return {k: _whole_numbers(v) for k, v in value.items()}
        case list():
            return [_whole_numbers(v) for v in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and key != "Statement":
        inner = {name: _normal(part, name) for name, part in value.items()}
        return ["*"] if key == "Principal" and inner == {"AWS": ["*"]} else inner
    values = value if isinstance(value, list) else [value]
    if any(isinstance(part, dict) for part in values):
        return [_normal(part) for part in values]
    return sorted(map(_scalar, values))


def _scalar(value: Any) -> str:
    plain = _whole_numbers(value)
    words = str(plain).lower() if isinstance(plain, bool) else str(plain)
    return re.sub(r"^arn:[\w-]+:iam::(\d{12}):root$", r"\1", words)
