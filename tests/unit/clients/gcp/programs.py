"""The program that Google's library runs to sign in."""

import json
import shlex
from pathlib import Path

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.program import Program


def google() -> object:
    return GcpClient.connect(Settings(lambda _: None, {})).project()


def executable(folder: Path) -> dict[str, str]:
    """Workload identity federation whose tokens come from a program."""
    file = folder / "external.json"
    file.write_text(
        json.dumps(
            {
                "type": "external_account",
                "audience": "//iam.googleapis.com/projects/1/locations/global/"
                "workloadIdentityPools/p/providers/q",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token",
                "credential_source": {
                    "executable": {
                        "command": shlex.join([str(folder / "bin" / "google-helper")]),
                        "timeout_millis": 30000,
                    }
                },
            }
        )
    )
    return {
        "GOOGLE_APPLICATION_CREDENTIALS": str(file),
        "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1",
    }


PROGRAMS = {
    "google": Program("google-helper", google, executable),
}
