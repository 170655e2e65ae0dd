"""The life of a backup location on Google Cloud, from nothing to nothing."""

import json
from typing import Any

import pytest

from palette_backup_provider.sandbox.gcp.service import PROJECT
from tests.sandbox.gcp.components import GCP, GCP_ROLES, account_key
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import Stack


def inputs(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    """What a preview would make, by type."""
    planned: dict[str, list[dict[str, Any]]] = {}
    for urn, step in stack.steps().items():
        if "dynamic" in urn:
            kind = urn.rpartition("::")[0].rpartition("/")[2]
            planned.setdefault(kind, []).append(step["newState"]["inputs"])
    return planned


def test_a_first_preview_shows_names_and_bindings(stack: Stack) -> None:
    stack.program(GCP.program)
    planned = inputs(stack)
    (bucket,), (account,) = planned["gcp:Bucket"], planned["gcp:ServiceAccount"]
    assert bucket["url"] == f"gs://{bucket['name']}"
    assert account["email"] == f"{account['account_id']}@{PROJECT}.iam.gserviceaccount.com"
    access = planned["gcp:BucketAccess"]
    assert sorted(one["role"] for one in access) == sorted(GCP_ROLES)
    assert {one["bucket"] for one in access} == {bucket["name"]}
    assert {one["member"] for one in access} == {f"serviceAccount:{account['email']}"}
    assert planned["gcp:ServiceAccountKey"][0]["service_account"] == account["email"]
    (snapshots,) = planned["gcp:SnapshotAccess"]
    assert snapshots["role"] == f"projects/{PROJECT}/roles/{snapshots['role_id']}"
    assert "compute.snapshots.create" in snapshots["permissions"]
    (location,) = planned["palette:BackupLocation"]
    assert location["storage"]["bucket"] == bucket["name"]
    assert location["storage"]["project"] == PROJECT


@pytest.mark.live("gcp")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, gcp: GcpInspector) -> None:
    stack.program(GCP.program)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert outputs["uid"] == location["uid"]
    assert (outputs["name"], outputs["type"]) == (location["name"], "gcp")
    assert outputs["key"] == json.loads(account_key(location))["private_key_id"]
    assert outputs["roles"] == GCP_ROLES
    GCP.works(palette, gcp)
    stack.settled()
    stack.refresh()
    stack.unchanged()

    stack.set("team", "platform")
    steps = stack.steps()
    assert [s["op"] for s in steps.values()] == ["update"]
    stack.up()
    stack.unchanged()
    assert gcp.storage().get_bucket(outputs["bucket"]).labels["team"] == "platform"

    stack.set("location", "europe-west1")
    stack.up()
    assert stack.outputs()["bucket"] != outputs["bucket"]
    assert stack.outputs()["uid"] == outputs["uid"]
    GCP.works(palette, gcp)
    stack.unchanged()

    stack.destroy()
    assert not palette.locations()
    assert gcp.nothing_left()


@pytest.mark.live("gcp")
@pytest.mark.stress
def test_an_existing_object_is_never_deleted(
    stack: Stack, palette: Palette, gcp: GcpInspector
) -> None:
    with gcp.bucket("their-bucket") as theirs, gcp.account("their-account") as email:
        policy = theirs.get_iam_policy(requested_policy_version=3)
        policy.bindings.append(
            {"role": "roles/storage.admin", "members": {f"serviceAccount:{email}"}}
        )
        theirs.set_iam_policy(policy)
        before = gcp.bindings(theirs.name)
        program = f"""\
        GcpBackupLocation(own + "{{name}}", GcpBackupLocationArgs(
            location="US", existing_bucket="{theirs.name}", {{account}}))
        """
        stack.program(program.format(name="theirs", account=f"existing_service_account={email!r}"))
        stack.up()
        stack.unchanged()
        (location,) = palette.locations()
        gcp.can_back_up(account_key(location), theirs.name)
        assert gcp.bindings(theirs.name) == before

        stack.program(program.format(name="half", account=""))
        stack.up()
        stack.unchanged()
        (location,) = palette.locations()
        gcp.can_back_up(account_key(location), theirs.name)
        assert gcp.keys(email) == []
        stack.destroy()
        assert (gcp.buckets(), gcp.emails()) == ([theirs.name], [email])
        assert gcp.bindings(theirs.name) == before
        assert not gcp.storage().get_bucket(theirs.name).labels


def test_a_project_of_its_own_by_impersonation(
    stack: Stack, palette: Palette, gcp: GcpInspector
) -> None:
    deployer = "deployer@other-project.iam.gserviceaccount.com"
    stack.program(
        f"""\
        far = GcpBackupLocation("far", GcpBackupLocationArgs(
            location="US",
            identity=gcp.Identity(impersonate="{deployer}", project="other-project")))
        pulumi.export("account", far.service_account_email)
        """
    )
    stack.up()
    stack.unchanged()
    assert stack.outputs()["account"].endswith("@other-project.iam.gserviceaccount.com")
    assert gcp.buckets() == []
    (location,) = palette.locations()
    gcp.can_back_up(account_key(location), location["body"]["spec"]["config"]["bucketName"])
    stack.destroy()
    assert not list(gcp.storage(gcp.other, "other-project").list_buckets())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('location="Mars"', "location: 'MARS' is no location of Cloud Storage"),
        ('location="EU", bucket_name="goog-backups"', "names that begin with goog"),
        ('location="EU", bucket_name="my-g00gle"', "google, or what looks like it"),
        ('location="EU", service_account_id="short"', "6 to 30 lower-case letters"),
        (f'location="EU", service_account_id="a{"b" * 30}"', "6 to 30 lower-case letters"),
        ('location="EU", soft_delete_days=3', "7 to 90, or 0"),
        (
            'location="EU", kms_key_name="projects/p/locations/us/keyRings/r/cryptoKeys/k"',
            "the key must be in the location europe",
        ),
        (
            'location="EU", identity=gcp.Identity(project="no-such-project")',
            "these credentials see no such project",
        ),
    ],
)
@pytest.mark.sampled
def test_bad_input_is_told_in_preview(
    stack: Stack, gcp: GcpInspector, arguments: str, told: str
) -> None:
    stack.program(f'GcpBackupLocation("bad", GcpBackupLocationArgs({arguments}))')
    answer = stack.preview(ok=False)
    assert told in answer.errors
    assert "Traceback" not in answer.text
    assert gcp.nothing_left()


def test_credentials_that_are_no_key_are_told_in_preview(stack: Stack) -> None:
    stack.program(
        """\
        palette.BackupLocation("bad", palette.BackupLocationArgs(storage=palette.Gcs(
            bucket="some-bucket", json_credentials='{"type": "authorized_user"}')))
        """
    )
    answer = stack.preview(ok=False)
    assert "its type must be service_account, not authorized_user" in answer.errors
    assert "Traceback" not in answer.text
