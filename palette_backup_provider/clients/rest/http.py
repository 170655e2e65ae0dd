"""What holds for every REST API we call: certificates, timeouts, repeats, redirects, no answer.

| what happened              | GET, PUT, PATCH, DELETE | POST                    |
|----------------------------|-------------------------|-------------------------|
| 429                        | again within SECONDS    | again within SECONDS    |
| no connection was made     | again, TRIES in all     | again, TRIES in all     |
| connection lost, timeout   | again, TRIES in all     | final: it may have held |
| 502, 503, 504              | again, TRIES in all     | final: it may have held |
| redirect, certificate that is not trusted, anything else | final | final       |
| the answer does not end    | final                   | final: it may have held |

`Retry-After` is honoured where there is one. A wait that would be longer than LONGEST_WAIT, or end
after SECONDS (`clients.rest.deadline`), is not begun. Redirects are not followed, so a credential
meets no other host.
Imports requests, so import it when a client is made, not when the package is.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from palette_backup_provider.clients.rest import deadline, trust
from palette_backup_provider.clients.rest.causes import chain, reason
from palette_backup_provider.clients.rest.deadline import Call, answering
from palette_backup_provider.clients.rest.session import Session, trusted
from palette_backup_provider.clients.rest.sign_in import said
from palette_backup_provider.clients.rest.throttle import Throttle
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.stopping import pause

REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})
PASSING = frozenset({502, 503, 504})
LONGEST_WAIT = 30.0
TRIES = 5


@dataclass(frozen=True)
class Service:
    """A remote API, as its errors speak of it."""

    name: str
    url: str
    """Scheme and host, no path."""
    reach: str
    """What to check when it cannot be reached, as a sentence."""
    trust: str
    """How to give the CA that signed its certificate, as a sentence."""

    def __str__(self) -> str:
        return f"{self.name} at {urlsplit(self.url).netloc.rpartition('@')[2]}"


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
        sleep: Callable[[float], None] = pause,
    ) -> None:
        """`credential` gives the headers that authorise a call."""
        self.service = service
        self._credential, self._throttle = credential, throttle
        self._clock, self._sleep = clock, sleep
        self._session = Session()
        self._session.mount(service.url, adapter)
        self._adapter = adapter

    def send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Raises ApiError with status 0 if there was no answer.

        Bytes are sent as they are, and any other `body` as JSON.
        """
        with answering(f"{method} {path.partition('?')[0]}", self.service.reach) as call:
            return self._send(call, method, path, body, headers)

    def _send(
        self, call: Call, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        started, tries = self._clock(), 0
        while True:
            self._throttle.wait(path)
            tries += 1
            left = max(deadline.SECONDS - (self._clock() - started), 1.0)
            outcome = self._once(method, path, body, headers, left)
            next_try = _next_try(method, outcome, tries)
            spent = self._clock() - started
            if next_try is None or next_try > LONGEST_WAIT or spent + next_try > deadline.SECONDS:
                break
            if not call.lasts(next_try):
                break
            if isinstance(outcome, requests.Response) and outcome.status_code == 429:
                self._throttle.back_off(path, next_try)
            else:
                self._sleep(next_try)
        effort = f"Tried {'once' if tries == 1 else f'{tries} times'} in {spent:.0f} s."
        if isinstance(outcome, OSError):
            raise self._no_answer(f"{method} {path}", outcome, effort)
        if 300 <= outcome.status_code < 400:
            raise self._redirected(f"{method} {path}", outcome)
        return Answer(outcome.status_code, outcome.headers, outcome.content, effort)

    def now(self) -> float:
        """Seconds that have passed since some moment; no clock of the day."""
        return self._clock()

    def rest(self, until: float) -> None:
        """Sleep until that moment, as `now` counts."""
        if (left := until - self._clock()) > 0:
            self._sleep(left)

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
                timeout=(min(deadline.CONNECT_TIMEOUT, left), min(deadline.READ_TIMEOUT, left)),
            )
        except OSError as error:  # all of requests' errors; also a CA bundle that is not there
            return error
        except ValueError:  # requests looks at Location although it is not to follow it
            return requests.exceptions.InvalidHeader("it redirects to what is no address")
        except ProviderError:
            raise
        except Exception as error:  # whatever else a library makes of it
            return requests.exceptions.RequestException(said(error))

    def _authorise(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # As the `auth` of a call, because a call without one takes its password from ~/.netrc.
        request.headers.update(self._credential())
        return request

    def _no_answer(self, call: str, error: OSError, effort: str) -> ApiError:
        root = list(chain(error))[-1]
        if isinstance(root, ssl.SSLCertVerificationError):
            shown = f"a certificate that is not trusted ({root.verify_message})"
            line = f"{self.service} shows {shown} ({call}: {effort.rstrip('.')})."
            fix = trust.advice(root, trusted(self._adapter), self.service.trust)
            return ApiError(f"{line} {fix}", status=0, code=trust.UNTRUSTED)
        why = f"{reason(error)}. {effort} {self.service.reach}"
        text = f"{self.service} gave no answer to {call}: {why}"
        return ApiError(text, status=0)

    def _redirected(self, call: str, response: requests.Response) -> ApiError:
        try:
            target = urlsplit(response.headers.get("Location", "")).hostname or "another path"
        except ValueError:
            target = "another path"
        return ApiError(
            f"{self.service} redirects {call} to {target} ({response.status_code}). Redirects are "
            f"not followed: they would carry the credential along. {self.service.reach}",
            status=response.status_code,
        )


def _next_try(method: str, outcome: requests.Response | OSError, tries: int) -> float | None:
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
    except (KeyError, OverflowError, TypeError, ValueError):
        return 0
    return max(wait.total_seconds(), 0)


def _may_pass(error: OSError) -> bool:
    transport = (
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    trusted = not any(isinstance(e, ssl.SSLCertVerificationError) for e in chain(error))
    return isinstance(error, transport) and trusted


def _was_not_sent(error: OSError) -> bool:
    """Whether the call certainly never left, so that even a POST may be repeated."""
    unsent = (requests.ConnectTimeout, NewConnectionError)
    return any(isinstance(e, unsent) for e in chain(error))
