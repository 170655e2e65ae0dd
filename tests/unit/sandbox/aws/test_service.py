"""AWS in the sandbox refuses what AWS refuses, also where moto alone would not."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from botocore.compat import get_current_datetime
from botocore.exceptions import ClientError

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.aws.service import ACCOUNT, OTHER_ACCOUNT
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import allow, policy

BUCKET = "some-bucket"
ARN = f"arn:aws:s3:::{BUCKET}"
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def refusal(call: Callable[..., Any], **parameters: Any) -> str:
    """The code with which AWS refuses a call."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


def test_settings_belong_to_two_accounts(visitor: AwsVisitor) -> None:
    assert visitor.aws("sts").get_caller_identity()["Account"] == ACCOUNT
    assert visitor.aws("sts", visitor.others).get_caller_identity()["Account"] == OTHER_ACCOUNT
    gov = visitor.aws("sts", region="us-gov-west-1").get_caller_identity()
    assert gov["Arn"].startswith("arn:aws-us-gov:")


def test_nobody_calls_without_a_known_key_and_the_right_secret(visitor: AwsVisitor) -> None:
    access_key, _ = visitor.keys("AWS")
    wrong_secret = visitor.aws("s3", (access_key, "wrong"))
    assert refusal(wrong_secret.list_buckets) == "SignatureDoesNotMatch"
    unknown = visitor.aws("s3", ("AKIAUNKNOWN", "wrong"))
    assert refusal(unknown.list_buckets) == "InvalidAccessKeyId"


@pytest.mark.parametrize(
    ("minutes", "s3", "iam"),
    [
        (4, "", ""),
        (-14, "", "Signature expired"),
        (14, "", "Signature not yet current"),
        (20, "RequestTimeTooSkewed", "Signature not yet current"),
    ],
)
def test_a_signature_holds_for_a_few_minutes(
    visitor: AwsVisitor, monkeypatch: pytest.MonkeyPatch, minutes: int, s3: str, iam: str
) -> None:
    monkeypatch.setattr(
        "botocore.auth.get_current_datetime",
        lambda: get_current_datetime() + timedelta(minutes=minutes),
    )
    for said, call in (
        (s3, visitor.aws("s3").list_buckets),
        (iam, visitor.aws("iam").list_users),
    ):
        with pytest.raises(ClientError, match=said) if said else nullcontext():
            call()


def test_identity_policies_are_enforced(visitor: AwsVisitor) -> None:
    for name in (BUCKET, "other-bucket"):
        visitor.aws("s3").create_bucket(Bucket=name)
    keys = visitor.new_user("u", allow("s3:PutObject", on=f"{ARN}/*"))
    s3 = visitor.aws("s3", keys)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    assert refusal(s3.put_object, Bucket="other-bucket", Key="k") == "AccessDenied"
    assert refusal(s3.get_object, Bucket=BUCKET, Key="k") == "AccessDenied"


def test_denied_iam_call_is_refused(visitor: AwsVisitor) -> None:
    deny = {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}
    keys = visitor.new_user("limited", allow("*"), deny)
    assert refusal(visitor.aws("iam", keys).create_user, UserName="x") == "AccessDenied"


def test_what_reads_a_setting_takes_an_action_of_its_own(visitor: AwsVisitor) -> None:
    visitor.aws("s3").create_bucket(Bucket=BUCKET)
    blind = visitor.aws("s3", visitor.new_user("blind", allow("s3:ListBucket", "s3:GetBucketAcl")))
    blind.head_bucket(Bucket=BUCKET)
    assert refusal(blind.get_bucket_encryption, Bucket=BUCKET) == "AccessDenied"
    seeing = visitor.new_user("seeing", allow("s3:GetEncryptionConfiguration"))
    visitor.aws("s3", seeing).get_bucket_encryption(Bucket=BUCKET)


def test_what_is_made_with_tags_takes_leave_to_tag(visitor: AwsVisitor) -> None:
    tags = [{"Key": "team", "Value": "storage"}]
    keys = visitor.new_user("u", allow("iam:CreateUser", "s3:CreateBucket"))
    iam, s3 = visitor.aws("iam", keys), visitor.aws("s3", keys, region="eu-west-1")
    iam.create_user(UserName="plain")
    assert refusal(iam.create_user, UserName="tagged", Tags=tags) == "AccessDenied"
    wanted = {"LocationConstraint": "eu-west-1", "Tags": tags}
    made = refusal(s3.create_bucket, Bucket=BUCKET, CreateBucketConfiguration=wanted)
    assert made == "AccessDenied"


def test_versions_of_objects_take_an_action_of_their_own(visitor: AwsVisitor) -> None:
    visitor.aws("s3").create_bucket(Bucket=BUCKET)
    visitor.aws("s3").put_object(Bucket=BUCKET, Key="k", Body=b"x")
    s3 = visitor.aws("s3", visitor.new_user("u", allow("s3:DeleteObject", on=f"{ARN}*")))
    one: dict[str, Any] = {"Key": "k", "VersionId": "null"}
    assert refusal(s3.delete_objects, Bucket=BUCKET, Delete={"Objects": [one]}) == "AccessDenied"
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "k"}]})


def test_inactive_key_is_refused(visitor: AwsVisitor) -> None:
    keys = visitor.new_user("u", allow("*"))
    status = {"UserName": "u", "AccessKeyId": keys[0], "Status": "Inactive"}
    visitor.aws("iam").update_access_key(**status)
    assert refusal(visitor.aws("s3", keys).list_buckets) == "InvalidAccessKeyId"
    assert refusal(visitor.aws("iam", keys).list_users) == "InvalidClientTokenId"


def test_user_with_keys_stays(visitor: AwsVisitor) -> None:
    access_key, _ = visitor.new_user("u")
    iam = visitor.aws("iam")
    assert refusal(iam.delete_user, UserName="u") == "DeleteConflict"
    iam.delete_access_key(UserName="u", AccessKeyId=access_key)
    iam.delete_user(UserName="u")


def test_attached_policy_stays(visitor: AwsVisitor) -> None:
    iam = visitor.aws("iam")
    document = policy(allow("s3:*"))
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    assert refusal(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def test_key_remembers_its_last_use(visitor: AwsVisitor) -> None:
    keys = visitor.new_user("u")
    visitor.aws("sts", keys).get_caller_identity()
    used = visitor.aws("iam").get_access_key_last_used(AccessKeyId=keys[0])["AccessKeyLastUsed"]
    assert used["ServiceName"] == "sts"


def test_bucket_has_the_tags_it_is_made_with_and_no_others(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3", region="eu-west-1")
    for value in ("first", "second"):
        tags = [{"Key": value, "Value": "<&>"}]
        wanted = {"LocationConstraint": "eu-west-1", "Tags": tags}
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=wanted)
        assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == tags
        s3.delete_bucket(Bucket=BUCKET)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert refusal(s3.get_bucket_tagging, Bucket=BUCKET) == "NoSuchTagSet"


def test_bucket_is_encrypted_by_default(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_unfinished_uploads_are_listed(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.create_multipart_upload(Bucket=BUCKET, Key="k")
    assert [u["Key"] for u in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]] == ["k"]


def test_tls_only_policy_is_kept_and_harms_nobody(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(TLS_ONLY))
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    assert s3.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"x"
    kept = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert kept["Statement"] == [TLS_ONLY]


def test_bucket_policy_that_denies_is_obeyed(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    deny = {**TLS_ONLY, "Action": "s3:PutObject", "Condition": {}}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(deny))
    assert refusal(s3.put_object, Bucket=BUCKET, Key="k") == "AccessDenied"
    s3.list_objects_v2(Bucket=BUCKET)


def test_bucket_of_another_account_is_closed_until_its_policy_opens_it(visitor: AwsVisitor) -> None:
    theirs, ours = visitor.aws("s3", visitor.others), visitor.aws("s3")
    theirs.create_bucket(Bucket=BUCKET)
    assert refusal(ours.create_bucket, Bucket=BUCKET) == "BucketAlreadyExists"
    assert refusal(ours.get_bucket_tagging, Bucket=BUCKET) == "AccessDenied"
    assert refusal(ours.list_objects_v2, Bucket=BUCKET) == "AccessDenied"
    opened = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "s3:ListBucket",
        "Resource": ARN,
    }
    theirs.put_bucket_policy(Bucket=BUCKET, Policy=policy(opened))
    ours.list_objects_v2(Bucket=BUCKET)
    assert refusal(ours.put_object, Bucket=BUCKET, Key="k") == "AccessDenied"


def test_kms_key_of_a_bucket_takes_leave_to_use_it(visitor: AwsVisitor) -> None:
    key = visitor.aws("kms").create_key()["KeyMetadata"]
    arn = key["Arn"]
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}
    }
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    without = visitor.aws("s3", visitor.new_user("without", allow("s3:*")))
    with pytest.raises(ClientError, match="kms:GenerateDataKey"):
        without.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    use = allow("kms:GenerateDataKey", "kms:Decrypt", on=arn)
    with_it = visitor.aws("s3", visitor.new_user("with", allow("s3:*"), use))
    with_it.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    visitor.aws("kms").disable_key(KeyId=key["KeyId"])
    assert refusal(with_it.get_object, Bucket=BUCKET, Key="k") == "KMS.DisabledException"


def trusting(principal: str, external_id: str | None = None) -> str:
    trust: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        trust["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return policy(trust)


def test_role_is_taken_on_as_its_trust_says(visitor: AwsVisitor) -> None:
    iam, sts = visitor.aws("iam"), visitor.aws("sts")
    account = f"arn:aws:iam::{ACCOUNT}:root"
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusting(account, "secret-id"))
    ask = {"RoleArn": role["Role"]["Arn"], "RoleSessionName": "test"}
    assert refusal(sts.assume_role, **ask) == "AccessDenied"
    assert refusal(sts.assume_role, **ask, ExternalId="wrong") == "AccessDenied"
    session = sts.assume_role(**ask, ExternalId="secret-id")["Credentials"]
    keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    arn = visitor.aws("sts", keys).get_caller_identity()["Arn"]
    assert arn.endswith("assumed-role/r/test")
    other = visitor.aws("sts", visitor.others)
    assert refusal(other.assume_role, **ask, ExternalId="secret-id") == "AccessDenied"
    missing = {**ask, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/missing"}
    assert refusal(sts.assume_role, **missing) == "AccessDenied"


def test_a_process_has_one_aws(visitor: AwsVisitor) -> None:
    with pytest.raises(ProviderError, match="already running"):
        Sandbox(["aws"]).start()
