"""minio-py's errors as ours, with what to do about the mistakes that people make most."""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

from palette_backup_provider.core.errors import ApiError, MissingExtra, NotFound
from palette_backup_provider.core.secrets import excerpt

T = TypeVar("T")

GONE = {
    "NoSuchBucket",
    "XMinioAdminNoSuchUser",
    "XMinioAdminNoSuchPolicy",
    "XMinioInvalidIAMCredentials",  # says so of an access key
}
ADVICE = {
    "InvalidAccessKeyId": " Is this the right server, and is the user (access key) enabled?",
    "SignatureDoesNotMatch": " Is the password (secret key) right?",
    "RequestTimeTooSkewed": " The clock of this machine, or of the server, is wrong.",
}
NO_S3_API = (
    " This is no S3 API: it may be the console's port (often 9001) instead of the API's (often "
    "9000)."
)
SPEAKS_TLS = " The server speaks TLS: begin the endpoint with https:// (or set minio:minioSsl)."
NO_TLS = " The server does not speak TLS at this port: begin the endpoint with http://."
UNKNOWN_CA = (
    " Its certificate is of a CA that is not known here: give the CA as ca_cert, or as the file "
    "minio:minioCacertFile."
)


def sdk() -> Any:
    """minio-py, or how to install it."""
    try:
        import minio
    except ModuleNotFoundError:
        raise MissingExtra("minio", "minio") from None
    return minio


def translated(what: str, url: str, call: Callable[[], T]) -> T:
    """`call`'s answer, or its error as an ApiError; `what` names the call."""
    sdk()
    from minio.error import InvalidResponseError, MinioAdminException, S3Error, ServerError
    from urllib3.exceptions import HTTPError

    try:
        return call()
    except S3Error as error:
        status = error.response.status
        raise _refused(what, url, status, error.code or "", error.message or "") from None
    except MinioAdminException as error:
        raise _admin_refused(what, url, int(error._code), error._body) from None
    except InvalidResponseError as error:
        raise _not_understood(what, url, error._code, error._body or "") from None
    except ServerError as error:
        raise _not_understood(what, url, error.status_code, str(error)) from None
    except ParseError:
        raise _not_understood(what, url, 200, "a page that is not XML") from None
    except (HTTPError, OSError) as error:
        raise ApiError(f"{url} {what}: {_reason(error)}", status=0) from None
    except ValueError as error:  # minio-py's own rules for names
        raise ApiError(f"{url} {what}: {error}", status=400) from None


def _refused(what: str, url: str, status: int, code: str, message: str) -> ApiError:
    kind = NotFound if code in GONE else ApiError
    text = f"{url} refused {what} ({code}): {message}{ADVICE.get(code, '')}"
    return kind(text, status=status, code=code)


def _admin_refused(what: str, url: str, status: int, body: str) -> ApiError:
    try:
        found: Any = json.loads(body)
        return _refused(what, url, status, found["Code"], found["Message"])
    except (ValueError, TypeError, KeyError):
        return _not_understood(what, url, status, body)


def _not_understood(what: str, url: str, status: int, body: str) -> ApiError:
    """A gateway's page is told apart by its status: the server behind it is no wrong one."""
    advice = "" if status >= 500 else NO_S3_API
    if "HTTPS server" in body:
        advice = SPEAKS_TLS
    return ApiError(f"{url} answered {what} with {status}: {excerpt(body)}.{advice}", status=status)


def _reason(error: Exception) -> str:
    text = str(getattr(error, "reason", None) or error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"{excerpt(text)}.{UNKNOWN_CA}"
    if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
        return f"{excerpt(text)}.{NO_TLS}"
    return f"{excerpt(text)}."
