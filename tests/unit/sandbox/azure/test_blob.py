"""The sandbox's Blob service, judged by Microsoft's own client, which is used unchanged."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential
from azure.storage.blob import (
    BlobBlock,
    BlobPrefix,
    BlobServiceClient,
    ContainerClient,
    ContentSettings,
    StandardBlobTier,
    generate_blob_sas,
    generate_container_sas,
)
from requests.adapters import HTTPAdapter

from palette_backup_provider.sandbox.run import Sandbox
from tests.azure_sdk import SCOPE, Sdk
from tests.unit.sandbox.azure import test_service
from tests.unit.sandbox.azure.test_service import FIRST, WRITER, assign, code, new_principal

sandbox, operator, account = test_service.sandbox, test_service.operator, test_service.account

DELEGATOR = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
IDS = [base64.b64encode(text).decode() for text in (b"one", b"two", b"six")]


@pytest.fixture
def service(operator: Sdk, account: str) -> BlobServiceClient:
    """With a key of the account; what is above eight bytes goes in blocks of four."""
    url = operator.storage.storage_accounts.get_properties("rg", account).primary_endpoints.blob
    return BlobServiceClient(
        url,
        credential=operator.keys(account)[0],
        connection_verify=operator.ca,
        retry_total=0,
        max_single_put_size=8,
        max_block_size=4,
        max_single_get_size=16,
        max_chunk_get_size=8,
    )


@pytest.fixture
def container(service: BlobServiceClient) -> ContainerClient:
    return service.get_container_client("backups")


def test_what_goes_in_blocks_comes_back_whole(container: ContainerClient) -> None:
    content = bytes(range(251))
    blob = container.upload_blob("dir/large", content, max_concurrency=2, metadata={"made": "by"})
    assert blob.download_blob(max_concurrency=2).readall() == content
    assert blob.download_blob(offset=3, length=100).readall() == content[3:103]
    properties = blob.get_blob_properties()
    assert (properties.size, properties.metadata) == (251, {"made": "by"})
    committed, staged = blob.get_block_list("all")
    assert sum(block.size for block in committed) == 251 and not staged
    assert [one.size for one in container.list_blobs()] == [251]


def test_blocks_are_nothing_until_they_are_committed_in_their_order(
    container: ContainerClient,
) -> None:
    blob = container.get_blob_client("staged")
    for id in IDS:
        blob.stage_block(id, id[:2].encode())
    assert code(blob.download_blob) == "BlobNotFound" and not list(container.list_blobs())
    assert [b.name for b in container.list_blobs(include=["uncommittedblobs"])] == ["staged"]
    order = [IDS[2], IDS[0], IDS[2]]
    settings = ContentSettings(content_type="text/x", cache_control="no-store")
    blob.commit_block_list([BlobBlock(id) for id in order], content_settings=settings)
    assert blob.download_blob().readall() == "".join(id[:2] for id in order).encode()
    told = blob.get_blob_properties().content_settings
    assert (told.content_type, told.cache_control) == ("text/x", "no-store")
    assert blob.get_block_list("uncommitted") == ([], [])  # IDS[1] went with the commit
    unknown = [BlobBlock(base64.b64encode(b"new").decode())]
    assert code(blob.commit_block_list, unknown) == "InvalidBlockList"
    blob.commit_block_list([BlobBlock(IDS[0])])  # of those that are committed
    assert blob.download_blob().readall() == IDS[0][:2].encode()


@pytest.mark.parametrize(
    ("id", "refused"),
    [
        ("", "InvalidQueryParameterValue"),
        ("x" * 65, "InvalidQueryParameterValue"),
        ("short", "InvalidBlobOrBlock"),
    ],
)
def test_ids_of_blocks_are_of_one_length(container: ContainerClient, id: str, refused: str) -> None:
    blob = container.get_blob_client("staged")
    blob.stage_block("much longer", b"x")
    assert code(blob.stage_block, id, b"x") == refused


def test_a_hash_that_is_wrong_is_refused(
    operator: Sdk, account: str, container: ContainerClient, service: BlobServiceClient
) -> None:
    blob = container.get_blob_client("x")
    blob.upload_blob(b"data", validate_content=True)
    assert blob.download_blob(validate_content=True).readall() == b"data"
    key, ends = operator.keys(account)[0], datetime.now(UTC) + HOUR
    sas = generate_blob_sas(account, "backups", "x", None, key, permission="w", expiry=ends)
    blob = opened(operator, service, sas)
    wrong = {"headers": {"Content-MD5": "d3Jvbmc="}}
    assert code(blob.upload_blob, b"data", overwrite=True, **wrong) == "Md5Mismatch"
    assert code(blob.stage_block, "one", b"data", **wrong) == "Md5Mismatch"


def test_conditions_hold(container: ContainerClient) -> None:
    blob = container.upload_blob("x", b"1")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"2")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"more than eight bytes")  # in blocks
    old = blob.get_blob_properties().etag
    blob.upload_blob(b"2", overwrite=True)
    match = {"etag": old, "match_condition": MatchConditions.IfNotModified}
    for call in (blob.delete_blob, blob.download_blob, blob.get_blob_properties):
        assert code(call, **match) == "ConditionNotMet"
    later = datetime.now(UTC) + timedelta(hours=1)
    assert code(blob.delete_blob, if_modified_since=later) == "ConditionNotMet"
    earlier = later - timedelta(days=1)
    assert code(blob.delete_blob, if_unmodified_since=earlier) == "ConditionNotMet"
    blob.delete_blob(etag=old, match_condition=MatchConditions.IfModified)


def test_a_walk_goes_from_folder_to_folder(container: ContainerClient) -> None:
    for name in ("a/1", "a/b/2", "a&b/3", "c"):
        container.upload_blob(name, b"", metadata={"of": "x"})
    found = list(container.walk_blobs())
    folders = [one.name for one in found if isinstance(one, BlobPrefix)]
    assert folders == ["a&b/", "a/"] and [one.name for one in found][2:] == ["c"]
    assert {one.name for one in container.walk_blobs("a/")} == {"a/1", "a/b/"}
    pages = container.walk_blobs(results_per_page=1).by_page()  # the client says so once
    assert [[one.name for one in page] for page in pages] == [["a&b/"], ["a/", "c"]]
    assert [one.name for one in container.list_blobs(results_per_page=3)] == [
        "a&b/3",
        "a/1",
        "a/b/2",
        "c",
    ]
    assert all(one.metadata == {"of": "x"} for one in container.list_blobs(include=["metadata"]))
    assert not any(one.metadata for one in container.list_blobs())
    assert container.exists() and container.get_container_properties()["name"] == "backups"


def principal(operator: Sdk, account: str, role: str) -> tuple[Callable[[], Any], Any]:
    """What takes the role from somebody who has it on the account, and their client."""
    id, _, clients = new_principal(operator)
    scope = operator.storage.storage_accounts.get_properties("rg", account).id
    name = str(uuid4())
    with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
        assign(operator, id, role, scope, name)
    assign(operator, id, role, scope, name)
    url = operator.blobs(account).url
    client = BlobServiceClient(
        url, credential=clients.credential, connection_verify=operator.ca, retry_total=0
    )
    return lambda: operator.roles.delete(scope, name), client


def opened(operator: Sdk, service: BlobServiceClient, sas: str, name: str = "x") -> Any:
    """The blob as somebody sees it who has the SAS and nothing else."""
    there = BlobServiceClient(
        service.url, credential=sas, connection_verify=operator.ca, retry_total=0
    )
    return there.get_blob_client("backups", name)


HOUR = timedelta(hours=1)


def test_a_delegated_signature_allows_what_its_principal_may(
    operator: Sdk, account: str, container: ContainerClient, service: BlobServiceClient
) -> None:
    container.upload_blob("x", b"data")
    now = datetime.now(UTC)
    for role, writes in ((WRITER, True), (BLOB_READER, False)):
        take_away, client = principal(operator, account, role)
        key = client.get_user_delegation_key(now - HOUR, now + HOUR)
        sas = generate_blob_sas(
            account, "backups", "x", user_delegation_key=key, permission="rw", expiry=now + HOUR
        )
        blob = opened(operator, service, sas)
        assert blob.download_blob().readall() == b"data"
        if writes:
            blob.upload_blob(b"data", overwrite=True)
        else:
            refused = code(blob.upload_blob, b"data", overwrite=True)
            assert refused == "AuthorizationPermissionMismatch"
        assert code(blob.delete_blob) == "AuthorizationPermissionMismatch"  # not signed for
        assert code(opened(operator, service, sas, "y").download_blob) == "AuthenticationFailed"
        take_away()
        assert code(blob.download_blob) == "AuthorizationPermissionMismatch"


def test_who_may_delegate(operator: Sdk, account: str, container: ContainerClient) -> None:
    now = datetime.now(UTC)
    _, reader = principal(operator, account, test_service.READER)
    ask = (now - HOUR, now + HOUR)
    assert code(reader.get_user_delegation_key, *ask) == "AuthorizationFailed"
    _, delegator = principal(operator, account, DELEGATOR)
    assert delegator.get_user_delegation_key(*ask).value
    with pytest.raises(HttpResponseError, match="Expiry"):
        delegator.get_user_delegation_key(now, now + timedelta(days=8))
    with pytest.raises(HttpResponseError):
        operator.blobs(account, operator.keys(account)[0]).get_user_delegation_key(*ask)


@pytest.mark.parametrize(
    ("how", "refused"),
    [
        ({"permission": "r"}, ""),
        ({"permission": "r", "content_type": "text/y"}, ""),
        ({"permission": "r", "start": datetime.now(UTC) + HOUR}, "AuthenticationFailed"),
        ({"permission": "r", "expiry": datetime.now(UTC) - HOUR}, "AuthenticationFailed"),
        ({"permission": "r", "ip": "10.0.0.1"}, "AuthenticationFailed"),
        ({"permission": "r", "ip": "127.0.0.1", "protocol": "https"}, ""),
        ({"permission": "r", "account_key": "d3Jvbmc="}, "AuthenticationFailed"),
        ({"permission": "w"}, "AuthorizationPermissionMismatch"),
        ({"policy_id": "stored"}, "AuthenticationFailed"),
    ],
)
def test_a_signature_of_the_account_holds_for_what_it_says(
    operator: Sdk,
    account: str,
    container: ContainerClient,
    service: BlobServiceClient,
    how: Any,
    refused: str,
) -> None:
    container.upload_blob("x", b"data")
    usual = {"account_key": operator.keys(account)[0], "expiry": datetime.now(UTC) + HOUR * 2}
    for sas in (
        generate_blob_sas(account, "backups", "x", **{**usual, **how}),
        generate_container_sas(account, "backups", **{**usual, **how}),
    ):
        blob = opened(operator, service, sas)
        if refused:
            assert code(blob.download_blob) == refused
        else:
            assert blob.download_blob().readall() == b"data"
            told = blob.download_blob().properties.content_settings.content_type
            assert told == how.get("content_type", "application/octet-stream")


def test_a_signature_makes_what_is_new_and_lists(
    operator: Sdk, account: str, service: BlobServiceClient
) -> None:
    key, ends = operator.keys(account)[0], datetime.now(UTC) + HOUR
    sas = generate_container_sas(account, "backups", key, permission="cl", expiry=ends)
    blob = opened(operator, service, sas)
    blob.upload_blob(b"new")
    assert code(blob.upload_blob, b"x", overwrite=True) == "AuthorizationPermissionMismatch"
    there = BlobServiceClient(service.url, sas, connection_verify=operator.ca)
    assert [one.name for one in there.get_container_client("backups").list_blobs()] == ["x"]
    off: Any = {"properties": {"allowSharedKeyAccess": False}}
    operator.storage.storage_accounts.update("rg", account, off)
    assert code(blob.download_blob) == "KeyBasedAuthenticationNotPermitted"


def test_a_role_on_a_container_reaches_no_other(operator: Sdk, account: str) -> None:
    id, _, clients = new_principal(operator)
    there = operator.storage.blob_containers.create("rg", account, "others", {})
    with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
        assign(operator, id, WRITER, there.id, FIRST)
    assign(operator, id, WRITER, there.id, FIRST)
    url = operator.blobs(account).url
    service = BlobServiceClient(url, clients.credential, connection_verify=operator.ca)
    service.get_blob_client("others", "x").upload_blob(b"")
    refused = code(service.get_blob_client("backups", "x").upload_blob, b"")
    assert refused == "AuthorizationPermissionMismatch"


UNKNOWN: dict[str, Callable[[ContainerClient], Any]] = {
    "x-ms-blob-content-length": lambda c: c.get_blob_client("x").create_page_blob(512),
    "x-ms-blob-type is AppendBlob": lambda c: c.get_blob_client("x").create_append_blob(),
    "comp=snapshot": lambda c: c.get_blob_client("x").create_snapshot(),
    "comp=tags": lambda c: c.get_blob_client("x").set_blob_tags({"a": "b"}),
    "comp=lease": lambda c: c.acquire_lease(),
    "comp=metadata": lambda c: c.get_blob_client("x").set_blob_metadata({"a": "b"}),
    "PUT container restype=container": lambda c: c.create_container(),
    "x-ms-tags": lambda c: c.upload_blob("x", b"", tags={"a": "b"}),
    "x-ms-copy-source": lambda c: c.get_blob_client("x").start_copy_from_url("https://a/b"),
    "x-ms-encryption-scope": lambda c: c.upload_blob("x", b"", encryption_scope="s"),
    "x-ms-lease-id": lambda c: c.upload_blob("x", b"", lease="1" * 36),
    "not in Archive": lambda c: c.upload_blob(
        "x", b"", standard_blob_tier=StandardBlobTier.ARCHIVE
    ),
    "include=versions": lambda c: list(c.list_blobs(include=["versions"])),
    "versionid": lambda c: c.get_blob_client("x").download_blob(version_id="1"),
    "x-ms-new": lambda c: c.upload_blob("x", b"", headers={"x-ms-new": "1"}),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_store_does_not_know_is_refused_by_its_name(
    container: ContainerClient, name: str
) -> None:
    with pytest.raises(HttpResponseError, match=name) as refused:
        UNKNOWN[name](container)
    assert refused.value.status_code == 400
    with pytest.raises(ResourceNotFoundError):  # and nothing is kept of it
        container.get_blob_client("x").get_blob_properties()


class _Redirected(HTTPAdapter):
    """Sends what is for Microsoft's sign-in to the sandbox."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> Any:
        request.url = (request.url or "").replace("login.microsoftonline.com", self._host)
        return super().send(request, *args, **how)


def test_microsofts_sign_in_finds_the_instance(sandbox: Sandbox, operator: Sdk) -> None:
    """With the discovery that the other tests switch off."""
    host = sandbox.env["ARM_METADATA_HOSTNAME"]
    with requests.Session() as session:
        session.mount("https://", _Redirected(host))
        session.verify = operator.ca
        url = "https://login.microsoftonline.com/common/discovery/instance"
        for authority, known in ((host, True), ("login.microsoftonline.com", True), ("a.b", False)):
            ask = {"authorization_endpoint": f"https://{authority}/t/oauth2/v2.0/authorize"}
            told = session.get(url, params={**ask, "api-version": "1.1"}, timeout=10).json()
            assert ("tenant_discovery_endpoint" in told) is known
            assert (told.get("error") == "invalid_instance") is not known
        credential = ClientSecretCredential(
            sandbox.env["ARM_TENANT_ID"],
            operator.client_id,
            operator.secret,
            authority=host,
            transport=RequestsTransport(
                session=session, session_owner=False, connection_verify=operator.ca
            ),
        )
        assert credential.get_token(SCOPE).token
