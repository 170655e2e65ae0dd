"""The components that are killed at every point, one entry each; a new component adds its own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes

Counts = Counter[str]


@dataclass(frozen=True)
class Component:
    """A component, the changes that its location goes through, and how to count what it made."""

    name: str
    made: str
    """Its arguments at first."""
    updated: str
    """Arguments that change as many resources in place as can be."""
    replaced: str
    """Arguments that replace as many resources as can be."""
    there: Callable[[Sandbox], Counts]
    """What is in its cloud, by kind."""

    def program(self, arguments: str) -> str:
        return f'{self.name}("nightly", {self.name}Args({arguments}))'


def _aws(sandbox: Sandbox) -> Counts:
    eyes = AwsEyes(sandbox.env)
    users = eyes.users()
    return +Counter(
        buckets=len(eyes.buckets()),
        policies=len(eyes.policies()),
        users=len(users),
        roles=len(eyes.roles()),
        keys=sum(len(eyes.keys(user)) for user in users),
    )


def _gcp(sandbox: Sandbox) -> Counts:
    eyes = GcpEyes(sandbox.env)
    emails, buckets = eyes.emails(), eyes.buckets()
    members = [m for bucket in buckets for of in eyes.bindings(bucket).values() for m in of]
    projects = eyes.api("cloudresourcemanager", "v1").projects()
    policy = projects.getIamPolicy(resource=eyes.project).execute().get("bindings", [])
    return +Counter(
        buckets=len(buckets),
        accounts=len(emails),
        keys=sum(len(eyes.keys(email)) for email in emails),
        bindings=sum("serviceAccount:" in member for member in members),
        grants=sum("/roles/" in binding["role"] for binding in policy),  # roles made here
    )


def _azure(sandbox: Sandbox) -> Counts:
    eyes = AzureEyes(sandbox.env)
    applications = eyes.applications()
    return +Counter(
        groups=len(eyes.groups()),
        accounts=len(eyes.accounts()),
        applications=len(applications),
        principals=len(eyes.principals()),
        assignments=len(eyes.assignments()),
        secrets=sum(len(app["passwordCredentials"]) for app in applications),
    )


def _minio(sandbox: Sandbox) -> Counts:
    eyes = MinioEyes(sandbox.env)
    return +Counter(
        buckets=len(eyes.buckets()), users=len(eyes.users()), policies=len(eyes.policies())
    )


COMPONENTS = (
    Component(
        "AwsBackupLocation",
        made='region="us-east-1", tags={"team": "storage"}',
        updated='region="us-east-1", versioning=True, snapshots=False, labels={"team": "x"}',
        replaced='region="eu-west-1", user_name="another", policy_name="another"',
        there=_aws,
    ),
    Component(
        "AwsStsBackupLocation",
        made='region="us-east-1", tags={"team": "storage"}',
        updated='region="us-east-1", versioning=True, snapshots=False, max_session_hours=1,'
        ' labels={"team": "x"}',
        replaced='region="eu-west-1", role_name="another", policy_name="another"',
        there=_aws,
    ),
    Component(
        "GcpBackupLocation",
        made='bucket_location="EU", snapshots=True, bucket_labels={"team": "storage"}',
        updated='bucket_location="EU", snapshots=True, versioning=True, labels={"team": "x"}',
        replaced='bucket_location="US", snapshots=True, account_id="another"',
        there=_gcp,
    ),
    Component(
        "AzureBackupLocation",
        made='location="westeurope", tags={"team": "storage"}',
        updated='location="westeurope", tags={"team": "backup"}, labels={"team": "x"}',
        replaced='location="northeurope", application_name="another"',
        there=_azure,
    ),
    Component(
        "MinioBackupLocation",
        made='tags={"team": "storage"}',
        updated='tags={"team": "backup"}, secret_key="another-secret-of-it", labels={"team": "x"}',
        replaced='bucket_name="another", user_name="another", policy_name="another"',
        there=_minio,
    ),
)
