"""Microsoft Entra ID: tenants, and how their applications sign in."""

import base64
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.directory import Application, Caller, Principal, Secret
from palette_backup_provider.sandbox.azure.http import Body, Refused, answer

_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_AUTHORITIES = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
)
MAKES_APPLICATIONS = "Application.ReadWrite.OwnedBy"
LIFETIME = 3600
"""Seconds that a token is good for."""


class Entra:
    """All tenants of the cloud."""

    def __init__(self, tenants: tuple[str, ...], clock: Callable[[], float]) -> None:
        self.tenants, self.clock = tenants, clock
        self.reset()

    def reset(self) -> None:
        """Without anybody."""
        self.applications: dict[str, Application] = {}
        self.deleted: dict[str, Application] = {}
        self.principals: dict[str, Principal] = {}
        self._tokens: dict[str, tuple[float, Caller]] = {}

    def operator(self, tenant: str, app_id: str, text: str, token: str) -> Principal:
        """A service principal that has always been there, with a secret and a trusted token."""
        application = Application(tenant, {"displayName": "operator"}, known=True, app_id=app_id)
        ends = datetime(2099, 1, 1, tzinfo=UTC)
        application.secrets.append(Secret("operator", ends, made=0.0, text=text))
        application.federated.add(token)
        principal = Principal(application, {}, known=True, graph_roles=(MAKES_APPLICATIONS,))
        self.applications[application.id] = application
        self.principals[principal.id] = principal
        return principal

    def principal_of(self, app_id: str) -> Principal | None:
        """The service principal of an application."""
        principals = (p for p in self.principals.values() if p.application.app_id == app_id)
        return next(principals, None)

    def secret_of(self, request: Request) -> Secret | None:
        """The secret that a sign-in shows, if it is right."""
        text = request.form.get("client_secret", "").encode()
        application = self._application(request.form.get("client_id", ""))
        for secret in application.secrets if application else []:
            if hmac.compare_digest(secret.text.encode(), text):
                return secret
        return None

    def sign_in(self, request: Request, tenant: str) -> Response:
        """The token endpoint, for client credentials."""
        form = request.form
        if tenant not in self.tenants:
            message = f"AADSTS90002: Tenant '{tenant}' not found."
            raise Refused(400, "invalid_request", message)
        application = self._application(form.get("client_id", ""))
        if not application or application.tenant != tenant:
            raise Refused(
                400,
                "unauthorized_client",
                f"AADSTS700016: Application with identifier '{form.get('client_id')}' was not "
                f"found in the directory '{tenant}'.",
            )
        self._prove(application, request)
        principal = self.principal_of(application.app_id)
        if principal is None:
            message = f"AADSTS7000229: The client application {application.app_id} is missing "
            raise Refused(401, "invalid_client", f"{message}service principal in the tenant.")
        if application.body()["isDisabled"] or not principal.body()["accountEnabled"]:
            name = application.body()["displayName"]
            message = f"AADSTS7000112: Application '{application.app_id}'({name}) is disabled."
            raise Refused(400, "unauthorized_client", message)
        audience = form.get("scope", "").removesuffix("/.default")
        token = self._token(Caller(tenant, principal, audience))
        body = {"token_type": "Bearer", "expires_in": LIFETIME, "access_token": token}
        return answer({**body, "ext_expires_in": LIFETIME})

    def _prove(self, application: Application, request: Request) -> None:
        """Refuse who shows neither a secret nor a token that the application trusts."""
        if assertion := request.form.get("client_assertion"):
            if assertion in application.federated and request.form["client_assertion_type"] == _JWT:
                return
            message = "AADSTS7002138: No matching federated identity record found for presented "
            raise Refused(401, "invalid_client", f"{message}assertion.")
        secret = self.secret_of(request)
        if secret is None:
            raise unknown_secret(application.app_id)
        if secret.ends < datetime.now(UTC):
            message = "AADSTS7000222: The provided client secret keys are expired."
            raise Refused(401, "invalid_client", message)

    def discovery(self, request: Request, tenant: str) -> Response:
        """Where a tenant's endpoints are; MSAL asks before it signs in."""
        base = f"{request.host_url}{tenant}"
        return answer(
            {
                "issuer": f"{base}/v2.0",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            }
        )

    def instance(self, request: Request) -> Response:
        """Whether an authority is Microsoft's own, and where it is; MSAL asks before the rest."""
        endpoint = urlsplit(request.args.get("authorization_endpoint", ""))
        tenant, host = endpoint.path.strip("/").partition("/")[0], endpoint.netloc
        if endpoint.hostname == request.host.partition(":")[0]:
            host = request.host  # MSAL leaves the port out
        elif host not in _AUTHORITIES:
            message = f"AADSTS50049: Unknown or invalid instance {host!r}."
            return Refused(400, "invalid_instance", message).for_sign_in()
        names = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        return answer(
            {
                "tenant_discovery_endpoint": f"https://{host}/{tenant}/v2.0/.well-known/"
                "openid-configuration",
                "api-version": request.args.get("api-version", "1.0"),
                "metadata": [names],
            }
        )

    def caller(self, request: Request) -> Caller | None:
        """Whom the request's token stands for; None if it shows no good one."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        ends, caller = self._tokens.get(token, (0.0, None))
        return caller if ends > self.clock() else None

    def _application(self, app_id: str) -> Application | None:
        return next((a for a in self.applications.values() if a.app_id == app_id), None)

    def _token(self, caller: Caller) -> str:
        now = int(self.clock())
        application = caller.principal.application
        says: Body = {
            "aud": caller.audience,
            "iss": f"https://sts.windows.net/{caller.tenant}/",
            "iat": now,
            "exp": now + LIFETIME,
            "appid": application.app_id,
            "oid": caller.principal.id,
            "tid": caller.tenant,
        }
        if "management" not in caller.audience and caller.principal.graph_roles:
            says["roles"] = caller.principal.graph_roles
        parts = [{"alg": "RS256", "typ": "JWT"}, says]
        coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in parts]
        token = ".".join([*(part.rstrip("=") for part in coded), secrets.token_urlsafe(32)])
        self._tokens[token] = (now + LIFETIME, caller)
        return token


def unknown_secret(app_id: str) -> Refused:
    """A secret that is wrong, or too fresh."""
    return Refused(
        401,
        "invalid_client",
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the "
        f"request is the client secret value, not the client secret ID, for app '{app_id}'.",
    )
