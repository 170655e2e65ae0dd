"""The settings of the shared namespaces, and of our own, on the real engine."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from google.auth.transport.requests import Request
from minio.credentials.providers import AssumeRoleProvider

from palette_backup_provider.sandbox.aws.service import ACCOUNT, OTHER_ACCOUNT
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.gcp.service import OTHER_PROJECT, PROJECT
from palette_backup_provider.sandbox.run import Sandbox
from tests.gcp_signer import signer
from tests.sandbox.aws.inspector import OTHER, AwsInspector
from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.conftest import Control
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.minio.inspector import SESSIONS, MinioInspector
from tests.sandbox.refusals import change, set_secret, told
from tests.sandbox.stack import Stack

ON_AWS = 'AwsBackupLocation("nightly", AwsBackupLocationArgs(region="us-east-1"))'
ON_GCP = 'GcpBackupLocation("nightly", GcpBackupLocationArgs(location="EU"))'
ON_AZURE = 'AzureBackupLocation("nightly", AzureBackupLocationArgs(location="westeurope"))'
ON_MINIO = 'MinioBackupLocation("nightly", MinioBackupLocationArgs())'
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def realms(stack: Stack, cloud: str) -> set[str]:
    """Where state says that the resources of a cloud were made."""
    kinds = [r for r in stack.resources() if f"dynamic/{cloud}:" in r["type"]]
    return {resource["outputs"]["__made_under"] for resource in kinds}


@contextmanager
def role(aws: AwsInspector, name: str) -> Iterator[str]:
    """A role in the other account that may do everything, while it is needed."""
    iam = aws.client("iam", who=OTHER)
    trusts = {**EVERYTHING, "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    del trusts["Resource"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [trusts]})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    allow = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=allow)
    yield made["Arn"]
    iam.delete_role_policy(RoleName=name, PolicyName="all")
    iam.delete_role(RoleName=name)


def test_nothing_is_made_in_an_account_that_the_settings_forbid(
    stack: Stack, aws: AwsInspector, control: Control
) -> None:
    stack.program(ON_AWS)
    stack.set("aws:allowedAccountIds[0]", "999999999999", "--path")
    for command in (stack.preview, stack.up):
        told(
            command(ok=False),
            f"The AWS credentials in use belong to {ACCOUNT}",
            "aws:allowedAccountIds allows 999999999999 alone. Nothing is done there.",
        )
    assert aws.nothing_left() and not control.locations()
    stack.unset("aws:allowedAccountIds")
    stack.set("aws:forbiddenAccountIds[0]", ACCOUNT, "--path")
    told(stack.up(ok=False), "aws:forbiddenAccountIds forbids it")
    assert aws.nothing_left() and not control.locations()


def test_a_chain_of_roles_acts_where_it_leads(
    stack: Stack, aws: AwsInspector, control: Control
) -> None:
    stack.program(ON_AWS)
    with role(aws, "deployer") as arn:
        stack.set("aws:assumeRoles[0].roleArn", arn, "--path")
        stack.set("aws:assumeRoles[0].externalId", "an-id", "--path")
        stack.set("aws:allowedAccountIds[0]", OTHER_ACCOUNT, "--path")
        stack.set("aws:defaultTags.tags.team", "platform", "--path")
        stack.up()
        assert realms(stack, "aws") == {OTHER_ACCOUNT}
        there = aws.client("s3", who=OTHER)
        (bucket,) = [found["Name"] for found in there.list_buckets()["Buckets"]]
        tags = there.get_bucket_tagging(Bucket=bucket)["TagSet"]
        assert {"Key": "team", "Value": "platform"} in tags
        assert aws.nothing_left() and len(control.locations()) == 1
        stack.unchanged()
        stack.destroy()
        assert not there.list_buckets()["Buckets"]


def test_what_must_not_be_ignored_is_refused_and_what_is_ignored_is_told(stack: Stack) -> None:
    stack.program(ON_AWS)
    stack.set("aws:insecure", "true")
    stack.set("aws:regoin", "eu-west-1")
    run = stack.preview()
    line = "Settings without effect on what is made here: aws:insecure (Certificates are always "
    assert run.text.partition("Diagnostics:")[2].count(line) == 1
    assert "aws:regoin is no setting: do you mean aws:region?" in run.text
    stack.set("aws:tagPolicyCompliance", "error")
    told(stack.preview(ok=False), "aws:tagPolicyCompliance is set, and is not honoured here.")


def test_a_misspelt_setting_of_ours_is_told_in_preview(stack: Stack, aws: AwsInspector) -> None:
    stack.program(ON_AWS)
    stack.set("palette:projct", "team-a")
    told(stack.preview(ok=False), "palette:projct is no setting: do you mean palette:project?")
    stack.program("palette.get_backup_location('nightly')")
    told(stack.preview(ok=False), "palette:projct is no setting: do you mean palette:project?")
    assert aws.nothing_left()


def test_a_project_that_is_called_as_we_are_has_settings_of_its_own(
    new_stack: Callable[..., Stack],
) -> None:
    stack = new_stack(project="palette")
    stack.program(f"print(config.require('projct'))\n{ON_AWS}")
    stack.set("projct", "its-own")
    assert "its-own" in stack.preview().text


def test_google_by_token_impersonation_and_number(
    stack: Stack, gcp: GcpInspector, control: Control
) -> None:
    stack.program(ON_GCP)
    credentials = signer(gcp.admin)
    credentials.refresh(Request())  # type: ignore[no-untyped-call]
    change(
        stack,
        GOOGLE_APPLICATION_CREDENTIALS="/no/such/file",
        GOOGLE_OAUTH_ACCESS_TOKEN=credentials.token,
        GOOGLE_PROJECT=None,
        GOOGLE_CLOUD_PROJECT="100000000002",
    )
    deployer = f"deployer@{OTHER_PROJECT}.iam.gserviceaccount.com"
    stack.set("gcp:impersonateServiceAccount", deployer)
    stack.up()
    assert realms(stack, "gcp") == {OTHER_PROJECT}
    assert not gcp.buckets() and len(control.locations()) == 1
    stack.destroy()
    assert not control.locations()
    nobody = f"nobody@{PROJECT}.iam.gserviceaccount.com"
    stack.set("gcp:impersonateServiceAccount", nobody)
    told(stack.preview(ok=False), "Google refused to sign in")


def test_azure_by_a_token_of_another_provider(
    stack: Stack, azure: AzureInspector, running: Sandbox, secrets: set[str]
) -> None:
    stack.program(ON_AZURE)
    token = running.service(Azure).operator.oidc_token
    secrets.add(token)
    subscription = f"/subscriptions/{running.service(Azure).operator.subscription}"
    change(
        stack,
        ARM_CLIENT_SECRET=None,
        ARM_SUBSCRIPTION_ID=subscription,
        ARM_USE_OIDC="true",
        ARM_OIDC_TOKEN=token,
    )
    stack.up()
    assert len(azure.groups()) == 1
    stack.destroy()
    assert azure.nothing_left()
    change(stack, ARM_OIDC_TOKEN="a-token-of-nobody")
    told(stack.preview(ok=False), "Azure did not let us sign in", "No matching federated identity")
    change(stack, ARM_OIDC_TOKEN=None)
    told(stack.preview(ok=False), "azure-native:useOidc (or $ARM_USE_OIDC) is set, and no token is")


@pytest.fixture
def session(minio: MinioInspector, environment: dict[str, str]) -> Iterator[Any]:
    """Temporary credentials of an administrator of MinIO."""
    who = ("second-root", "the-second-root-s-secret")
    minio.admin("user_add", *who)
    minio.admin("policy_set", "consoleAdmin", user=who[0])
    found = AssumeRoleProvider(
        sts_endpoint=environment["MINIO_ENDPOINT"], access_key=who[0], secret_key=who[1]
    ).retrieve()
    SESSIONS[found.access_key] = found.secret_key
    yield found
    minio.admin("user_remove", who[0])


def test_minio_by_a_session(
    stack: Stack, minio: MinioInspector, session: Any, secrets: set[str], control: Control
) -> None:
    stack.program(ON_MINIO)
    secrets.update((session.secret_key, session.session_token))
    change(stack, MINIO_USER=session.access_key, MINIO_PASSWORD=None)
    set_secret(stack, "minio:minioPassword", session.secret_key)
    set_secret(stack, "minio:minioSessionToken", session.session_token)
    stack.up()
    assert len(minio.buckets()) == 1 and len(control.locations()) == 1
    stack.destroy()
    assert not minio.buckets()
