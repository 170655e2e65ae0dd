"""MinIO, with a region of its own: what the other stores are compared with."""

from pathlib import Path

from palette_backup_provider.sandbox.tools.minio_build import find_minio
from tests.stores.store import HOST, KEY, REGION, Certificate, Kind, Launch


def _prepare(folder: Path, port: int, certificate: Certificate | None) -> Launch:
    for each in ("data", "certs"):
        (folder / each).mkdir()
    if certificate:
        (folder / "certs" / "public.crt").write_bytes(certificate.chain)
        (folder / "certs" / "private.key").write_bytes(certificate.key)
    command = [
        *(str(find_minio()), "server", "--quiet", "--address", f"{HOST}:{port}"),
        *("--certs-dir", str(folder / "certs"), str(folder / "data")),
    ]
    own = {
        "HOME": str(folder),
        "MINIO_ROOT_USER": KEY[0],
        "MINIO_ROOT_PASSWORD": KEY[1],
        "MINIO_REGION": REGION,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    return Launch(command, own)


MINIO = Kind("minio", _prepare, checks_region=True, knows_checksums=True, has_admin_api=True)
