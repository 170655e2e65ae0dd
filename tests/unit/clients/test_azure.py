"""Azure's clients: long operations, refusals, clouds, and the way in of Velero."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.azure import AzureClient, Identity
from palette_backup_provider.clients.azure_blob import (
    AzureBlobClient,
    Place,
    Secret,
    operator_blobs,
)
from palette_backup_provider.clients.azure_cloud import (
    CHINA,
    GOVERNMENT,
    PUBLIC,
    Cloud,
    environment,
)
from palette_backup_provider.clients.azure_operations import BUDGET, Operation
from palette_backup_provider.clients.azure_reach import Reach
from palette_backup_provider.clients.azure_refusal import refusal, understood
from palette_backup_provider.clients.http import Answer, Service
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    GaveUp,
    KeyRefused,
    NotFound,
)
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.run import Sandbox
from tests.azure_sdk import Sdk
from tests.unit.clients.loopback import FakeTime

ARM = "https://management.azure.com"
SERVICE = Service("Azure", ARM, reach="Reach it.", trust="Trust it.")


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, json.dumps(body).encode() if body else b"", "Tried once.")


class Arm:
    """Answers one after the other, and notes what was asked for and when."""

    def __init__(self, *answers: Answer) -> None:
        self.time = FakeTime()
        self.asked: list[tuple[str, float]] = []
        self._answers = list(answers)
        self.operation = Operation(self._ask, ARM, self.time.clock, self.time.sleep)

    def _ask(self, where: str) -> Answer:
        self.asked.append((where, self.time.clock()))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def test_a_call_that_is_done_is_not_followed() -> None:
    arm = Arm()
    done = answer(200, {"name": "a"})
    assert arm.operation.finished("PUT", done) is done
    assert not arm.asked


def test_location_is_followed_until_it_is_done() -> None:
    later = answer(202, Location=f"{ARM}/two?v=1", Retry_After="17")
    arm = Arm(later, answer(200, {"name": "a"}))
    begun = answer(202, Location=f"{ARM}/one?v=1", Retry_After="5")
    assert arm.operation.finished("PUT", begun).status == 200
    start = arm.asked[0][1] - 5
    assert arm.asked == [("/one?v=1", start + 5), ("/two?v=1", start + 22)]


def test_the_state_of_an_asynchronous_operation_is_followed() -> None:
    where = {"Azure_AsyncOperation": f"{ARM}/op?v=1"}
    arm = Arm(answer(200, {"status": "Running"}), answer(200, {"status": "Succeeded"}))
    arm.operation.finished("PUT", answer(201, **where))
    assert len(arm.asked) == 2
    failed = {"status": "Failed", "error": {"code": "Quota", "message": "Too many."}}
    with pytest.raises(ApiError, match="Quota: Too many"):
        Arm(answer(200, failed)).operation.finished("PUT", answer(201, **where))


def test_a_token_goes_to_no_other_host() -> None:
    arm = Arm(answer(200))
    with pytest.raises(ApiError, match=r"evil\.example"):
        arm.operation.finished("PUT", answer(202, Location="https://evil.example/op"))
    assert not arm.asked


def test_an_operation_without_end_is_given_up() -> None:
    arm = Arm(answer(202, Location=f"{ARM}/one"))
    with pytest.raises(GaveUp, match="not finished"):
        arm.operation.finished("PUT", answer(202, Location=f"{ARM}/one"))
    assert BUDGET <= arm.asked[-1][1] - arm.asked[0][1] + 1 <= BUDGET + 20


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ('{"error": {"code": "Conflict", "message": "No."}}', "Conflict", "No."),
        (
            '{"error": "invalid_client", "error_description": "AADSTS7000215: Wrong."}',
            "AADSTS7000215",
            "Wrong.",
        ),
        ('{"error": "invalid_scope", "error_description": "Odd."}', "invalid_scope", "Odd."),
        (
            "\ufeff<?xml version='1.0'?><Error><Code>BlobNotFound</Code><Message>Gone.\nId:1"
            "</Message></Error>",
            "BlobNotFound",
            "Gone.",
        ),
        (
            '{"error": {"code": "Request_BadRequest", "message": "No.", "details": '
            '[{"code": "NoBackingApplicationObject", "target": "appId"}]}}',
            "NoBackingApplicationObject",
            "No.",
        ),
        (
            '{"error": {"code": "Request_BadRequest", "message": "No.", "details": []}}',
            "Request_BadRequest",
            "No.",
        ),
        (
            '{"error": {"code": "Conflict", "message": "No.", "details": [{"code": "Part"}]}}',
            "Conflict",
            "No.",
        ),
        ("<html>", "", ""),
        ("[]", "", ""),
        ("nothing", "", ""),
    ],
)
def test_errors_are_read_in_all_their_shapes(body: str, code: str, says: str) -> None:
    assert understood(body) == (code, says)


def test_only_what_is_absent_counts_as_gone() -> None:
    def told(status: int, code: str) -> ApiError:
        return refusal(SERVICE, "GET /x", answer(status, {"error": {"code": code, "message": ""}}))

    assert isinstance(told(404, "ResourceNotFound"), NotFound)
    assert isinstance(told(404, "ParentResourceNotFound"), NotFound)
    assert not isinstance(told(404, "SubscriptionNotFound"), NotFound)
    assert not isinstance(told(400, "ResourceNotFound"), NotFound)
    assert not isinstance(refusal(SERVICE, "GET /x", answer(404)), NotFound)
    wrong = {"error": "x", "error_description": "AADSTS7000222: Old."}
    assert isinstance(refusal(SERVICE, "POST /token", answer(401, wrong)), KeyRefused)


def test_clouds_are_known_by_the_names_that_pulumi_gives_them() -> None:
    assert [environment(n) for n in ("public", "USGovernment", "china")] == [
        PUBLIC,
        GOVERNMENT,
        CHINA,
    ]
    with pytest.raises(BadSetting, match="takes public, usgovernment, china"):
        environment("mars")


def test_a_metadata_host_that_tells_nonsense_is_refused() -> None:
    answers: tuple[Any, ...] = ([], {}, [{"name": "AzureCloud"}], None)
    for nonsense in answers:
        with pytest.raises(ApiError, match="does not describe the cloud AzurePublicCloud"):
            Cloud.told(PUBLIC, nonsense)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["azure"]) as sandbox:
        yield sandbox


def settings(sandbox: Sandbox, **more: str) -> Settings:
    return Settings(lambda _: None, {**sandbox.env, **more})


@pytest.fixture
def place(sandbox: Sandbox) -> Place:
    """A container `backups` in an account."""
    sandbox.azure.reset()
    operator = Sdk.operator(sandbox.env)
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    wanted = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "westeurope"}
    operator.storage.storage_accounts.begin_create("rg", "account1", wanted).result()
    operator.storage.blob_containers.create("rg", "account1", "backups", {})
    return Place("public", operator.subscription, "rg", "account1", "backups")


def operators_secret(sandbox: Sandbox) -> Secret:
    who = sandbox.azure.operator
    return Secret(who.tenant, who.client_id, who.client_secret)


def test_a_round_trip_leaves_nothing(sandbox: Sandbox, place: Place) -> None:
    AzureBlobClient.connect(settings(sandbox)).round_trip(place, operators_secret(sandbox), "probe")
    assert not sandbox.azure.storage.accounts["account1"].containers["backups"].blobs


def test_a_round_trip_says_what_is_wrong(sandbox: Sandbox, place: Place) -> None:
    client, secret = AzureBlobClient.connect(settings(sandbox)), operators_secret(sandbox)
    nowhere = Place("public", place.subscription, "rg", "account1", "none")
    with pytest.raises(NotFound, match="ContainerNotFound"):
        client.round_trip(nowhere, secret, "probe")
    with pytest.raises(KeyRefused, match="AADSTS7000215") as caught:
        client.round_trip(place, Secret(secret.tenant, secret.client_id, "not-the-secret"), "probe")
    assert "not-the-secret" not in str(caught.value) and "not-the-secret" not in repr(secret)
    said = sandbox.azure.storage.accounts["account1"].body["properties"]
    said["networkAcls"] = {"defaultAction": "Deny"}
    with pytest.raises(ApiError, match="Add its address to allowed_ips"):
        client.round_trip(place, secret, "probe")
    said["allowSharedKeyAccess"] = False
    with pytest.raises(ApiError, match="Allow them, or use another account"):
        client.round_trip(place, secret, "probe")


def test_the_operator_reads_a_container(sandbox: Sandbox, place: Place) -> None:
    blobs = operator_blobs(AzureClient.connect(settings(sandbox)), place)
    blobs.put("a folder/one two", b"content")
    assert blobs.get("a folder/one two") == b"content"
    assert list(blobs.names()) == list(blobs.names("a f")) == ["a folder/one two"]
    assert list(blobs.names("b")) == []


def test_identity_names_another_subscription(sandbox: Sandbox, place: Place) -> None:
    client = AzureClient.connect(settings(sandbox))
    other = sandbox.azure.second_subscription
    assert client.under(Identity(subscription=other)).subscription() == other
    assert client.subscription() == place.subscription
    assert client.tenant() == sandbox.azure.operator.tenant
    stranger = client.under(Identity(subscription=sandbox.azure.other.subscription))
    with pytest.raises(ApiError, match="another tenant than the credentials"):
        stranger.subscription()


def test_a_certificate_that_is_not_trusted_leads_to_the_setting(sandbox: Sandbox) -> None:
    reach = Reach.connect(settings(sandbox, PALETTE_AZURE_CA_CERT=""))
    with pytest.raises(ApiError, match=r"palette:azureCaCert \(or \$PALETTE_AZURE_CA_CERT\)"):
        reach.cloud()
