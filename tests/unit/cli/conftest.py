import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from palette_backup_provider.cli import main
from palette_backup_provider.sandbox.proxy.rate_limit import Limit
from palette_backup_provider.sandbox.run import Sandbox

SECRET = "s3cr3t-0f-th3-acc3ss-k3y"
KEYS = {"credentialType": "secret", "accessKey": "AKIAEXAMPLE", "secretKey": SECRET}
Make = Callable[..., str]
Run = Callable[..., Result]


@pytest.fixture(scope="package")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox([]) as sandbox:
        yield sandbox


@pytest.fixture
def make(sandbox: Sandbox) -> Make:
    """Registers a location in an empty Palette and tells its uid."""
    sandbox.conditions.reset()
    sandbox.conditions.limit.limit = Limit(enabled=False)
    sandbox.store.reset()

    def made(name: str, project: str | None = "Default", mark: str = "", **config: Any) -> str:
        config = {"bucketName": "b", "region": "eu-west-1", "credentials": KEYS, **config}
        metadata: dict[str, Any] = {"name": name}
        if mark:
            metadata["annotations"] = {"palette-backup/mark": mark}
        body = {"metadata": metadata, "spec": {"config": config}}
        where = project and sandbox.store.projects[project]
        return sandbox.store.create(where, "s3", body).uid

    return made


@pytest.fixture
def run(sandbox: Sandbox, make: Make, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `palette-backup`, which never prints a secret; None takes a variable away."""

    def ran(*arguments: str, ok: bool = True, env: Any = None, **how: Any) -> Result:
        env = {**sandbox.env, **(env or {})}
        result = CliRunner().invoke(main, list(arguments), env=env, **how)
        assert (result.exit_code == 0) is ok, result.output
        for secret in (SECRET, sandbox.access.api_key):
            assert secret not in result.output
        return result

    return ran


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` that notes its arguments and what it reads; the notes' file."""
    notes = tmp_path / "notes"
    fake = tmp_path / "bin" / "pulumi"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {notes}\ncat >> {notes}\necho >> {notes}\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    return notes
