"""The Palette simulator: the part of Palette's API that backup locations need.

It follows the published API description. Where that is silent, `options` says what to do.
Validate calls are in `validation`.
"""

import json
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.access import Access
from palette_backup_provider.sandbox.palette.errors import Refusal, missing, not_found
from palette_backup_provider.sandbox.palette.http import Answer, audit, json_body
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.known_errors import ERRORS
from palette_backup_provider.sandbox.palette.store import Location, Store
from palette_backup_provider.sandbox.palette.validation import Validation

ORGANIZATION = "sandbox"

_LOCATIONS = "/v1/users/assets/locations"
_KIND = f"<any({','.join(KINDS)}):kind>"
_ALIASES = {alias: name for name, kind in KINDS.items() for alias in kind.aliases}
_DEFAULT_KIND = f"<any({','.join([*KINDS, *_ALIASES])}):kind>"
_CLUSTERS = "/v1/spectroclusters/features/backup/locations/<uid>"


class Palette:
    """The simulator as a service behind a proxy."""

    name = "palette"
    errors = ERRORS

    def __init__(self, store: Store, access: Access, validation: Validation, app: Flask) -> None:
        self.store = store
        self.access = access
        self._app = app
        app.before_request(self._check_access)
        app.after_request(self._add_fields)
        app.register_error_handler(Refusal, lambda refusal: refusal.response())
        app.register_error_handler(HTTPException, _as_palette_says_it)
        self._route_tenant()
        self._route_locations()
        for kind in KINDS.values():
            if kind.routes:
                app.register_blueprint(kind.routes(store))
        app.register_blueprint(validation.routes())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ, start_response)

    def call(self, request: Request) -> str | None:
        """Method and route, with ids as `{uid}`; None for the page and the control routes."""
        if not request.path.startswith("/v1/"):
            return None
        adapter = self._app.url_map.bind_to_environ(request.environ)
        path = request.path
        try:
            _, arguments = adapter.match()
        except (HTTPException, RequestRedirect):
            arguments = {}
        for name in ("uid", "token"):
            if name in arguments:
                path = path.replace(arguments[name], f"{{{name}}}")
        return f"{request.method} {path}"

    def credential_made_at(self, request: Request) -> None:
        """API keys of the simulator are as old as itself."""
        return None

    def unknown(self, request: Request) -> Response:
        """A key that is not known."""
        return Refusal(
            self.store.options.bad_key, "ResourceNotFound", "API key not found"
        ).response()

    def refused(self, request: Request, code: str) -> Response:
        """As Palette says it."""
        return Refusal(ERRORS[code].status, code, ERRORS[code].message).response()

    def too_many(self) -> Response:
        """Over the limit; Palette gives no Retry-After."""
        return Refusal(429, "TooManyRequests", "Too many requests").response()

    def _check_access(self) -> None:
        if not request.path.startswith("/v1/") or request.path.startswith("/v1/auth/"):
            return
        self.access.check(request, self.store.options.bad_key)
        g.project = request.headers.get("ProjectUid") or None
        if g.project and g.project not in self.store.projects.values():
            raise Refusal(404, "ProjectNotFoundInTenant", f"Project {g.project} not found")

    def _add_fields(self, answer: Response) -> Response:
        if self.store.options.more_fields and answer.is_json and request.path.startswith("/v1/"):
            answer.set_data(json.dumps(_with_more(answer.get_json())))
        return answer

    def _listed(self, location: Location) -> Body:
        metadata = {
            **location.body["metadata"],
            "uid": location.uid,
            "creationTimestamp": location.created,
            "lastModifiedTimestamp": location.modified,
        }
        kind = {"storage": location.kind, "type": location.kind}
        spec: Body = kind if self.store.options.list_shows_kind else {}
        if location.is_default:  # Palette leaves out what is false.
            spec["isDefault"] = True
        return {"metadata": metadata, "spec": spec}

    def _route_tenant(self) -> None:
        app, store, access = self._app, self.store, self.access

        @app.post("/v1/auth/authenticate")
        def authenticate() -> Answer:
            body = json_body()
            token = access.sign_in(str(body.get("emailId")), str(body.get("password")))
            return {"Authorization": token, "isMfa": False}

        @app.get("/v1/auth/refresh/<token>")
        def refresh(token: str) -> Answer:
            return {"Authorization": access.refresh(token), "isMfa": False}

        @app.get("/v1/users/info")
        def info() -> Answer:
            return {"orgName": ORGANIZATION, "tenantUid": store.tenant, "userUid": store.user}

        @app.get("/v1/dashboard/projects/metadata")
        def projects() -> Answer:
            name = request.args.get("name")
            matching = {n: u for n, u in store.projects.items() if name in (None, "", n)}
            return {"items": [{"metadata": {"name": n, "uid": u}} for n, u in matching.items()]}

        @app.get(_CLUSTERS)
        def clusters(uid: str) -> Answer:
            return {"clusters": store.find(g.project, uid).clusters}

        @app.put(_CLUSTERS)
        def change_clusters(uid: str) -> Answer:
            if not json_body().get("locationType"):
                raise missing("locationType")
            store.find(g.project, uid)
            return "", 204

    def _route_locations(self) -> None:
        app, store = self._app, self.store

        @app.get(_LOCATIONS)
        def listing() -> Answer:
            visible = store.visible(g.project)
            filters = request.args.get("filters", "")
            if filters.startswith("metadata.name="):
                name = filters.removeprefix("metadata.name=")
                visible = [location for location in visible if location.name == name]
            return {"items": [self._listed(x) for x in visible[: store.options.list_length]]}

        @app.post(f"{_LOCATIONS}/{_KIND}")
        def create(kind: str) -> Answer:
            location = store.create(g.project, kind, json_body())
            return {"uid": location.uid}, 201, audit()

        @app.get(f"{_LOCATIONS}/{_KIND}/<uid>")
        def read(kind: str, uid: str) -> Answer:
            return store.masked(store.find(g.project, uid, kind))

        @app.put(f"{_LOCATIONS}/{_KIND}/<uid>")
        def update(kind: str, uid: str) -> Answer:
            store.update(store.find(g.project, uid, kind), json_body())
            return "", 204

        # Palette deletes a location of any kind on the path of s3, and without a kind.
        @app.delete(f"{_LOCATIONS}/s3/<uid>")
        @app.delete(f"{_LOCATIONS}/<uid>")
        def delete(uid: str) -> Answer:
            store.delete(store.find(g.project, uid))
            return "", 204

        @app.patch(f"{_LOCATIONS}/{_DEFAULT_KIND}/<uid>/default")
        def make_default(kind: str, uid: str) -> Answer:
            store.make_default(store.find(g.project, uid, _ALIASES.get(kind, kind)))
            return "", 204


def _with_more(answer: Any) -> Any:
    """What was found, and in every object of it a field that nobody documents."""
    if isinstance(answer, list):
        return [_with_more(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    maps = ("labels", "annotations")  # their keys are people's own
    whole = {key: value if key in maps else _with_more(value) for key, value in answer.items()}
    return {**whole, "addedLater": {"since": ["4.99"]}}


def _as_palette_says_it(error: HTTPException) -> Response:
    if error.code == 404:
        return not_found("No such path").response()
    return Refusal(error.code or 500, "InvalidRequest", error.description or "").response()
