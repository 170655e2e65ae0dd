"""What another hand changes by the consoles of Palette and of every cloud, by component."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.clients.palette import LOCATIONS, PaletteClient
from palette_backup_provider.core.settings import Settings
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes

DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Hand:
    """Somebody with the operator's credentials, and the settings that lead everywhere."""

    env: dict[str, str]
    control: Control

    @property
    def aws(self) -> AwsEyes:
        return AwsEyes(self.env)

    @property
    def gcp(self) -> GcpEyes:
        return GcpEyes(self.env)

    @property
    def azure(self) -> AzureEyes:
        return AzureEyes(self.env)

    @property
    def minio(self) -> MinioEyes:
        return MinioEyes(self.env)

    def changes(self, component: str) -> None:
        """Change what that component made, in its cloud and in Palette, in as many ways as can be
        put back."""
        CHANGES[component](self)
        (location,) = self.control.locations()
        body = location["body"]
        body["metadata"]["labels"] = {"changed": "by-hand"}
        body["spec"]["isDefault"] = not location["isDefault"]
        config = body["spec"]["config"]
        if "s3ForcePathStyle" in config:
            config["s3ForcePathStyle"] = not config["s3ForcePathStyle"]
        self._location("PUT", location, body)

    def backs_up(self, component: str) -> None:
        """Leave a backup where that component keeps them, and begin another."""
        BACKUPS[component](self)

    def unregister(self) -> None:
        """Delete the location in Palette."""
        (location,) = self.control.locations()
        self._location("DELETE", {**location, "kind": "s3"})

    def _location(self, method: str, location: dict[str, Any], body: Any = None) -> None:
        palette = PaletteClient.connect(Settings(lambda _: None, self.env))
        where = palette.project_uid(location["project"])
        path = f"{LOCATIONS}/{location['kind']}/{location['uid']}"
        palette.call(method, path, body, project=where)


def _s3(aws: AwsEyes) -> None:
    s3, (bucket,) = aws.client("s3"), aws.buckets()
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    encryption = {"Rules": [rule]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "x"}]})
    s3.delete_public_access_block(Bucket=bucket)
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.delete_bucket_lifecycle(Bucket=bucket)


def _policy(aws: AwsEyes) -> str:
    """The ARN of the policy, whose document is another now."""
    (name,) = aws.policies()
    arn = f"arn:aws:iam::{aws.account()}:policy/{name}"
    document = json.dumps(DENY)
    aws.client("iam").create_policy_version(
        PolicyArn=arn, PolicyDocument=document, SetAsDefault=True
    )
    return arn


def _aws(hand: Hand) -> None:
    iam, (user,) = hand.aws.client("iam"), hand.aws.users()
    _s3(hand.aws)
    iam.detach_user_policy(UserName=user, PolicyArn=_policy(hand.aws))
    (key,) = hand.aws.keys(user)
    iam.update_access_key(UserName=user, AccessKeyId=key, Status="Inactive")


def _sts(hand: Hand) -> None:
    iam, (role,) = hand.aws.client("iam"), hand.aws.roles()
    _s3(hand.aws)
    iam.detach_role_policy(RoleName=role, PolicyArn=_policy(hand.aws))
    trusts = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = {**DENY, "Statement": [{**trusts, "Principal": {"AWS": hand.aws.account()}}]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    iam.update_role(RoleName=role, MaxSessionDuration=3600)


def _gcp(hand: Hand) -> None:
    (name,), (email,) = hand.gcp.buckets(), hand.gcp.emails()
    bucket = hand.gcp.storage().get_bucket(name)
    bucket.iam_configuration.public_access_prevention = "inherited"
    bucket.versioning_enabled = True
    bucket.patch()
    policy = bucket.get_iam_policy(requested_policy_version=3)
    (one, *_) = [b for b in policy.bindings if f"serviceAccount:{email}" in b["members"]]
    policy.bindings = [b for b in policy.bindings if b is not one]
    bucket.set_iam_policy(policy)
    (key,), account = hand.gcp.keys(email), f"projects/-/serviceAccounts/{email}"
    hand.gcp.accounts().keys().disable(name=f"{account}/keys/{key}").execute()
    hand.gcp.accounts().disable(name=account).execute()
    roles, parent = hand.gcp.api("iam", "v1").projects().roles(), f"projects/{hand.gcp.project}"
    for role in roles.list(parent=parent).execute().get("roles", []):
        off = {"stage": "DISABLED"}
        roles.patch(name=role["name"], body=off, updateMask="stage").execute()


def _azure(hand: Hand) -> None:
    theirs, (group,), (account,) = hand.azure.operator, hand.azure.groups(), hand.azure.accounts()
    theirs.groups.update(group, {"tags": {"team": "other"}})
    changed: Any = {
        "allowBlobPublicAccess": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Allow", "bypass": "None"},
    }
    theirs.storage.storage_accounts.update(group, account, {"properties": changed})
    given, *others = [o for o in theirs.roles.list_for_subscription() if account in o.scope]
    given.condition, given.condition_version = "@Resource[a] StringEquals 'b'", "2.0"
    theirs.roles.create_by_id(given.id, given)
    for one in others:
        theirs.roles.delete_by_id(one.id)
    (application,), (principal,) = hand.azure.applications(), hand.azure.principals()
    (secret,) = application["passwordCredentials"]
    path = f"/applications/{application['id']}"
    assert theirs.graph("POST", f"{path}/removePassword", {"keyId": secret["keyId"]}).ok
    assert theirs.graph("PATCH", path, {"isDisabled": True}).ok
    disabled = {"accountEnabled": False}
    assert theirs.graph("PATCH", f"/servicePrincipals/{principal['id']}", disabled).ok


def _minio(hand: Hand) -> None:
    (bucket,), (user,) = hand.minio.buckets(), hand.minio.users()
    (policy,) = hand.minio.policies()
    tags = {"TagSet": [{"Key": "team", "Value": "x"}]}
    hand.minio.s3().put_bucket_tagging(Bucket=bucket, Tagging=tags)
    reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    public = {**DENY, "Statement": [{**reads, "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    hand.minio.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps(public))
    hand.minio.admin("policy_add", policy, policy={**DENY})
    hand.minio.admin("user_add", user, "changed-by-another-hand")


CHANGES: dict[str, Callable[[Hand], None]] = {
    "AwsBackupLocation": _aws,
    "AwsStsBackupLocation": _sts,
    "GcpBackupLocation": _gcp,
    "AzureBackupLocation": _azure,
    "MinioBackupLocation": _minio,
}


def _on_s3(s3: Any) -> None:
    (found,) = s3.list_buckets()["Buckets"]
    s3.put_object(Bucket=found["Name"], Key="backups/one", Body=b"data")
    s3.create_multipart_upload(Bucket=found["Name"], Key="backups/two")


def _on_gcp(hand: Hand) -> None:
    (bucket,) = hand.gcp.buckets()
    hand.gcp.storage().bucket(bucket).blob("backups/one").upload_from_string(b"data")


def _on_azure(hand: Hand) -> None:
    (group,), (account,) = hand.azure.groups(), hand.azure.accounts()
    blobs = hand.azure.operator.blobs(account, hand.azure.operator.keys(account, group)[0], group)
    (location,) = hand.control.locations()
    container = location["body"]["spec"]["config"]["containerName"]
    blobs.get_container_client(container).upload_blob("backups/one", b"data")


BACKUPS: dict[str, Callable[[Hand], None]] = {
    "AwsBackupLocation": lambda hand: _on_s3(hand.aws.client("s3")),
    "AwsStsBackupLocation": lambda hand: _on_s3(hand.aws.client("s3")),
    "GcpBackupLocation": _on_gcp,
    "AzureBackupLocation": _on_azure,
    "MinioBackupLocation": lambda hand: _on_s3(hand.minio.s3()),
}
