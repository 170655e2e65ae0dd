"""`--live` runs what is meant for real services, and nothing without their credentials."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from tests import live
from tests.sandbox.service import services

ROOT = Path(__file__).parents[2]
VARIABLES = {name: [*{*one.needed, *one.elsewhere}] for name, one in services().items()}
"""Some that lead to each service."""
each_service = pytest.mark.parametrize("service", services())


def test_without_credentials_live_tests_are_skipped_and_no_other_runs() -> None:
    one, other, *_ = (name for name in services() if name != "palette")
    command = [sys.executable, "-m", "pytest", f"--live={one},palette", "-q", "-rs"]
    there = [f"tests/sandbox/{cloud}/test_life.py" for cloud in (one, other)]
    command += ["-p", "no:cacheprovider", *there]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert f"--live={one} needs ${', $'.join(services()[one].needed)}" in done.stdout
    assert "--live=palette needs $PALETTE_HOST, $PALETTE_API_KEY" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert "skipped" in last
    assert "deselected" in last
    assert "passed" not in last


@each_service
def test_what_the_environment_has_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    first, *rest = services()[service].needed
    monkeypatch.setenv(first, "x")
    assert live.missing({service}) == f"--live={service} needs ${', $'.join(rest)}"
    for name in rest:
        monkeypatch.setenv(name, "x")
    assert live.missing({service}) == ""


def test_a_service_that_is_unknown_is_told() -> None:
    assert live.named(",".join(services())) == tuple(services())
    with pytest.raises(argparse.ArgumentTypeError, match="no service is called 'ibm'; there are:"):
        live.named("palette,ibm")


@each_service
def test_settings_of_a_real_service_are_the_environments_alone(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    sandbox = {name: "of the sandbox" for names in VARIABLES.values() for name in names}
    for one in services().values():
        monkeypatch.setenv(one.needed[0], "real")
    assert live.settings(sandbox, ()) == sandbox
    kept = {name: value for name, value in sandbox.items() if name not in VARIABLES[service]}
    real = {services()[service].needed[0]: "real"}
    assert live.settings(sandbox, (service,)) == {**kept, **real}


@each_service
def test_only_real_services_see_the_environment(service: str) -> None:
    assert all(live.passes(name, (service,)) for name in VARIABLES[service])
    assert live.passes("https_proxy", (service,))
    assert not live.passes("https_proxy", ())
    others = [other for other in services() if other != service]
    assert not any(live.passes(name, others) for name in VARIABLES[service])
