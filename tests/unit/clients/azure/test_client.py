"""Azure's clients: long operations, refusals, clouds, and the way in of Velero."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import (
    CHINA,
    GOVERNMENT,
    PUBLIC,
    Cloud,
    environment,
)
from palette_backup_provider.clients.azure.connection import AzureConnection
from palette_backup_provider.clients.azure.errors import to_api_error, understood
from palette_backup_provider.clients.azure.identity import Identity
from palette_backup_provider.clients.azure.operations import finished
from palette_backup_provider.clients.azure.trial import (
    AzureBlobClient,
    ContainerRef,
    ServicePrincipalLogin,
    operator_blobs,
)
from palette_backup_provider.clients.rest.http import Answer, Service
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    BadSetting,
    NotFound,
    UnreadableAnswer,
    WaitTimedOut,
)
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.azure.service import Azure
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

    def finished(self, what: str, begun: Answer) -> Answer:
        patience = replace(AzureClient.patience, clock=self.time.clock, sleep=self.time.sleep)
        return finished(what, begun, self._ask, ARM, patience)

    def _ask(self, where: str) -> Answer:
        self.asked.append((where, self.time.clock()))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def test_a_call_that_is_done_is_not_followed() -> None:
    arm = Arm()
    done = answer(200, {"name": "a"})
    assert arm.finished("PUT", done) is done
    assert not arm.asked


def test_location_is_followed_until_it_is_done() -> None:
    later = answer(202, Location=f"{ARM}/two?v=1", Retry_After="17")
    arm = Arm(later, answer(200, {"name": "a"}))
    begun = answer(202, Location=f"{ARM}/one?v=1", Retry_After="5")
    assert arm.finished("PUT", begun).status == 200
    start = arm.asked[0][1] - 5
    assert arm.asked == [("/one?v=1", start + 5), ("/two?v=1", start + 22)]


def test_the_state_of_an_asynchronous_operation_is_followed() -> None:
    where = {"Azure_AsyncOperation": f"{ARM}/op?v=1"}
    arm = Arm(answer(200, {"status": "Running"}), answer(200, {"status": "Succeeded"}))
    arm.finished("PUT", answer(201, **where))
    assert len(arm.asked) == 2
    failed = {"status": "Failed", "error": {"code": "Quota", "message": "Too many."}}
    with pytest.raises(ApiError, match="Quota: Too many"):
        Arm(answer(200, failed)).finished("PUT", answer(201, **where))


def test_a_token_goes_to_no_other_host() -> None:
    arm = Arm(answer(200))
    with pytest.raises(ApiError, match=r"evil\.example"):
        arm.finished("PUT", answer(202, Location="https://evil.example/op"))
    assert not arm.asked


@pytest.mark.parametrize("where", ["https://[/op", "op", ""])
def test_an_operation_that_is_nowhere_is_told(where: str) -> None:
    with pytest.raises(ApiError, match="Azure sends us to no host for the outcome"):
        Arm(answer(200)).finished("PUT", answer(202, Location=where))


@pytest.mark.parametrize("told", [None, [], {}, {"status": 7}, {"status": "Failed", "error": "x"}])
def test_a_state_of_the_wrong_shape_is_one_readable_error(told: Any) -> None:
    arm = Arm(Answer(200, {}, json.dumps(told).encode(), "Tried once."))
    begun = answer(201, Azure_AsyncOperation=f"{ARM}/op?v=1")
    with pytest.raises(UnreadableAnswer, match="the state of PUT a: the answer could not be read"):
        arm.finished("PUT a", begun)


def test_an_operation_without_end_is_given_up() -> None:
    arm = Arm(answer(202, Location=f"{ARM}/one"))
    with pytest.raises(WaitTimedOut, match="not finished"):
        arm.finished("PUT", answer(202, Location=f"{ARM}/one"))
    budget = AzureClient.patience.budget
    assert budget <= arm.asked[-1][1] - arm.asked[0][1] + 1 <= budget + 20


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
        return to_api_error(
            SERVICE, "GET /x", answer(status, {"error": {"code": code, "message": ""}})
        )

    assert isinstance(told(404, "ResourceNotFound"), NotFound)
    assert isinstance(told(404, "ParentResourceNotFound"), NotFound)
    assert not isinstance(told(404, "SubscriptionNotFound"), NotFound)
    assert not isinstance(told(400, "ResourceNotFound"), NotFound)
    assert not isinstance(to_api_error(SERVICE, "GET /x", answer(404)), NotFound)
    wrong = {"error": "x", "error_description": "AADSTS7000222: Old."}
    assert isinstance(to_api_error(SERVICE, "POST /token", answer(401, wrong)), ApiKeyRejected)


ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"


@pytest.mark.parametrize(
    ("call", "code", "registers"),
    [
        (f"PUT {ACCOUNT}", "SubscriptionNotFound", True),
        (f"PUT {ACCOUNT}", "MissingSubscriptionRegistration", True),
        ("GET /subscriptions/s", "SubscriptionNotFound", False),
    ],
)
def test_a_subscription_without_storage_is_told_how_to_register(
    call: str, code: str, registers: bool
) -> None:
    problem = {"error": {"code": code, "message": "No."}}
    text = str(to_api_error(SERVICE, call, answer(404, problem)))
    assert ("`az provider register -n Microsoft.Storage`" in text) is registers
    assert ("Check azure-native:subscriptionId" in text) is (code == "SubscriptionNotFound")


def test_what_an_azure_policy_objects_to_is_left_to_its_message() -> None:
    message = "Resource 'a' was disallowed by policy 'Allowed locations'."
    problem = {"error": {"code": "RequestDisallowedByPolicy", "message": message}}
    text = str(to_api_error(SERVICE, f"PUT {ACCOUNT}", answer(403, problem)))
    assert f"{message} An Azure Policy forbids it, as it says. Ask for what the policy" in text
    assert "have it exempted, or use an existing account that complies" in text


def test_clouds_are_known_by_the_names_that_pulumi_gives_them() -> None:
    assert [environment(n) for n in ("public", "USGovernment", "china")] == [
        PUBLIC,
        GOVERNMENT,
        CHINA,
    ]
    with pytest.raises(BadSetting, match="takes public, usgovernment, china"):
        environment("mars")


def test_a_metadata_host_that_tells_nonsense_is_refused() -> None:
    answers: tuple[Any, ...] = ([], [{"name": "AzureCloud"}], [{"name": "AzureCloud"}] * 2)
    for nonsense in answers:
        with pytest.raises(ApiError, match="does not describe the cloud AzurePublicCloud"):
            Cloud.from_metadata(PUBLIC, nonsense)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["azure"]) as sandbox:
        yield sandbox


def settings(sandbox: Sandbox, **more: str) -> Settings:
    return Settings(lambda _: None, {**sandbox.env, **more})


@pytest.fixture
def place(sandbox: Sandbox) -> ContainerRef:
    """A container `backups` in an account."""
    sandbox.service(Azure).reset()
    operator = Sdk.operator(sandbox.env)
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    wanted = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "westeurope"}
    operator.storage.storage_accounts.begin_create("rg", "account1", wanted).result()
    operator.storage.blob_containers.create("rg", "account1", "backups", {})
    return ContainerRef("public", operator.subscription, "rg", "account1", "backups")


def operators_secret(sandbox: Sandbox) -> ServicePrincipalLogin:
    who = sandbox.service(Azure).operator
    return ServicePrincipalLogin(who.tenant, who.client_id, who.client_secret)


def test_a_round_trip_leaves_nothing(sandbox: Sandbox, place: ContainerRef) -> None:
    AzureBlobClient.connect(settings(sandbox)).round_trip(place, operators_secret(sandbox), "probe")
    assert not sandbox.service(Azure).storage.accounts["account1"].containers["backups"].blobs


def test_a_round_trip_says_what_is_wrong(sandbox: Sandbox, place: ContainerRef) -> None:
    client, secret = AzureBlobClient.connect(settings(sandbox)), operators_secret(sandbox)
    nowhere = ContainerRef("public", place.subscription, "rg", "account1", "none")
    with pytest.raises(NotFound, match="ContainerNotFound"):
        client.round_trip(nowhere, secret, "probe")
    with pytest.raises(ApiKeyRejected, match="AADSTS7000215") as caught:
        client.round_trip(
            place, ServicePrincipalLogin(secret.tenant, secret.client_id, "not-the-secret"), "probe"
        )
    assert "not-the-secret" not in str(caught.value) and "not-the-secret" not in repr(secret)
    said = sandbox.service(Azure).storage.accounts["account1"].body["properties"]
    said["networkAcls"] = {"defaultAction": "Deny"}
    with pytest.raises(ApiError, match="Add its address to allowed_ips"):
        client.round_trip(place, secret, "probe")
    said["allowSharedKeyAccess"] = False
    with pytest.raises(ApiError, match="Allow them, or use another account"):
        client.round_trip(place, secret, "probe")


def test_the_operator_reads_a_container(sandbox: Sandbox, place: ContainerRef) -> None:
    blobs = operator_blobs(AzureClient.connect(settings(sandbox)), place)
    blobs.put("a folder/one two", b"content")
    assert blobs.get("a folder/one two") == b"content"
    assert list(blobs.names()) == list(blobs.names("a f")) == ["a folder/one two"]
    assert list(blobs.names("b")) == []


def test_identity_names_another_subscription(sandbox: Sandbox, place: ContainerRef) -> None:
    client = AzureClient.connect(settings(sandbox))
    other = sandbox.service(Azure).second_subscription
    assert client.under(Identity(subscription=other)).subscription() == other
    assert client.subscription() == place.subscription
    assert client.tenant() == sandbox.service(Azure).operator.tenant
    stranger = client.under(Identity(subscription=sandbox.service(Azure).other.subscription))
    with pytest.raises(ApiError, match="another tenant than the credentials"):
        stranger.subscription()


def test_a_certificate_that_is_not_trusted_leads_to_the_setting(sandbox: Sandbox) -> None:
    reach = AzureConnection.connect(settings(sandbox, PALETTE_AZURE_CA_CERT=""))
    with pytest.raises(ApiError, match=r"palette:azureCaCert \(or \$PALETTE_AZURE_CA_CERT\)"):
        reach.cloud()
