"""The program that AWS's library runs to sign in."""

from pathlib import Path

from palette_backup_provider.clients.aws.client import AwsClient
from tests.unit.clients.program import Program


def aws() -> object:
    return AwsClient(region="us-east-1", profile="helped").account()


def credential_process(folder: Path) -> dict[str, str]:
    file = folder / "config"
    file.write_text("[profile helped]\ncredential_process = aws-helper --account 7\n")
    return {"AWS_CONFIG_FILE": str(file)}


PROGRAMS = {
    "aws": Program("aws-helper", aws, credential_process),
}
