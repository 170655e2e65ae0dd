"""`--live` runs what is meant for real services, and nothing without their credentials."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from tests import live

ROOT = Path(__file__).parents[2]


def test_without_credentials_live_tests_are_skipped_and_no_other_runs() -> None:
    command = [sys.executable, "-m", "pytest", "--live=minio,palette", "-q", "-rs"]
    there = ["tests/sandbox/minio/test_life.py", "tests/sandbox/aws/test_life.py"]
    command += ["-p", "no:cacheprovider", *there]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "--live=minio needs $MINIO_ENDPOINT, $MINIO_USER, $MINIO_PASSWORD" in done.stdout
    assert "--live=palette needs $PALETTE_HOST, $PALETTE_API_KEY" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert "skipped" in last
    assert "deselected" in last
    assert "passed" not in last


def test_what_the_environment_has_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    assert live.missing({"aws"}) == "--live=aws needs $AWS_SECRET_ACCESS_KEY"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert live.missing({"aws"}) == ""


def test_a_service_that_is_unknown_is_told() -> None:
    assert live.named("aws,palette") == ("aws", "palette")
    with pytest.raises(argparse.ArgumentTypeError, match="no service is called 'ibm'; there are:"):
        live.named("aws,ibm")


def test_settings_of_a_real_service_are_the_environments_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_CONFIG_FILE": "/nothing",
        "PALETTE_HOST": "https://127.0.0.1:2",
        "PALETTE_AZURE_CA_CERT": "/ca.pem",
    }
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("PALETTE_HOST", "palette.example.com")
    monkeypatch.setenv("MINIO_ENDPOINT", "https://minio.example.com")
    assert live.settings(sandbox, ()) == sandbox
    aws = live.settings(sandbox, ("aws",))
    kept = {name: value for name, value in sandbox.items() if not name.startswith("AWS_")}
    assert aws == {"AWS_ACCESS_KEY_ID": "id", **kept}
    palette = live.settings(sandbox, ("palette",))
    assert palette == {**sandbox, "PALETTE_HOST": "palette.example.com"}


def test_only_real_services_see_the_environment() -> None:
    assert live.passes("AWS_PROFILE", ("aws",))
    assert live.passes("https_proxy", ("aws",))
    assert not live.passes("https_proxy", ())
    assert not live.passes("MINIO_USER", ("aws", "palette"))
    assert not live.passes("PALETTE_AZURE_CA_CERT", ("palette",))
