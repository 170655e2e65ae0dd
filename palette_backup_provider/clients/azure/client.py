"""Azure Resource Manager (ARM) and Microsoft Graph, under one identity.

azure-identity signs the operator in; it is imported when the first call is made. All else is REST.
"""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from palette_backup_provider.clients.azure import settings as azure_settings
from palette_backup_provider.clients.azure.connection import AzureConnection, content, send
from palette_backup_provider.clients.azure.errors import REFUSED, WAYS, not_signed_in
from palette_backup_provider.clients.azure.identity import Identity
from palette_backup_provider.clients.azure.operations import finished
from palette_backup_provider.clients.azure.tokens import claims, is_valid
from palette_backup_provider.clients.azure.ways import Way
from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.clients.rest.sign_in import SignIn
from palette_backup_provider.clients.rest.single_flight import SingleFlight
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    BadSetting,
    MissingSetting,
)
from palette_backup_provider.core.packages import package
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer, Http

SUBSCRIPTIONS = "2022-12-01"
RESOURCES = "2021-04-01"
STORAGE = "2023-05-01"
ROLES = "2022-04-01"
"""Versions of ARM's APIs."""

FILES = ("AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE")
"""Variables that name the files of secrets which azure-identity reads."""

NEEDED = ("azure.core", "msal.application", "cryptography.hazmat", "requests.sessions")
"""Modules of what azure-identity needs."""


class AzureClient:
    """Calls to one subscription and its tenant, shared by all threads."""

    patience: ClassVar[Patience] = Patience(900)
    """For an operation of ARM that is under way."""

    def __init__(
        self,
        connection: AzureConnection,
        *,
        tenant: str | None,
        subscription: str | None,
        way: Way | None = None,
    ) -> None:
        self.connection = connection
        self._tenant, self._subscription = tenant, _bare(subscription)
        self._way = way or Way()
        self._constants = SingleFlight[str]()
        self._credential: Any = None
        self._tokens: dict[str, tuple[str, float]] = {}
        self._sign_in = SignIn(
            "Azure sign-in",
            WAYS,
            lambda error, _: not_signed_in(error, self.connection.trust),
            "azure.sign-in",
        )
        self._opened: dict[str, Http] = {}
        self._lock = threading.RLock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        client = cls(
            AzureConnection.connect(settings),
            tenant=settings.get(*azure_settings.TENANT.places),
            subscription=settings.get(*azure_settings.SUBSCRIPTION.places),
            way=Way.read(settings),
        )
        azure_settings.NAMESPACE.validate(settings)
        return client

    def under(self, identity: Identity) -> "AzureClient":
        """The client that acts in the tenant and subscription of `identity`."""
        return AzureClient(
            self.connection,
            tenant=identity.tenant or self._tenant,
            subscription=identity.subscription or self._subscription,
            way=self._way,
        )

    def subscription(self) -> str:
        """The subscription, known to exist in the tenant of the credentials; asked once."""
        subscription = self._subscription
        if subscription is None:
            raise MissingSetting(
                "azure-native:subscriptionId is not set. Set it with `pulumi config set "
                "azure-native:subscriptionId` or $ARM_SUBSCRIPTION_ID, or give the resource an "
                "azure.Identity."
            )

        def ask() -> str:
            try:
                self.arm("GET", f"/subscriptions/{subscription}", version=SUBSCRIPTIONS)
            except ApiError as error:
                if error.code != "AuthorizationFailed":  # a role in one group only
                    raise
            return subscription.lower()

        return self._constants.get("subscription", ask)

    def tenant(self) -> str:
        """The tenant that the credentials belong to; asked once."""
        return self._constants.get("tenant", lambda: str(self.graph_claims()["tid"]))

    def graph_claims(self) -> dict[str, Any]:
        """What the access token for Microsoft Graph says of its holder."""
        return claims(self._token(self.connection.cloud().graph))

    def arm(self, method: str, path: str, body: Any = None, *, version: str) -> Any:
        """The answer of ARM, of which `azure_answers` says what is read; of an operation that takes
        long, the last one.

        Raises NotFound where Azure says that there is no such thing.
        """
        from palette_backup_provider.clients.azure.answers import ARM

        base = self.connection.cloud().arm
        http = self._http("Azure Resource Manager", base)

        def follow(where: str) -> "Answer":
            return send(http, "GET", where)

        with _naming_checks():
            begun = send(http, method, f"{path}?api-version={version}", body)
            ended = finished(f"{method} {path}", begun, follow, base, self.patience)
        return ARM.read(http.service, method, path, ended.body)

    def listed(self, path: str, *, version: str) -> list[dict[str, Any]]:
        """The first page of a list of ARM: enough to see whether there is anything."""
        page: list[dict[str, Any]] = self.arm("GET", path, version=version)["value"]
        return page

    def graph(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The answer of Microsoft Graph, of which `azure_answers` says what is read."""
        from palette_backup_provider.clients.azure.graph_answers import GRAPH

        http = self._http("Microsoft Graph", self.connection.cloud().graph)
        with _naming_checks():
            return content(http, GRAPH, method, f"/v1.0{path}", body, headers)

    def _http(self, what: str, url: str) -> "Http":
        with self._lock:
            if what not in self._opened:
                self._opened[what] = self.connection.http(
                    what, url, lambda: {"Authorization": f"Bearer {self._token(url)}"}
                )
            return self._opened[what]

    def _token(self, resource: str) -> str:
        def ask() -> tuple[str, float]:
            if is_valid(known := self._tokens.get(resource)):  # another thread asked meanwhile
                return known
            self._credential = self._credential or self._signer()
            whose = {"tenant_id": self._tenant} if self._tenant and self._way.searches else {}
            token = self._credential.get_token(f"{resource}/.default", **whose)
            remember(token.token)
            return token.token, token.expires_on

        sdk()  # importing it takes time of its own
        if not is_valid(self._tokens.get(resource)):  # asking a program takes a second or more
            self._tokens[resource] = self._sign_in(ask)
        return self._tokens[resource][0]

    def _signer(self) -> Any:
        sdk()
        from azure.core.pipeline.transport import RequestsTransport

        from palette_backup_provider.clients.rest.session import demand_way

        for variable in FILES:
            with suppress(OSError, ValueError):
                remember(Path(os.environ.get(variable, "")).read_text())
        login, session = self.connection.cloud().login, self.connection.session()
        demand_way(login, session.get_adapter(login))  # before it is an error of theirs
        # it warns of every refusal, which nobody would keep from the terminal; ours says it once
        logging.getLogger("azure.identity").addHandler(logging.NullHandler())
        how: dict[str, Any] = {
            "authority": login,
            "disable_instance_discovery": self.connection.elsewhere,
            "transport": RequestsTransport(
                session=session,
                session_owner=False,
                connection_timeout=deadline.CONNECT_TIMEOUT,
                read_timeout=deadline.READ_TIMEOUT,  # theirs is five minutes
            ),
        }
        if self._way.searches:
            _demand_no_browser()
        return self._way.credential(self._tenant, how, self.connection.public_session)


@contextmanager
def _naming_checks() -> Iterator[None]:
    """Has errors of the operator's calls name the check of doctor that finds out more."""
    try:
        yield
    except ApiError as error:
        unknown = isinstance(error, ApiKeyRejected) or error.status == 401
        raise error.see_cloud("azure", unknown=unknown, denied=error.code in REFUSED) from None


def sdk() -> Any:
    """azure.identity, or how to install it."""
    return package("azure.identity", "azure-identity", "azure", *NEEDED)


def _bare(subscription: str | None) -> str | None:
    """The id of a subscription, which Pulumi's docs write as `/subscriptions/<id>`."""
    return subscription.strip("/").removeprefix("subscriptions/") if subscription else None


def _demand_no_browser() -> None:
    chosen = os.environ.get("AZURE_TOKEN_CREDENTIALS", "")
    if chosen.strip().lower() == "interactivebrowsercredential":
        raise BadSetting(
            f"$AZURE_TOKEN_CREDENTIALS is {chosen.strip()}, and nobody can be asked in a browser "
            f"here. Unset it. {WAYS}"
        )
