"""The components that are killed at every point, one entry each; a new component adds its own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.cloud import AwsEyes

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
    eyes = AwsEyes(sandbox)
    users = eyes.users()
    return +Counter(
        buckets=len(eyes.buckets()),
        policies=len(eyes.policies()),
        users=len(users),
        roles=len(eyes.roles()),
        keys=sum(len(eyes.keys(user)) for user in users),
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
)
