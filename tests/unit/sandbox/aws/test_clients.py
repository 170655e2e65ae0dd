"""The sandbox's AWS does what Velero's clients ask of it, and refuses what it does not know."""

import base64
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from palette_backup_provider.sandbox.aws import presigned as aws_presigned
from palette_backup_provider.sandbox.aws.service import ACCOUNT, Aws
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.sandbox.aws.test_service import ARN, BUCKET, refusal
from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import allow, policy


@pytest.fixture
def s3(visitor: AwsVisitor) -> Any:
    """The administrator's, with a bucket."""
    s3 = visitor.aws("s3")
    s3.create_bucket(Bucket=BUCKET)
    return s3


def presigned(s3: Any, call: str, expires: int = 60, **how: Any) -> str:
    """A URL as Velero's plugin makes it, in version 4."""
    s3.meta.config.signature_version = "s3v4"
    params = {"Bucket": BUCKET, "Key": "a b/ö+", **how}
    url: str = s3.generate_presigned_url(call, Params=params, ExpiresIn=expires)
    return url


def v4(visitor: AwsVisitor, keys: tuple[str, ...] | None = None) -> Any:
    access_key, secret_key, *token = keys or visitor.keys("AWS")
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=visitor.env["AWS_ENDPOINT_URL"],
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token[0] if token else None,
        config=Config(signature_version="s3v4", retries={"total_max_attempts": 1}),
    )


def test_a_presigned_url_is_as_good_as_its_signer(visitor: AwsVisitor, s3: Any) -> None:
    keys = visitor.new_user("u", allow("s3:GetObject", "s3:PutObject", on=f"{ARN}/*"))
    user = v4(visitor, keys)
    put = presigned(user, "put_object", Metadata={"made": "by"})
    unsigned = requests.put(put, b"data", timeout=9)
    assert unsigned.status_code == 403  # the header is part of what was signed
    made = requests.put(put, b"data", headers={"x-amz-meta-made": "by"}, timeout=9)
    assert made.ok, made.text
    assert s3.head_object(Bucket=BUCKET, Key="a b/ö+")["Metadata"] == {"made": "by"}
    get = presigned(user, "get_object", ResponseContentType="text/y")
    told = requests.get(get, timeout=9)
    assert (told.content, told.headers["Content-Type"]) == (b"data", "text/y")
    assert requests.get(get, headers={"Range": "bytes=1-2"}, timeout=9).content == b"at"
    for wrong in (get.replace("/a%20b", "/x"), f"{get}&versionId=1", f"{get[:-1]}x"):
        told = requests.get(wrong, timeout=9)
        assert told.status_code == 403 and "SignatureDoesNotMatch" in told.text
    assert requests.delete(get, timeout=9).status_code == 403
    strange = requests.get(get, headers={"x-amz-meta-a": "b"}, timeout=9)
    assert strange.status_code == 403 and "not signed" in strange.text
    lists = user.generate_presigned_url("list_objects_v2", Params={"Bucket": BUCKET})
    assert "s3:ListBucket" in requests.get(lists, timeout=9).text
    visitor.aws("iam").update_access_key(UserName="u", AccessKeyId=keys[0], Status="Inactive")
    assert "InvalidAccessKeyId" in requests.get(get, timeout=9).text


def test_a_presigned_url_ends(
    visitor: AwsVisitor, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put_object(Bucket=BUCKET, Key="a b/ö+", Body=b"data")
    short = presigned(v4(visitor), "get_object", expires=600)
    older = short.replace("X-Amz-Expires=600&", "X-Amz-Expires=6000&")
    assert "SignatureDoesNotMatch" in requests.get(older, timeout=9).text

    class Later(datetime):
        @classmethod
        def now(cls, zone: Any = None) -> Any:
            return super().now(zone) + timedelta(seconds=601)

    assert requests.get(short, timeout=9).ok
    monkeypatch.setattr(aws_presigned, "datetime", Later)
    assert "Request has expired" in requests.get(short, timeout=9).text
    week = presigned(v4(visitor), "get_object", expires=7 * 86400 + 1)
    assert "AuthorizationQueryParametersError" in requests.get(week, timeout=9).text


def test_version_2_of_signatures_is_refused_as_by_new_buckets(visitor: AwsVisitor, s3: Any) -> None:
    old = visitor.aws("s3").generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": "x"}
    )
    assert "AWSAccessKeyId" in old
    told = requests.get(old, timeout=9)
    assert told.status_code == 400 and "Please use AWS4-HMAC-SHA256" in told.text


def test_the_url_of_a_session_carries_its_token(visitor: AwsVisitor, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="a b/ö+", Body=b"data")
    iam = visitor.aws("iam")
    trust = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    reads = policy(allow("s3:GetObject", on=f"{ARN}/*"))
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=reads)
    made = visitor.aws("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    keys = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    get = presigned(v4(visitor, keys), "get_object")
    assert requests.get(get, timeout=9).content == b"data"
    other = get.replace("X-Amz-Security-Token=", "X-Amz-Security-Token=x")
    assert requests.get(other, timeout=9).status_code == 403


def test_a_folder_of_which_all_is_deleted_is_none(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for key in ("a/1", "a/b/2", "c/3"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")

    def folders(prefix: str = "") -> list[str]:
        how = {"Bucket": BUCKET, "Prefix": prefix, "Delimiter": "/"}
        found = [s3.list_objects_v2(**how), s3.list_objects(**how)]
        names = [[one["Prefix"] for one in page.get("CommonPrefixes", [])] for page in found]
        assert names[0] == names[1]
        return names[0]

    assert (folders(), folders("a/")) == (["a/", "c/"], ["a/b/"])
    s3.delete_object(Bucket=BUCKET, Key="a/b/2")
    assert (folders(), folders("a/")) == (["a/", "c/"], [])
    s3.delete_object(Bucket=BUCKET, Key="c/3")
    assert folders() == ["a/"]


def test_who_may_not_list_is_not_told_what_is_there(visitor: AwsVisitor, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="there", Body=b"x")
    reads = allow("s3:GetObject", on=f"{ARN}/*")
    blind = visitor.aws("s3", visitor.new_user("blind", reads))
    seeing = visitor.aws("s3", visitor.new_user("seeing", reads, allow("s3:ListBucket", on=ARN)))
    for call in ("get_object", "head_object"):
        for who in (blind, seeing):
            assert getattr(who, call)(Bucket=BUCKET, Key="there")
        assert refusal(getattr(blind, call), Bucket=BUCKET, Key="no") in ("AccessDenied", "403")
        assert refusal(getattr(seeing, call), Bucket=BUCKET, Key="no") in ("NoSuchKey", "404")


@pytest.mark.parametrize("named", ["by the bucket", "by the upload"])
def test_an_upload_in_parts_takes_leave_to_use_the_key(
    visitor: AwsVisitor, s3: Any, named: str
) -> None:
    arn = visitor.aws("kms").create_key()["KeyMetadata"]["Arn"]
    how: dict[str, Any] = {"Bucket": BUCKET, "Key": "k"}
    create = {**how, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": arn}
    if named == "by the bucket":
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)
        create = how
    may = allow("s3:*")

    def who(name: str, *actions: str) -> Any:
        use = [allow(*actions, on=arn)] if actions else []
        return visitor.aws("s3", visitor.new_user(name, may, *use))

    for without in (who("none"), who("reads", "kms:Decrypt")):
        with pytest.raises(ClientError, match="kms:GenerateDataKey"):
            without.create_multipart_upload(**create)
    half = who("half", "kms:GenerateDataKey")
    id = half.create_multipart_upload(**create)["UploadId"]
    part = {**how, "UploadId": id, "PartNumber": 1, "Body": b"x"}
    if named == "by the bucket":
        with pytest.raises(ClientError, match="kms:Decrypt"):
            half.upload_part(**part)
    whole = who("whole", "kms:GenerateDataKey", "kms:Decrypt")
    tag = whole.upload_part(**part)["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
    whole.complete_multipart_upload(**how, UploadId=id, MultipartUpload=parts)
    assert whole.get_object(**how)["Body"].read() == b"x"
    with pytest.raises(ClientError, match="kms:Decrypt"):
        half.get_object(**how)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC"
SUBJECT = "system:serviceaccount:cluster-1:velero-server"


def token(key: rsa.RSAPrivateKey, **claims: Any) -> str:
    """As a cluster gives it to a pod."""
    usual = {"iss": ISSUER, "sub": SUBJECT, "aud": ["sts.amazonaws.com"], "exp": time.time() + 60}
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256"}, {**usual, **claims})
    ]
    signed = key.sign(".".join(coded).encode(), padding.PKCS1v15(), hashes.SHA256())
    return ".".join([*coded, base64.urlsafe_b64encode(signed).decode().rstrip("=")])


@pytest.fixture
def role(visitor: AwsVisitor, running: Sandbox, key: rsa.RSAPrivateKey) -> str:
    """A role as Palette's guide has it for EKS."""
    aws: Aws = running.service(Aws)
    aws.issuers[ISSUER] = key.public_key()
    iam, name = visitor.aws("iam"), ISSUER.removeprefix("https://")
    provider = iam.create_open_id_connect_provider(
        Url=ISSUER, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )["OpenIDConnectProviderArn"]
    trust = policy(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringLike": {f"{name}:sub": "system:serviceaccount:*:velero-server"},
                "StringEquals": {f"{name}:aud": "sts.amazonaws.com"},
            },
        }
    )
    made = iam.create_role(RoleName="eks", AssumeRolePolicyDocument=trust)["Role"]
    reads = policy(allow("s3:ListBucket", on=ARN))
    iam.put_role_policy(RoleName="eks", PolicyName="p", PolicyDocument=reads)
    return str(made["Arn"])


def ask(visitor: AwsVisitor, role: str, token: str, **how: Any) -> Any:
    """As a pod does, that has nothing but its token."""
    sts = visitor.aws("sts", ("none", "none"))
    return sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="velero", WebIdentityToken=token, **how
    )


def test_a_pod_takes_on_a_role_with_its_token(
    visitor: AwsVisitor, s3: Any, role: str, key: rsa.RSAPrivateKey
) -> None:
    told = ask(visitor, role, token(key))
    assert told["SubjectFromWebIdentityToken"] == SUBJECT
    made = told["Credentials"]
    keys = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    assert visitor.aws("sts", keys).get_caller_identity()["Arn"].endswith("/eks/velero")
    visitor.aws("s3", keys).list_objects_v2(Bucket=BUCKET)
    assert refusal(visitor.aws("s3", keys).put_object, Bucket=BUCKET, Key="x") == "AccessDenied"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"sub": "system:serviceaccount:velero:other"}, "AccessDenied"),
        ({"aud": ["other"]}, "InvalidIdentityToken"),
        ({"iss": "https://other"}, "InvalidIdentityToken"),
        ({"exp": 1}, "ExpiredTokenException"),
    ],
)
def test_a_token_is_judged_by_what_it_says(
    visitor: AwsVisitor, role: str, key: rsa.RSAPrivateKey, claims: dict[str, Any], code: str
) -> None:
    assert refusal(ask, visitor=visitor, role=role, token=token(key, **claims)) == code


def test_a_token_that_somebody_else_signed_is_none(visitor: AwsVisitor, role: str) -> None:
    forged = token(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refusal(ask, visitor=visitor, role=role, token=forged) == "InvalidIdentityToken"
    assert refusal(ask, visitor=visitor, role=role, token="none") == "InvalidIdentityToken"


def test_a_role_that_trusts_no_provider_is_not_taken_on(
    visitor: AwsVisitor, role: str, key: rsa.RSAPrivateKey
) -> None:
    iam = visitor.aws("iam")
    account = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:*"})
    plain = iam.create_role(RoleName="plain", AssumeRolePolicyDocument=account)["Role"]["Arn"]
    for arn in (plain, role.replace("eks", "none")):
        assert refusal(ask, visitor=visitor, role=arn, token=token(key)) == "AccessDenied"
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.removeprefix('https://')}"
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert refusal(ask, visitor=visitor, role=role, token=token(key)) == "AccessDenied"


MINE = {"cluster": "mine"}
ZONE = "us-east-1a"


def tags(kind: str, values: dict[str, str] = MINE) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in values.items()]}]


def narrowed() -> list[dict[str, Any]]:
    """What a careful operator gives Velero: snapshots with its tag, and no other."""
    tagged = {"StringEquals": {"aws:ResourceTag/cluster": "mine"}}
    asked = {"StringEquals": {"aws:RequestTag/cluster": "mine"}}
    made = {"StringEquals": {"ec2:CreateAction": ["CreateSnapshot", "CreateVolume"]}}
    snapshots, volumes = "arn:aws:ec2:*::snapshot/*", f"arn:aws:ec2:*:{ACCOUNT}:volume/*"
    return [
        allow("ec2:Describe*"),
        allow("ec2:CreateSnapshot", on=volumes),
        {**allow("ec2:CreateSnapshot", on=snapshots), "Condition": asked},
        {**allow("ec2:DeleteSnapshot", on=snapshots), "Condition": tagged},
        {**allow("ec2:CreateTags", on=[snapshots, volumes]), "Condition": made},
        {**allow("ec2:CreateVolume", on=volumes), "Condition": asked},
        {**allow("ec2:CreateVolume", on=snapshots), "Condition": tagged},
    ]


def test_statements_on_ec2_are_narrowed_to_resources_and_tags(visitor: AwsVisitor) -> None:
    admin = visitor.aws("ec2")
    volume = admin.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
    theirs = admin.create_snapshot(VolumeId=volume)["SnapshotId"]
    velero = visitor.aws("ec2", visitor.new_user("velero", *narrowed()))
    assert velero.describe_snapshots(SnapshotIds=[theirs])["Snapshots"]
    assert refusal(velero.create_snapshot, VolumeId=volume) == "UnauthorizedOperation"
    other = tags("snapshot", {"cluster": "other"})
    refused = refusal(velero.create_snapshot, VolumeId=volume, TagSpecifications=other)
    assert refused == "UnauthorizedOperation"
    made = velero.create_snapshot(VolumeId=volume, TagSpecifications=tags("snapshot"))
    ours = made["SnapshotId"]
    restore: dict[str, Any] = {"AvailabilityZone": ZONE, "TagSpecifications": tags("volume")}
    velero.create_volume(SnapshotId=ours, **restore)
    refused = refusal(velero.create_volume, SnapshotId=theirs, **restore)
    assert refused == "UnauthorizedOperation"
    relabel = {"Tags": [{"Key": "cluster", "Value": "mine"}]}
    refused = refusal(velero.create_tags, Resources=[theirs], **relabel)
    assert refused == "UnauthorizedOperation"
    velero.delete_snapshot(SnapshotId=ours)
    assert refusal(velero.delete_snapshot, SnapshotId=theirs) == "UnauthorizedOperation"
    assert refusal(velero.delete_volume, VolumeId=volume) == "UnauthorizedOperation"


def test_a_denial_by_tag_is_one_for_what_has_the_tag(visitor: AwsVisitor) -> None:
    admin = visitor.aws("ec2")
    volume = admin.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
    kept = admin.create_snapshot(VolumeId=volume, TagSpecifications=tags("snapshot"))
    plain = admin.create_snapshot(VolumeId=volume)["SnapshotId"]
    deny = {
        "Effect": "Deny",
        "Action": "ec2:DeleteSnapshot",
        "Resource": "*",
        "Condition": {"Null": {"ec2:ResourceTag/cluster": "false"}},
    }
    user = visitor.aws("ec2", visitor.new_user("u", allow("*"), deny))
    user.delete_snapshot(SnapshotId=plain)
    assert refusal(user.delete_snapshot, SnapshotId=kept["SnapshotId"]) == "UnauthorizedOperation"


UNKNOWN: dict[str, Callable[[Any, Any], Any]] = {
    "call PutBucketInventoryConfiguration": lambda s3, _: requests_like(s3, "inventory"),
    "call RestoreObject": lambda s3, _: s3.restore_object(
        Bucket=BUCKET, Key="k", RestoreRequest={"Days": 1}
    ),
    "call SelectObjectContent": lambda s3, _: s3.select_object_content(
        Bucket=BUCKET,
        Key="k",
        Expression="x",
        ExpressionType="SQL",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
    ),
    "header x-amz-server-side-encryption-customer-": lambda s3, _: s3.put_object(
        Bucket=BUCKET, Key="k", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32
    ),
    "header x-amz-write-offset-bytes": lambda s3, _: s3.put_object(
        Bucket=BUCKET, Key="k", WriteOffsetBytes=3
    ),
    "header x-amz-website-redirect-location": lambda s3, _: s3.put_object(
        Bucket=BUCKET, Key="k", WebsiteRedirectLocation="/x"
    ),
    "call RunInstances of EC2": lambda _, ec2: ec2.run_instances(MinCount=1, MaxCount=1),
    "call CopySnapshot of EC2": lambda _, ec2: ec2.copy_snapshot(
        SourceRegion="us-east-1", SourceSnapshotId="snap-1"
    ),
}


def requests_like(s3: Any, id: str) -> Any:
    destination = {"S3BucketDestination": {"Bucket": ARN, "Format": "CSV"}}
    how = {"Id": id, "IsEnabled": True, "IncludedObjectVersions": "All"}
    schedule = {"Frequency": "Daily"}
    return s3.put_bucket_inventory_configuration(
        Bucket=BUCKET,
        Id=id,
        InventoryConfiguration={**how, "Destination": destination, "Schedule": schedule},
    )


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_sandbox_does_not_know_is_refused_by_its_name(
    visitor: AwsVisitor, s3: Any, name: str
) -> None:
    with pytest.raises(ClientError, match=f"does not know the {name}"):
        UNKNOWN[name](s3, visitor.aws("ec2"))
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_conditions_hashes_and_owners_of_puts_hold(s3: Any) -> None:
    put: dict[str, Any] = {"Bucket": BUCKET, "Key": "k", "Body": b"data"}
    s3.put_object(**put, IfNoneMatch="*", ExpectedBucketOwner=ACCOUNT)
    assert refusal(s3.put_object, **put, IfNoneMatch="*") == "PreconditionFailed"
    assert refusal(s3.put_object, **put, ExpectedBucketOwner="2" * 12) == "AccessDenied"
    wrong = base64.b64encode(b"x" * 16).decode()
    assert refusal(s3.put_object, **put, ContentMD5=wrong) == "BadDigest"
    assert refusal(s3.put_object, **put, ChecksumCRC32="AAAAAA==") == "BadDigest"
