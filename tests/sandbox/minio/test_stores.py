"""Stores that speak S3 for themselves, each as a real server on this machine.

What is said of them in docs/s3-compatible.md is what these tests see.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.minio.errors import NO_ADMIN_API
from palette_backup_provider.core.clouds import CLOUDS
from tests.clouds import merged
from tests.sandbox import __name__ as ROOM
from tests.sandbox.component import access_key
from tests.sandbox.components import WAITS
from tests.sandbox.control import Control
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack
from tests.stores.minio import MINIO
from tests.stores.s3proxy import S3PROXY
from tests.stores.store import KEY, REGION, Store, running
from tests.stores.versitygw import VERSITYGW

pytestmark = pytest.mark.stress

KINDS = [MINIO, VERSITYGW, S3PROXY]
COMPONENT = """\
MinioBackupLocation("theirs", MinioBackupLocationArgs(
    url={url!r}, region={region!r}, ca_cert={ca!r}, existing_bucket="theirs",
    existing_user={user!r}, secret_key=config.require_secret("secret"), {more}))
"""
S3 = """\
palette.BackupLocation("theirs", palette.BackupLocationArgs(
    storage=palette.S3(bucket="theirs", region={region!r}, url={url!r}, ca_cert={ca!r},
        credentials=palette.StaticCredentials(
            access_key={user!r}, secret_key=config.require_secret("secret"))), {more}))
"""
HOW = {
    "the component": COMPONENT,
    "palette.Minio": S3.replace("palette.S3", "palette.Minio"),
    "palette.S3": S3,
}
WITHOUT_CHECKSUMS: dict[str, str] = merged(ROOM, "other_stores", "WITHOUT_CHECKSUMS")


@pytest.fixture(scope="module", params=KINDS)
def plain(request: pytest.FixtureRequest) -> Iterator[Store]:
    with running(request.param) as store:
        store.s3().create_bucket(Bucket="theirs")
        yield store


@pytest.fixture(scope="module", params=KINDS)
def over_tls(request: pytest.FixtureRequest) -> Iterator[Store]:
    with running(request.param, tls=True) as store:
        store.s3().create_bucket(Bucket="theirs")
        yield store


@pytest.fixture
def alone(stack: Stack, secrets: set[str]) -> Stack:
    """A stack without a setting for a cloud, that waits for nothing."""
    own = tuple(f"{word}_" for cloud in CLOUDS.values() for word in cloud.variables)
    kept = {n: v for n, v in stack.environment.items() if not n.startswith(own)}
    stack.environment = {**kept, "PALETTE_DEEP_REFRESH": "true", **dict.fromkeys(WAITS, "0")}
    secrets.add(KEY[1])
    return stack


def program(stack: Stack, how: str, store: Store, secret: str = KEY[1], **given: Any) -> None:
    stack.set("secret", secret, "--secret")
    stack.transcript.pop()
    usual = {"url": store.url, "region": REGION, "ca": store.ca, "user": KEY[0], "more": ""}
    stack.program(HOW[how].format(**{**usual, **given}))


def can_back_up(store: Store, location: dict[str, Any]) -> None:
    """Do what Velero does, with the key that Palette holds."""
    s3 = store.s3(access_key(location))
    s3.put_object(Bucket="theirs", Key="backups/one", Body=b"data")
    assert s3.get_object(Bucket="theirs", Key="backups/one")["Body"].read() == b"data"
    assert store.holds("theirs") == ["backups/one"]
    s3.delete_object(Bucket="theirs", Key="backups/one")
    s3.delete_object(Bucket="theirs", Key="backups/")  # S3Proxy keeps the folder


def lives(stack: Stack, control: Control, store: Store) -> None:
    stack.up()
    stack.unchanged()
    (location,) = control.locations()
    can_back_up(store, location)
    stack.refresh("--expect-no-changes")
    stack.destroy()
    assert not control.locations() and store.holds("theirs") == []
    assert [one["Name"] for one in store.s3().list_buckets()["Buckets"]] == ["theirs"]


@pytest.mark.parametrize("how", HOW)
def test_bucket_and_key_are_registered(
    alone: Stack, control: Control, over_tls: Store, how: str
) -> None:
    """Over TLS, with a CA of the store's own."""
    program(alone, how, over_tls)
    if how in WITHOUT_CHECKSUMS and not over_tls.kind.knows_checksums:
        said = told(alone.up(ok=False), f"{over_tls.url} refused s3:put_object on theirs")
        assert WITHOUT_CHECKSUMS[how] in said and not control.locations()
        return
    lives(alone, control, over_tls)


def test_plain_http_will_do(alone: Stack, control: Control, plain: Store) -> None:
    program(alone, "the component", plain)
    lives(alone, control, plain)


@pytest.mark.parametrize("how", HOW)
def test_a_wrong_secret_is_refused(
    alone: Stack, control: Control, over_tls: Store, how: str
) -> None:
    program(alone, how, over_tls, secret="another-secret-of-theirs")
    run = alone.preview(ok=False) if how == "the component" else alone.up(ok=False)
    told(run, f"{over_tls.url} refused s3:", "SignatureDoesNotMatch")
    assert not control.locations()


@pytest.mark.parametrize("how", HOW)
def test_a_wrong_region_is_refused_where_the_store_checks_it(
    alone: Stack, control: Control, plain: Store, how: str
) -> None:
    program(alone, how, plain, region="elsewhere-1")
    if plain.kind.checks_region:
        run = alone.preview(ok=False) if how == "the component" else alone.up(ok=False)
        told(run, f"{plain.url} refused s3:", f"Set region to '{REGION}'.")
        assert not control.locations()
    elif how != "palette.S3":
        alone.up()
        assert len(control.locations()) == 1


@pytest.mark.parametrize("how", HOW)
def test_an_own_ca_has_to_be_given(
    alone: Stack, control: Control, over_tls: Store, how: str
) -> None:
    program(alone, how, over_tls, ca=None)
    run = alone.preview(ok=False) if how == "the component" else alone.up(ok=False)
    told(run, "CERTIFICATE_VERIFY_FAILED", "ca_cert")
    assert not control.locations()


def test_a_deep_refresh_tells_of_a_key_that_no_longer_works(
    alone: Stack, control: Control, plain: Store
) -> None:
    program(alone, "palette.Minio", plain)
    alone.up()
    plain.s3().delete_bucket(Bucket="theirs")
    try:
        text = alone.run("refresh", "--preview-only", "--diff").text
        assert "refused" in text and "NoSuchBucket" in text
    finally:
        plain.s3().create_bucket(Bucket="theirs")
    alone.unchanged()


@pytest.mark.parametrize("more", ['rotation="2026-11"', "rotate_after=90"])
def test_a_rotation_needs_minio_s_own_api_and_a_preview_says_so(
    alone: Stack, control: Control, plain: Store, more: str
) -> None:
    program(alone, "the component", plain, more=more)
    if plain.kind.has_admin_api:
        alone.preview()
        return
    run = alone.preview(ok=False)
    assert NO_ADMIN_API.strip() in run.errors and "Traceback" not in run.text
    assert not control.locations()


def test_so_do_a_user_and_a_policy_to_make(alone: Stack, control: Control, plain: Store) -> None:
    change(alone, MINIO_ENDPOINT=plain.url, MINIO_USER=KEY[0], MINIO_PASSWORD=KEY[1])
    change(alone, MINIO_REGION=REGION)
    alone.program('MinioBackupLocation("made", MinioBackupLocationArgs())')
    if plain.kind.has_admin_api:
        alone.preview()
        return
    told(alone.preview(ok=False), NO_ADMIN_API.strip())
    assert [one["Name"] for one in plain.s3().list_buckets()["Buckets"]] == ["theirs"]
