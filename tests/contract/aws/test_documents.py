"""No accepted input gives a document that allows more than what it names on AWS."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider import aws
from palette_backup_provider.sandbox.aws.resource_policy import Principal, evaluate
from tests.contract.aws.samples import ARN
from tests.contract.bucket_access import OBJECTS, is_on_one_bucket, permitted
from tests.contract.tampering import PATTERN, demands_a_value, made, neighbours, quickly, tampered

ACCOUNT, STRANGER = "123456789012", "210987654321"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def allowed(
    statements: Sequence[Any], who: Principal, action: str, what: str, **facts: str
) -> bool:
    """Whether the sandbox's AWS lets them do it by a policy of a resource."""
    named = {key.replace("__", ":"): value for key, value in facts.items()}
    return evaluate(json.dumps({"Statement": statements}), who, action, what, named) == "Allow"


def somebody(arn: str) -> Principal:
    return Principal(arn, arn.split(":")[4])


STRANGERS = [
    somebody(arn)
    for arn in (
        f"arn:aws:iam::{STRANGER}:root",
        f"arn:aws:iam::{STRANGER}:user/velero",
        f"arn:aws:iam::{STRANGER}:role/velero",
        f"arn:aws:sts::{STRANGER}:assumed-role/velero/session",
    )
]


@quickly
@given(bucket=tampered("backups", "nightly-0a1b2c3d4e", "Old_Bucket.1"))
def test_access_is_on_one_bucket(bucket: str) -> None:
    is_on_one_bucket(aws.access_policy, bucket)


@quickly
@given(arn=tampered(KEY, KEY.replace("aws", "aws-us-gov", 1), KEY.replace("1234abcd", "mrk-12")))
def test_access_to_a_key_is_to_one_key(arn: str) -> None:
    document = made(aws.access_policy, "b", kms_key_arn=arn)
    if document is not None:
        assert permitted(document, "kms:Decrypt", arn)
        for other in neighbours(arn):
            assert not permitted(document, "kms:Decrypt", other), other


@quickly
@given(tags=st.dictionaries(tampered("backup", "team/x"), tampered("palette", "a b"), max_size=3))
def test_snapshots_are_of_volumes_with_all_the_tags(tags: dict[str, str]) -> None:
    document = made(aws.access_policy, "b", snapshots=True, snapshot_tags=tags)
    if document is None:
        return
    assert tags and "${" not in json.dumps(document)
    statements = [{"Principal": "*", **one} for one in document["Statement"]]
    volume, who = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-1", somebody(f"{ARN}:user/u")

    def snapshots(carried: dict[str, str]) -> bool:
        facts = {f"aws__ResourceTag/{name}": value for name, value in carried.items()}
        return allowed(statements, who, "ec2:CreateSnapshot", volume, **facts)

    assert snapshots(tags)
    assert not snapshots({})
    for name, value in tags.items():
        assert not snapshots({k: v for k, v in tags.items() if k != name})
        for other in neighbours(value):
            assert not snapshots({**tags, name: other}), other


PRINCIPALS = (
    ACCOUNT,
    *(f"{ARN}:{what}" for what in ("root", "role/velero", "user/a/b", "role/a+b=c,d.e@f_g")),
    f"arn:aws:sts::{ACCOUNT}:assumed-role/velero/session",
    f"arn:aws-us-gov:iam::{ACCOUNT}:role/velero",
)


@quickly
@given(principal=tampered(*PRINCIPALS, "*", "ec2.amazonaws.com", STRANGER[:11]))
def test_a_role_is_assumed_by_those_whom_it_names(principal: str) -> None:
    trust = made(aws.trust_policy, "1" * 12, "external", principals=[principal])
    if trust is None:
        return
    statements = trust["Statement"]
    (named,) = {one["Principal"]["AWS"] for one in statements[1:]}
    assert not PATTERN.search(named)
    account = named.split(":")[4]
    for who in STRANGERS:
        if who.account != account:
            assert not allowed(statements, who, "sts:AssumeRole", "")
    root = somebody(f"arn:aws:iam::{account}:root")
    assert allowed(statements, root, "sts:AssumeRole", "") == named.endswith(":root")
    if not named.endswith(":root"):
        assert allowed(statements, somebody(named), "sts:AssumeRole", "")
        for other in neighbours(named.rpartition("/")[2]):
            there = somebody(f"{named.rpartition('/')[0]}/{other}")
            if there.names.isdisjoint({named}):
                assert not allowed(statements, there, "sts:AssumeRole", "")


@quickly
@given(external=tampered("5f1e", "a+b=c,d.e@f:g/h-i"), account=tampered("1" * 12))
def test_palette_assumes_a_role_by_its_external_id_alone(external: str, account: str) -> None:
    trust = made(aws.trust_policy, account, external)
    if trust is None:
        return
    assert "${" not in json.dumps(trust)
    palette = somebody(f"arn:aws:iam::{account}:root")
    assume = "sts:AssumeRole", ""
    assert allowed(trust["Statement"], palette, *assume, sts__ExternalId=external)
    for other in (None, *neighbours(external)):
        facts = {} if other is None else {"sts__ExternalId": other}
        assert not allowed(trust["Statement"], palette, *assume, **facts)


EKS = f"{ARN}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C"


@quickly
@given(provider=tampered(EKS, f"{ARN}:oidc-provider/example.com"))
def test_velero_assumes_a_role_by_one_provider(provider: str) -> None:
    trust = made(aws.trust_policy, "1" * 12, "external", oidc_providers=[provider])
    if trust is None:
        return
    velero = trust["Statement"][1]
    assert velero["Principal"] == {"Federated": provider} and not PATTERN.search(provider)
    name = provider.partition(":oidc-provider/")[2]
    keys = [key for one in velero["Condition"].values() for key in one]
    assert {key.rpartition(":")[0] for key in keys} == {name}
    assert provider.count(":") == 5
    assert not any(allowed([velero], who, "sts:AssumeRole", "") for who in STRANGERS)


@quickly
@given(arn=tampered(*PRINCIPALS[1:]), bucket=tampered("backups"))
def test_what_owners_of_a_bucket_or_key_add_is_for_one_identity(arn: str, bucket: str) -> None:
    statements = made(aws.bucket_policy_for, arn, bucket)
    keys = made(aws.key_policy_for, arn)
    if statements is not None:
        there = f"arn:aws:s3:::{bucket}/a"
        assert not PATTERN.search(arn)
        for who in STRANGERS:
            assert who.account == somebody(arn).account or not any(
                allowed(statements, who, action, there) for action in OBJECTS
            )
        for other in neighbours(bucket):
            elsewhere = f"arn:aws:s3:::{other}/a"
            assert not allowed(statements, somebody(arn), "s3:GetObject", elsewhere)
    if keys is not None:
        for who in STRANGERS:
            assert who.account == somebody(arn).account or not allowed(keys, who, "kms:Decrypt", "")


def test_an_output_is_told_what_to_do_with_it() -> None:
    demands_a_value(aws.access_policy)
    demands_a_value(aws.bucket_policy_for, user_arn=f"{ARN}:user/u")
