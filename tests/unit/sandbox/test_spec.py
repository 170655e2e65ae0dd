"""Every route of the Palette simulator, request and answer, against Palette's own API description.

The description is not part of this project; it is looked for beside the checkout.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft4Validator

from palette_backup_provider.sandbox.palette.access import EMAIL
from tests.clouds import in_each_folder, merged
from tests.unit.sandbox.visitor import LOCATIONS, Visitor, body

FILE = Path(__file__).parents[4] / "shared" / "spec" / "palette-4.8-subset.swagger.json"

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason=f"Palette's API description is not there ({FILE.name})"
)

KINDS = list(merged(__package__, "locations", "CONFIGS"))
UNDESCRIBED: dict[str, str] = merged(__package__, "locations", "UNDESCRIBED")
VALIDATED = {
    cloud: each.VALIDATED
    for cloud, each in in_each_folder(__package__, "locations").items()
    if hasattr(each, "VALIDATED")
}
ROUTES: dict[str, str] = merged(__package__, "locations", "ROUTES")
NOT_SIMULATED = "/v1/projects/{uid}"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())
    found["definitions"]["v1LocationType"]["enum"].extend(UNDESCRIBED)
    return found


class Judge:
    """Holds every request it sends, and every answer, against the description."""

    def __init__(self, spec: dict[str, Any], visitor: Visitor) -> None:
        self.spec = spec
        self.visitor = visitor
        self.seen: set[str] = set()

    def send(self, method: str, route: str, sent: Any = None, **values: str) -> requests.Response:
        """Call a route of the description; `values` fill its path."""
        operation = self.spec["paths"][route][method.lower()]
        self.seen.add(f"{method} {route}")
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "body" and sent is not None:
                self.check(parameter["schema"], sent)
        answer = self.visitor.palette(method, route.format(**values), sent)
        assert str(answer.status_code) in operation["responses"], answer.text
        expected = operation["responses"][str(answer.status_code)]
        if "schema" in expected:
            self.check(expected["schema"], answer.json())
        else:
            assert answer.content == b""
        for header in expected.get("headers", {}):
            assert answer.headers[header]
        return answer

    def check(self, schema: dict[str, Any], instance: Any) -> None:
        """The instance is as described, and has no field that is not."""
        Draft4Validator({**strict(self.spec), **schema}).validate(instance)


def strict(spec: dict[str, Any]) -> dict[str, Any]:
    """The definitions, closed to fields that they do not name."""
    definitions = {
        name: definition | ({"additionalProperties": False} if "properties" in definition else {})
        for name, definition in spec["definitions"].items()
    }
    return {"definitions": definitions}


def test_every_route_is_as_described(
    spec: dict[str, Any], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge(spec, visitor)
    for kind in KINDS:
        locations(judge, kind)
    tenant(judge)
    for cloud, (path, wanted) in VALIDATED.items():
        monkeypatch.setitem(visitor.sandbox.validation.validators, cloud, lambda _: None)
        judge.send("POST", path, wanted)
    described = {
        f"{method.upper()} {route}"
        for route, operations in spec["paths"].items()
        for method in operations
        if method != "parameters" and route != NOT_SIMULATED
    }
    assert judge.seen == described
    assert judge.seen == served(visitor)


def locations(judge: Judge, kind: str) -> None:
    wanted = body("nightly", kind, default=True)
    wanted["metadata"] |= {"labels": {"a": "b"}, "annotations": {"c": "d"}}
    uid = judge.send("POST", f"{LOCATIONS}/{kind}", wanted).json()["uid"]
    judge.send("GET", LOCATIONS)
    judge.send("GET", f"{LOCATIONS}/{kind}/{{uid}}", uid=uid)
    judge.send("PUT", f"{LOCATIONS}/{kind}/{{uid}}", wanted, uid=uid)
    judge.send("PATCH", LOCATIONS + "/{type}/{uid}/default", type=kind, uid=uid)
    clusters = "/v1/spectroclusters/features/backup/locations/{uid}"
    reference = {"kind": "spectrocluster", "name": "c1", "uid": "1" * 24}
    judge.visitor.control("POST", "clusters", {"uid": uid, "clusters": [reference]})
    judge.send("GET", clusters, uid=uid)
    judge.send("PUT", clusters, {"locationType": kind}, uid=uid)
    route = f"{LOCATIONS}/{{uid}}" if kind in UNDESCRIBED else f"{LOCATIONS}/s3/{{uid}}"
    judge.send("DELETE", route, uid=uid)


def tenant(judge: Judge) -> None:
    judge.send("GET", "/v1/users/info")
    judge.send("GET", "/v1/dashboard/projects/metadata")
    for route, method in ROUTES.items():
        judge.send(method, route)
    signing_in = {"emailId": EMAIL, "password": judge.visitor.sandbox.access.password}
    token = judge.send("POST", "/v1/auth/authenticate", signing_in).json()["Authorization"]
    judge.send("GET", "/v1/auth/refresh/{token}", token=token)


def served(visitor: Visitor) -> set[str]:
    """The routes that the simulator has, named as the description names them."""
    found: set[str] = set()
    for rule in visitor.sandbox.app.url_map.iter_rules():
        if not rule.rule.startswith("/v1/"):
            continue
        kinds = KINDS if "kind" in rule.arguments and "default" not in rule.rule else ["{type}"]
        for kind in kinds:
            path = re.sub("<any.*?:kind>", kind, rule.rule)
            path = re.sub("<(.*?)>", r"{\1}", path)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found |= {f"{method} {path}" for method in methods}
    return found
