from typing import Any

import pytest
from pulumi import RunError

from palette_backup_provider.resources.aws.iam.policy_documents import (
    access_policy,
    bucket_policy_for,
    key_policy_for,
    tls_only,
    trust_policy,
)
from palette_backup_provider.resources.aws.iam.policy_text import same, text
from palette_backup_provider.resources.aws.s3.rules import TLS_ONLY

USER = "arn:aws:iam::123456789012:user/velero"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"

GUIDE: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ec2:DescribeVolumes",
                "ec2:DescribeSnapshots",
                "ec2:CreateTags",
                "ec2:CreateVolume",
                "ec2:CreateSnapshot",
                "ec2:DeleteSnapshot",
            ],
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObject",
                "s3:DeleteObject",
                "s3:PutObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts",
            ],
            "Resource": ["arn:aws:s3:::BUCKET-NAME/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": ["arn:aws:s3:::BUCKET-NAME"],
        },
    ],
}
"""The policy of Palette's guide, copied from there."""


def test_with_snapshots_it_is_the_policy_of_the_guide() -> None:
    assert access_policy("BUCKET-NAME", snapshots=True) == GUIDE


def test_by_default_volumes_are_out_of_reach() -> None:
    assert access_policy("BUCKET-NAME")["Statement"] == GUIDE["Statement"][1:]


def test_tags_need_the_snapshots_that_they_narrow() -> None:
    says = "^access_policy: snapshot_tags: needs snapshots=True, which it narrows$"
    with pytest.raises(RunError, match=says):
        access_policy("b", snapshot_tags={"a": "b"})
    with pytest.raises(RunError, match=says):
        access_policy("b", snapshots=False, snapshot_tags={"a": "b"})


def test_a_kms_key_adds_one_statement_on_that_key() -> None:
    *guide, key = access_policy("BUCKET-NAME", snapshots=True, kms_key_arn=KEY)["Statement"]
    assert guide == GUIDE["Statement"]
    assert key == {
        "Effect": "Allow",
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": [KEY],
    }


def test_arns_are_in_the_partition() -> None:
    document = access_policy("b", "aws-us-gov", snapshots=True, snapshot_tags={"k": "v"})
    arns = [arn for s in document["Statement"] for arn in s["Resource"] if arn != "*"]
    assert arns
    assert all(arn.startswith("arn:aws-us-gov:") for arn in arns)


def test_tags_narrow_every_snapshot_action_that_knows_a_condition() -> None:
    document = access_policy("b", snapshots=True, snapshot_tags={"team": "x", "env": "prod"})
    *snapshots, objects, listing = document["Statement"]
    assert [objects["Action"][0], listing["Action"]] == ["s3:GetObject", ["s3:ListBucket"]]
    free = [s for s in snapshots if "Condition" not in s]
    assert [s["Action"] for s in free] == [["ec2:DescribeVolumes", "ec2:DescribeSnapshots"]]
    volume, snapshot = "arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*::snapshot/*"
    carried = {"aws:ResourceTag/team": "x", "aws:ResourceTag/env": "prod"}
    given = {"aws:RequestTag/team": "x", "aws:RequestTag/env": "prod"}
    allowed = {
        (action, resource): statement["Condition"]["StringEquals"]
        for statement in snapshots
        if "Condition" in statement
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    making = {**given, "ec2:CreateAction": ["CreateSnapshot", "CreateVolume"]}
    assert allowed == {
        ("ec2:CreateSnapshot", volume): carried,
        ("ec2:CreateSnapshot", snapshot): given,
        ("ec2:DeleteSnapshot", snapshot): carried,
        ("ec2:CreateVolume", snapshot): carried,
        ("ec2:CreateVolume", volume): given,
        ("ec2:CreateTags", volume): making,
        ("ec2:CreateTags", snapshot): making,
    }


def test_what_the_owner_of_an_existing_bucket_adds() -> None:
    objects, listing = bucket_policy_for(USER, "b")
    for mine, guide in zip((objects, listing), GUIDE["Statement"][1:], strict=True):
        assert mine["Principal"] == {"AWS": USER}
        assert mine["Action"] == guide["Action"]
        assert mine["Sid"]
    assert objects["Resource"] == ["arn:aws:s3:::b/*"]
    assert listing["Resource"] == ["arn:aws:s3:::b"]


def test_what_the_owner_of_an_existing_key_adds() -> None:
    (statement,) = key_policy_for(USER)
    assert statement == {
        "Sid": "PaletteBackupKey",
        "Effect": "Allow",
        "Principal": {"AWS": USER},
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": "*",
    }


def test_statements_for_others_are_not_taken_for_ours() -> None:
    theirs = {s["Sid"] for s in bucket_policy_for(USER, "b") + key_policy_for(USER)}
    assert TLS_ONLY not in theirs


def test_tls_only_denies_everything_without_tls() -> None:
    assert tls_only("b", "aws-us-gov", "Sid") == {
        "Sid": "Sid",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws-us-gov:s3:::b", "arn:aws-us-gov:s3:::b/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Action": "a", "Resource": "r"}, {"Resource": "r", "Action": ["a"]}),
        ({"Action": ["a", "b"]}, {"Action": ["b", "a"]}),
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
        (
            {"Principal": {"AWS": "123456789012"}},
            {"Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}},
        ),
        ({"Condition": {"Bool": {"k": True}}}, {"Condition": {"Bool": {"k": ["true"]}}}),
        ({"Condition": {"Num": {"k": 10.0}}}, {"Condition": {"Num": {"k": "10"}}}),
        ({"Statement": {"Action": "a"}}, {"Statement": [{"Action": "a"}]}),
    ],
)
def test_documents_that_mean_the_same(one: Any, other: Any) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Action": "a"}, {"Action": ["a", "b"]}),
        ({"Action": "a"}, {"NotAction": "a"}),
        ({"Principal": "*"}, {"Principal": {"AWS": "123456789012"}}),
        ({"Principal": {"AWS": "*"}}, {"Principal": {"Service": "*"}}),
        ({"Effect": "Allow"}, {"Effect": "Deny"}),
        ({"Statement": [{"Action": "a"}]}, {"Statement": [{"Action": "a"}, {"Action": "b"}]}),
        ({"Condition": {"Bool": {"k": "true"}}}, {}),
    ],
)
def test_documents_that_differ(one: Any, other: Any) -> None:
    assert not same(one, other)


def test_whole_numbers_are_written_without_a_point() -> None:
    assert text({"a": [1.0, {"b": 2.0}], "c": True}) == '{"a": [1, {"b": 2}], "c": true}'


TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "ext"}},
}
"""What Palette's guide has every role trust: Palette, by its external id."""


def test_a_role_trusts_palette_by_its_external_id() -> None:
    assert trust_policy("111111111111", "ext") == {"Version": "2012-10-17", "Statement": [TRUST]}


def test_a_role_trusts_accounts_and_roles_of_clusters_without_an_external_id() -> None:
    by_role = "arn:aws:iam::222222222222:role/SpectroCloudRole"
    document = trust_policy("111111111111", "ext", principals=["222222222222", by_role])
    assert document["Statement"] == [TRUST] + [
        {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
        for arn in ("arn:aws:iam::222222222222:root", by_role)
    ]


def test_a_role_trusts_velero_of_eks_clusters() -> None:
    issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    provider = f"arn:aws:iam::222222222222:oidc-provider/{issuer}"
    palette, velero = trust_policy("111111111111", "ext", oidc_providers=[provider])["Statement"]
    assert palette == TRUST
    assert velero == {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringLike": {f"{issuer}:sub": "system:serviceaccount:*:velero-server"},
            "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"},
        },
    }


def test_trust_is_in_the_partition() -> None:
    document = trust_policy("1" * 12, "ext", "aws-us-gov", principals=["2" * 12])
    arns = [statement["Principal"]["AWS"] for statement in document["Statement"]]
    assert arns == [f"arn:aws-us-gov:iam::{digit * 12}:root" for digit in "12"]
