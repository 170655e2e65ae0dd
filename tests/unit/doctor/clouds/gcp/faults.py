"""What can be wrong on Google Cloud."""

from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward

TOKEN = "gcp:Bucket"
"""A type of it."""
SIGNED_IN_BY = ("GOOGLE_APPLICATION_CREDENTIALS",)
"""The variables without which nobody is signed in."""
SIGNED_OUT = "default credentials were not found"
"""What is told then."""


@red("gcp.permissions", "4 of 25 missing: iam.serviceAccountKeys.create, iam.serviceAcc")
def no_key_of_an_account(ward: Ward) -> None:
    bindings = ward.sandbox.service(Gcp).iam.projects[PROJECT].bindings
    bindings[:] = [one for one in bindings if "KeyAdmin" not in one["role"]]


@yellow("gcp.permissions", "gcloud services enable cloudresourcemanager.googleapis.com")
def the_api_is_off(ward: Ward) -> None:
    ward.sandbox.service(Gcp).disabled.add("cloudresourcemanager.googleapis.com")
