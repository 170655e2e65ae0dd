"""Google Cloud's REST APIs: where they are, and how a call is signed.

The endpoints can be set where Google's own Terraform and Pulumi providers have them set; of such a
setting only scheme and host count. Google's quotas for IAM writes (600 a minute) are met by the
pace that `clients.throttle` keeps.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from palette_backup_provider.clients.gcp import settings as gcp_settings
from palette_backup_provider.clients.gcp.errors import (
    SIGNED_BY_A_PROXY,
    not_signed_in,
    to_api_error,
)
from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.clients.rest.sign_in import SignIn
from palette_backup_provider.core.errors import (
    BadSetting,
)
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.packages import package
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer, Http

DISABLED = ("SERVICE_DISABLED", "accessNotConfigured")
"""How an API says that the project has not enabled it; Cloud Storage has a word of its own."""
WAYS = (
    "Sign in with `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS "
    "to the path of a key, or put a key into `pulumi config set --secret gcp:credentials`."
)
"""How to sign in."""
SENT = frozenset({"assertion", "refresh_token", "client_secret", "subject_token", "actor_token"})
"""What is secret in the form that is sent to sign in."""


@dataclass(frozen=True)
class Api:
    """One of Google's APIs, and the setting that moves it."""

    name: str
    url: str
    setting: Key

    def endpoint(self, settings: Settings) -> str:
        """Scheme and host of the API."""
        value = settings.get(*self.setting.places) or self.url
        try:
            url = urlsplit(value)
            host = url.hostname or ""
        except ValueError:
            host = ""
        if not host or not (url.scheme == "https" or (url.scheme == "http" and this_machine(host))):
            raise BadSetting(
                f"{self.setting.name} is {value!r}. It takes an address that begins with https://."
            )
        return f"{url.scheme}://{url.netloc}"


STORAGE = Api(
    "Google Cloud Storage",
    "https://storage.googleapis.com",
    gcp_settings.STORAGE_ENDPOINT,
)
IAM = Api(
    "Google Cloud IAM",
    "https://iam.googleapis.com",
    gcp_settings.IAM_ENDPOINT,
)
PROJECTS = Api(
    "Google Cloud Resource Manager",
    "https://cloudresourcemanager.googleapis.com",
    gcp_settings.PROJECTS_ENDPOINT,
)
CREDENTIALS = Api(
    "Google Cloud IAM Credentials",
    "https://iamcredentials.googleapis.com",
    gcp_settings.CREDENTIALS_ENDPOINT,
)


def transport() -> Any:
    """How google-auth makes its calls."""
    from google.auth.transport.requests import Request

    from palette_backup_provider.clients.rest.session import Session

    class Transport(Request):
        def __call__(self, *args: Any, **options: Any) -> Any:
            options = {"timeout": deadline.READ_TIMEOUT, **options}  # theirs is two minutes
            return super().__call__(*args, **options)  # type: ignore[no-untyped-call]

    return Transport(Session())


class Token:
    """The headers that authorise a call; the access token in them is renewed before it expires."""

    def __init__(self, credentials: Any, advice: str = "", check: str = "") -> None:
        """`advice` says how else to sign in, `check` is the check of doctor about it."""
        self._credentials = credentials
        self._send = transport()
        self._sign_in = SignIn(
            "Google sign-in",
            advice,
            lambda error, program: not_signed_in(error, program, advice),
            check,
        )

    def __call__(self) -> Mapping[str, str]:
        headers: dict[str, str] = {}
        if not self._credentials.valid:
            self._sign_in(self._renew)
        self._credentials.apply(headers)
        return headers

    def _renew(self) -> None:
        if not self._credentials.valid:  # another thread may have renewed it meanwhile
            self._credentials.refresh(self._request)
        remember(self._credentials.token)

    def _request(self, url: str, **how: Any) -> Any:
        """A call that signs in: what it sends is a secret, which an answer may echo."""
        body, headers = how.get("body") or b"", how.get("headers") or {}
        sent = parse_qs(body.decode() if isinstance(body, bytes) else str(body))
        remember([value for name, value in sent.items() if name in SENT])
        remember([v.rpartition(" ")[2] for k, v in headers.items() if k.lower() == "authorization"])
        return self._send(url, **how)


class Rest:
    """Calls with one credential; used by several threads at once."""

    def __init__(self, settings: Settings, credential: Callable[[], Mapping[str, str]]) -> None:
        self._settings, self._credential = settings, credential
        self._https: dict[Api, Http] = {}
        self._lock = threading.Lock()

    def call(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> Any:
        """The JSON of the answer, None if it is empty; `gcp_answers` says what is read of it.

        Raises NotFound where Google says that the object is absent.
        """
        from palette_backup_provider.clients.gcp.answers import ROUTES

        answer = self.send(api, method, path, body, **query)
        return ROUTES.read(api.name, method, path, answer.body)

    def send(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> "Answer":
        """The answer as it came, unless it refuses."""
        whole = f"{path}?{urlencode(query, doseq=True)}" if query else path
        answer = self._http(api).send(method, whole, body, {})
        if answer.status >= 400:
            raise to_api_error(f"{method} {path}", answer)
        return answer

    def _http(self, api: Api) -> "Http":
        from palette_backup_provider.clients.rest.http import Http, Service
        from palette_backup_provider.clients.rest.session import Adapter
        from palette_backup_provider.clients.rest.throttle import Throttle

        with self._lock:
            if api not in self._https:
                reach = f"Check the network and, if it is set, {api.setting.name}."
                endpoint = api.endpoint(self._settings)
                service = Service(api.name, endpoint, reach, SIGNED_BY_A_PROXY)
                self._https[api] = Http(service, self._credential, Throttle(), Adapter())
            return self._https[api]


def sdk() -> Any:
    """google.auth, or how to install it."""
    return package("google.auth", "google-auth", "gcp", "requests.sessions", "urllib3.connection")
