"""The secrets that MinIO behind the sandbox is told."""

import pytest
from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.minio.service import Minio
from tests.sandbox.minio.inspector import Overheard


def remember(secrets: set[str], patch: pytest.MonkeyPatch) -> None:
    """Have `secrets` hold all that it is told from now on."""
    note, heard = Minio._note, Overheard()

    def noted(self: Minio, request: Request) -> None:
        note(self, request)
        secrets.update(heard.secrets(self, request))

    patch.setattr(Minio, "_note", noted)
