"""The components that are killed at every point, one entry each; a new component adds its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

import palette_backup_provider
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes

Counts = Counter[str]
WAITS = {f"PALETTE_{cloud}_WAIT": "5" for cloud in ("AWS", "AZURE", "GCP", "MINIO")}
"""Settings by which nobody waits long for a credential that is gone."""


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
    may_stay: Counts = field(default_factory=Counter)
    """What a death may leave until `destroy`, as it cannot be told from what is in use."""

    @property
    def rotates(self) -> bool:
        """Whether it has a credential that it rotates."""
        return hasattr(getattr(palette_backup_provider, f"{self.name}Args"), "rotation")

    @property
    def rotated(self) -> str:
        """The first arguments, and a new credential."""
        return f'{self.made}, rotation="2"'

    def program(self, arguments: str, options: str = "") -> str:
        """A program that may delete backups, too."""
        given = f", pulumi.ResourceOptions({options})" if options else ""
        return f'{self.name}("nightly", {self.name}Args({arguments}, force_destroy=True){given})'


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
    users = eyes.users()
    return +Counter(
        buckets=len(eyes.buckets()),
        users=len(users),
        keys=sum(len(eyes.keys(user)) for user in users),
        policies=len(eyes.policies()),
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
        # made and noted, but not in state; Google does not tell whether a key was ever used, and
        # one that a lost state knew may be in use
        may_stay=Counter(keys=1),
    ),
    Component(
        "AzureBackupLocation",
        made='location="westeurope", tags={"team": "storage"}',
        updated='location="westeurope", tags={"team": "backup"}, labels={"team": "x"}',
        replaced='location="northeurope", application_name="another"',
        there=_azure,
        # as on Google Cloud: noted and not in state, so that a lost state's may be it
        may_stay=Counter(secrets=1),
    ),
    Component(
        "MinioBackupLocation",
        made='is_default=True, tags={"team": "storage"}',
        # twice, so that the text of the program does not hold the secret
        updated='is_default=True, tags={"team": "backup"}, secret_key=2 * "another-secret",'
        ' labels={"team": "x"}',
        # not user_name or bucket_name: MinIO takes no mark in the call that makes them, so only
        # one with a made-up name is told from somebody else's
        replaced='is_default=True, project="team-a", policy_name="another"',
        there=_minio,
        # handed over and not in state: MinIO does not tell whether a key was ever used
        may_stay=Counter(keys=1),
    ),
)


def sampled(cases: Sequence[Any]) -> list[Any]:
    """Each of `cases`, as parameters: the first always, the others with `make stress`."""
    first, *others = cases
    stress = [pytest.param(one, marks=pytest.mark.stress, id=one.name) for one in others]
    return [pytest.param(first, id=first.name), *stress]
