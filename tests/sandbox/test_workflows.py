"""The workflows for GitHub run: their shell steps, on the sandbox, with a stand-in for `gh`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.stack import Stack

FOLDER = Path(__file__).parents[2] / "workflows/github"
INSTALL = "Install what the program needs"
"""The step that is not run: the tests have all that it would install."""
GH = '''#!{python}
"""`gh api`, as far as the workflows use it, on a file of comments."""
import json, os, sys
from pathlib import Path

asked = [one for one in sys.argv[1:] if one not in ("--silent", "--paginate")]
options = dict(zip(asked[1::1], asked[2::1]))
path = next(one for one in asked if one.startswith("repos/"))
file = Path({file!r})
comments = json.loads(file.read_text()) if file.exists() else []
assert os.environ["GH_TOKEN"] == "a token of this job"
method = options.get("--method", "GET")
if method == "GET":
    mark = os.environ["MARK"]
    assert "startswith(env.MARK)" in options["--jq"]
    found = [c["id"] for c in comments if c["user"]["type"] == "Bot" and c["body"].startswith(mark)]
    print("\\n".join(map(str, found)))
else:
    body = Path(options["--field"].removeprefix("body=@")).read_text()
    if method == "PATCH":
        (old,) = [c for c in comments if path.endswith(f"/comments/{{c['id']}}")]
        old["body"] = body
    else:
        assert path == "repos/acme/backups/issues/7/comments"
        comments.append({{"id": len(comments) + 1, "body": body, "user": {{"type": "Bot"}}}})
    file.write_text(json.dumps(comments))
'''
CONTEXT = {
    "vars.PULUMI_STACK": "dev",
    "github.token": "a token of this job",
    "github.event.pull_request.number": "7",
    "github.server_url": "https://github.example",
    "github.repository": "acme/backups",
    "github.run_id": "1",
}
Outcome = tuple[int, str]
Job = Callable[[str], Outcome]


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    """The file that the comments of the pull request are in. Somebody else has written one."""
    file = tmp_path / "comments.json"
    other = {"id": 1, "body": "<!-- palette-backup diff --> not mine", "user": {"type": "User"}}
    file.write_text(json.dumps([other]))
    return file


@pytest.fixture
def run(stack: Stack, comments: Path, tmp_path: Path) -> Job:
    """Runs a workflow's only job: tells its exit code, and its summary."""
    gh = tmp_path / "bin/gh"
    gh.parent.mkdir()
    gh.write_text(GH.format(python=sys.executable, file=str(comments)))
    gh.chmod(0o755)

    def job(name: str) -> Outcome:
        whole = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
        (found,) = whole["jobs"].values()
        summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
        summary.write_text("")
        outputs.write_text("")
        env = {**stack.environment, "GITHUB_REPOSITORY": "acme/backups"}
        env |= {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)}
        env["PATH"] = os.pathsep.join([str(gh.parent), env["PATH"]])
        env |= _filled({"STACK": found["env"]["STACK"]}, {})
        for step in found["steps"]:
            if "run" not in step or step["name"] == INSTALL:
                continue
            told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
            given = _filled(step.get("env", {}), told)
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                command, cwd=stack.home, env={**env, **given}, capture_output=True, text=True
            )
            stack.transcript.append(f"{step['name']}\n{done.stdout}{done.stderr}")
            if done.returncode:
                return done.returncode, summary.read_text()
        return 0, summary.read_text()

    return job


def _filled(values: Mapping[str, Any], outputs: Mapping[str, str]) -> dict[str, str]:
    """Values as the forge makes them of `${{ … }}`."""
    known = {**CONTEXT, **{f"steps.show.outputs.{k}": v for k, v in outputs.items()}}
    expression = re.compile(r"\$\{\{ ([^}]*) \}\}")
    return {k: expression.sub(lambda m: known[m[1]], str(v)) for k, v in values.items()}


def bodies(comments: Path) -> list[str]:
    return [one["body"] for one in json.loads(comments.read_text())]


def test_a_pull_request_gets_one_comment_that_is_replaced(
    run: Job, stack: Stack, comments: Path
) -> None:
    stack.program(ANY.minimal())
    code, summary = run("preview")
    assert code == 0
    other, first = bodies(comments)
    assert f"- 🆕 create `nightly` `{ANY.name}`" in first and first == summary
    stack.program(ANY.minimal("is_default=True") + ANY.minimal(name="weekly"))
    assert run("preview")[0] == 0
    assert bodies(comments)[0] == other
    assert len(bodies(comments)) == 2 and "`weekly`" in bodies(comments)[1]

    stack.program("raise SystemExit('no such luck')")
    assert run("preview")[0] == 1
    assert "the preview failed" in bodies(comments)[1]


def test_up_then_drift_then_a_deletion(
    run: Job, stack: Stack, comments: Path, running: Sandbox
) -> None:
    stack.program(ANY.minimal("force_destroy=True"))
    code, summary = run("up")
    assert code == 0 and "🆕 create" in summary
    assert run("drift")[0] == 0
    ANY.change(ANY.inspector(running.env))
    code, summary = run("drift")
    assert code == 3 and "**Changed outside Pulumi**" in summary
    stack.program("")
    code, summary = run("preview")
    assert code == 3 and "- 🟥 **Backups are deleted**" in bodies(comments)[1]
