"""Faults of the operator's permissions: some are missing, or nobody tells."""

from collections.abc import Sequence

import boto3

from palette_backup_provider.clients.aws import permissions as aws
from palette_backup_provider.clients.azure import permissions as azure
from palette_backup_provider.clients.minio import permissions as minio
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import Statement
from palette_backup_provider.sandbox.azure.built_in import OWNER, ROLES, Role
from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward
from tests.unit.sandbox.visitor import allow, policy

NEAR = {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
SECRET = "secret-of-the-operator"


def without(action: str, statements: Sequence[Statement]) -> list[str]:
    return [one for each in statements for one in each.actions if one != action]


def on_aws(ward: Ward, action: str) -> None:
    """Be a user who has all that is needed but this."""
    iam = boto3.client("iam", region_name="us-east-1")
    iam.create_user(UserName="operator")
    document = policy(allow(*without(action, aws.STATEMENTS)))
    iam.put_user_policy(UserName="operator", PolicyName="given", PolicyDocument=document)
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    ward.patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    ward.patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@red("aws.permissions", "1 of 58 missing: iam:DeleteAccessKey (asked about a bucket, policy,")
def no_key_is_deleted(ward: Ward) -> None:
    on_aws(ward, "iam:DeleteAccessKey")


@yellow("aws.permissions", "Allow iam:SimulatePrincipalPolicy (statement Doctor of docs/perm")
def nothing_is_simulated(ward: Ward) -> None:
    on_aws(ward, "iam:SimulatePrincipalPolicy")


@red("gcp.permissions", "4 of 25 missing: iam.serviceAccountKeys.create, iam.serviceAcc")
def no_key_of_an_account(ward: Ward) -> None:
    bindings = ward.sandbox.service(Gcp).iam.projects[PROJECT].bindings
    bindings[:] = [one for one in bindings if "KeyAdmin" not in one["role"]]


@yellow("gcp.permissions", "gcloud services enable cloudresourcemanager.googleapis.com")
def the_api_is_off(ward: Ward) -> None:
    ward.sandbox.service(Gcp).disabled.add("cloudresourcemanager.googleapis.com")


def in_azure(ward: Ward, action: str) -> None:
    ward.patch.setitem(ROLES, OWNER, Role("limited", (*without(action, azure.STATEMENTS),)))


@red("azure.permissions", "1 of 21 missing: Microsoft.Storage/storageAccounts/listKeys/action")
def no_keys_of_accounts(ward: Ward) -> None:
    in_azure(ward, "Microsoft.Storage/storageAccounts/listKeys/action")


@yellow("azure.permissions", "Allow Microsoft.Authorization/permissions/read on /subscriptions/")
def not_to_be_asked(ward: Ward) -> None:
    in_azure(ward, "Microsoft.Authorization/permissions/read")


def on_minio(ward: Ward, action: str, **condition: object) -> None:
    minio_ = MinioInspector(ward.sandbox.env)
    bucket, admin = minio.STATEMENTS
    statements = [
        {**allow(*without(action, [bucket]), on="arn:aws:s3:::*"), **condition},
        {"Effect": "Allow", "Action": without(action, [admin])},
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    minio_.admin("policy_add", "limited", policy=document)
    minio_.admin("user_add", "operator", SECRET)
    minio_.admin("attach_policy", ["limited"], user="operator")
    ward.patch.setenv("MINIO_USER", "operator")
    ward.patch.setenv("MINIO_PASSWORD", SECRET)


@red("minio.permissions", "1 of 25 missing: admin:CreateUser (asked about a bucket called")
def no_user_is_created(ward: Ward) -> None:
    on_minio(ward, "admin:CreateUser")


@yellow("minio.permissions", "By policy it depends on each request: s3:CreateBucket, ")
def from_near_alone(ward: Ward) -> None:
    on_minio(ward, "", **NEAR)


@yellow("minio.permissions", "they cannot be told: it is down")
def it_is_down(ward: Ward) -> None:
    def down(*_: object) -> None:
        raise ApiError("it is down", status=503)

    ward.patch.setattr("palette_backup_provider.doctor.cloud.line", down)
