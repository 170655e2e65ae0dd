"""Every program that a cloud's library runs to sign in, each as one call that runs it."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import PUBLIC
from palette_backup_provider.clients.azure.connection import AzureConnection
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.core.settings import Settings


@dataclass(frozen=True)
class Program:
    """One program, which is `name` in the folder that comes first in $PATH."""

    name: str
    call: Callable[[], object]
    environment: Callable[[Path], dict[str, str]]
    """Given an empty folder, what has the library run it."""


def aws() -> object:
    return AwsClient(region="us-east-1", profile="helped").account()


def credential_process(folder: Path) -> dict[str, str]:
    file = folder / "config"
    file.write_text("[profile helped]\ncredential_process = aws-helper --account 7\n")
    return {"AWS_CONFIG_FILE": str(file)}


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


def azure() -> object:
    reach = AzureConnection(PUBLIC, None, None)
    return AzureClient(reach, tenant=None, subscription="s").tenant()


def azure_cli(folder: Path) -> dict[str, str]:
    return {"AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}


PROGRAMS = {
    "aws": Program("aws-helper", aws, credential_process),
    "google": Program("google-helper", google, executable),
    "azure": Program("az", azure, azure_cli),
}
