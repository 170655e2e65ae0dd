"""minio-py's errors as ours, with what to do about the mistakes that people make most."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from palette_backup_provider.clients.minio.pool import trusted
from palette_backup_provider.clients.rest import s3_region
from palette_backup_provider.clients.rest.causes import reason
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.clients.rest.sign_in import said
from palette_backup_provider.clients.rest.trust import advice, distrust
from palette_backup_provider.core.errors import (
    ApiError,
    NotFound,
    ProviderError,
    UnreadableAnswer,
    again,
    sentence,
)
from palette_backup_provider.core.packages import package
from palette_backup_provider.core.secrets import excerpt

T = TypeVar("T")

GONE = {
    "NoSuchBucket",
    "XMinioAdminNoSuchUser",
    "XMinioAdminNoSuchGroup",
    "XMinioAdminNoSuchPolicy",
    "XMinioInvalidIAMCredentials",  # says so of an access key
}
ADVICE = {
    "InvalidAccessKeyId": "Check the server, and that the user (access key) is enabled.",
    "SignatureDoesNotMatch": "Correct the password (secret key).",
    "RequestTimeTooSkewed": "Set the clock of this machine, or of the server.",
}
NO_S3_API = " This is no S3 API. Give the API's port (often 9000), not the console's (often 9001)."
NO_ADMIN_API = (
    " This store is no MinIO: it has no admin API, which users, policies and access keys need, and "
    "so any rotation. Use an existing bucket, and an existing user with its secret_key; leave "
    "rotate_after and rotation out."
)
SPEAKS_TLS = " The server speaks TLS. Begin the endpoint with https:// (or set minio:minioSsl)."
NO_TLS = "The server does not speak TLS at this port. Begin the endpoint with http://."
REACH = (
    "Check the server's address (minio:minioServer, or url), the network and the proxy "
    "($HTTPS_PROXY, $NO_PROXY)."
)
UNKNOWN_CA = (
    "Its certificate is of a CA that is not known here. Give the CA as ca_cert, or as the file "
    "minio:minioCacertFile."
)


class NoAdminApi(ApiError):
    """The server accepts the credentials, and is not MinIO."""


def sdk() -> Any:
    """minio-py, or how to install it."""
    needed = ("urllib3.connection", "certifi.core", "argon2.low_level", "Crypto.Cipher")
    return package("minio", "minio", "minio", "minio.minioadmin", *needed)


def with_api_errors(what: str, url: str, call: Callable[[], T], ca_cert: str | None = None) -> T:
    """`call`'s answer, or its error as an ApiError; `what` names the call, and `ca_cert` is the CA
    that was given for it, if any."""
    sdk()
    from minio.error import InvalidResponseError, MinioAdminException, S3Error, ServerError
    from urllib3.exceptions import HTTPError

    from palette_backup_provider.clients.rest.answers import UNPARSED

    try:
        with answering(f"MinIO {what}"):
            return call()
    except S3Error as error:
        code, message = str(error.code or ""), error.message or ""
        region = error.response.headers.get("x-amz-bucket-region")
        advice = s3_region.advice(code, message, region)
        raise _refused(what, url, error.response.status, code, message, advice) from None
    except MinioAdminException as error:
        raise _admin_refused(what, url, int(error._code), error._body) from None
    except InvalidResponseError as error:
        raise _not_understood(what, url, error._code, error._body or "") from None
    except ServerError as error:
        raise _not_understood(what, url, error.status_code, str(error)) from None
    except ParseError:
        raise UnreadableAnswer(url, what, f"it is not XML.{NO_S3_API}") from None
    except (HTTPError, OSError) as error:
        raise _unanswered(what, url, error, ca_cert) from None
    except UNPARSED:  # its text may be a part of the answer
        raise UnreadableAnswer(url, what, "") from None
    except ProviderError:
        raise
    except Exception as error:
        raise ApiError(f"{url} {what}: {said(error)} {again(url)}", status=0) from None


def _refused(
    what: str, url: str, status: int, code: str, message: str, advice: str = ""
) -> ApiError:
    kind = NotFound if code in GONE else ApiError
    text = f"{url} refused {what} ({excerpt(code)}): {sentence(' '.join(message.split()))}"
    advice = advice or ADVICE.get(code, "")
    return kind(f"{text} {advice}".rstrip(), status=status, code=code)


def _admin_refused(what: str, url: str, status: int, body: str) -> ApiError:
    try:
        problem: Any = json.loads(body)
        return _refused(what, url, status, str(problem["Code"]), str(problem["Message"]))
    except (ValueError, TypeError, LookupError, RecursionError):
        if "HTTPS server" in body or (status >= 500 and "<Error>" not in body):
            return _not_understood(what, url, status, body)
        code = re.search(r"<Code>(\w{1,64})</Code>", body)
        text = f"{url} answered {what} with {status}{f' {code[1]}' if code else ''}.{NO_ADMIN_API}"
        return NoAdminApi(text, status=min(status, 499))  # it is an answer, whatever its number


def _not_understood(what: str, url: str, status: int, body: str) -> ApiError:
    """A gateway's page is told apart by its status: the server behind it is no wrong one."""
    advice = f" {again(url)}" if status >= 500 else NO_S3_API
    if "HTTPS server" in body:
        advice = SPEAKS_TLS
    return ApiError(f"{url} answered {what} with {status}: {excerpt(body)}.{advice}", status=status)


def _unanswered(what: str, url: str, error: Exception, ca_cert: str | None) -> ApiError:
    text = str(getattr(error, "reason", None) or error)
    problem, where = f"{url} {what}: {excerpt(text)}.", urlsplit(url).netloc
    if root := distrust(error):
        return ApiError(f"{problem} {advice(root, trusted(ca_cert), UNKNOWN_CA)}", status=0)
    if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
        return ApiError(f"{problem} {NO_TLS}", status=0)
    why = excerpt(reason(error))
    return ApiError(f"MinIO at {where} gave no answer to {what}: {why}. {REACH}", status=0)
