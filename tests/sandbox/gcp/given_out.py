"""The secrets that the sandbox's Google Cloud gives out."""

import json
from typing import Any

import pytest

from palette_backup_provider.sandbox.gcp import keys


def remember(secrets: set[str], patch: pytest.MonkeyPatch) -> None:
    """Have `secrets` hold all that are given out from now on."""
    make = keys.make

    def noted(*arguments: Any) -> tuple[keys.Key, str]:
        key, text = make(*arguments)
        secrets.add(json.loads(text)["private_key"].splitlines()[2])
        return key, text

    patch.setattr(keys, "make", noted)
