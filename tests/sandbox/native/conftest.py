"""Programs in YAML on the real engine, served by the plugin."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools.yaml_host import find_yaml_host
from tests.sandbox import vault
from tests.sandbox.native.yaml_stack import YamlStack


@pytest.fixture(scope="session")
def yaml_host() -> Path:
    """The folder of Pulumi's language host for YAML."""
    return find_yaml_host().parent


@pytest.fixture
def yaml_stack(
    environment: dict[str, str], yaml_host: Path, secrets: set[str], tmp_path: Path
) -> Iterator[YamlStack]:
    """One stack. Afterwards nothing that it printed or stored may hold a secret in clear."""
    path = os.pathsep.join((str(yaml_host), environment["PATH"]))
    stack = YamlStack(tmp_path / "stack", {**environment, "PATH": path}, secrets=vault.SECRETS)
    yield stack
    for place, text in stack.stored():
        for secret in secrets:
            assert secret not in text, f"{place} holds a secret in clear"
