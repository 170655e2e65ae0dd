"""What each setting of Google Cloud does."""

import json
from typing import Any

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.identity import Identity
from palette_backup_provider.clients.gcp.rest import IAM, PROJECTS, STORAGE, Api
from palette_backup_provider.core.complete import complete
from palette_backup_provider.core.errors import ApiError, BadSetting, MissingSetting, ProviderError
from palette_backup_provider.core.secrets import SECRET, cleared
from palette_backup_provider.resources import gcp
from tests.contract.settings_case import Case, shows
from tests.contract.settings_wire import Sent, answered
from tests.unit.clients.gcp.callers import private_key

TOKEN = "a-token-that-is-given"
DEPLOYER = "deployer@a-project.iam.gserviceaccount.com"
NUMBER = "415104041262"


def google(sent: Sent) -> tuple[int, Any]:
    """Google: each call is answered as it has to be."""
    if "generateAccessToken" in sent.url:
        account = sent.url.partition("serviceAccounts/")[2].partition("@")[0]
        return 200, {"accessToken": f"token-of-{account}", "expireTime": "2099-01-01T00:00:00Z"}
    if sent.url.endswith("/token"):
        return 200, {"access_token": "token-of-the-key", "expires_in": 3600, "token_type": "Bearer"}
    if sent.url.endswith(f"/v1/projects/{NUMBER}"):
        return 200, {"projectId": "a-project", "projectNumber": NUMBER}
    return 200, {}


def bearer(sent: Sent) -> str:
    return sent.headers.get("Authorization", sent.headers.get("authorization", "")).partition(" ")[
        2
    ]


def connected(case: Case) -> GcpClient:
    return GcpClient.connect(case.settings)


def listed(case: Case) -> list[Sent]:
    """All that the question for the project sends; the last asks for its buckets."""
    sent = answered(case, google)
    connected(case).project()
    return sent


def tokened(case: Case) -> None:
    case.config("gcp:accessToken", TOKEN)
    if case.key.name != "gcp:project":
        case.config("gcp:project", "a-project")


def key() -> str:
    made = {"type": "service_account", "client_email": DEPLOYER, "private_key": private_key()}
    return json.dumps({**made, "token_uri": "https://oauth2.example.com/token"})


@shows("gcp:project")
def project(case: Case) -> None:
    tokened(case)
    with pytest.raises(MissingSetting, match="gcp:project is not set"):
        connected(case).project()
    for written in ("a-project", NUMBER):
        case.set(written)
        sent = answered(case, google)
        assert connected(case).project() == "a-project"
        assert "project=a-project" in sent[-1].url
    refused = {"error": {"code": 403, "message": "No.", "status": "PERMISSION_DENIED"}}
    answered(case, lambda _: (403, refused))
    with pytest.raises(ProviderError, match=rf"is the number {NUMBER}, and its id .* to the id\."):
        connected(case).project()


@shows("gcp:credentials")
def credentials(case: Case) -> None:
    case.config("gcp:project", "a-project")
    for written in (key(), case.file("key.json", key())):
        case.set(written)
        sent = listed(case)
        assert sent[0].host == "oauth2.example.com"
        assert bearer(sent[-1]) == "token-of-the-key"
    case.patch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", TOKEN)
    assert bearer(listed(case)[-1]) == ("token-of-the-key" if case.in_config else TOKEN)


@shows("gcp:accessToken")
def access_token(case: Case) -> None:
    case.config("gcp:project", "a-project")
    case.set(TOKEN)
    assert bearer(listed(case)[-1]) == TOKEN
    assert cleared(TOKEN) == SECRET
    refused = {"error": {"code": 401, "message": "Bad.", "status": "UNAUTHENTICATED"}}
    answered(case, lambda _: (401, refused))
    with pytest.raises(ApiError, match="gcp:accessToken may have expired, and nothing renews it"):
        connected(case).project()


@shows("gcp:impersonateServiceAccount")
def impersonate(case: Case) -> None:
    tokened(case)
    case.set(DEPLOYER)
    sent = listed(case)
    assert f"serviceAccounts/{DEPLOYER}:generateAccessToken" in sent[0].url
    assert (bearer(sent[0]), bearer(sent[-1])) == (TOKEN, "token-of-deployer")
    assert cleared("token-of-deployer") == SECRET
    there = connected(case).under(Identity(impersonate="other@b-project.iam.gserviceaccount.com"))
    sent = answered(case, google)
    there.project()
    assert [bearer(one) for one in sent] == [TOKEN, "token-of-deployer", "token-of-other"]


@shows("gcp:impersonateServiceAccountDelegates")
def delegates(case: Case) -> None:
    tokened(case)
    case.config("gcp:impersonateServiceAccount", DEPLOYER)
    case.set(["hop@a-project.iam.gserviceaccount.com"])
    asked = json.loads(listed(case)[0].body)
    assert asked["delegates"] == [
        "projects/-/serviceAccounts/hop@a-project.iam.gserviceaccount.com"
    ]


@shows("gcp:scopes")
def scopes(case: Case) -> None:
    tokened(case)
    case.config("gcp:impersonateServiceAccount", DEPLOYER)
    usual = json.loads(listed(case)[0].body)["scope"]
    assert usual == ["https://www.googleapis.com/auth/cloud-platform"]
    case.set(["https://www.googleapis.com/auth/devstorage.full_control"])
    narrow = json.loads(listed(case)[0].body)["scope"]
    assert narrow == ["https://www.googleapis.com/auth/devstorage.full_control"]


@shows("gcp:defaultLabels")
def default_labels(case: Case) -> None:
    case.set({"team": "backup", "cost": "1"})
    found = complete(
        gcp.Bucket.handler.state_type, {"labels": {"cost": "2"}}, set(), {}, case.settings
    )
    assert found["labels"] == {"team": "backup", "cost": "2"}


@shows("gcp:userProjectOverride")
def user_project_override(case: Case) -> None:
    tokened(case)
    assert "X-Goog-User-Project" not in listed(case)[-1].headers
    case.set("true")
    assert listed(case)[-1].headers["X-Goog-User-Project"] == "a-project"


@shows("gcp:billingProject")
def billing_project(case: Case) -> None:
    tokened(case)
    case.set("who-pays")
    assert "X-Goog-User-Project" not in listed(case)[-1].headers
    case.config("gcp:userProjectOverride", "true")
    assert listed(case)[-1].headers["X-Goog-User-Project"] == "who-pays"


@shows("gcp:requestReason")
def request_reason(case: Case) -> None:
    tokened(case)
    case.set("ticket 7")
    assert listed(case)[-1].headers["X-Goog-Request-Reason"] == "ticket 7"


PATHS: dict[str, tuple[Api, str]] = {
    "gcp:storageCustomEndpoint": (STORAGE, "/storage/v1/b"),
    "gcp:iamCustomEndpoint": (IAM, "/v1/projects/p/serviceAccounts/e"),
    "gcp:resourceManagerCustomEndpoint": (PROJECTS, "/v1/projects/p"),
}


@shows(*PATHS)
def endpoint(case: Case) -> None:
    tokened(case)
    api, path = PATHS[case.key.name]
    case.set("https://own.example.com/some/path/")
    sent = answered(case, lambda _: (404, {}))
    with pytest.raises(ApiError):
        connected(case).call(api, "GET", path)
    assert sent[-1].url == f"https://own.example.com{path}"
    case.set("http://own.example.com")
    with pytest.raises(BadSetting, match=f"{case.key.name} is .* begins with https://"):
        connected(case).call(api, "GET", path)


@shows("gcp:iamCredentialsCustomEndpoint")
def credentials_endpoint(case: Case) -> None:
    tokened(case)
    case.config("gcp:impersonateServiceAccount", DEPLOYER)
    case.set("https://own.example.com/v1/")
    assert listed(case)[0].host == "own.example.com"
