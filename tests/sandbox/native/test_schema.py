"""Pulumi's own command reads the schema."""

import os
import subprocess
from pathlib import Path

from palette_backup_provider.plugin.package import Package


def test_pulumi_finds_nothing_wrong_with_the_schema(engine: Path, tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text(Package().schema)
    done = subprocess.run(
        [engine / "pulumi", "schema", "check", file],
        env={**os.environ, "PULUMI_HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
