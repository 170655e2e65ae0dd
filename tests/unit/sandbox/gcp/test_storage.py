"""The objects of the sandbox's Cloud Storage, judged by Google's own client, used unchanged."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests
from google.api_core.exceptions import (
    BadRequest,
    Forbidden,
    GoogleAPICallError,
    NotFound,
    PreconditionFailed,
)
from google.cloud.storage import Blob, Bucket
from googleapiclient.errors import HttpError

from palette_backup_provider.sandbox.gcp.service import PROJECT
from palette_backup_provider.sandbox.gcp.uploads import CHUNK, crc32c
from tests.gcp_signer import signer
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp import test_service
from tests.unit.sandbox.gcp.test_service import account, grant, key
from tests.unit.sandbox.gcp_server import Cloud

one, cloud, shown = gcp_server.one, gcp_server.cloud, test_service.shown

BINARY = bytes(range(256)) + b"\r\n--\n\r" + bytes(reversed(range(256)))


@pytest.fixture
def bucket(cloud: Cloud, shown: str) -> Bucket:
    """The bucket `backups`, for somebody who may use its objects."""
    return cloud.storage(shown).bucket("backups")


def test_binary_data_comes_back_as_it_went(bucket: Bucket) -> None:
    blob = bucket.blob("a b/ö?#%2F")
    blob.metadata, blob.cache_control = {"made": "by"}, "no-store"
    blob.upload_from_string(BINARY, content_type="application/x")
    assert blob.download_as_bytes() == BINARY
    assert blob.download_as_bytes(start=7, end=300) == BINARY[7:301]
    there = bucket.get_blob("a b/ö?#%2F")
    assert there is not None
    assert (there.metadata, there.cache_control) == ({"made": "by"}, "no-store")
    assert (there.content_type, there.size) == ("application/x", len(BINARY))
    assert there.crc32c == crc32c(BINARY)  # the client's own library has computed it


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_resumable_upload_goes_on_chunk_by_chunk(bucket: Bucket, size: int) -> None:
    content = (BINARY * (size // len(BINARY) + 1))[:size]
    blob = bucket.blob("large", chunk_size=CHUNK)
    blob.upload_from_file(io.BytesIO(content), content_type="text/x")
    assert blob.download_as_bytes() == content and blob.content_type == "text/x"
    with bucket.blob("streamed", chunk_size=CHUNK).open("wb") as stream:
        stream.write(content)  # of a length that nobody announced
    assert bucket.blob("streamed").download_as_bytes() == content


def test_an_upload_that_was_broken_off_goes_on_where_it_was(bucket: Bucket) -> None:
    url = bucket.blob("x").create_resumable_upload_session(content_type="text/x")

    def put(part: bytes, range: str) -> requests.Response:
        return requests.put(url, part, headers={"Content-Range": range}, timeout=10)

    assert "Range" not in put(b"", "bytes */*").headers
    first = b"x" * CHUNK
    for _ in range(2):  # sent again, it is there once
        told = put(first, f"bytes 0-{CHUNK - 1}/*")
        assert (told.status_code, told.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    assert put(b"", "bytes */*").headers["Range"] == f"bytes=0-{CHUNK - 1}"
    assert put(b"y", f"bytes {CHUNK + 1}-{CHUNK + 1}/*").status_code == 400  # a gap
    assert put(b"y", f"bytes {CHUNK}-{CHUNK}/*").status_code == 400  # too small to be no last
    assert put(b"y", f"bytes {CHUNK}-{CHUNK + 1}/*").status_code == 400
    assert bucket.get_blob("x") is None
    done = put(b"y", f"bytes {CHUNK}-{CHUNK}/{CHUNK + 1}")
    assert done.json()["size"] == str(CHUNK + 1)
    assert put(b"", f"bytes */{CHUNK + 1}").json() == done.json()
    assert bucket.blob("x").download_as_bytes() == first + b"y"
    gone = bucket.blob("z").create_resumable_upload_session()
    assert requests.delete(gone, timeout=10).status_code == 499
    assert requests.put(gone, b"", timeout=10).status_code == 404


def test_hashes_are_compared(bucket: Bucket) -> None:
    for name, wrong in (("md5_hash", "d3Jvbmc="), ("crc32c", "AAAAAA==")):
        blob = bucket.blob("x")
        setattr(blob, name, wrong)
        with pytest.raises(BadRequest, match="doesn't match"):
            blob.upload_from_string(BINARY, checksum=None)
    assert bucket.get_blob("x") is None


def test_generations_and_conditions(cloud: Cloud, bucket: Bucket) -> None:
    operators = cloud.storage().bucket("backups")
    operators.versioning_enabled = True
    operators.patch()
    blob = bucket.blob("x")
    blob.upload_from_string(b"1", if_generation_match=0)
    first = blob.generation
    with pytest.raises(PreconditionFailed):
        blob.upload_from_string(b"2", if_generation_match=0)
    blob.upload_from_string(b"2", if_generation_match=first)
    assert bucket.blob("x", generation=first).download_as_bytes() == b"1"
    with pytest.raises(NotFound):
        bucket.blob("x", generation=1).download_as_bytes()
    with pytest.raises(PreconditionFailed):
        blob.delete(if_generation_match=first)
    with pytest.raises(PreconditionFailed):
        blob.reload(if_metageneration_not_match=1)
    session = bucket.blob("x").create_resumable_upload_session(if_generation_match=first)
    assert requests.put(session, b"3", timeout=10).status_code == 412


def test_an_empty_parameter_is_as_good_as_none(cloud: Cloud, bucket: Bucket) -> None:
    """As Google's Go client sends them with every list."""
    for name in ("a/1", "b"):
        bucket.blob(name).upload_from_string(b"")
    http = bucket.client._http
    empty = "pageToken=&prefix=&startOffset=&endOffset=&versions=false&includeFoldersAsPrefixes="
    told = http.get(f"{cloud.url}/storage/v1/b/backups/o?delimiter=%2F&{empty}").json()
    assert told["prefixes"] == ["a/"] and [one["name"] for one in told["items"]] == ["b"]
    assert http.get(f"{cloud.url}/storage/v1/b/backups/o?maxResults=&{empty}").ok


def test_lists_begin_and_end_and_have_pages_of_folders(bucket: Bucket) -> None:
    for name in ("a/1", "a/2", "b/1", "c"):
        bucket.blob(name).upload_from_string(b"")
    found = bucket.list_blobs(start_offset="a/2", end_offset="c")
    assert [blob.name for blob in found] == ["a/2", "b/1"]
    paged = bucket.list_blobs(delimiter="/", page_size=1)
    assert [blob.name for blob in paged] == ["c"] and paged.prefixes == {"a/", "b/"}


def test_buckets_come_in_pages(cloud: Cloud) -> None:
    for name in ("one", "two", "ten"):
        cloud.storage().create_bucket(f"bucket-{name}")
    names = [bucket.name for bucket in cloud.storage().list_buckets(page_size=1)]
    assert names == ["bucket-one", "bucket-ten", "bucket-two"][:1] + names[1:] and len(names) == 3
    assert [b.name for b in cloud.storage().list_buckets(prefix="bucket-t")] == [
        "bucket-ten",
        "bucket-two",
    ]


def test_lists_of_iam_come_in_pages(cloud: Cloud) -> None:
    for id in ("backups", "another"):
        account(cloud, id)
    accounts = cloud.api("iam").projects().serviceAccounts()
    asked, pages = accounts.list(name=f"projects/{PROJECT}", pageSize=2), []
    while asked:
        page = asked.execute()
        pages.append(len(page["accounts"]))
        asked = accounts.list_next(asked, page)
    assert pages == [2, 1]  # the administrator's is the third


def test_what_is_overwritten_takes_leave_to_delete(cloud: Cloud, bucket: Bucket) -> None:
    bucket.blob("x").upload_from_string(b"1")
    email = account(cloud, "creator")
    roles = cloud.api("iam").projects().roles()
    body = {"roleId": "creator", "role": {"includedPermissions": ["storage.objects.create"]}}
    role = roles.create(parent=f"projects/{PROJECT}", body=body).execute()["name"]
    grant(cloud, "backups", email, role)
    creator = cloud.storage(key(cloud, email)).bucket("backups")
    creator.blob("y").upload_from_string(b"1")
    with pytest.raises(Forbidden, match=r"storage\.objects\.delete"):
        creator.blob("x").upload_from_string(b"2")
    assert bucket.blob("x").download_as_bytes() == b"1"


def xml(cloud: Cloud, bucket: Bucket, name: str, method: str = "GET", **headers: str) -> Any:
    """A call to the XML API, as Google's Go client reads objects."""
    url = f"{cloud.url}/backups/{quote(name)}"
    return bucket.client._http.request(method, url, headers=headers)


def test_the_xml_api_reads_parts(cloud: Cloud, bucket: Bucket) -> None:
    blob = bucket.blob("a b/ö")
    blob.metadata = {"made": "by"}
    blob.upload_from_string(BINARY, content_type="text/x")
    whole = xml(cloud, bucket, "a b/ö")
    assert (whole.content, whole.headers["Content-Type"]) == (BINARY, "text/x")
    assert whole.headers["x-goog-meta-made"] == "by"
    assert whole.headers["x-goog-generation"] == str(blob.generation)
    for sent, wanted in (("5-9", BINARY[5:10]), ("500-", BINARY[500:]), ("-3", BINARY[-3:])):
        part = xml(cloud, bucket, "a b/ö", Range=f"bytes={sent}")
        assert (part.status_code, part.content) == (206, wanted)
        assert part.headers["Content-Range"].endswith(f"/{len(BINARY)}")
    assert xml(cloud, bucket, "a b/ö", Range="bytes=9999-").status_code == 416
    head = xml(cloud, bucket, "a b/ö", "HEAD")
    assert head.headers["Content-Length"] == str(len(BINARY)) and not head.content
    gone = xml(cloud, bucket, "none")
    assert gone.status_code == 404 and "<Code>NoSuchKey</Code>" in gone.text
    other = cloud.storage(key(cloud, account(cloud, "another"))).bucket("backups")
    refused = xml(cloud, other, "a b/ö")
    assert refused.status_code == 403 and "<Code>AccessDenied</Code>" in refused.text
    assert requests.get(f"{cloud.url}/backups/x", timeout=10).status_code == 401


def url(cloud: Cloud, blob: Blob, **how: Any) -> str:
    """A signed one, by Google's own library."""
    usual = {"expiration": timedelta(minutes=5), "api_access_endpoint": cloud.url, "method": "GET"}
    found: str = blob.generate_signed_url(**{**usual, **how})
    return found


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_signed_url_is_as_good_as_its_signer(
    cloud: Cloud,
    bucket: Bucket,
    shown: str,
    version: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blob = bucket.blob("a b/ö")
    put = {"version": version, "method": "PUT", "content_type": "text/x"}
    kind = {"Content-Type": "text/x"}
    tagged = {"x-goog-meta-made": "by"}
    made = requests.put(
        url(cloud, blob, **put, headers=dict(tagged)), BINARY, headers={**kind, **tagged}, timeout=9
    )
    assert made.ok, made.text
    assert bucket.get_blob("a b/ö").metadata == {"made": "by"}
    wrong = requests.put(url(cloud, blob, **put), b"", headers={"Content-Type": "a/b"}, timeout=9)
    assert wrong.status_code == 403 and "SignatureDoesNotMatch" in wrong.text
    unsigned = requests.put(url(cloud, blob, **put), b"", headers={**kind, **tagged}, timeout=9)
    assert unsigned.status_code == 403
    get = url(cloud, blob, version=version, response_type="text/y")
    part = requests.get(get, headers={"Range": "bytes=0-3"}, timeout=9)
    assert (part.content, part.headers["Content-Type"]) == (BINARY[:4], "text/y")
    assert requests.get(get.replace("backups/", "backups/x"), timeout=9).status_code == 403
    assert requests.delete(get, timeout=9).status_code == 403
    monkeypatch.setattr(cloud, "now", cloud.now + 600)
    late = requests.get(get, timeout=9)
    assert late.status_code == 400 and "ExpiredToken" in late.text
    fresh = url(cloud, blob, version=version, expiration=timedelta(hours=1))
    assert requests.get(fresh, timeout=9).content == BINARY
    who = json.loads(shown)
    name = f"projects/{PROJECT}/serviceAccounts/{who['client_email']}/keys/{who['private_key_id']}"
    cloud.api("iam").projects().serviceAccounts().keys().delete(name=name).execute()
    gone = requests.get(fresh, timeout=9)
    assert gone.status_code == 403 and "SignatureDoesNotMatch" in gone.text


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_signed_url_reaches_what_its_signer_may(
    cloud: Cloud, bucket: Bucket, version: str
) -> None:
    bucket.blob("x").upload_from_string(b"1")
    stranger = signer(key(cloud, account(cloud, "stranger")))
    told = requests.get(
        url(cloud, bucket.blob("x"), version=version, credentials=stranger), timeout=9
    )
    assert told.status_code == 403 and "AccessDenied" in told.text


UNKNOWN: dict[str, Callable[[Cloud, Bucket], Any]] = {
    "parameter matchGlob": lambda _, b: list(b.list_blobs(match_glob="*")),
    "parameter softDeleted": lambda _, b: list(b.list_blobs(soft_deleted=True)),
    "parameter userProject": lambda _, b: b.client.bucket("backups", "p").blob("x").reload(),
    "parameter predefinedAcl": lambda _, b: b.blob("x").upload_from_string(
        b"", predefined_acl="private"
    ),
    "parameter kmsKeyName": lambda _, b: Blob("x", b, kms_key_name="k").upload_from_string(b""),
    "header x-goog-encryption-algorithm": lambda _, b: b.blob(
        "x", encryption_key=b"k" * 32
    ).upload_from_string(b""),
    "header if-match": lambda _, b: b.blob("x").download_as_bytes(if_etag_match="x"),
    "property retention": lambda _, b: held(b).upload_from_string(b""),
    "call POST .*/compose": lambda _, b: b.blob("x").compose([b.blob("y")]),
    "call POST .*/rewriteTo": lambda _, b: b.blob("x").rewrite(b.blob("y")),
    "call PATCH .*/o/x": lambda _, b: b.blob("x").patch(),
    "call GET .*/notificationConfigs": lambda _, b: list(b.list_notifications()),
    "property objectRetention": lambda c, _: c.storage()._connection.api_request(
        method="PATCH", path="/b/backups", data={"objectRetention": {"mode": "Enabled"}}
    ),
    "parameter showDeleted": lambda c, _: (
        c.api("iam")
        .projects()
        .roles()
        .list(parent=f"projects/{PROJECT}", showDeleted=True)
        .execute()
    ),
}


def held(bucket: Bucket) -> Blob:
    blob = bucket.blob("x")
    blob.retention.mode = "Unlocked"
    return blob


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_sandbox_does_not_know_is_refused_by_its_name(
    cloud: Cloud, bucket: Bucket, name: str
) -> None:
    with pytest.raises((GoogleAPICallError, HttpError), match=f"does not know the {name}"):
        UNKNOWN[name](cloud, bucket)
    assert bucket.get_blob("x") is None


def test_the_xml_api_refuses_by_name_too(cloud: Cloud, bucket: Bucket) -> None:
    for method, header in (("PUT", "x-goog-acl"), ("PUT", "x-goog-copy-source")):
        told = xml(cloud, bucket, "x", method, **{header: "x"})
        assert told.status_code == 501 and f"the header {header}" in told.text
    told = xml(cloud, bucket, "x?uploads", "POST")
    assert told.status_code == 501 and "the call POST /backups/x" in told.text
