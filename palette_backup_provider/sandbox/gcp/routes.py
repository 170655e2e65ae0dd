"""The calls that the sandbox's Google Cloud takes, named as in Google's discovery documents."""

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

UNKNOWN = "unknown"
TOKEN = "oauth2.token"
RESUME = "storage.objects.resume"
"""Not Google's word: Google has no word for calls on the URL of an upload."""
NO_BUCKETS = ("batch", "download", "storage", "token", "upload", "v1")
"""How the paths of the JSON APIs begin, which are no paths of objects."""
IMPERSONATE = "iamcredentials.projects.serviceAccounts.generateAccessToken"

_ACCOUNTS = "/v1/projects/<project>/serviceAccounts"
_ACCOUNT = f"{_ACCOUNTS}/<email>"
_BUCKET = "/storage/v1/b/<bucket>"
ROUTES = (
    ("POST", "/token", TOKEN),
    ("POST", f"{_ACCOUNT}:generateAccessToken", IMPERSONATE),
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
    ("GET", "/v1/projects/<project>", "cloudresourcemanager.projects.get"),
    ("POST", "/v1/projects/<project>:getIamPolicy", "cloudresourcemanager.projects.getIamPolicy"),
    ("POST", "/v1/projects/<project>:setIamPolicy", "cloudresourcemanager.projects.setIamPolicy"),
    (
        "POST",
        "/v1/projects/<project>:testIamPermissions",
        "cloudresourcemanager.projects.testIamPermissions",
    ),
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
    ("PUT", f"/upload{_BUCKET}/o", RESUME),
    ("DELETE", f"/upload{_BUCKET}/o", RESUME),
    ("GET", f"{_BUCKET}/o/<path:name>", "storage.objects.get"),
    ("GET", f"/download{_BUCKET}/o/<path:name>", "storage.objects.get"),
    ("DELETE", f"{_BUCKET}/o/<path:name>", "storage.objects.delete"),
    ("GET", "/<bucket>/<path:name>", "xml.objects.get"),
    ("PUT", "/<bucket>/<path:name>", "xml.objects.put"),
    ("DELETE", "/<bucket>/<path:name>", "xml.objects.delete"),
)
PERMISSION = {
    IMPERSONATE: "iam.serviceAccounts.getAccessToken",
    "iam.projects.serviceAccounts.patch": "iam.serviceAccounts.update",
    "iam.projects.serviceAccounts.keys.disable": "iam.serviceAccountKeys.enable",
    "iam.projects.roles.patch": "iam.roles.update",
    "cloudresourcemanager.projects.get": "resourcemanager.projects.get",
    "cloudresourcemanager.projects.getIamPolicy": "resourcemanager.projects.getIamPolicy",
    "cloudresourcemanager.projects.setIamPolicy": "resourcemanager.projects.setIamPolicy",
    "storage.projects.serviceAccount.get": "resourcemanager.projects.get",
    "storage.buckets.insert": "storage.buckets.create",
    "storage.buckets.patch": "storage.buckets.update",
    "storage.objects.insert": "storage.objects.create",
    "xml.objects.get": "storage.objects.get",
    "xml.objects.put": "storage.objects.create",
    "xml.objects.delete": "storage.objects.delete",
}
"""Calls whose permission has another name."""
FREE = (
    "cloudresourcemanager.projects.testIamPermissions",
    "storage.buckets.testIamPermissions",
)
"""Calls that take no permission."""

_MAP = Map([Rule(path, methods=[method], endpoint=call) for method, path, call in ROUTES])


def match(request: Request) -> tuple[str, dict[str, str]]:
    """The call that a request is, and what stands for the placeholders in its path."""
    try:
        call, where = _MAP.bind_to_environ(request.environ).match()
    except HTTPException:
        return UNKNOWN, {}
    if where.get("bucket") in NO_BUCKETS:
        return UNKNOWN, {}
    return str(call), dict(where)
