"""Google Cloud: as much of its APIs as a backup location meets, with access enforced.

Who calls must have signed in with the private half of a key that is there, and have a role that
allows the call. Calls are named as in Google's discovery documents, which tests hold every request
and answer against.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp import calls as gcp_calls
from palette_backup_provider.sandbox.gcp import keys as gcp_keys
from palette_backup_provider.sandbox.gcp import xml as gcp_xml
from palette_backup_provider.sandbox.gcp.calls import CALLS, Call
from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.known_errors import ERRORS, SIGN_IN
from palette_backup_provider.sandbox.gcp.policy import Policy
from palette_backup_provider.sandbox.gcp.query import known_query, unknown
from palette_backup_provider.sandbox.gcp.routes import (
    FREE,
    IMPERSONATE,
    PERMISSION,
    RESUME,
    TOKEN,
    UNKNOWN,
    match,
)
from palette_backup_provider.sandbox.gcp.rules import (
    ADMIN_ROLES,
    Refused,
    absent,
    denied,
    disabled,
    invalid,
    invalid_grant,
    known,
    unauthenticated,
)
from palette_backup_provider.sandbox.gcp.signed import PARAMETERS, is_signed, signer
from palette_backup_provider.sandbox.gcp.storage import Storage
from palette_backup_provider.sandbox.json import Body

PROJECT, OTHER_PROJECT = "sandbox-project", "other-project"
"""The project of the person who runs a program, and another project."""

_IMPERSONATION = ("roles/iam.serviceAccountTokenCreator",)


class Gcp:
    """The cloud as a service behind a proxy."""

    name = "gcp"
    errors = ERRORS

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._url = ""
        self.iam = Iam((PROJECT, OTHER_PROJECT), clock)
        self.storage = Storage(self.iam, clock)
        self.disabled: set[str] = set()
        """APIs that are not enabled, by their hosts."""
        self._own: dict[str, gcp_keys.Key] = {}

    def open(self, url: str) -> tuple[str, str]:
        """Once the address is known: the keys of the administrators of the two projects."""
        self._url = url
        shown = [self._administrator(project) for project in (PROJECT, OTHER_PROJECT)]
        deployer = self.iam.create_account(OTHER_PROJECT, {"accountId": "deployer"})["email"]
        self._allow(OTHER_PROJECT, deployer, ADMIN_ROLES)
        self._allow(OTHER_PROJECT, f"operator@{PROJECT}.iam.gserviceaccount.com", _IMPERSONATION)
        self._kept = dict(self.iam.accounts), {p: q.bindings for p, q in self.iam.projects.items()}
        self._own = dict(self.iam.keys)
        return shown[0], shown[1]

    def reset(self) -> None:
        """As at the start: the administrators' accounts and keys, and nothing else."""
        accounts, bindings = self._kept
        with self._lock:
            self.iam = Iam((PROJECT, OTHER_PROJECT), self._clock)
            self.storage = Storage(self.iam, self._clock)
            self.disabled = set()
            self.iam.accounts, self.iam.keys = dict(accounts), dict(self._own)
            for project, of_project in bindings.items():
                self.iam.projects[project] = Policy([dict(b) for b in of_project])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        with self._lock:
            return self._answer(request)(environ, start_response)

    def call(self, request: Request) -> str | None:
        """Google's name of the call."""
        return match(request)[0]

    def credential_made_at(self, request: Request) -> float | None:
        """When the key was made that a token is asked for with; the sandbox's own have always been
        there."""
        if request.path != "/token" or not (assertion := gcp_keys.read(_assertion(request))):
            return None
        key = self.iam.keys.get(assertion.key_id)
        return key.made if key and key.id not in self._own else None

    def unknown(self, request: Request) -> Response:
        """A key that is too fresh."""
        return invalid_grant("Invalid JWT Signature.")

    def refused(self, request: Request, code: str) -> Response | None:
        """As the API of the call says it, or the sign-in."""
        call = match(request)[0]
        if call == TOKEN:
            return invalid_grant(ERRORS[code].message) if code == SIGN_IN else None
        error = known(call, code) if call != UNKNOWN else None
        return self._refusal(call, request, error) if error else None

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    def _administrator(self, project: str) -> str:
        account = self.iam.create_account(project, {"accountId": "operator"})
        self._allow(project, account["email"], ADMIN_ROLES)
        key, shown = gcp_keys.make(
            account["email"], account["uniqueId"], f"{self._url}/token", self._clock(), None
        )
        self.iam.keys[key.id] = key
        return shown

    def _allow(self, project: str, email: str, roles: Iterable[str]) -> None:
        for role in roles:
            binding = {"role": role, "members": [f"serviceAccount:{email}"]}
            self.iam.projects[project].bindings.append(binding)

    def _answer(self, request: Request) -> Response:
        call, where = match(request)
        try:
            if call == TOKEN:
                return self._sign_in(request)
            answer = self._allowed(call, where, request)
        except Refused as refused:
            return self._refusal(call, request, refused)
        except (LookupError, TypeError, ValueError) as error:
            wrong = invalid(f"Request contains an invalid argument. {error!r}")
            return self._refusal(call, request, wrong)
        if isinstance(answer, Response):
            return answer
        return Response(json.dumps(answer), content_type="application/json; charset=UTF-8")

    def _allowed(self, call: str, where: dict[str, str], request: Request) -> Body | Response:
        """The answer to a call that is known and allowed."""
        xml = call.startswith("xml.")
        if call == RESUME:
            query = known_query(call, request)
            return gcp_calls.resume(self._read(request, "", [], where, query))
        signed = xml and is_signed(request)
        member = signer(request, self.iam) if signed else self._member(request)
        if call not in CALLS and not xml:
            raise unknown(f"the call {request.method} {request.path}")
        if (service := f"{call.partition('.')[0]}.googleapis.com") in self.disabled:
            raise disabled(service)
        query = known_query(call, request, PARAMETERS if signed else frozenset())
        if call == IMPERSONATE:
            member = self._delegated(member, request)
        policies = self._policies(where, request)
        self._authorise(member, call, policies)
        read = self._read(request, member, policies, where, query)
        return gcp_xml.answer(call, read) if xml else CALLS[call](read)

    @staticmethod
    def _refusal(call: str, request: Request, refused: Refused) -> Response:
        if call.startswith("xml."):
            return gcp_xml.refusal(refused)
        return refused.response(storage="storage/v1" in request.path)

    def _sign_in(self, request: Request) -> Response:
        assertion = gcp_keys.read(_assertion(request))
        if assertion and not assertion.timely(self._clock()):
            return invalid_grant(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim."
            )
        token = self.iam.sign_in(assertion, f"{self._url}/token")
        if token is None:
            return invalid_grant("Invalid JWT Signature.")
        body = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return Response(json.dumps(body), content_type="application/json; charset=utf-8")

    def _member(self, request: Request) -> str:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        member = self.iam.bearer(token) if kind == "Bearer" else None
        if member is None:
            raise unauthenticated()
        return member

    def _read(
        self,
        request: Request,
        member: str,
        policies: list[Policy],
        where: dict[str, str],
        query: dict[str, str],
    ) -> Call:
        token_uri = f"{self._url}/token"
        return Call(self.iam, self.storage, request, member, policies, where, token_uri, query)

    def _delegated(self, member: str, request: Request) -> str:
        """Who asks at the end of a chain of delegates. Each must be allowed to act as the next."""
        for delegate in request.get_json().get("delegates", []):
            where, _, email = delegate.rpartition("/")
            if where != "projects/-/serviceAccounts":
                raise invalid(f"Invalid delegate: {delegate}")
            policies = self._policies({"project": "-", "email": email}, request)
            self._authorise(member, IMPERSONATE, policies)
            member = f"serviceAccount:{email}"
        return member

    def _authorise(self, member: str, call: str, policies: list[Policy]) -> None:
        if call in FREE:
            return
        default = call.replace("iam.projects.serviceAccounts.keys", "iam.serviceAccountKeys")
        permission = PERMISSION.get(call, default.replace("iam.projects.", "iam."))
        if not self.iam.allows(member, permission, *policies):
            raise denied(permission, member)

    def _policies(self, where: Mapping[str, str], request: Request) -> list[Policy]:
        if "bucket" in where:
            bucket = self.storage.bucket(where["bucket"])
            return [bucket.policy, self.iam.projects[bucket.project]]
        project = where.get("project") or request.args.get("project", "")
        if project == "-":
            project = where["email"].partition("@")[2].partition(".")[0]
        project = self.storage.project(project)
        if project not in self.iam.projects and "storage/v1" in request.path:
            raise absent("The requested project was not found.")
        return [self.iam.projects[project]] if project in self.iam.projects else []


def _assertion(request: Request) -> str:
    return request.form.get("assertion", "")
