"""How the sandbox's Google Cloud answers each call."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp import uploads as gcp_uploads
from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.media import media
from palette_backup_provider.sandbox.gcp.policy import Policy
from palette_backup_provider.sandbox.gcp.routes import IMPERSONATE
from palette_backup_provider.sandbox.gcp.rules import denied, invalid
from palette_backup_provider.sandbox.gcp.storage import Storage
from palette_backup_provider.sandbox.json import Body

_TESTED = 100
"""How many permissions one call tests."""


@dataclass(frozen=True)
class Call:
    """One call that is allowed, and what it is about."""

    iam: Iam
    storage: Storage
    request: Request
    member: str
    """Who calls."""
    policies: list[Policy]
    """Those that hold for what is called."""
    where: dict[str, str]
    """What the path says."""
    token_uri: str
    """Where keys made here sign in."""
    query: dict[str, str]
    """The parameters that are not empty."""

    def __getitem__(self, name: str) -> str:
        return self.where[name]

    @property
    def body(self) -> Body:
        parsed = self.request.get_json(silent=True, force=True)
        return parsed if isinstance(parsed, dict) else {}


def _agent(call: Call) -> Body:
    number = call.storage.number(call["project"])
    address = f"service-{number}@gs-project-accounts.iam.gserviceaccount.com"
    return {"kind": "storage#serviceAccount", "email_address": address}


def _project(call: Call) -> Body:
    project = call.storage.project(call["project"])
    return {
        "projectId": project,
        "projectNumber": call.storage.number(project),
        "lifecycleState": "ACTIVE",
        "name": project,
    }


def _impersonate(call: Call) -> Body:
    return {"accessToken": call.iam.token(call["email"]), "expireTime": "2099-01-01T00:00:00Z"}


def _download(call: Call) -> Body | Response:
    stored = call.storage.get(call["bucket"], call["name"], call.query)
    if call.query.get("alt") == "media":
        return media(call.request, stored, call.query)
    return stored.resource(call["bucket"])


def _upload(call: Call) -> Body | Response:
    upload, bucket = gcp_uploads.read(call.request, call.query), call["bucket"]
    if call.storage.bucket(bucket).live(upload.name):
        demand(call, "storage.objects.delete")
    if call.query["uploadType"] == "resumable":
        length = call.request.headers.get("X-Upload-Content-Length", "")
        session = gcp_uploads.Session(bucket, upload, call.query, call.member, length)
        return call.storage.sessions.begin(session, call.request)
    upload.demand_whole(call.request.headers.get("X-Goog-Hash", ""))
    return call.storage.put(bucket, upload, call.query)


def resume(call: Call) -> Body | Response:
    """A call on the URL of a session, which is itself what allows it."""
    session = call.storage.sessions.find(call.request, call["bucket"])
    if call.request.method == "DELETE":
        return call.storage.sessions.cancel(session)
    if session.done is None and session.add(call.request):
        session.upload.demand_whole(call.request.headers.get("X-Goog-Hash", ""))
        session.done = call.storage.put(session.bucket, session.upload, session.query)
    return session.persisted() if session.done is None else session.done


def demand(call: Call, permission: str) -> None:
    if not call.iam.allows(call.member, permission, *call.policies):
        raise denied(permission, call.member)


def _page(call: Call, name: str, whole: Body) -> Body:
    """A page of one of IAM's lists."""
    items = whole.get(name, [])
    start, size = int(call.query.get("pageToken", "0")), int(call.query.get("pageSize", "100"))
    more = {"nextPageToken": str(start + size)} if len(items) > start + size else {}
    page = items[start : start + size]
    return {**({name: page} if page else {}), **more}


def _patch_role(call: Call) -> Body:
    names = call.query.get("updateMask", ",".join(call.body)).split(",")
    changed = {name: call.body[name] for name in names if name in call.body}
    return call.iam.roles.change(call["project"], call["role"], changed)


def _delete_bucket(call: Call) -> Response:
    call.storage.delete(call["bucket"])
    return Response(status=204)


def _delete_object(call: Call) -> Response:
    call.storage.delete_object(call["bucket"], call["name"], call.query)
    return Response(status=204)


def _granted(call: Call, actions: list[str]) -> list[str]:
    """Which of these permissions the caller has."""
    for action in actions:
        if not re.fullmatch(r"\w+(\.\w+){2}", action):
            raise invalid(f"Permission {action} is not valid for this resource.")
    return [action for action in actions if call.iam.allows(call.member, action, *call.policies)]


def _test_on_bucket(call: Call) -> Body:
    granted = _granted(call, call.request.args.getlist("permissions"))
    return {"kind": "storage#testIamPermissionsResponse", "permissions": granted}


def _test_on_project(call: Call) -> Body:
    actions = call.body.get("permissions", [])
    if len(actions) > _TESTED:
        raise invalid(f"A request can test at most {_TESTED} permissions.")
    granted = _granted(call, actions)
    return {"permissions": granted} if granted else {}


CALLS: dict[str, Callable[[Call], Body | Response]] = {
    IMPERSONATE: _impersonate,
    "iam.projects.serviceAccounts.create": lambda c: c.iam.create_account(c["project"], c.body),
    "iam.projects.serviceAccounts.list": lambda c: _page(
        c, "accounts", c.iam.list_accounts(c["project"])
    ),
    "iam.projects.serviceAccounts.get": lambda c: c.iam.account(c["email"]),
    "iam.projects.serviceAccounts.patch": lambda c: c.iam.patch_account(c["email"], c.body),
    "iam.projects.serviceAccounts.delete": lambda c: c.iam.delete_account(c["email"]),
    "iam.projects.serviceAccounts.enable": lambda c: c.iam.switch_account(c["email"], False),
    "iam.projects.serviceAccounts.disable": lambda c: c.iam.switch_account(c["email"], True),
    "iam.projects.serviceAccounts.keys.create": lambda c: c.iam.create_key(c["email"], c.token_uri),
    "iam.projects.serviceAccounts.keys.list": lambda c: c.iam.list_keys(c["email"]),
    "iam.projects.serviceAccounts.keys.delete": lambda c: c.iam.delete_key(c["email"], c["key"]),
    "iam.projects.serviceAccounts.keys.enable": lambda c: c.iam.switch_key(
        c["email"], c["key"], False
    ),
    "iam.projects.serviceAccounts.keys.disable": lambda c: c.iam.switch_key(
        c["email"], c["key"], True
    ),
    "iam.projects.roles.create": lambda c: c.iam.roles.create(c["project"], c.body),
    "iam.projects.roles.list": lambda c: _page(c, "roles", c.iam.roles.listed(c["project"])),
    "iam.projects.roles.get": lambda c: c.iam.roles.get(c["project"], c["role"]),
    "iam.projects.roles.patch": _patch_role,
    "iam.projects.roles.delete": lambda c: c.iam.roles.change(
        c["project"], c["role"], {"deleted": True}
    ),
    "iam.projects.roles.undelete": lambda c: c.iam.roles.change(
        c["project"], c["role"], {"deleted": False}
    ),
    "cloudresourcemanager.projects.get": _project,
    "cloudresourcemanager.projects.getIamPolicy": lambda c: c.iam.policy(c["project"]),
    "cloudresourcemanager.projects.setIamPolicy": lambda c: c.iam.set_policy(c["project"], c.body),
    "cloudresourcemanager.projects.testIamPermissions": _test_on_project,
    "storage.projects.serviceAccount.get": _agent,
    "storage.buckets.list": lambda c: c.storage.listing(c.query["project"], c.query),
    "storage.buckets.insert": lambda c: c.storage.insert(c.query["project"], c.body, c.member),
    "storage.buckets.get": lambda c: c.storage.bucket(c["bucket"]).resource,
    "storage.buckets.patch": lambda c: c.storage.patch(c["bucket"], c.body),
    "storage.buckets.delete": _delete_bucket,
    "storage.buckets.getIamPolicy": lambda c: c.storage.policy(c["bucket"]),
    "storage.buckets.setIamPolicy": lambda c: c.storage.set_policy(c["bucket"], c.body),
    "storage.buckets.testIamPermissions": _test_on_bucket,
    "storage.objects.list": lambda c: c.storage.objects(c["bucket"], c.query),
    "storage.objects.insert": _upload,
    "storage.objects.get": _download,
    "storage.objects.delete": _delete_object,
}
