"""The routes by which tests control a sandbox and look behind it.

They show secrets, so each needs the token of the run.
"""

import hmac
from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal, not_found
from palette_backup_provider.sandbox.palette.options import PaletteOptions
from palette_backup_provider.sandbox.palette.store import Store
from palette_backup_provider.sandbox.proxy.conditions import Conditions, Delay
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.proxy.rate_limit import Limit

TOKEN_HEADER = "X-Sandbox-Token"

_FAULTS = TypeAdapter(list[Fault])


class _Clusters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    uid: str
    clusters: list[dict[str, str]]


def _demand_possible(fault: Fault, conditions: Conditions) -> None:
    if fault.service not in ("*", *conditions.services):
        names = ", ".join(conditions.services)
        message = f"No service called {fault.service} runs here, but {names}"
        raise Refusal(400, "InvalidRequest", message)
    if (fault.fault == "error") != (fault.error is not None):
        raise Refusal(
            400,
            "InvalidRequest",
            "The fault 'error' takes the code of an error. No other fault does",
        )
    meant = {s: names for s, names in conditions.errors.items() if fault.service in ("*", s)}
    if fault.error and not any(fault.error in names for names in meant.values()):
        codes = "; ".join(f"{service}: {', '.join(names)}" for service, names in meant.items())
        message = f"No error called {fault.error} is known here, but of {codes}"
        raise Refusal(400, "InvalidRequest", message)


def control(
    conditions: Conditions, store: Store, token: str, reset: Callable[[], None]
) -> Blueprint:
    """The routes under `/_sandbox`."""
    routes = Blueprint("control", __name__, url_prefix="/_sandbox")

    @routes.before_request
    def check_token() -> None:
        sent = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(sent.encode(), token.encode()):
            raise Refusal(401, "Unauthorized", f"{TOKEN_HEADER} is missing or wrong")

    @routes.errorhandler(ValidationError)
    def explain(error: ValidationError) -> Any:
        return Refusal(400, "InvalidRequest", str(error)).response()

    @routes.get("/state")
    def state() -> Body:
        return {
            "locations": [
                {
                    "uid": location.uid,
                    "project": store.project_name(location),
                    "kind": location.kind,
                    "name": location.name,
                    "isDefault": location.is_default,
                    "body": location.body,
                }
                for location in store.all()
            ]
        }

    @routes.get("/calls")
    def calls() -> Body:
        return conditions.report()

    @routes.post("/faults")
    def faults() -> tuple[str, int]:
        plan = _FAULTS.validate_python(request.get_json())
        for fault in plan:
            _demand_possible(fault, conditions)
        conditions.faults.plan(plan)
        return "", 204

    @routes.post("/delay")
    def delay() -> tuple[str, int]:
        conditions.delay = Delay.model_validate(request.get_json()).seconds
        return "", 204

    @routes.post("/limit")
    def limit() -> tuple[str, int]:
        conditions.limit.limit = Limit.model_validate(request.get_json())
        return "", 204

    @routes.post("/knobs")
    def knobs() -> tuple[str, int]:
        store.options = PaletteOptions.model_validate(request.get_json())
        return "", 204

    @routes.post("/clusters")
    def clusters() -> tuple[str, int]:
        clusters = _Clusters.model_validate(request.get_json())
        for location in store.all():
            if location.uid == clusters.uid:
                location.clusters = list(clusters.clusters)
                return "", 204
        raise not_found(f"Location with uid {clusters.uid} not found")

    @routes.post("/reset")
    def everything() -> tuple[str, int]:
        reset()
        return "", 204

    return routes
