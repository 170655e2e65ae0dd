import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from palette_backup_provider.sandbox.backing import Backing
from palette_backup_provider.sandbox.minio.inspector import inspect
from palette_backup_provider.sandbox.minio.process import MinioDown, MinioProcess
from palette_backup_provider.sandbox.minio.service import Minio
from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.proxy import Proxy
from palette_backup_provider.sandbox.proxy.server import Server
from palette_backup_provider.sandbox.run import Sandbox
from palette_backup_provider.sandbox.tools.minio_build import find_minio
from tests.sandbox.minio.inspector import MinioInspector

PATIENCE = 120.0
ORPHAN = """\
import time
from palette_backup_provider.sandbox.tools.minio_build import find_minio
from palette_backup_provider.sandbox.minio.process import MinioProcess
process = MinioProcess(find_minio(), "somebody", "a-password")
print(process.port, process._folder, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["minio"]) as sandbox:
        yield sandbox


@pytest.fixture
def minio(sandbox: Sandbox) -> Iterator[MinioInspector]:
    yield MinioInspector(sandbox.env)
    sandbox.conditions.reset()


def test_what_is_behind_a_location(sandbox: Sandbox, minio: MinioInspector) -> None:
    server = sandbox.service(Minio)
    config = {"bucketName": "behind", "credentials": {"accessKey": "velero"}}
    assert inspect(server, config) == Backing(False)
    minio.s3().create_bucket(Bucket="behind")
    minio.admin("user_add", "velero", "a-secret-of-velero")
    key = config | {"credentials": {"accessKey": "KEYOFVELERO"}}
    minio.admin("attach_policy", ["consoleAdmin"], user="velero")
    itself = {**sandbox.env, "MINIO_USER": "velero", "MINIO_PASSWORD": "a-secret-of-velero"}
    made = {"access_key": "KEYOFVELERO", "secret_key": "a-secret-of-a-key"}
    MinioInspector(itself).admin("add_service_account", **made)
    for one, id in ((config, "velero"), (key, "KEYOFVELERO")):
        found = inspect(server, one)
        assert found.credential and found.credential.made
        assert (found.bucket, found.identity, found.credential.id) == (True, "velero", id)
        assert abs(found.credential.made - time.time()) < PATIENCE
    minio.admin("update_service_account", access_key="KEYOFVELERO", status="off")
    assert inspect(server, key) == Backing(True, "velero")
    minio.admin("delete_service_account", "KEYOFVELERO")
    for id in ("KEYOFVELERO", "../users/velero", "", "."):
        assert inspect(server, config | {"credentials": {"accessKey": id}}) == Backing(True)


def listens(port: int) -> bool:
    try:
        requests.get(f"http://127.0.0.1:{port}/minio/health/live", timeout=2)
    except requests.RequestException:
        return False
    return True


def test_names_that_are_encoded_in_a_path_pass_the_signature(minio: MinioInspector) -> None:
    s3 = minio.s3()
    s3.create_bucket(Bucket="names")
    key = "a b/ü+c%2F/~.txt"
    s3.put_object(Bucket="names", Key=key, Body=b"x" * 100_000)
    assert s3.get_object(Bucket="names", Key=key)["Body"].read() == b"x" * 100_000
    assert s3.head_object(Bucket="names", Key=key)["ContentLength"] == 100_000


def test_calls_are_counted_by_route(sandbox: Sandbox, minio: MinioInspector) -> None:
    minio.s3().list_buckets()
    minio.admin("user_list")
    found = sandbox.conditions.report()["minio"]
    assert found == {"GET /": 1, "GET /minio/admin/v3/list-users": 1}


def test_a_fresh_secret_is_not_known_yet(sandbox: Sandbox, minio: MinioInspector) -> None:
    minio.admin("user_add", "fresh", "a-secret-key")
    sandbox.conditions.delay = 60
    with pytest.raises(Exception, match="InvalidAccessKeyId"):
        minio.s3(("fresh", "a-secret-key")).list_buckets()
    minio.s3().list_buckets()  # the administrator has always been there
    sandbox.conditions.delay = 0
    with pytest.raises(Exception, match="AccessDenied"):
        minio.s3(("fresh", "a-secret-key")).list_buckets()


def test_a_reset_leaves_nothing() -> None:
    conditions = Conditions()
    service = Minio(find_minio(), conditions.clock)
    server = Server(Proxy(service, conditions))
    try:
        first = service._process
        service.reset()
        assert service._process is first  # nobody used it
        requests.get(server.url, timeout=5)
        service.reset()
        assert service._process is not first
        assert not listens(first.port)
    finally:
        server.stop()
        service.stop()


def test_it_ends_with_the_process_that_started_it() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert parent.stdout
    port, _, folder = parent.stdout.readline().strip().partition(" ")
    assert listens(int(port))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    ends = time.monotonic() + PATIENCE
    while (listens(int(port)) or Path(folder).exists()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not listens(int(port)) and not Path(folder).exists()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    program = tmp_path / "minio"
    program.write_text("#!/bin/sh\necho no disk; sleep 0.3; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(MinioDown, match="no disk"):
        MinioProcess(program, "somebody", "a-password")
