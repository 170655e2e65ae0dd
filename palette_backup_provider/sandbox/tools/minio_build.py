"""Finds a MinIO server for the sandbox and the tests, or builds one from Go modules.

MinIO publishes no programs any more. MinIO's licence is the AGPL: it runs as a program of its own,
and no part of it is in this package.

`python -m palette_backup_provider.sandbox.tools.minio_build` prints where the server is.
"""

from pathlib import Path

from palette_backup_provider.sandbox.tools.go_program import GoProgram, find
from palette_backup_provider.sandbox.tools.step import show

MINIO = GoProgram(
    command="minio",
    called="MinIO server",
    module="github.com/minio/minio",
    version="v0.0.0-20260212201848-7aac2a2c5b7c",  # the last commit of a repository now archived
    hash="h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=",
    sums="minio.sum",
    go="1.24.0",
    takes="about four minutes",
)


def find_minio() -> Path:
    """The MinIO server of this machine."""
    return find(MINIO)


if __name__ == "__main__":
    show(find_minio)
