"""Signed URLs of Cloud Storage, in both of Google's schemes, signed with keys of accounts."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.keys import Key
from palette_backup_provider.sandbox.gcp.rules import Refused

_V2 = ("GoogleAccessId", "Expires", "Signature")
_V4 = (
    "X-Goog-Algorithm",
    "X-Goog-Credential",
    "X-Goog-Date",
    "X-Goog-Expires",
    "X-Goog-SignedHeaders",
    "X-Goog-Signature",
)
PARAMETERS = frozenset({*_V2, *_V4})
_ALGORITHM = "GOOG4-RSA-SHA256"
_LONGEST = 7 * 86400


def is_signed(request: Request) -> bool:
    """Whether the URL shows a signature."""
    return "Signature" in request.args or "X-Goog-Signature" in request.args


def signer(request: Request, iam: Iam) -> str:
    """The member that signed the URL, if the signature is good and of now."""
    v4 = "X-Goog-Signature" in request.args
    if missing := [name for name in (_V4 if v4 else _V2) if not request.args.get(name)]:
        raise Refused(400, "INVALID_ARGUMENT", f"The URL has no {missing[0]}.", "MalformedSecurity")
    email = request.args["X-Goog-Credential"].partition("/")[0] if v4 else ""
    email = email or request.args["GoogleAccessId"]
    starts, ends = _times_v4(request) if v4 else (0.0, float(request.args["Expires"]))
    if not starts <= iam.clock() < ends:
        raise Refused(400, "INVALID_ARGUMENT", "Invalid argument: expired.", "ExpiredToken")
    text, signature = _signed_v4(request) if v4 else _signed_v2(request)
    account = iam.accounts.get(email)
    good = account and not account.get("disabled")
    keys = [k for k in iam.keys_of(email) if not k.disabled and (k.ends or ends) >= iam.clock()]
    if not good or not any(_verifies(key, text, signature) for key in keys):
        message = "Access denied. The signature in the URL is of no key that is good."
        raise Refused(403, "PERMISSION_DENIED", message, "SignatureDoesNotMatch")
    return f"serviceAccount:{email}"


def _times_v4(request: Request) -> tuple[float, float]:
    stamp = datetime.strptime(request.args["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    seconds = int(request.args["X-Goog-Expires"])
    if not 0 < seconds <= _LONGEST:
        message = f"X-Goog-Expires is {seconds}, and a URL is good for up to seven days."
        raise Refused(400, "INVALID_ARGUMENT", message, "InvalidArgument")
    return stamp.timestamp() - 900, stamp.timestamp() + seconds


def _signed_v4(request: Request) -> tuple[str, bytes]:
    args = request.args
    if args["X-Goog-Algorithm"] != _ALGORITHM:
        message = f"This sandbox knows signatures of {_ALGORITHM} alone."
        raise Refused(501, "UNIMPLEMENTED", message, "notImplemented")
    names = args["X-Goog-SignedHeaders"].split(";")
    for header, _ in request.headers:
        if header.lower().startswith("x-goog-") and header.lower() not in names:
            message = f"The header {header.lower()} is not among those that are signed."
            raise Refused(403, "PERMISSION_DENIED", message, "SignatureDoesNotMatch")
    headers = "".join(f"{name}:{_value(request, name)}\n" for name in names)
    query = "&".join(
        sorted(
            f"{quote(k, safe='~')}={quote(v, safe='~')}"
            for k, v in args.items()
            if k != "X-Goog-Signature"
        )
    )
    payload = request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    lines = (request.method, _path(request), query, headers, ";".join(names), payload)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    scope = args["X-Goog-Credential"].partition("/")[2]
    text = "\n".join((_ALGORITHM, args["X-Goog-Date"], scope, digest))
    return text, _decoded(lambda: bytes.fromhex(args["X-Goog-Signature"]))


def _signed_v2(request: Request) -> tuple[str, bytes]:
    headers = sorted(
        f"{name.lower()}:{' '.join(value.split())}"
        for name, value in request.headers
        if name.lower().startswith("x-goog-")
    )
    md5, kind = request.headers.get("Content-MD5", ""), request.headers.get("Content-Type", "")
    lines = (request.method, md5, kind, request.args["Expires"], *headers, _path(request))
    return "\n".join(lines), _decoded(lambda: base64.b64decode(request.args["Signature"]))


def _value(request: Request, name: str) -> str:
    return " ".join(request.headers.get(name, "").split())


def _path(request: Request) -> str:
    return str(request.environ["REQUEST_URI"]).partition("?")[0]


def _decoded(read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except (ValueError, binascii.Error):
        return b""


def _verifies(key: Key, text: str, signature: bytes) -> bool:
    try:
        key.public.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
