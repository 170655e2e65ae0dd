"""The conditions that a request to the Blob service may make, such as `If-None-Match: *`."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.azure.accounts import Blob
from palette_backup_provider.sandbox.azure.http import Refused

CONDITIONS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"})
_MESSAGE = "The condition specified using HTTP conditional header(s) is not met."


def demand_conditions(request: Request, blob: Blob | None) -> None:
    """Refuse the request unless its conditions hold for the blob, which may not be there."""
    reads, headers = request.method in ("GET", "HEAD"), request.headers
    etag = blob.version["ETag"] if blob else None
    if (expected := headers.get("If-Match")) and (etag is None or expected not in ("*", etag)):
        raise Refused(412, "ConditionNotMet", _MESSAGE)
    if blob is None:
        return
    unwanted = headers.get("If-None-Match")
    if unwanted == "*" and not reads:
        raise Refused(409, "BlobAlreadyExists", "The specified blob already exists.")
    modified = parsedate_to_datetime(blob.version["Last-Modified"])
    if unwanted in ("*", etag) or modified <= _time(headers.get("If-Modified-Since"), datetime.min):
        raise Refused(304 if reads else 412, "ConditionNotMet", _MESSAGE)
    if modified > _time(headers.get("If-Unmodified-Since"), datetime.max):
        raise Refused(412, "ConditionNotMet", _MESSAGE)


def _time(text: str | None, otherwise: datetime) -> datetime:
    if not text:
        return otherwise.replace(tzinfo=UTC)
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        raise Refused(400, "InvalidHeaderValue", f"{text!r} is no date.") from None
