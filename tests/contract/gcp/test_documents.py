"""No accepted input gives a binding to others than whom it names on Google Cloud."""

import pytest
from hypothesis import given

from palette_backup_provider.resources.gcp.iam import policy as iam_policy
from palette_backup_provider.sandbox.gcp.policy import Policy
from tests.contract.gcp.samples import EMAIL
from tests.contract.tampering import accepted, neighbours, quickly, tampered

POOL = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject"
MEMBERS = (f"serviceAccount:{EMAIL}", "user:a.b@example.com", "group:c@example.com", f"{POOL}/s")
EVERYBODY = ("user:z@example.com", "user:z@z.org", f"{POOL}/z", f"serviceAccount:z{EMAIL}")


@pytest.mark.parametrize("token", ["gcp:BucketAccess", "gcp:SnapshotAccess"])
def test_a_binding_is_for_one_member(token: str) -> None:
    @quickly
    @given(member=tampered(*MEMBERS, "allUsers", "allAuthenticatedUsers", "domain:example.com"))
    def bound(member: str) -> None:
        if not accepted(token, {"member": member}):
            return
        policy = Policy()
        policy.replace(iam_policy.grant({}, "roles/r", member))
        for who in {*EVERYBODY, *neighbours(member)} - {member}:
            if iam_policy.folded(who) != iam_policy.folded(member):
                assert list(policy.roles(who)) == [], who

    bound()
