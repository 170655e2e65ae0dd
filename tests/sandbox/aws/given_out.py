"""The secrets that the sandbox's AWS gives out."""

from typing import Any

import pytest
from moto.iam.models import AccessKey


def remember(secrets: set[str], patch: pytest.MonkeyPatch) -> None:
    """Have `secrets` hold all that are given out from now on."""
    create = AccessKey.__init__

    def noted(self: AccessKey, *arguments: Any, **how: Any) -> None:
        create(self, *arguments, **how)
        secrets.add(self.secret_access_key)

    patch.setattr(AccessKey, "__init__", noted)
