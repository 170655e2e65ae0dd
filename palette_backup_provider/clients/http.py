"""What holds for every REST API we call: certificates, timeouts, repeats, redirects, no answer.

| what happened              | GET, PUT, PATCH, DELETE | POST                    |
|----------------------------|-------------------------|-------------------------|
| 429                        | again within BUDGET     | again within BUDGET     |
| no connection was made     | again, TRIES in all     | again, TRIES in all     |
| connection lost, timeout   | again, TRIES in all     | final: it may have held |
| 502, 503, 504              | again, TRIES in all     | final: it may have held |
| redirect, certificate that is not trusted, anything else | final | final       |

`Retry-After` is honoured where there is one. A wait that would be longer than LONGEST_WAIT, or end
after BUDGET, is not begun. Redirects are not followed, so a credential meets no other host.
Imports requests, so import it when a client is made, not when the package is.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError
from urllib3.util import create_urllib3_context

from palette_backup_provider.clients.throttle import Throttle
from palette_backup_provider.core.errors import ApiError, BadSetting

REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})
PASSING = frozenset({502, 503, 504})
CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 30.0
LONGEST_WAIT = 30.0
BUDGET = 60.0
"""Seconds that one call may take with all its repeats."""
TRIES = 5
CONNECTIONS = 8
OUT_OF_TIME = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
RENEW = "Have it renewed there, or set the clock of this machine right."


@dataclass(frozen=True)
class Service:
    """A remote API, as its errors speak of it."""

    name: str
    url: str
    """Scheme and host, no path."""
    reach: str
    """What to check when it cannot be reached, as a sentence."""
    trust: str
    """What to do when its certificate is not trusted, as a sentence."""

    def __str__(self) -> str:
        return f"{self.name} at {urlsplit(self.url).netloc}"


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    effort: str
    """How often and how long it was tried, as a sentence."""

    @property
    def text(self) -> str:
        """The body as people can read it."""
        return self.body.decode("utf-8", "replace")


class Adapter(HTTPAdapter):
    """Connections that trust the CAs of `own_ca` and no other, whatever the environment says."""

    def __init__(self, own_ca: ssl.SSLContext | None = None) -> None:
        self._own_ca = own_ca
        super().__init__(pool_maxsize=CONNECTIONS)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> Any:
        """Where to connect, and how."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if self._own_ca:
            pool = {"ssl_context": self._own_ca, "cert_reqs": "CERT_REQUIRED"}
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the connection alone if it has its CAs already."""
        if not self._own_ca:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def own_ca(setting: str, value: str) -> ssl.SSLContext:
    """Trust in the CAs of `value`, which is PEM text or the path of a PEM file."""
    context = create_urllib3_context()
    try:
        pem = value if "-----BEGIN" in value else Path(value).expanduser().read_text()
        context.load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError):
        raise BadSetting(f"{setting} holds no certificate in PEM format.") from None
    except OSError as error:
        raise BadSetting(f"{setting}: {value} cannot be read: {error.strerror}.") from None
    return context


class Http:
    """Calls to one service, by the rules above; used by several threads at once."""

    def __init__(
        self,
        service: Service,
        credential: Callable[[], Mapping[str, str]],
        throttle: Throttle,
        adapter: HTTPAdapter,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`credential` gives the headers that authorise a call."""
        self.service = service
        self._credential, self._throttle = credential, throttle
        self._clock, self._sleep = clock, sleep
        self._session = requests.Session()
        self._session.mount(service.url, adapter)

    def send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """The answer, also when it is an error; ApiError with status 0 when there was none.

        `body` goes as it is if it is bytes, and as JSON otherwise.
        """
        started, tries = self._clock(), 0
        while True:
            self._throttle.wait(path)
            tries += 1
            left = max(BUDGET - (self._clock() - started), 1.0)
            outcome = self._once(method, path, body, headers, left)
            pause = _pause(method, outcome, tries)
            spent = self._clock() - started
            if pause is None or pause > LONGEST_WAIT or spent + pause > BUDGET:
                break
            if isinstance(outcome, requests.Response) and outcome.status_code == 429:
                self._throttle.refused(path, pause)
            else:
                self._sleep(pause)
        effort = f"Tried {'once' if tries == 1 else f'{tries} times'} in {spent:.0f} s."
        if isinstance(outcome, OSError):
            raise self._no_answer(f"{method} {path}", outcome, effort)
        if 300 <= outcome.status_code < 400:
            raise self._redirected(f"{method} {path}", outcome)
        return Answer(outcome.status_code, outcome.headers, outcome.content, effort)

    def spent(self, path: str, ages: Iterable[float]) -> None:
        """Calls to `path`, ours or not, were made so many seconds ago."""
        self._throttle.spent(path, ages)

    def _once(
        self, method: str, path: str, body: Any, headers: Mapping[str, str], left: float
    ) -> requests.Response | OSError:
        try:
            return self._session.request(
                method,
                self.service.url + path,
                json=None if isinstance(body, bytes) else body,
                data=body if isinstance(body, bytes) else None,
                headers=headers,
                auth=self._authorise,
                allow_redirects=False,
                timeout=(min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)),
            )
        except OSError as error:  # all of requests' errors; also a CA bundle that is not there
            return error

    def _authorise(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # As the `auth` of a call, because a call without one takes its password from ~/.netrc.
        request.headers.update(self._credential())
        return request

    def _no_answer(self, call: str, error: OSError, effort: str) -> ApiError:
        root = list(_chain(error))[-1]
        if isinstance(root, ssl.SSLCertVerificationError):
            reason = root.verify_message
            text = f"{self.service} shows a certificate that is not trusted ({reason})."
            fix = RENEW if root.verify_code in OUT_OF_TIME else self.service.trust
            return ApiError(f"{text} {fix} ({call}: {effort})", status=0)
        reason = (isinstance(root, OSError) and root.strerror) or str(root) or type(root).__name__
        text = f"{self.service} gave no answer to {call}: {reason}. {effort} {self.service.reach}"
        return ApiError(text, status=0)

    def _redirected(self, call: str, response: requests.Response) -> ApiError:
        target = urlsplit(response.headers.get("Location", "")).hostname or "another path"
        return ApiError(
            f"{self.service} redirects {call} to {target} ({response.status_code}). Redirects are "
            f"not followed: they would carry the credential along. {self.service.reach}",
            status=response.status_code,
        )


def _pause(method: str, outcome: requests.Response | OSError, tries: int) -> float | None:
    """Seconds until the next try, None when this outcome is final."""
    backoff = 0.5 * 2 ** min(tries - 1, 4)
    more = tries < TRIES
    if isinstance(outcome, OSError):
        again = _may_pass(outcome) and (method in REPEATABLE or _was_not_sent(outcome))
        return backoff if again and more else None
    passing = outcome.status_code in PASSING and method in REPEATABLE and more
    if passing or outcome.status_code == 429:
        return _retry_after(outcome.headers) or backoff
    return None


def _retry_after(headers: Mapping[str, str]) -> float:
    """What `Retry-After` asks for; 0 if nothing. A date counts from the server's own clock."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return 0
    return max(wait.total_seconds(), 0)


def _may_pass(error: OSError) -> bool:
    transport = (
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    trusted = not any(isinstance(e, ssl.SSLCertVerificationError) for e in _chain(error))
    return isinstance(error, transport) and trusted


def _was_not_sent(error: OSError) -> bool:
    """Whether the call certainly never left, so that even a POST may be repeated."""
    unsent = (requests.ConnectTimeout, NewConnectionError)
    return any(isinstance(e, unsent) for e in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the root last.

    Not by `__context__`: that also leads to the error which our caller is just handling.
    """
    yield error
    for source in (error.__cause__, *reversed(error.args)):
        if isinstance(source, BaseException):
            yield from _chain(source)
            return
