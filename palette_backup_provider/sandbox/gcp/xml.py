"""The XML API of Cloud Storage, as far as clients of the JSON API use it: objects by path."""

from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.gcp.calls import Call, demand
from palette_backup_provider.sandbox.gcp.media import media
from palette_backup_provider.sandbox.gcp.query import METADATA
from palette_backup_provider.sandbox.gcp.rules import Refused
from palette_backup_provider.sandbox.gcp.uploads import Upload

_CODES = {
    400: "InvalidArgument",
    401: "AuthenticationRequired",
    403: "AccessDenied",
    404: "NoSuchKey",
    412: "PreconditionFailed",
    501: "NotImplemented",
}
_ABOUT = {
    "Cache-Control": "cacheControl",
    "Content-Disposition": "contentDisposition",
    "Content-Encoding": "contentEncoding",
    "Content-Language": "contentLanguage",
    "Content-Type": "contentType",
    "Content-MD5": "md5Hash",
}
"""Headers of an upload, and what they are called of an object."""


def answer(name: str, call: Call) -> Response:
    """Answer a call that is allowed."""
    request, storage, bucket, key = call.request, call.storage, call["bucket"], call["name"]
    query = call.query
    condition = request.headers.get("x-goog-if-generation-match")
    query = {**query, "ifGenerationMatch": condition} if condition else query
    if name == "xml.objects.put":
        about = {ours: request.headers[h] for h, ours in _ABOUT.items() if h in request.headers}
        metadata = {
            header.lower().removeprefix(METADATA): value
            for header, value in request.headers
            if header.lower().startswith(METADATA)
        }
        more = {"metadata": metadata} if metadata else {}
        upload = Upload({**about, **more, "name": key}, request.get_data())
        upload.demand_whole(request.headers.get("X-Goog-Hash", ""))
        if storage.bucket(bucket).live(key):
            demand(call, "storage.objects.delete")
        stored = storage.put(bucket, upload, query)
        return Response(headers={"x-goog-generation": stored["generation"], "ETag": stored["etag"]})
    if name == "xml.objects.delete":
        storage.delete_object(bucket, key, query)
        return Response(status=204)
    return media(request, storage.get(bucket, key, query), query)


def refusal(refused: Refused) -> Response:
    """As the XML API says it."""
    code = _CODES.get(refused.status, refused.reason)
    if refused.status == 404 and "bucket" in refused.message:
        code = "NoSuchBucket"
    if refused.reason in ("SignatureDoesNotMatch", "ExpiredToken", "MalformedSecurity"):
        code = refused.reason
    error = f"<Code>{code}</Code><Message>{escape(refused.message)}</Message>"
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error>{error}</Error>"
    return Response(body, refused.status, content_type="application/xml; charset=UTF-8")
