"""Everything that a checkout installs is pinned, and the lock leaves to the user where from."""

import hashlib
import re
import tomllib
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from palette_backup_provider.core.clouds import CLOUDS
from tests.stores import s3proxy

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
OFFICIAL_LOCK = (ROOT / "tests" / "official" / "requirements.lock").read_text()
POLICY_LOCK = (ROOT / "policy-pack" / "requirements.lock").read_text()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


@pytest.mark.parametrize(
    ("lock", "least"),
    [(LOCK, 50), (OFFICIAL_LOCK, 4), (POLICY_LOCK, 10)],
    ids=["all", "official", "policy"],
)
def test_every_locked_requirement_has_an_exact_version_and_hashes(lock: str, least: int) -> None:
    blocks = re.findall(r"^\w.*(?:\n .*)*", lock, re.MULTILINE)
    assert len(blocks) >= least
    for block in blocks:
        first = block.splitlines()[0]
        assert re.fullmatch(r"[a-z0-9._-]+==[\w.!+-]+( ; .*)? \\", first), first
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), first


def test_the_locks_name_no_index_and_no_path() -> None:
    lines = [
        line
        for line in (LOCK + OFFICIAL_LOCK + POLICY_LOCK).splitlines()
        if not line.lstrip().startswith("--hash")
    ]
    for line in lines:
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|(^|\s)/", line), (
            line
        )


def test_every_requirement_of_the_project_is_locked() -> None:
    extras = project()["optional-dependencies"].values()
    wanted = [*project()["dependencies"], *chain.from_iterable(extras)]
    names = {re.split(r"[\[<>=; ]", each)[0].lower() for each in wanted}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", LOCK + OFFICIAL_LOCK, re.MULTILINE))
    assert names <= locked
    assert not re.search("^pulumi-", LOCK, re.MULTILINE), "a GB that few need"


def test_all_has_every_cloud() -> None:
    extras = project()["optional-dependencies"]
    clouds = chain.from_iterable(extras[cloud] for cloud in CLOUDS)
    assert sorted(extras["all"]) == sorted(clouds)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_with_the_least_rights(workflow: Path) -> None:
    parsed = yaml.safe_load(workflow.read_text())
    triggers = parsed[True]  # YAML 1.1 takes the key `on` for a boolean.
    assert "pull_request_target" not in triggers
    assert parsed["permissions"] in ({}, {"contents": "read"}), "a job asks for more by itself"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    actions = [step["uses"] for job in jobs for step in job["steps"] if "uses" in step]
    assert [each for each in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []


def test_a_store_of_the_tests_is_run_only_with_the_contents_that_are_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"s3proxy-{s3proxy.VERSION}.jar" in s3proxy.pinned()
    assert all(re.fullmatch("[0-9a-f]{64}", found) for found in s3proxy.pinned().values())
    (tmp_path / "a.jar").write_bytes(b"pinned")
    found = hashlib.sha256(b"pinned").hexdigest()
    for there, fits in (({"a.jar": found}, True), ({"a.jar": "0" * 64}, False), ({}, False)):
        monkeypatch.setattr(s3proxy, "pinned", lambda there=there: there)
        with nullcontext() if fits else pytest.raises(AssertionError, match=r"pinned: a\.jar"):
            s3proxy.demand_pinned(tmp_path)
