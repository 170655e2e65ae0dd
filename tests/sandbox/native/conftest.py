"""Programs in YAML on the real engine, served by the plugin."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.native.yaml_stack import YamlStack


@pytest.fixture
def yaml_stack(
    environment: dict[str, str], secrets: set[str], tmp_path: Path
) -> Iterator[YamlStack]:
    """One stack. Afterwards nothing that it printed or stored may hold a secret in clear."""
    stack = YamlStack.hosted(tmp_path / "stack", environment)
    yield stack
    for place, text in stack.stored():
        for secret in secrets:
            assert secret not in text, f"{place} holds a secret in clear"
