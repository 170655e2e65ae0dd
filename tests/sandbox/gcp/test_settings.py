"""Settings of Pulumi's Google Cloud provider, on the real engine."""

from google.auth.transport.requests import Request

from palette_backup_provider.sandbox.gcp.service import OTHER_PROJECT, PROJECT
from tests.gcp_signer import signer
from tests.sandbox.control import Control
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROGRAM = 'GcpBackupLocation("nightly", GcpBackupLocationArgs(location="EU"))'


def test_google_by_token_impersonation_and_number(
    stack: Stack, gcp: GcpInspector, control: Control
) -> None:
    stack.program(PROGRAM)
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
    assert stack.made_under("gcp") == {OTHER_PROJECT}
    assert not gcp.buckets() and len(control.locations()) == 1
    stack.destroy()
    assert not control.locations()
    nobody = f"nobody@{PROJECT}.iam.gserviceaccount.com"
    stack.set("gcp:impersonateServiceAccount", nobody)
    told(stack.preview(ok=False), "Google refused to sign in")
