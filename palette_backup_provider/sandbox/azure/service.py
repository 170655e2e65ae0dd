"""Azure: Entra ID, Microsoft Graph, Resource Manager and blobs, small but strict.

Every call needs a token, and a role that allows it. As with Azure's replication, a new object is
not known everywhere at once. The first service principal of a new application, the first role of a
new principal and the first assignment of a new role are refused once.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.arm import Arm
from palette_backup_provider.sandbox.azure.blob import Blobs
from palette_backup_provider.sandbox.azure.built_in import OWNER
from palette_backup_provider.sandbox.azure.contents import Contents
from palette_backup_provider.sandbox.azure.definitions import Definitions
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.entra import Entra, unknown_secret
from palette_backup_provider.sandbox.azure.graph import Graph
from palette_backup_provider.sandbox.azure.http import Refused, answer, guid
from palette_backup_provider.sandbox.azure.known_errors import ARM, ERRORS, GRAPH, SIGN_IN
from palette_backup_provider.sandbox.azure.roles import Access, Assignment, denied
from palette_backup_provider.sandbox.azure.storage import Storage

_SIGN_IN, _GRAPH = "/oauth2/v2.0/token", "/v1.0/"
_NAMES = ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud")


@dataclass(frozen=True)
class Operator:
    """A service principal that may do everything in its tenant and its subscriptions."""

    tenant: str = field(default_factory=guid)
    subscription: str = field(default_factory=guid)
    client_id: str = field(default_factory=guid)
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(30))
    oidc_token: str = field(default_factory=lambda: secrets.token_urlsafe(30))
    """A token of another identity provider that its application trusts."""


class Azure:
    """The cloud as a service behind a proxy; its `blobs` are another service."""

    name = "azure"
    errors = ERRORS

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.operator, self.other = Operator(), Operator()
        """The person who runs a program, and somebody in another tenant."""
        self.second_subscription = guid()
        """One more of the operator's."""
        tenants = {
            self.operator.subscription: self.operator.tenant,
            self.second_subscription: self.operator.tenant,
            self.other.subscription: self.other.tenant,
        }
        self._lock = threading.Lock()
        self.entra = Entra((self.operator.tenant, self.other.tenant), clock)
        self.graph = Graph(self.entra)
        self.arm = Arm(Access(self.entra, clock), tenants)
        Definitions(self.arm)
        self.storage = Storage(self.arm)
        Contents(self.arm, self.storage)
        self.blobs = Blobs(self.storage, self.arm.access, self.entra, self._lock)
        self.reset()

    def reset(self) -> None:
        """As at the start: two tenants, each with an operator."""
        with self._lock:
            self.entra.reset()
            self.arm.reset()
            self.storage.reset()
            self.arm.access.assignments.clear()
            self.arm.access.definitions.clear()
            self.graph.forbids_secrets = False
            self._let_in(self.operator)
            self._let_in(self.other)

    def serve(self, url: str, blob_url: str) -> None:
        """Say where the two services are."""
        self.arm.url, self.storage.blob_url = url, blob_url

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        with self._lock:
            return self._answer(request)(environ, start_response)

    def call(self, request: Request) -> str | None:
        """Method and what it is about, such as `PUT storageAccounts` or `POST addPassword`."""
        return f"{request.method} {_subject(request.path)}"

    def credential_made_at(self, request: Request) -> float | None:
        """When the secret was made that a sign-in shows, or a role given to the caller last; the
        operators' have always been there."""
        with self._lock:
            if request.path.endswith(_SIGN_IN):
                secret = self.entra.secret_of(request)
                return secret.made if secret else None
            caller = self.entra.caller(request)
            return self.arm.access.newest(caller) if caller else None

    def unknown(self, request: Request) -> Response:
        """A secret or a role that is too fresh."""
        caller = self.entra.caller(request)
        if caller is None:
            return unknown_secret(request.form.get("client_id", "")).for_sign_in()
        return denied(caller, _subject(request.path), request.path).for_arm()

    def refused(self, request: Request, code: str) -> Response | None:
        """As the sign-in, Graph or Resource Manager says it."""
        error, part = ERRORS[code], _part(request.path)
        if error.of != part:
            return None
        if part == SIGN_IN:
            return Refused(error.status, error.kind, f"{code}: {error.message}").for_sign_in()
        refused = Refused(error.status, code, error.message)
        return refused.for_graph() if part == GRAPH else refused.for_arm()

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    def _let_in(self, who: Operator) -> None:
        operator = self.entra.operator(who.tenant, who.client_id, who.client_secret, who.oidc_token)
        for subscription, tenant in self.arm.subscriptions.items():
            if tenant == who.tenant:
                scope = f"/subscriptions/{subscription}"
                owns = Assignment(f"{scope}/owner", scope, operator.id, OWNER, {}, made=0.0)
                self.arm.access.assignments[owns.id] = owns

    def _answer(self, request: Request) -> Response:
        path = request.path
        tenant = path.strip("/").partition("/")[0]
        if path == "/metadata/endpoints":
            return self._endpoints()
        if path.endswith("/.well-known/openid-configuration"):
            return self.entra.discovery(request, tenant)
        if path == "/common/discovery/instance":
            return self.entra.instance(request)
        try:
            if path.endswith(_SIGN_IN):
                return self.entra.sign_in(request, tenant)
        except Refused as refused:
            return refused.for_sign_in()
        try:
            if path.startswith(_GRAPH):
                return self.graph.call(request, self._meant_for("graph", request))
        except Refused as refused:
            return refused.for_graph()
        try:
            return self.arm.call(request, self._meant_for("management", request))
        except Refused as refused:
            return refused.for_arm()

    def _meant_for(self, service: str, request: Request) -> Caller | None:
        """The caller, if the token is meant for this service."""
        caller = self.entra.caller(request)
        meant = caller and (service in caller.audience or caller.audience == self.arm.url)
        return caller if meant else None

    def _endpoints(self) -> Response:
        url = f"{self.arm.url}/"
        sign_in = {"loginEndpoint": url, "audiences": [url], "tenant": "common"}
        endpoints = {
            "authentication": {**sign_in, "identityProvider": "AAD"},
            "resourceManager": url,
            "microsoftGraphResourceId": url,
        }
        return answer([{"name": name, **endpoints} for name in _NAMES])


def _part(path: str) -> str:
    """Who answers: the sign-in, Graph or Resource Manager; empty for what tells where they are."""
    if path.endswith(_SIGN_IN):
        return SIGN_IN
    if path.startswith(_GRAPH):
        return GRAPH
    return ARM if path.startswith("/subscriptions") else ""


def _subject(path: str) -> str:
    """The last word of a path that is no name or id."""
    if path.endswith(_SIGN_IN):
        return "token"
    words = path.strip("/").split("/")
    if words[0] == "v1.0":
        words = [word.partition("(")[0] for word in words[1:]]
        return next(word for word in reversed(words) if not re.fullmatch(r"[-0-9a-f]{36}", word))
    return words[-1] if len(words) % 2 else words[-2]
