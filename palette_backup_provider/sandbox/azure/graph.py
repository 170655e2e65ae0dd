"""Microsoft Graph v1.0: applications and service principals."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.directory import Application, Caller, Principal, Secret
from palette_backup_provider.sandbox.azure.entra import MAKES_APPLICATIONS, Entra
from palette_backup_provider.sandbox.azure.http import (
    Body,
    Refused,
    Routes,
    answer,
    demand_known,
    empty,
    sent,
)

_SETTABLE = {"displayName", "notes", "tags", "signInAudience", "description"}
_OF_APPLICATIONS = {*_SETTABLE, "isDisabled"}
_OF_PRINCIPALS = {*_SETTABLE, "accountEnabled"}
_ID = r"/([-0-9a-f]{36})"
_DELETED = r"/v1\.0/directory/deletedItems"
_KEY = r"\((uniqueName|appId)='([^']+)'\)"
_APP = rf"/v1\.0/applications(?:{_ID}|{_KEY})"
_PRINCIPAL = rf"/v1\.0/servicePrincipals(?:{_ID}|{_KEY})"
_YEARS_BY_DEFAULT = 2


class Graph:
    """The part of Graph that makes and finds identities."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra
        self.forbids_secrets = False
        """An app management policy that allows no client secrets."""
        self.routes = Routes()
        add = self.routes.add
        add("GET", r"/v1\.0/applications", self._list)
        add("POST", r"/v1\.0/applications", self._make)
        add("GET", _APP, lambda _, *key: answer(self._application(*key).body()))
        add("PATCH", _APP, self._change)
        add("DELETE", _APP, self._delete)
        add("POST", rf"{_APP}/addPassword", self._add_secret)
        add("POST", rf"{_APP}/removePassword", self._remove_secret)
        add("GET", rf"{_DELETED}/microsoft\.graph\.application", self._list_deleted)
        add("DELETE", rf"{_DELETED}{_ID}", self._purge)
        add("POST", r"/v1\.0/servicePrincipals", self._make_principal)
        add("GET", r"/v1\.0/servicePrincipals", self._list_principals)
        add("GET", _PRINCIPAL, lambda _, *key: answer(self._principal(*key).body()))
        add("PATCH", _PRINCIPAL, self._change_principal)
        add("DELETE", _PRINCIPAL, self._delete_principal)

    def call(self, request: Request, caller: Caller | None) -> Response:
        """Answer a request."""
        if caller is None:
            message = "Access token is empty or not valid."
            raise Refused(401, "InvalidAuthenticationToken", message)
        if MAKES_APPLICATIONS not in caller.principal.graph_roles:
            message = "Insufficient privileges to complete the operation."
            raise Refused(403, "Authorization_RequestDenied", message)
        handle = self.routes.find(request)
        if handle is None:
            message = f"Resource not found for the segment {request.path!r}."
            raise Refused(400, "BadRequest", message)
        demand_known(request.args, ("$filter",), f"{request.method} {request.path}")
        self._tenant = caller.tenant
        return handle()

    def _list(self, request: Request) -> Response:
        return _filtered(request, self._here())

    def _make(self, request: Request) -> Response:
        return answer(self._new(sent(request), None).body(), 201)

    def _change(self, request: Request, *key: str | None) -> Response:
        body = _settable(sent(request), _OF_APPLICATIONS)
        try:
            application = self._application(*key)
        except Refused:
            if request.headers.get("Prefer") != "create-if-missing" or key[1] != "uniqueName":
                raise
            return answer(self._new(body, key[2]).body(), 201)
        application.said |= body
        return empty(204)

    def _new(self, body: Body, unique_name: str | None) -> Application:
        if not body.get("displayName"):
            message = "A value is required for property 'displayName' of resource 'Application'."
            raise Refused(400, "Request_BadRequest", message)
        if unique_name in {a.unique_name for a in self._entra.deleted.values() if a.unique_name}:
            message = "Another object with the same value for property uniqueName already exists."
            raise Refused(400, "Request_BadRequest", message, "ObjectConflict")
        application = Application(self._tenant, _settable(body, _OF_APPLICATIONS), unique_name)
        self._entra.applications[application.id] = application
        return application

    def _delete(self, _: Request, *key: str | None) -> Response:
        application = self._application(*key)
        self._entra.deleted[application.id] = self._entra.applications.pop(application.id)
        if principal := self._entra.principal_of(application.app_id):
            del self._entra.principals[principal.id]
        return empty(204)

    def _list_deleted(self, request: Request) -> Response:
        here = [a for a in self._entra.deleted.values() if a.tenant == self._tenant]
        return _filtered(request, here)

    def _purge(self, _: Request, id: str) -> Response:
        if self._entra.deleted.pop(id, None) is None:
            raise _absent(id)
        return empty(204)

    def _add_secret(self, request: Request, *key: str | None) -> Response:
        if self.forbids_secrets:
            message = "Credential type not allowed as per assigned policy 'no secrets'."
            raise Refused(400, "CredentialTypeNotAllowedAsPerAppPolicy", message)
        properties = sent(request).get("passwordCredential", {})
        ends = datetime.now(UTC) + timedelta(days=365 * _YEARS_BY_DEFAULT)
        if end := properties.get("endDateTime"):
            ends = datetime.fromisoformat(end)
        secret = Secret(properties.get("displayName"), ends, self._entra.clock())
        self._application(*key).secrets.append(secret)
        return answer({**secret.body(), "secretText": secret.text})

    def _remove_secret(self, request: Request, *key: str | None) -> Response:
        application, key_id = self._application(*key), sent(request).get("keyId")
        others = [secret for secret in application.secrets if secret.key_id != key_id]
        if len(others) == len(application.secrets):
            message = f"No password credential found with keyId: {key_id}"
            raise Refused(400, "Request_BadRequest", message)
        application.secrets = others
        return empty(204)

    def _make_principal(self, request: Request) -> Response:
        body = sent(request)
        return answer(self._new_principal(body.get("appId", ""), body).body(), 201)

    def _list_principals(self, request: Request) -> Response:
        demand_known(request.args, (), "the list of service principals")
        principals = [
            p for p in self._entra.principals.values() if p.application.tenant == self._tenant
        ]
        return answer({"value": [principal.body() for principal in principals]})

    def _change_principal(self, request: Request, *key: str | None) -> Response:
        body = sent(request)
        try:
            principal = self._principal(*key)
        except Refused:
            if request.headers.get("Prefer") != "create-if-missing" or key[1] != "appId":
                raise
            return answer(self._new_principal(key[2] or "", body).body(), 201)
        principal.said |= _settable(body, _OF_PRINCIPALS)
        return empty(204)

    def _new_principal(self, app_id: str, body: Body) -> Principal:
        application = next((a for a in self._here() if a.app_id == app_id), None)
        if application is None or not application.known:
            if application:
                application.known = True
            message = (
                f"The appId '{app_id}' of the service principal does not reference a valid "
                f"application object."
            )
            raise Refused(400, "Request_BadRequest", message, "NoBackingApplicationObject")
        if self._entra.principal_of(app_id):
            message = (
                f"The service principal cannot be created, updated, or restored because the "
                f"service principal name {app_id} is already in use."
            )
            raise Refused(409, "Request_MultipleObjectsWithSameKeyValue", message)
        principal = Principal(application, _settable(body, _OF_PRINCIPALS))
        self._entra.principals[principal.id] = principal
        return principal

    def _delete_principal(self, _: Request, *key: str | None) -> Response:
        del self._entra.principals[self._principal(*key).id]
        return empty(204)

    def _here(self) -> list[Application]:
        return [a for a in self._entra.applications.values() if a.tenant == self._tenant]

    def _application(self, id: str | None, name: Any, value: Any) -> Application:
        for application in self._here():
            if (application.id if id else application.body()[name]) == (id or value):
                return application
        raise _absent(id or value)

    def _principal(self, id: str | None, name: Any, value: Any) -> Principal:
        for principal in self._entra.principals.values():
            if (principal.id if id else principal.body().get(name)) == (id or value):
                return principal
        raise _absent(id or value)


def _filtered(request: Request, applications: list[Application]) -> Response:
    query = request.args.get("$filter", "")
    match = re.fullmatch(r"(\w+) eq '(.*)'", query)
    bodies = [a.body() for a in applications]
    if query and not (match and all(match[1] in a for a in bodies)):
        raise Refused(400, "BadRequest", f"This sandbox does not know the filter {query!r}.")
    return answer({"value": [a for a in bodies if not match or a[match[1]] == match[2]]})


def _settable(body: Body, names: set[str]) -> Body:
    if unknown := body.keys() - names - {"appId"}:
        message = f"Property '{min(unknown)}' cannot be set here."
        raise Refused(400, "Request_BadRequest", message)
    return {k: v for k, v in body.items() if k in names}


def _absent(what: str) -> Refused:
    message = (
        f"Resource '{what}' does not exist or one of its queried reference-property objects are "
        f"not present."
    )
    return Refused(404, "Request_ResourceNotFound", message)
