"""Presigned URLs of S3: signed in their query, which moto does not read.

A good URL is signed again, in a header, on its way to moto.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode, urlsplit
from wsgiref.types import WSGIEnvironment

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from moto.iam.access_control import CreateAccessKeyFailure
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.refusals import refusal, unknown_key

_PARTS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)
_ALGORITHM = "AWS4-HMAC-SHA256"
_LONGEST = 7 * 86400
_SKEW = timedelta(minutes=15)


def is_presigned(request: Request) -> bool:
    """Whether the URL shows a signature, of whatever version."""
    return "X-Amz-Signature" in request.args or "AWSAccessKeyId" in request.args


def refused(call: Call, request: Request) -> Response | None:
    """Why the URL is not good, if it is not."""
    args = request.args
    if missing := [name for name in _PARTS if not args.get(name)]:
        if "AWSAccessKeyId" in args:
            message = (
                "The authorization mechanism you have provided is not supported. "
                f"Please use {_ALGORITHM}."
            )
            return refusal(call, "InvalidRequest", message, 400)
        message = f"Query-string authentication version 4 requires {', '.join(missing)}."
        return refusal(call, "AuthorizationQueryParametersError", message, 400)
    seconds = int(args["X-Amz-Expires"]) if args["X-Amz-Expires"].isdecimal() else 0
    if args["X-Amz-Algorithm"] != _ALGORITHM or not 0 < seconds <= _LONGEST:
        message = f"X-Amz-Expires is {args['X-Amz-Expires']}: it is at most a week, in seconds."
        return refusal(call, "AuthorizationQueryParametersError", message, 400)
    since = datetime.now(UTC) - datetime.strptime(args["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
    if since < -_SKEW or since > timedelta(seconds=seconds):
        return refusal(call, "AccessDenied", "Request has expired")
    names = args["X-Amz-SignedHeaders"].split(";")
    for header, _ in request.headers:
        if header.lower().startswith("x-amz-") and header.lower() not in names:
            message = f"There were headers present in the request which were not signed: {header}"
            return refusal(call, "AccessDenied", message)
    try:
        right = _signature(call, request, names)
    except CreateAccessKeyFailure:
        return unknown_key(call)
    if right != args["X-Amz-Signature"]:
        message = "The request signature we calculated does not match the signature you provided."
        return refusal(call, "SignatureDoesNotMatch", message)
    return None


def _signature(call: Call, request: Request, names: list[str]) -> str:
    signer = S3SigV4QueryAuth(call.secrets(), call.service, call.region)
    signed = AWSRequest(
        request.method,
        _url(request, ("X-Amz-Signature",)),
        headers={name: request.headers.get(name, "") for name in names},
    )
    signed.context["timestamp"] = request.args["X-Amz-Date"]
    text = signer.string_to_sign(signed, signer.canonical_request(signed))
    return str(signer.signature(text, signed))


def signed_anew(call: Call, request: Request) -> WSGIEnvironment:
    """The request, signed in a header instead."""
    body = request.get_data()
    url = _url(request, (*_PARTS, "X-Amz-Security-Token"))
    signed = AWSRequest(request.method, url, headers={"Host": request.host}, data=body)
    S3SigV4Auth(call.secrets(), call.service, call.region).add_auth(signed)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in signed.headers.items()}
    parts = urlsplit(url)
    return {
        **request.environ,
        **headers,
        "QUERY_STRING": parts.query,
        "REQUEST_URI": f"{parts.path}?{parts.query}",
        "RAW_URI": f"{parts.path}?{parts.query}",
        "wsgi.input": BytesIO(body),
    }


def _url(request: Request, without: tuple[str, ...]) -> str:
    path = str(request.environ["REQUEST_URI"]).partition("?")[0]
    query = urlencode([(k, v) for k, v in request.args.items(multi=True) if k not in without])
    return f"{request.scheme}://{request.host}{path}?{query}"
