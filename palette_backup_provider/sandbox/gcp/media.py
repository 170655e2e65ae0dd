"""The content of an object, or a part of it."""

from collections.abc import Mapping

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp.objects import Object
from palette_backup_provider.sandbox.gcp.query import METADATA
from palette_backup_provider.sandbox.gcp.rules import invalid

_HEADERS = {
    "cacheControl": "Cache-Control",
    "contentDisposition": "Content-Disposition",
    "contentEncoding": "Content-Encoding",
    "contentLanguage": "Content-Language",
}


def media(request: Request, stored: Object, query: Mapping[str, str]) -> Response:
    """The content as both APIs give it."""
    about = stored.resource("")
    headers = {header: about[name] for name, header in _HEADERS.items() if name in about}
    headers |= {f"{METADATA}{k}": v for k, v in about.get("metadata", {}).items()}
    headers |= {
        "Accept-Ranges": "bytes",
        "ETag": about["etag"],
        "X-Goog-Generation": about["generation"],
        "X-Goog-Metageneration": about["metageneration"],
        "X-Goog-Hash": f"crc32c={about['crc32c']},md5={about['md5Hash']}",
        "X-Goog-Storage-Class": about["storageClass"],
        "X-Goog-Stored-Content-Length": about["size"],
        "X-Goog-Stored-Content-Encoding": about.get("contentEncoding", "identity"),
    }
    if disposition := query.get("response-content-disposition"):
        headers["Content-Disposition"] = disposition
    kind = query.get("response-content-type") or about["contentType"]
    data, sent = stored.data, request.headers.get("Range")
    if sent is None:
        return Response(data, 200, headers, content_type=kind)
    ranges = parse_range_header(sent)
    if ranges is None or ranges.units != "bytes" or len(ranges.ranges) != 1:
        raise invalid(f"Range {sent!r} is not one range of bytes.")
    part = ranges.range_for_length(len(data))
    if part is None or part[0] == part[1]:
        whole = {"Content-Range": f"bytes */{len(data)}"}
        return Response("Request range not satisfiable", 416, whole, content_type="text/html")
    headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{len(data)}"
    return Response(data[part[0] : part[1]], 206, headers, content_type=kind)
