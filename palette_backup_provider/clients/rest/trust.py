"""Which CAs a connection trusts: those that somebody gave, or else the public ones.

A given CA is checked before it is used, as a library's own error would not say where it was given.
"""

import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.errors import BadSetting

CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables that requests takes CAs from, the first that is set."""
OUT_OF_TIME = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
OTHER_NAME = (62, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""
UNTRUSTED = "CertificateNotTrusted"
"""Our code for a server whose certificate is not trusted."""
RENEW = "Have it renewed there, or set the clock of this machine right."


@dataclass(frozen=True)
class Authorities:
    """CAs that were given."""

    where: str
    """The setting or variable that gave them."""
    value: str
    """The value of that setting: PEM text, or a path."""
    context: ssl.SSLContext
    """Trusts these CAs and no other."""

    @property
    def expired(self) -> str:
        """When the last of them expired; empty while one is good."""
        ends = [str(ca["notAfter"]) for ca in self.context.get_ca_certs()]
        last = max(ends, key=ssl.cert_time_to_seconds, default="")
        return last if last and ssl.cert_time_to_seconds(last) < time.time() else ""


def own_ca(where: str, value: str) -> Authorities:
    """The CAs of `value`: PEM text, or the path of a PEM file or of a folder of them.

    Raises BadSetting, which names `where` they were given.
    """
    from urllib3.util import create_urllib3_context

    context = create_urllib3_context()
    try:
        path = None if "-----BEGIN" in value else Path(value).expanduser()
        if path and path.is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cadata=pem(path.read_bytes() if path else value))
    except (ssl.SSLError, ValueError):
        raise BadSetting(
            f"{where} holds no certificate in PEM format. Give one, or its path."
        ) from None
    except OSError as error:
        raise BadSetting(
            f"{where}: {value} cannot be read: {error.strerror}. Correct it, or unset it for the "
            "public CAs."
        ) from None
    return Authorities(where, value, context)


def pem(value: str | bytes) -> str:
    """Certificates as OpenSSL takes them: comments are in any language, and PEM is ASCII."""
    content = value.encode() if isinstance(value, str) else value
    return content.decode("ascii", "ignore")


def certificates(value: str | bytes) -> str:
    """`value`, if it is PEM, as `pem` has it."""
    value = pem(value)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=value)
    except (ssl.SSLError, ValueError):
        raise ValueError(
            "is not a PEM certificate: expected -----BEGIN CERTIFICATE----- … "
            "-----END CERTIFICATE-----"
        ) from None
    return value


Pem = Annotated[str, AfterValidator(certificates)]


@contextmanager
def ca_file(pem: str | None) -> Iterator[str | None]:
    """A file of these certificates, for a library that takes a path only; None without any."""
    if pem is None:
        yield None
        return
    with NamedTemporaryFile("w", suffix=".pem", encoding="utf-8") as file:  # made 0600
        file.write(pem)
        file.flush()
        yield file.name


def of_environment(*variables: str) -> Authorities | None:
    """The CAs that the first of these variables gives; None if none is set."""
    name = next((name for name in variables if os.environ.get(name)), None)
    return _read(f"${name}", os.environ[name]) if name else None


_read = cache(own_ca)
"""Every call asks, and a bundle of all public CAs takes a while to read."""


def distrust(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The refusal of a certificate that `error` came from, whatever a library made of it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error
    sources = (
        error.__cause__,
        getattr(error, "reason", None),  # urllib3's
        getattr(error, "kwargs", {}).get("error"),  # botocore's
        *error.args,
    )
    refusals = (distrust(source) for source in sources if isinstance(source, BaseException))
    return next(filter(None, refusals), None)


def advice(
    error: ssl.SSLCertVerificationError, trusted: Authorities | None, how_to_give: str
) -> str:
    """What to do about a certificate that is not trusted, as sentences."""
    late = error.verify_code in OUT_OF_TIME
    if late and trusted and (ended := trusted.expired):
        return f"The CA in {trusted.where} expired on {ended}. Give the CA that follows it."
    if late:
        return RENEW
    if error.verify_code in OTHER_NAME:
        return "Reach it by a name that its certificate is made out to."
    if trusted:
        return f"No CA in {trusted.where} signed it. Give the one that did, there."
    return how_to_give
