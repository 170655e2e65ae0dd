"""Palette's validate calls, answered by the clouds of the sandbox with the very credential."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from palette_backup_provider.sandbox.refusal import Refusal, missing, not_valid
from palette_backup_provider.sandbox.store import Body, Store
from palette_backup_provider.sandbox.wire import Answer, audit, json_body

Validator = Callable[[Body], None]
"""Uses the credential of a validate call; raises `not_valid` with what the cloud said."""

_AZURE_ENVIRONMENTS = (
    "AzureChinaCloud",
    "AzurePublicCloud",
    "AzureUSGovernment",
    "AzureUSGovernmentCloud",
    "AzureUSSecretCloud",
)


@dataclass(frozen=True)
class Verdict:
    """What the last validate call about something said."""

    valid: bool
    message: str = ""


class Validation:
    """The validate calls, and what came of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.validators: dict[str, Validator] = {}
        """By cloud; a cloud that does not run has none."""
        self.verdicts: dict[tuple[str, str], Verdict] = {}
        """By kind of location and what was validated: a bucket, or an Azure client."""

    def routes(self) -> Blueprint:
        """One route a kind; Palette has none for MinIO."""
        routes = Blueprint("validation", __name__, url_prefix="/v1/clouds")

        @routes.post("/aws/s3/validate")
        def validate_s3() -> Answer:
            body = json_body()
            _require(body, "bucket", "region", "credentials")
            self._complete_aws(body["credentials"])
            return self._judged("aws", "s3", body["bucket"], body)

        @routes.post("/gcp/bucketname/validate")
        def validate_gcp() -> Answer:
            body = json_body()
            _require(body, "bucketName", "credentials")
            _require(body["credentials"], "jsonCredentials")
            return self._judged("gcp", "gcp", body["bucketName"], body)

        @routes.post("/azure/account/validate")
        def validate_azure() -> Answer:
            body = json_body()
            _require(body, "tenantId", "clientId", "clientSecret")
            environment = body.get("azureEnvironment", "AzurePublicCloud")
            if environment not in _AZURE_ENVIRONMENTS:
                raise Refusal(400, "InvalidRequest", f"azureEnvironment {environment} is unknown")
            return self._judged("azure", "azure", body["clientId"], body)

        return routes

    def _complete_aws(self, credentials: Body) -> None:
        kind = credentials.setdefault("credentialType", "secret")
        if kind == "secret":
            _require(credentials, "accessKey", "secretKey")
        elif kind == "sts":
            _require(credentials, "sts")
            _require(credentials["sts"], "arn")
            # Whatever the caller says, Palette assumes roles with the tenant's own external id.
            credentials["sts"]["externalId"] = self._store.external_id
        else:
            raise Refusal(400, "InvalidRequest", f"credentialType {kind} cannot be validated")

    def _judged(self, cloud: str, kind: str, subject: str, body: Body) -> Answer:
        validator = self.validators.get(cloud)
        try:
            if validator is None:
                raise not_valid(f"This sandbox runs no {cloud}: start it with --clouds {cloud}")
            validator(body)
        except Refusal as refusal:
            self.verdicts[kind, subject] = Verdict(False, refusal.message)
            raise
        self.verdicts[kind, subject] = Verdict(True)
        return "", 204, audit()


def _require(body: Any, *names: str) -> None:
    for name in names:
        if not isinstance(body, dict) or not body.get(name):
            raise missing(name)
