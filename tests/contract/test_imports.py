"""What importing the package costs, and what it says when a cloud's SDK is absent."""

import subprocess
import sys

import pytest

SDKS = ["boto3", "botocore", "google.auth", "minio", "azure.identity", "moto", "flask"]
EXTRAS = [
    ("aws", "boto3", "aws:AccessKey", {"user": "u"}),
    ("gcp", "google.auth", "gcp:Bucket", {"location": "EU"}),
    ("azure", "azure.identity", "azure:Application", {"name": "a"}),
    ("minio", "minio", "minio:Bucket", {}),
]
"""An extra, a module that it installs, and a resource that needs it."""


EVERY_NAME = "from palette_backup_provider import *"


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_program_pays_for_its_own_cloud_alone() -> None:
    loaded = python(
        "import sys; from palette_backup_provider import MinioBackupLocation; print(*sys.modules)"
    )
    assert "palette_backup_provider.components.minio" in loaded
    assert "palette_backup_provider.components.aws" not in loaded


def test_importing_every_name_imports_no_sdk() -> None:
    loaded = python(f"import sys; {EVERY_NAME}; print(*sys.modules)").split()
    assert not set(SDKS) & set(loaded)


@pytest.mark.parametrize(("extra", "module", "token", "props"), EXTRAS)
def test_a_missing_sdk_is_told_with_the_command_that_installs_it(
    extra: str, module: str, token: str, props: dict[str, str]
) -> None:
    told = python(
        f"import os, sys; sys.modules[{module!r}] = None\n"
        "from palette_backup_provider import registry\n"
        "from palette_backup_provider.core.handler import Clients\n"
        "from palette_backup_provider.core.settings import Settings\n"
        "from palette_backup_provider.engine.lifecycle import Lifecycle\n"
        "clients = Clients(Settings({}.get, {}))\n"
        f"kind = next(k for k in registry.RESOURCES if k.token == {token!r})\n"
        f"found = Lifecycle(kind.handler, clients).check({{}}, {props!r}, set())\n"
        "print(found.failures[0].reason)"
    )
    assert f"pip install 'palette-backup-provider[{extra}]'" in told
