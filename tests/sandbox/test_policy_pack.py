"""The policy pack as Pulumi runs it: it refuses what it should, and passes the examples.

The pack is a process that answers the engine's calls. One test makes these calls itself. The other
has the engine make them, where its Python host can run packs: that of a release can.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from tests.sandbox.stack import Stack
from tests.unit.review.demanded import PASSED, REFUSED

ROOT = Path(__file__).parents[2]
PREVIEWS = ROOT / "tests/unit/review/previews"
MANDATORY = messages.EnforcementLevel.MANDATORY
NO_HOST = "could not read plugin"
"""What the engine says whose host runs no packs."""

pytestmark = pytest.mark.stress


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack with an environment of its own, and this package in it."""
    folder = tmp_path_factory.mktemp("pack") / "policy-pack"
    shutil.copytree(ROOT / "policy-pack", folder, ignore=shutil.ignore_patterns(".venv"))
    subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
    pip, lock = folder / ".venv/bin/pip", folder / "requirements.lock"
    install = [str(pip), "install", "--quiet", "-r", str(lock)]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"the pack's requirements cannot be installed here: {done.stderr[-300:]}")
    site = next((folder / ".venv/lib").glob("python*/site-packages"))
    (site / "package.pth").write_text(f"{ROOT}\n")
    return folder


@pytest.fixture
def analyzer(pack: Path) -> Iterator[AnalyzerStub]:
    """The running pack."""
    python = str(pack / ".venv/bin/python")
    command = [python, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(pack)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=pack) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield AnalyzerStub(channel)
        finally:
            process.kill()


def request(type: str, name: str, inputs: dict[str, Any]) -> messages.AnalyzeRequest:
    properties = Struct()
    properties.update(inputs)
    urn = f"urn:pulumi:dev::lab::{type}::{name}"
    options = messages.AnalyzerResourceOptions()
    return messages.AnalyzeRequest(
        type=type, name=name, urn=urn, properties=properties, options=options
    )


def told(analyzer: AnalyzerStub, *asked: messages.AnalyzeRequest) -> set[tuple[str, bool]]:
    """The policies that are violated, and whether that is mandatory."""
    found = [d for one in asked for d in analyzer.Analyze(one).diagnostics]
    whole = [
        messages.AnalyzerResource(
            type=one.type,
            name=one.name,
            urn=one.urn,
            properties=one.properties,
            options=one.options,
        )
        for one in asked
    ]
    found += analyzer.AnalyzeStack(messages.AnalyzeStackRequest(resources=whole)).diagnostics
    return {(one.policyName, one.enforcementLevel == MANDATORY) for one in found}


def test_the_pack_refuses_and_passes(analyzer: AnalyzerStub) -> None:
    analyzer.Configure(_settings({"required-tags": {"keys": ["team"]}}))
    for policy, resources in REFUSED.items():
        asked = [request(r.type, f"{r.name}{n}", dict(r.inputs)) for n, r in enumerate(resources)]
        assert policy in {name for name, _ in told(analyzer, *asked)}, policy
    passed = [request(r.type, r.name, dict(r.inputs)) for r in PASSED]
    assert told(analyzer, *passed) == set()


def test_the_pack_passes_the_examples(analyzer: AnalyzerStub) -> None:
    for name in ("first-run", "first-run-everywhere", "sixty-locations"):
        steps = json.loads((PREVIEWS / f"{name}.json").read_text())["steps"]
        asked = [
            request(state["type"], f"{n}", state.get("inputs", {}))
            for n, state in enumerate(step["newState"] for step in steps)
        ]
        assert not {policy for policy, mandatory in told(analyzer, *asked) if mandatory}


def _settings(wanted: dict[str, dict[str, Any]]) -> messages.ConfigureAnalyzerRequest:
    found = {}
    for policy, values in wanted.items():
        properties = Struct()
        properties.update(values)
        found[policy] = messages.PolicyConfig(enforcementLevel=MANDATORY, properties=properties)
    return messages.ConfigureAnalyzerRequest(policyConfig=found)


def test_the_engine_runs_the_pack(stack: Stack, pack: Path) -> None:
    stack.program('AwsBackupLocation("nightly", region="eu-west-1", force_destroy=True)')
    done = stack.preview("--policy-pack", str(pack), ok=None).text
    if NO_HOST in done:
        pytest.skip("the Python host of this engine runs no policy packs; that of a release does")
    assert "no-force-destroy" in done
