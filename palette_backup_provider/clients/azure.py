"""Azure Resource Manager (ARM) and Microsoft Graph, under one identity.

azure-identity signs the operator in; it is imported when the first call is made. All else is REST.
"""

import base64
import json
import logging
import threading
from typing import TYPE_CHECKING, Annotated, Any, Self

from palette_backup_provider.clients.azure_operations import Operation
from palette_backup_provider.clients.azure_reach import Reach, asked, parsed
from palette_backup_provider.clients.azure_refusal import UNKNOWN_SECRET
from palette_backup_provider.clients.shared import Shared
from palette_backup_provider.core.errors import ApiError, MissingExtra, MissingSetting
from palette_backup_provider.core.model import Model, rule
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Answer, Http

SUBSCRIPTIONS = "2022-12-01"
RESOURCES = "2021-04-01"
STORAGE = "2023-05-01"
ROLES = "2022-04-01"
"""Versions of ARM's APIs."""

Guid = Annotated[
    str,
    rule(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a GUID, 8-4-4-4-12 hex digits"),
]


class Identity(Model):
    """Where to act instead of in the process's own tenant and subscription."""

    subscription: Guid | None = None
    tenant: Guid | None = None


class AzureClient:
    """Calls to one subscription and its tenant, shared by all threads."""

    def __init__(
        self,
        reach: Reach,
        *,
        tenant: str | None,
        subscription: str | None,
        client_id: str | None,
        client_secret: str | None,
    ) -> None:
        self.reach = reach
        self._tenant, self._subscription = tenant, subscription
        self._client_id, self._client_secret = client_id, client_secret
        remember(client_secret)
        self._told = Shared[str]()
        self._credential: Any = None
        self._opened: dict[str, Http] = {}
        self._lock = threading.RLock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        def setting(name: str, variable: str) -> str | None:
            return settings.get(f"azure-native:{name}", f"ARM_{variable}")

        return cls(
            Reach.connect(settings),
            tenant=setting("tenantId", "TENANT_ID"),
            subscription=setting("subscriptionId", "SUBSCRIPTION_ID"),
            client_id=setting("clientId", "CLIENT_ID"),
            client_secret=setting("clientSecret", "CLIENT_SECRET"),
        )

    def under(self, identity: Identity) -> "AzureClient":
        """The client that acts in the tenant and subscription of `identity`."""
        return AzureClient(
            self.reach,
            tenant=identity.tenant or self._tenant,
            subscription=identity.subscription or self._subscription,
            client_id=self._client_id,
            client_secret=self._client_secret,
        )

    def subscription(self) -> str:
        """The subscription, known to exist in the tenant of the credentials; asked once."""
        given = self._subscription
        if given is None:
            raise MissingSetting(
                "azure-native:subscriptionId is not set. Set it with `pulumi config set "
                "azure-native:subscriptionId` or $ARM_SUBSCRIPTION_ID, or give the resource an "
                "azure.Identity."
            )

        def ask() -> str:
            try:
                self.arm("GET", f"/subscriptions/{given}", version=SUBSCRIPTIONS)
            except ApiError as error:
                if error.code != "AuthorizationFailed":  # a role in one group only
                    raise
            return given.lower()

        return self._told.get("subscription", ask)

    def tenant(self) -> str:
        """The tenant that the credentials belong to; asked once."""
        return self._told.get("tenant", lambda: _tenant_of(self._token(self.reach.cloud().graph)))

    def arm(self, method: str, path: str, body: Any = None, *, version: str) -> Any:
        """The answer of ARM; of an operation that takes long, the last one.

        Raises NotFound where Azure says that there is no such thing.
        """
        base = self.reach.cloud().arm
        http = self._http("Azure Resource Manager", base)

        def follow(where: str) -> "Answer":
            return asked(http, "GET", where)

        begun = asked(http, method, f"{path}?api-version={version}", body)
        return parsed(Operation(follow, base).finished(f"{method} {path}", begun))

    def listed(self, path: str, *, version: str) -> list[dict[str, Any]]:
        """The first page of a list of ARM: enough to see whether there is anything."""
        found: list[dict[str, Any]] = self.arm("GET", path, version=version)["value"]
        return found

    def graph(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The answer of Microsoft Graph."""
        http = self._http("Microsoft Graph", self.reach.cloud().graph)
        return parsed(asked(http, method, f"/v1.0{path}", body, headers))

    def _http(self, what: str, url: str) -> "Http":
        with self._lock:
            if what not in self._opened:
                self._opened[what] = self.reach.http(
                    what, url, lambda: {"Authorization": f"Bearer {self._token(url)}"}
                )
            return self._opened[what]

    def _token(self, resource: str) -> str:
        credential = self._signed_in()
        from azure.core.exceptions import ClientAuthenticationError

        try:
            token: str = credential.get_token(f"{resource}/.default").token
        except ClientAuthenticationError as error:
            raise _not_signed_in(str(error.message or error)) from None
        except Exception as error:  # azure-core's many ways to find nobody there
            raise ApiError(f"Azure sign-in: {error}", status=0) from None
        remember(token)
        return token

    def _signed_in(self) -> Any:
        with self._lock:
            if self._credential is None:
                self._credential = self._sign_in()
            return self._credential

    def _sign_in(self) -> Any:
        try:
            from azure.identity import ClientSecretCredential, DefaultAzureCredential
        except ModuleNotFoundError:
            raise MissingExtra("azure", "azure-identity") from None
        # it warns of every refusal, which nobody would keep from the terminal; ours says it once
        logging.getLogger("azure.identity").addHandler(logging.NullHandler())
        how: dict[str, Any] = {
            "authority": self.reach.cloud().login,
            "disable_instance_discovery": self.reach.elsewhere,
        }
        if self.reach.ca:
            how["connection_verify"] = self.reach.ca
        if not (self._client_id and self._client_secret):
            return DefaultAzureCredential(**how)
        if not self._tenant:
            raise MissingSetting(
                "azure-native:tenantId is not set. Set it with `pulumi config set "
                "azure-native:tenantId` or $ARM_TENANT_ID."
            )
        return ClientSecretCredential(self._tenant, self._client_id, self._client_secret, **how)


def claims(token: str) -> dict[str, Any]:
    """What an access token says of itself."""
    try:
        middle = token.split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * 3))
    except (IndexError, ValueError):
        raise ApiError("Azure gave a token that cannot be read.", status=0) from None
    return found


def _tenant_of(token: str) -> str:
    return str(claims(token)["tid"])


def _not_signed_in(message: str) -> ApiError:
    from palette_backup_provider.clients.azure_refusal import HINTS

    code = next((code for code in HINTS if f"{code}:" in message), "")
    hint = HINTS.get(code, "")
    if not code or code in UNKNOWN_SECRET:
        hint = (
            "Set azure-native:clientId, clientSecret and tenantId (or $ARM_CLIENT_ID, "
            "$ARM_CLIENT_SECRET and $ARM_TENANT_ID), or sign in with `az login`."
        )
    lines = " ".join(message.split())
    return ApiError(f"Azure did not let us sign in: {lines} {hint}", status=401, code=code)
