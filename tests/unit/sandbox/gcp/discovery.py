"""Google's discovery documents as judges of every request and answer.

They come with google-api-python-client and are made into JSON schemas that allow no key that Google
does not know.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from jsonschema import Draft202012Validator
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp.service import Gcp

APIS = ("cloudresourcemanager.v1", "iam.v1", "iamcredentials.v1", "storage.v1")
STANDARD = {"alt", "prettyPrint", "fields", "uploadType"}
Schema = dict[str, Any]


class Judged:
    """The sandbox's Google Cloud; what is not as Google documents it is noted."""

    name = "gcp"

    def __init__(self, gcp: Gcp) -> None:
        self._gcp = gcp
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        answer = Response.from_app(self._gcp, environ, buffered=True)
        call = self._gcp.call(request)
        if call and call in methods():
            self.seen.add(call)
            self.wrong += [f"{call}: {text}" for text in judged(call, request, body, answer)]
        return answer(environ, start_response)


def judged(call: str, request: Request, body: bytes, answer: Response) -> Iterator[str]:
    """What is wrong with one call."""
    api, method = methods()[call]
    if request.method != method["httpMethod"]:
        yield f"the method is {method['httpMethod']}, not {request.method}"
    path = re.sub("^/(upload|download)/", "/", request.path)
    if not re.fullmatch(_pattern(api, method), path):
        yield f"{path} is not of the form {method.get('flatPath', method['path'])}"
    known = {*method.get("parameters", {}), *documents()[api]["parameters"], *STANDARD}
    if unknown := set(request.args) - known:
        yield f"parameters {unknown} are not known"
    if "request" in method and request.is_json and "upload" not in request.path:
        patch = request.method == "PATCH"
        yield from errors(api, method["request"]["$ref"], json.loads(body or b"{}"), patch=patch)
    media = request.args.get("alt") == "media"
    if answer.status_code == 416 and media:
        return  # Google says that in plain text
    if answer.status_code >= 400:
        yield from _unlike_an_error(answer)
    elif request.args.get("uploadType") == "resumable":
        if not answer.headers.get("Location"):
            yield "the answer does not say where the upload goes on"
    elif "response" in method and not media:
        yield from errors(api, method["response"]["$ref"], answer.get_json(), patch=False)


def errors(api: str, schema: str, found: Any, *, patch: bool) -> Iterator[str]:
    for error in _validator(api, schema, patch).iter_errors(found):
        yield f"{schema} {'/'.join(map(str, error.path))}: {error.message}"


@cache
def documents() -> dict[str, Any]:
    where = files("googleapiclient") / "discovery_cache" / "documents"
    return {name: json.loads((where / f"{name}.json").read_text()) for name in APIS}


@cache
def methods() -> dict[str, tuple[str, Any]]:
    """Every documented call, with its API."""
    return {m["id"]: (api, m) for api, d in documents().items() for m in _methods(d)}


def _methods(document: Any) -> Iterator[Any]:
    yield from document.get("methods", {}).values()
    for below in document.get("resources", {}).values():
        yield from _methods(below)


def _pattern(api: str, method: Any) -> str:
    path = documents()[api]["servicePath"] + method.get("flatPath", method["path"])
    whole = re.sub(r"\\{object\\}", ".+", re.escape(f"/{path}"))
    return re.sub(r"\\{[^}]+\\}", "[^/]+", whole)


@cache
def _validator(api: str, schema: str, patch: bool) -> Draft202012Validator:
    found = documents()[api]["schemas"]
    definitions = {name: _closed(one, patch) for name, one in found.items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": definitions})


def _closed(schema: Any, patch: bool) -> Schema:
    """A discovery schema as a JSON schema; in a patch, null removes what is there."""
    if "$ref" in schema:
        made: Schema = {"$ref": f"#/$defs/{schema['$ref']}"}
        return {"anyOf": [made, {"type": "null"}]} if patch else made
    made = {}
    if (kind := schema.get("type")) and kind != "any":
        made["type"] = [kind, "null"] if patch else kind
    if "enum" in schema:
        made["enum"] = schema["enum"]
    if schema.get("format") in ("int64", "uint64") and kind == "string":
        made["pattern"] = r"^-?\d+$"
    if kind == "object" or "properties" in schema:
        properties = schema.get("properties", {})
        made["properties"] = {name: _closed(one, patch) for name, one in properties.items()}
        more = schema.get("additionalProperties")
        made["additionalProperties"] = _closed(more, patch) if more else False
    if "items" in schema:
        made["items"] = _closed(schema["items"], patch)
    return made


def _unlike_an_error(answer: Response) -> Iterator[str]:
    error = answer.get_json()["error"]
    if error["code"] != answer.status_code or not error["message"]:
        yield f"the error {error} does not say what its status says"
    if not (error.get("status") or error.get("errors")):
        yield f"the error {error} has neither a status nor a reason"
