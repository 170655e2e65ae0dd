"""What each setting of Azure does."""

import base64
import json
from typing import Any

import pytest
import trustme
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import CHINA, GOVERNMENT
from palette_backup_provider.clients.azure.connection import AzureConnection
from palette_backup_provider.core.complete import complete
from palette_backup_provider.core.errors import ApiError, BadSetting, MissingSetting
from palette_backup_provider.core.secrets import SECRET, cleared
from palette_backup_provider.resources import azure
from tests.contract.settings_case import KEYS, Case, shows
from tests.contract.settings_wire import Sent, answered

ID = "00000000-0000-4000-8000-00000000000{}"
TENANT, CLIENT, SUBSCRIPTION, OTHER = (ID.format(digit) for digit in (1, 2, 3, 4))
LOGIN = "https://login.microsoftonline.com"


def entra(sent: Sent) -> tuple[int, Any]:
    """Entra, ARM, a managed identity's host, and a provider of tokens."""
    tenant = sent.url.partition("//")[2].split("/")[1]
    if "discovery/instance" in sent.url:
        return 200, {
            "tenant_discovery_endpoint": f"{LOGIN}/{TENANT}/v2.0/.well-known",
            "metadata": [],
        }
    if ".well-known" in sent.url:
        base = f"{LOGIN}/{tenant}/oauth2/v2.0"
        ends = {f"{name}_endpoint": f"{base}/{name}" for name in ("token", "authorization")}
        return 200, {**ends, "issuer": f"{LOGIN}/{tenant}/v2.0"}
    if sent.host == "oidc.example.com":
        return 200, {"value": "a-token-of-the-job"}
    if sent.host.startswith("login") or sent.host == "msi.example.com":
        says = base64.urlsafe_b64encode(json.dumps({"tid": tenant}).encode()).decode().rstrip("=")
        token = {"access_token": f"e30.{says}.e30", "token_type": "Bearer", "expires_in": 3600}
        return 200, {**token, "expires_on": "4102444800", "resource": "r"}
    return 200, {"subscriptionId": SUBSCRIPTION}


def connected(case: Case) -> AzureClient:
    return AzureClient.connect(case.settings)


def application(case: Case) -> None:
    """All that says who, but for how."""
    case.config("azure-native:tenantId", TENANT)
    case.config("azure-native:clientId", CLIENT)
    if case.key.name != "azure-native:subscriptionId":
        case.config("azure-native:subscriptionId", SUBSCRIPTION)


def signed_in(case: Case, kind: type[Any]) -> Sent:
    """What asked Entra for a token."""
    sent = answered(case, entra)
    client = connected(case)
    assert client.subscription() == SUBSCRIPTION
    assert type(client._signer()) is kind
    return next(one for one in sent if one.url.endswith("/token"))


@shows("azure-native:subscriptionId")
def subscription(case: Case) -> None:
    application(case)
    case.config("azure-native:clientSecret", "the-secret-of-the-app")
    for written in (OTHER, f"/subscriptions/{OTHER}", f"/subscriptions/{OTHER}/"):
        case.set(written)
        sent = answered(case, entra)
        assert connected(case).subscription() == OTHER
        assert (
            sent[-1].url
            == f"https://management.azure.com/subscriptions/{OTHER}?api-version=2022-12-01"
        )


@shows("azure-native:tenantId", "azure-native:clientId")
def who(case: Case) -> None:
    application(case)
    case.config("azure-native:clientSecret", "the-secret-of-the-app")
    case.config(case.key.name, "")
    with pytest.raises(
        MissingSetting, match=f"{case.key.name} is not set. Set it with .* or \\$ARM"
    ):
        connected(case).subscription()
    case.set(OTHER)
    sent = signed_in(case, ClientSecretCredential)
    tenant = case.key.name == "azure-native:tenantId"
    assert sent.url == f"{LOGIN}/{OTHER if tenant else TENANT}/oauth2/v2.0/token"
    assert sent.form["client_id"] == (CLIENT if tenant else OTHER)


@shows("azure-native:clientSecret")
def client_secret(case: Case) -> None:
    application(case)
    case.set("the-secret-of-the-app")
    case.config("azure-native:useOidc", "true")
    assert signed_in(case, ClientSecretCredential).form["client_secret"] == "the-secret-of-the-app"
    assert cleared("the-secret-of-the-app") == SECRET


@shows("azure-native:clientCertificatePath", "azure-native:clientCertificatePassword")
def certificate(case: Case) -> None:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        load_pem_private_key,
        pkcs12,
    )
    from cryptography.x509 import load_pem_x509_certificate

    made = trustme.CA().issue_cert("app.example.com", key_type=trustme.KeyType.RSA)
    key = load_pem_private_key(made.private_key_pem.bytes(), None)
    shown = load_pem_x509_certificate(made.cert_chain_pems[0].bytes())
    path = case.folder / "app.pfx"
    locked = BestAvailableEncryption(b"the-password-of-it")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"app", key, shown, None, locked))  # type: ignore[arg-type]
    application(case)
    case.config("azure-native:clientSecret", "the-secret-of-the-app")
    case.also("azure-native:clientCertificatePath", str(path))
    case.also("azure-native:clientCertificatePassword", "the-password-of-it")
    form = signed_in(case, CertificateCredential).form
    assert "client_assertion" in form and "client_secret" not in form
    assert cleared("the-password-of-it") == SECRET
    case.also("azure-native:clientCertificatePassword", "another")
    with pytest.raises(BadSetting, match="is no PEM or PKCS#12 file with a certificate"):
        connected(case).subscription()
    case.also("azure-native:clientCertificatePath", "/no/such/file")
    with pytest.raises(BadSetting, match="clientCertificatePath: /no/such/file cannot be read"):
        connected(case).subscription()


def asserted(case: Case) -> str:
    form = signed_in(case, ClientAssertionCredential).form
    assert form["client_assertion_type"].endswith("jwt-bearer")
    assert cleared(form["client_assertion"]) == SECRET
    return form["client_assertion"]


@shows("azure-native:useOidc")
def use_oidc(case: Case) -> None:
    application(case)
    case.config("azure-native:useMsi", "true")
    case.set("true")
    with pytest.raises(
        MissingSetting, match=r"useOidc .* is set, and no token is.*id-token: write"
    ):
        connected(case).subscription()
    case.config("azure-native:oidcToken", "a-token-that-is-given")
    assert asserted(case) == "a-token-that-is-given"


@shows("azure-native:oidcToken")
def oidc_token(case: Case) -> None:
    application(case)
    case.config("azure-native:useOidc", "true")
    case.set("a-token-that-is-given")
    assert asserted(case) == "a-token-that-is-given"


@shows("azure-native:oidcTokenFilePath")
def oidc_file(case: Case) -> None:
    application(case)
    case.config("azure-native:useOidc", "true")
    case.set(case.file("token", "a-token-in-a-file\n"))
    assert asserted(case) == "a-token-in-a-file"
    case.set("/no/such/file")
    with pytest.raises(BadSetting, match="oidcTokenFilePath: /no/such/file cannot be read"):
        connected(case).subscription()


@shows("azure-native:oidcRequestToken", "azure-native:oidcRequestUrl", "azure-native:oidcAudience")
def oidc_request(case: Case) -> None:
    application(case)
    case.config("azure-native:useOidc", "true")
    number = case.key.places.index(case._place) if not case.in_config else 0
    for name in ("oidcRequestToken", "oidcRequestUrl"):
        value = "https://oidc.example.com/?v=1" if name == "oidcRequestUrl" else "the-job-s-bearer"
        variables = KEYS[f"azure-native:{name}"].variables
        if case.in_config or case.key.name == "azure-native:oidcAudience":
            case.config(f"azure-native:{name}", value)
        else:
            case.patch.setenv(variables[number - 1], value)
    audience = "api://AzureADTokenExchange"
    if case.key.name == "azure-native:oidcAudience":
        audience = "api://of-ours"
        case.set(audience)
    sent = answered(case, entra)
    connected(case).subscription()
    asked = next(one for one in sent if one.host == "oidc.example.com")
    assert asked.headers["Authorization"] == "Bearer the-job-s-bearer"
    assert f"v=1&audience={audience.replace(':', '%3A').replace('/', '%2F')}" in asked.url
    assert asserted(case) == "a-token-of-the-job"
    assert cleared("the-job-s-bearer") == SECRET


@shows("azure-native:useMsi")
def use_msi(case: Case) -> None:
    application(case)
    case.patch.setenv("IDENTITY_ENDPOINT", "https://msi.example.com/token")
    case.patch.setenv("IDENTITY_HEADER", "of-the-host")
    case.set("true")
    sent = answered(case, entra)
    client = connected(case)
    assert client.subscription() == SUBSCRIPTION
    assert type(client._signer()) is ManagedIdentityCredential
    assert sent[0].host == "msi.example.com" and f"client_id={CLIENT}" in sent[0].url


@shows("azure-native:useDefaultAzureCredential")
def use_default(case: Case) -> None:
    application(case)
    case.config("azure-native:clientSecret", "the-secret-of-the-app")
    case.set("true")
    assert type(connected(case)._signer()) is DefaultAzureCredential


@shows("azure-native:auxiliaryTenantIds")
def auxiliary(case: Case) -> None:
    """An operator of one tenant acts in another one."""
    for name, value in (("TENANT", TENANT), ("CLIENT", CLIENT)):
        case.patch.setenv(f"AZURE_{name}_ID", value)
    case.patch.setenv("AZURE_CLIENT_SECRET", "the-secret-of-the-app")
    case.patch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    case.config("azure-native:subscriptionId", SUBSCRIPTION)
    case.config("azure-native:tenantId", OTHER)
    sent = answered(case, entra)
    with pytest.raises(ApiError, match="tenant"):
        connected(case).subscription()
    case.set([OTHER])
    assert connected(case).subscription() == SUBSCRIPTION
    assert f"{LOGIN}/{OTHER}/oauth2/v2.0/token" in [one.url for one in sent]


@shows("azure-native:environment")
def environment(case: Case) -> None:
    names = {"usgovernment": GOVERNMENT, "AzureUSGovernment": GOVERNMENT, "AzureChinaCloud": CHINA}
    for value, cloud in names.items():
        case.set(value)
        assert AzureConnection.connect(case.settings).cloud() == cloud
    case.set("german")
    with pytest.raises(BadSetting, match=r"azure-native:environment is 'german'\. It takes public"):
        AzureConnection.connect(case.settings)


@shows("azure-native:metadataHost")
def metadata_host(case: Case) -> None:
    case.set("own.example.com")
    sent = answered(case, lambda _: (404, {}))
    with pytest.raises(ApiError):
        AzureConnection.connect(case.settings).cloud()
    assert sent[0].host == "own.example.com"


@shows("azure-native:disableInstanceDiscovery")
def no_discovery(case: Case) -> None:
    application(case)
    case.config("azure-native:clientSecret", "the-secret-of-the-app")
    for value, asked in (("false", True), ("true", False)):
        case.set(value)
        assert connected(case)._signer()._instance_discovery is asked


@shows("azure-native:location")
def location(case: Case) -> None:
    case.set("westeurope")
    for kind in (azure.ResourceGroup, azure.StorageAccount):
        found = complete(kind.handler.state_type, {}, set(), {}, case.settings)
        assert found["location"] == "westeurope"


@shows("palette:azureCaCert")
def ca_cert_of_its_own(case: Case) -> None:
    case.set("/some/file")
    assert AzureConnection.connect(case.settings).ca == "/some/file"
