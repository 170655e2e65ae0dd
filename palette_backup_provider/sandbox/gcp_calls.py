"""The calls that the sandbox's Google Cloud takes, named as in Google's discovery documents."""

import email
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp_iam import Iam
from palette_backup_provider.sandbox.gcp_policy import Policy
from palette_backup_provider.sandbox.gcp_rules import invalid
from palette_backup_provider.sandbox.gcp_storage import Storage
from palette_backup_provider.sandbox.store import Body

TOKEN = "oauth2.token"
IMPERSONATE = "iamcredentials.projects.serviceAccounts.generateAccessToken"

_ACCOUNTS = "/v1/projects/<project>/serviceAccounts"
_ACCOUNT = f"{_ACCOUNTS}/<email>"
_BUCKET = "/storage/v1/b/<bucket>"
ROUTES = (
    ("POST", "/token", TOKEN),
    (
        "POST",
        f"{_ACCOUNT}:generateAccessToken",
        IMPERSONATE,
    ),
    ("POST", _ACCOUNTS, "iam.projects.serviceAccounts.create"),
    ("GET", _ACCOUNTS, "iam.projects.serviceAccounts.list"),
    ("GET", _ACCOUNT, "iam.projects.serviceAccounts.get"),
    ("PATCH", _ACCOUNT, "iam.projects.serviceAccounts.patch"),
    ("DELETE", _ACCOUNT, "iam.projects.serviceAccounts.delete"),
    ("POST", f"{_ACCOUNT}:enable", "iam.projects.serviceAccounts.enable"),
    ("POST", f"{_ACCOUNT}:disable", "iam.projects.serviceAccounts.disable"),
    ("POST", f"{_ACCOUNT}/keys", "iam.projects.serviceAccounts.keys.create"),
    ("GET", f"{_ACCOUNT}/keys", "iam.projects.serviceAccounts.keys.list"),
    ("DELETE", f"{_ACCOUNT}/keys/<key>", "iam.projects.serviceAccounts.keys.delete"),
    ("POST", f"{_ACCOUNT}/keys/<key>:enable", "iam.projects.serviceAccounts.keys.enable"),
    ("POST", f"{_ACCOUNT}/keys/<key>:disable", "iam.projects.serviceAccounts.keys.disable"),
    ("POST", "/v1/projects/<project>/roles", "iam.projects.roles.create"),
    ("GET", "/v1/projects/<project>/roles", "iam.projects.roles.list"),
    ("GET", "/v1/projects/<project>/roles/<role>", "iam.projects.roles.get"),
    ("PATCH", "/v1/projects/<project>/roles/<role>", "iam.projects.roles.patch"),
    ("DELETE", "/v1/projects/<project>/roles/<role>", "iam.projects.roles.delete"),
    ("POST", "/v1/projects/<project>/roles/<role>:undelete", "iam.projects.roles.undelete"),
    ("POST", "/v1/projects/<project>:getIamPolicy", "cloudresourcemanager.projects.getIamPolicy"),
    ("POST", "/v1/projects/<project>:setIamPolicy", "cloudresourcemanager.projects.setIamPolicy"),
    ("GET", "/storage/v1/projects/<project>/serviceAccount", "storage.projects.serviceAccount.get"),
    ("GET", "/storage/v1/b", "storage.buckets.list"),
    ("POST", "/storage/v1/b", "storage.buckets.insert"),
    ("GET", _BUCKET, "storage.buckets.get"),
    ("PATCH", _BUCKET, "storage.buckets.patch"),
    ("DELETE", _BUCKET, "storage.buckets.delete"),
    ("GET", f"{_BUCKET}/iam", "storage.buckets.getIamPolicy"),
    ("PUT", f"{_BUCKET}/iam", "storage.buckets.setIamPolicy"),
    ("GET", f"{_BUCKET}/iam/testPermissions", "storage.buckets.testIamPermissions"),
    ("GET", f"{_BUCKET}/o", "storage.objects.list"),
    ("POST", f"/upload{_BUCKET}/o", "storage.objects.insert"),
    ("GET", f"{_BUCKET}/o/<path:name>", "storage.objects.get"),
    ("GET", f"/download{_BUCKET}/o/<path:name>", "storage.objects.get"),
    ("DELETE", f"{_BUCKET}/o/<path:name>", "storage.objects.delete"),
)
PERMISSION = {
    IMPERSONATE: "iam.serviceAccounts.getAccessToken",
    "iam.projects.serviceAccounts.patch": "iam.serviceAccounts.update",
    "iam.projects.serviceAccounts.keys.disable": "iam.serviceAccountKeys.enable",
    "iam.projects.roles.patch": "iam.roles.update",
    "cloudresourcemanager.projects.getIamPolicy": "resourcemanager.projects.getIamPolicy",
    "cloudresourcemanager.projects.setIamPolicy": "resourcemanager.projects.setIamPolicy",
    "storage.projects.serviceAccount.get": "resourcemanager.projects.get",
    "storage.buckets.insert": "storage.buckets.create",
    "storage.buckets.patch": "storage.buckets.update",
    "storage.objects.insert": "storage.objects.create",
}
"""Calls whose permission has another name."""


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

    def __getitem__(self, name: str) -> str:
        return self.where[name]

    @property
    def body(self) -> Body:
        found = self.request.get_json(silent=True, force=True)
        return found if isinstance(found, dict) else {}

    @property
    def content(self) -> tuple[str, bytes, str]:
        """Name, data and content type of an upload."""
        request = self.request
        if request.args.get("uploadType") == "media":
            return request.args["name"], request.get_data(), request.content_type or ""
        if request.args.get("uploadType") != "multipart":
            raise invalid("This sandbox takes uploads of the types media and multipart.")
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        whole = email.message_from_bytes(head + request.get_data())
        about, data = (part for part in whole.walk() if not part.is_multipart())
        return str(json.loads(_payload(about))["name"]), _payload(data), data.get_content_type()


def _payload(part: Any) -> bytes:
    found: bytes = part.get_payload(decode=True)
    return found


def _agent(call: Call) -> Body:
    number = call.storage.number(call["project"])
    address = f"service-{number}@gs-project-accounts.iam.gserviceaccount.com"
    return {"kind": "storage#serviceAccount", "email_address": address}


def _impersonate(call: Call) -> Body:
    return {"accessToken": call.iam.token(call["email"]), "expireTime": "2099-01-01T00:00:00Z"}


def _download(call: Call) -> Body | Response:
    found = call.storage.get(call["bucket"], call["name"])
    if call.request.args.get("alt") == "media":
        return Response(found.data, content_type=found.content_type)
    return found.resource(call["bucket"])


def _delete_bucket(call: Call) -> Response:
    call.storage.delete(call["bucket"])
    return Response(status=204)


def _delete_object(call: Call) -> Response:
    generation = call.request.args.get("generation")
    call.storage.delete_object(call["bucket"], call["name"], generation)
    return Response(status=204)


def _test_permissions(call: Call) -> Body:
    wanted = call.request.args.getlist("permissions")
    found = [one for one in wanted if call.iam.allows(call.member, one, *call.policies)]
    return {"kind": "storage#testIamPermissionsResponse", "permissions": found}


CALLS: dict[str, Callable[[Call], Body | Response]] = {
    IMPERSONATE: _impersonate,
    "iam.projects.serviceAccounts.create": lambda c: c.iam.create_account(c["project"], c.body),
    "iam.projects.serviceAccounts.list": lambda c: c.iam.list_accounts(c["project"]),
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
    "iam.projects.roles.create": lambda c: c.iam.create_role(c["project"], c.body),
    "iam.projects.roles.list": lambda c: c.iam.list_roles(c["project"]),
    "iam.projects.roles.get": lambda c: c.iam.role(c["project"], c["role"]),
    "iam.projects.roles.patch": lambda c: c.iam.change_role(c["project"], c["role"], c.body),
    "iam.projects.roles.delete": lambda c: c.iam.change_role(
        c["project"], c["role"], {"deleted": True}
    ),
    "iam.projects.roles.undelete": lambda c: c.iam.change_role(
        c["project"], c["role"], {"deleted": False}
    ),
    "cloudresourcemanager.projects.getIamPolicy": lambda c: c.iam.policy(c["project"]),
    "cloudresourcemanager.projects.setIamPolicy": lambda c: c.iam.set_policy(c["project"], c.body),
    "storage.projects.serviceAccount.get": _agent,
    "storage.buckets.list": lambda c: c.storage.listing(c.request.args["project"]),
    "storage.buckets.insert": lambda c: c.storage.insert(
        c.request.args["project"], c.body, c.member
    ),
    "storage.buckets.get": lambda c: c.storage.bucket(c["bucket"]).resource,
    "storage.buckets.patch": lambda c: c.storage.patch(c["bucket"], c.body),
    "storage.buckets.delete": _delete_bucket,
    "storage.buckets.getIamPolicy": lambda c: c.storage.policy(c["bucket"]),
    "storage.buckets.setIamPolicy": lambda c: c.storage.set_policy(c["bucket"], c.body),
    "storage.buckets.testIamPermissions": _test_permissions,
    "storage.objects.list": lambda c: c.storage.objects(c["bucket"], c.request.args),
    "storage.objects.insert": lambda c: c.storage.put(c["bucket"], *c.content),
    "storage.objects.get": _download,
    "storage.objects.delete": _delete_object,
}
