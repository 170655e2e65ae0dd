"""What MinIO has behind a location.

It is read from the server's disk. The server tells it to its administrators alone, in encrypted
answers, which take too long to be asked for each second.
"""

import json
import os
import re
from contextlib import suppress
from pathlib import Path

from palette_backup_provider.sandbox.backing import Backing, Credential
from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.minio.service import Minio

_IDENTITIES = ".minio.sys/config/iam"
_OFF = b'"status":"off"'
_PARENT = re.compile(rb'"parentUser":("(?:[^"\\]|\\.)*")')


def inspect(minio: Minio, config: Body) -> Backing:
    """The bucket of a `spec.config`, and the user with its access key, or with its own secret."""
    bucket = config["bucketName"] in os.listdir(minio.data)
    id = str(config["credentials"].get("accessKey"))
    for kind in ("users", "service-accounts"):
        if file := _identity(minio.data / _IDENTITIES / kind, id):
            with suppress(FileNotFoundError):  # deleted meanwhile
                content = file.read_bytes()
                parent = _PARENT.search(content)
                user = json.loads(parent[1]) if parent else id
                made = minio.made.get(id) or file.stat().st_mtime
                return Backing(bucket, user, None if _OFF in content else Credential(id, made))
    return Backing(bucket)


def _identity(folder: Path, id: str) -> Path | None:
    """The file of an access key. The names are compared, so that no id leads elsewhere."""
    with suppress(FileNotFoundError):
        if id in os.listdir(folder):
            return folder / id / "identity.json" / "xl.meta"
    return None
