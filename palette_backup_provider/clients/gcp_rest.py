"""Google Cloud's REST APIs: where they are, how a call is signed, and what their errors mean.

The endpoints can be set where Google's own Terraform and Pulumi providers have them set; of such a
setting only scheme and host count. Google's quotas for IAM writes (600 a minute) are met by the
pace that `clients.throttle` keeps.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from palette_backup_provider.core.errors import ApiError, BadSetting, MissingExtra, NotFound
from palette_backup_provider.core.secrets import excerpt
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Answer, Http

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
DISABLED = ("SERVICE_DISABLED", "accessNotConfigured")
"""How an API says that the project has not enabled it; Cloud Storage has a word of its own."""
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Api:
    """One of Google's APIs, and the setting that moves it."""

    name: str
    url: str
    setting: str
    variable: str

    def endpoint(self, settings: Settings) -> str:
        """Scheme and host of the API."""
        value = settings.get(self.setting, self.variable) or self.url
        url = urlsplit(value)
        if not (url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)):
            raise BadSetting(
                f"{self.setting} is {value!r}; it takes an address that begins with https://."
            )
        return f"{url.scheme}://{url.netloc}"


STORAGE = Api(
    "Google Cloud Storage",
    "https://storage.googleapis.com",
    "gcp:storageCustomEndpoint",
    "GOOGLE_STORAGE_CUSTOM_ENDPOINT",
)
IAM = Api(
    "Google Cloud IAM",
    "https://iam.googleapis.com",
    "gcp:iamCustomEndpoint",
    "GOOGLE_IAM_CUSTOM_ENDPOINT",
)
PROJECTS = Api(
    "Google Cloud Resource Manager",
    "https://cloudresourcemanager.googleapis.com",
    "gcp:resourceManagerCustomEndpoint",
    "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT",
)
CREDENTIALS = Api(
    "Google Cloud IAM Credentials",
    "https://iamcredentials.googleapis.com",
    "gcp:iamCredentialsCustomEndpoint",
    "GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT",
)


class Token:
    """The headers that authorise a call; the access token in them is renewed before it expires."""

    def __init__(self, credentials: Any) -> None:
        from google.auth.transport.requests import Request

        from palette_backup_provider.clients.http import READ_TIMEOUT

        self._credentials = credentials
        self._request = partial(Request(), timeout=READ_TIMEOUT)  # theirs is two minutes
        self._lock = threading.Lock()

    def __call__(self) -> Mapping[str, str]:
        from google.auth.exceptions import GoogleAuthError

        headers: dict[str, str] = {}
        with self._lock:
            try:
                if not self._credentials.valid:
                    self._credentials.refresh(self._request)
            except GoogleAuthError as error:
                raise _not_signed_in(error) from None
            self._credentials.apply(headers)
        return headers


class Rest:
    """Calls with one credential; used by several threads at once."""

    def __init__(self, settings: Settings, credential: Callable[[], Mapping[str, str]]) -> None:
        self._settings, self._credential = settings, credential
        self._https: dict[Api, Http] = {}
        self._lock = threading.Lock()

    def call(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> dict[str, Any]:
        """The JSON of the answer. Raises NotFound where Google says that the object is absent."""
        answer = self.send(api, method, path, body, **query)
        try:
            found: dict[str, Any] = json.loads(answer.body or b"{}")
        except ValueError:
            text = f"{api.name} answered {method} {path} without JSON: {excerpt(answer.text)}"
            raise ApiError(text, status=0) from None
        return found

    def send(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> "Answer":
        """The answer as it came, if it is none that refuses."""
        whole = f"{path}?{urlencode(query, doseq=True)}" if query else path
        answer = self._http(api).send(method, whole, body, {})
        if answer.status >= 400:
            raise refused(f"{method} {path}", answer)
        return answer

    def _http(self, api: Api) -> "Http":
        from palette_backup_provider.clients.http import Adapter, Http, Service
        from palette_backup_provider.clients.throttle import Throttle

        with self._lock:
            if api not in self._https:
                reach = f"Check the network and, if it is set, {api.setting}."
                trust = "If a proxy signs with its own CA, set REQUESTS_CA_BUNDLE."
                service = Service(api.name, api.endpoint(self._settings), reach, trust)
                self._https[api] = Http(service, self._credential, Throttle(), Adapter())
            return self._https[api]


def sdk() -> Any:
    """google.auth, or how to install it."""
    try:
        import google.auth
    except ModuleNotFoundError:
        raise MissingExtra("gcp", "google-auth") from None
    return google.auth


def refused(call: str, answer: "Answer") -> ApiError:
    """Google's error as ours; `code` is its reason, else its status, as FAILED_PRECONDITION."""
    try:
        problem = json.loads(answer.body)["error"]
        code = _reason(problem) or problem.get("status", "")
        message = problem["message"]
    except (ValueError, LookupError, TypeError, AttributeError):
        text = f"Google answered {call} with {answer.status}: {excerpt(answer.text)}"
        return ApiError(f"{text} {answer.effort}", status=answer.status)
    violations = [
        violation.get("type", "")
        for detail in problem.get("details", [])
        for violation in detail.get("violations", [])
    ]
    also = f" ({', '.join(violations)})" if violations else ""
    kind = NotFound if answer.status == 404 else ApiError
    text = f"Google refused {call} ({answer.status} {code}): {message}{also}"
    return kind(text, status=answer.status, code=code)


def _reason(problem: Mapping[str, Any]) -> str:
    infos = [one for one in problem.get("details") or [] if one.get("@type") == ERROR_INFO]
    reasons = (str(one.get("reason", "")) for one in [*infos, *(problem.get("errors") or [])])
    return next(filter(None, reasons), "")


def _not_signed_in(error: Any) -> ApiError:
    """google-auth's error as ours. A token endpoint says `invalid_grant` to what it knows not."""
    told = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code = str(told.get("error", "")) if isinstance(told.get("error"), str) else ""
    text = str(error.args[0]) if error.args else type(error).__name__
    if "reasonable timeframe" in text:
        return ApiError(f"Google refused to sign in: {text} The clock is wrong.", status=400)
    status = 0 if type(error).__name__ == "TransportError" else 401
    return ApiError(f"Google refused to sign in: {excerpt(text)}", status=status, code=code)
