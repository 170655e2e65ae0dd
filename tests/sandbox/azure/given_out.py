"""The secrets that the sandbox's Azure gives out."""

from typing import Any

import pytest

from palette_backup_provider.sandbox.azure.accounts import Account
from palette_backup_provider.sandbox.azure.directory import Secret


def remember(secrets: set[str], patch: pytest.MonkeyPatch) -> None:
    """Have `secrets` hold all that are given out from now on."""
    new_secret, new_account = Secret.__init__, Account.__init__

    def noted_secret(self: Secret, *arguments: Any, **how: Any) -> None:
        new_secret(self, *arguments, **how)
        secrets.add(self.text)

    def noted_account(self: Account, *arguments: Any, **how: Any) -> None:
        new_account(self, *arguments, **how)
        secrets.update(self.keys)

    patch.setattr(Secret, "__init__", noted_secret)
    patch.setattr(Account, "__init__", noted_account)
