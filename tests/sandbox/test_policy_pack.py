"""The policy pack as Pulumi runs it: it refuses what it should, and passes the examples.

The pack is a process that answers the engine's calls. One test makes these calls itself. The others
have the engine make them: it starts a pack that is a program itself, and one that is a folder by
the Python host of a release.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.native.yaml_stack import YamlStack
from tests.sandbox.stack import Stack
from tests.sandbox.test_examples import EXAMPLES, OURS
from tests.unit.review.demanded import PASSED, REFUSED

ROOT = Path(__file__).parents[2]
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
    for policy, resources in REFUSED:
        asked = [request(r.type, f"{r.name}{n}", dict(r.inputs)) for n, r in enumerate(resources)]
        assert policy in {name for name, _ in told(analyzer, *asked)}, policy
    passed = [request(r.type, r.name, dict(r.inputs)) for r in PASSED]
    assert told(analyzer, *passed) == set()


def _settings(wanted: dict[str, dict[str, Any]]) -> messages.ConfigureAnalyzerRequest:
    found = {}
    for policy, values in wanted.items():
        properties = Struct()
        properties.update(values)
        found[policy] = messages.PolicyConfig(enforcementLevel=MANDATORY, properties=properties)
    return messages.ConfigureAnalyzerRequest(policyConfig=found)


@pytest.fixture
def program(pack: Path) -> Path:
    """A program that is the pack, which an engine starts itself, without a language host."""
    found = pack / "pack"
    found.write_text(f"""\
#!/bin/sh
cd '{pack}' && exec .venv/bin/python -u -m pulumi.policy "$1" .
""")
    found.chmod(0o755)
    return found


@pytest.fixture
def asked(program: Path, tmp_path: Path) -> tuple[str, ...]:
    """The flags by which a command asks the pack, with a team's own settings."""
    config = tmp_path / "policies.json"
    config.write_text(json.dumps({"required-tags": {"keys": ["team"]}}))
    return "--policy-pack", str(program), "--policy-pack-config", str(config)


def test_the_engine_refuses_what_the_pack_does(
    stack: Stack, asked: tuple[str, ...], running: Sandbox
) -> None:
    stack.program(ANY.minimal("force_destroy=True"))
    told = stack.preview(*asked, ok=False).text
    assert "[mandatory]  no-force-destroy" in told
    assert "nightly: force_destroy deletes all backups along with what holds them" in told
    assert "nightly: lacks the tag team" in told
    assert "does not rotate by age; set rotate_after to 90 or less" in told
    stack.up(*asked, ok=False)
    assert not ANY.there(running)

    stack.program(ANY.call(f"{ANY.made}, versioning=True, rotate_after=90"))
    assert "✅ palette-backups" in stack.up(*asked).text
    assert ANY.there(running)


def test_it_refuses_the_same_of_a_program_in_yaml(
    environment: dict[str, str], asked: tuple[str, ...], tmp_path: Path
) -> None:
    stack = YamlStack.hosted(tmp_path / "stack", environment)
    stack.program(f"""\
        resources:
          nightly:
            type: palette-backup:index:{ANY.name}
            properties: {{{ANY.must_in_yaml}, forceDestroy: true}}
    """)
    told = stack.preview(*asked, ok=False).text
    assert "nightly: forceDestroy deletes all backups along with what holds them" in told
    assert "nightly: lacks the tag team" in told
    assert "does not rotate by age; set rotateAfter to 90 or less" in told


@pytest.mark.parametrize("example", [*OURS, "yaml"])
def test_it_passes_the_examples(
    environment: dict[str, str],
    new_stack: Callable[..., Stack],
    program: Path,
    example: str,
    tmp_path: Path,
) -> None:
    folder = EXAMPLES / example
    if example == "yaml":
        stack: Stack = YamlStack.hosted(tmp_path / "yaml", environment)
        stack.program((folder / "Pulumi.yaml").read_text())
    else:
        stack = new_stack()
        stack.write((folder / "__main__.py").read_text())
    told = stack.preview("--policy-pack", str(program)).text
    assert "palette-backups@" in told and "[mandatory]" not in told


def test_the_engine_starts_the_pack_by_its_host(stack: Stack, pack: Path) -> None:
    stack.program(ANY.minimal("force_destroy=True"))
    done = stack.preview("--policy-pack", str(pack), ok=None).text
    if NO_HOST in done:
        pytest.skip("the Python host of this engine starts no policy packs; a release's does")
    assert "no-force-destroy" in done
