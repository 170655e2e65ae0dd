"""Google Cloud under one identity. google-auth is imported when the first call is made."""

import json
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from palette_backup_provider.clients.gcp import settings as gcp_settings
from palette_backup_provider.clients.gcp.access import Access
from palette_backup_provider.clients.gcp.identity import Identity
from palette_backup_provider.clients.gcp.rest import (
    CREDENTIALS,
    DISABLED,
    PROJECTS,
    STORAGE,
    WAYS,
    Api,
    Rest,
    Token,
    sdk,
    transport,
)
from palette_backup_provider.clients.rest.sign_in import SignIn, said
from palette_backup_provider.clients.rest.single_flight import SingleFlight
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    MissingSetting,
    NotFound,
    ProviderError,
    sentence,
)
from palette_backup_provider.core.secrets import excerpt, remember
from palette_backup_provider.core.settings import Settings

ACCOUNTS = ".iam.gserviceaccount.com"


class GcpClient:
    """Google Cloud in one project; shared by all threads."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self._settings, self._identity = settings, identity
        self._access = Access.read(settings)
        self._rest: Rest | None = None
        self._sign_in = SignIn("Google sign-in", WAYS, self._unfit, "gcp.sign-in")
        self._own_project: str | None = None
        self._project = SingleFlight[str]()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        client = cls(settings, Identity())
        gcp_settings.NAMESPACE.validate(settings)
        return client

    def under(self, identity: Identity) -> "GcpClient":
        """The client that acts under `identity`."""
        return GcpClient(self._settings, identity)

    def project(self) -> str:
        """The id of the project to work in; whether there is one is asked once a process."""
        return self._project.get("", lambda: self._existing(self._wanted_project()))

    def call(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> dict[str, Any]:
        """One call; see `Rest.call`."""
        try:
            answer: dict[str, Any] = self._opened().call(api, method, path, body, **query)
        except ApiError as error:
            if error.status == 401 and self._access.token:
                error = ApiError(
                    f"{sentence(str(error))} {gcp_settings.ACCESS_TOKEN.name} may have expired, "
                    f"and nothing renews it. Give a new one.",
                    status=401,
                    code=error.code,
                )
            denied = error.status == 403 and error.code not in DISABLED
            raise error.see_cloud("gcp", unknown=error.status == 401, denied=denied) from None
        return answer

    def _wanted_project(self) -> str:
        self._opened()
        if not (project := self._named_project()):
            raise MissingSetting(
                "gcp:project is not set, and the credentials name no project. Set it with "
                "`pulumi config set gcp:project` or $GOOGLE_PROJECT."
            )
        return self._id_of(project) if project.isdecimal() else project

    def _named_project(self) -> str | None:
        named = self._settings.get(*gcp_settings.PROJECT.places)
        return self._identity.project or named or self._own_project

    def _id_of(self, number: str) -> str:
        """The id of the project with that number, which names of accounts are made of."""
        try:
            return str(self.call(PROJECTS, "GET", f"/v1/projects/{number}")["projectId"])
        except ApiError as error:
            if error.unclear or error.status == 401:
                raise
            raise ProviderError(
                f"gcp:project is the number {number}, and its id could not be looked up. "
                f"{sentence(str(error))} Set gcp:project (or ${gcp_settings.PROJECT.variables[0]}) "
                "to the id."
            ) from None

    def _existing(self, project: str) -> str:
        try:
            self.call(STORAGE, "GET", "/storage/v1/b", project=project, maxResults="1")
        except NotFound as error:
            raise ProviderError(
                f"gcp:project is {project}, and these credentials see no such project. "
                f"{sentence(str(error))} It takes the project's id or number, not its name."
            ) from None
        except ApiError as error:
            if error.status != 403 or error.code in DISABLED:
                raise  # not allowed to list buckets, it may still be allowed all that is needed
        return project

    def _opened(self) -> Rest:
        sdk()  # importing it takes time of its own
        if self._rest is None:
            self._rest = self._sign_in(lambda: self._rest or self._open())
        return self._rest

    def _open(self) -> Rest:
        credentials, self._own_project = _credentials(self._access)
        if email := self._access.impersonate:
            credentials = self._as(credentials, email, self._access.delegates)
        if email := self._identity.impersonate:
            credentials = self._as(credentials, email)
        return Rest(self._settings, self._authorising(Token(credentials, WAYS, "gcp.sign-in")))

    def _authorising(self, token: Token) -> Callable[[], Mapping[str, str]]:
        """What stands with every call."""
        with_it = self._access.headers(self._named_project())
        return lambda: {**token(), **with_it}

    def _as(self, source: Any, email: str, delegates: Iterable[str] = ()) -> Any:
        from google.auth import impersonated_credentials

        url = CREDENTIALS.endpoint(self._settings)
        path = f"/v1/projects/-/serviceAccounts/{email}:generateAccessToken"
        return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
            source_credentials=source,
            target_principal=email,
            target_scopes=list(self._access.scopes),
            delegates=[f"projects/-/serviceAccounts/{each}" for each in delegates],
            iam_endpoint_override=f"{url}{path}",
        )

    def _unfit(self, error: Exception, program: str) -> ApiError:
        """What is wrong with credentials, in words of ours."""
        from google.auth.exceptions import GoogleAuthError

        after = f", after they ran {program}" if program else ""
        theirs = isinstance(error, (GoogleAuthError, ValueError))
        problem = sentence(excerpt(str(error))) if theirs else said(error)
        return ApiError(f"{self._access.where}{after}: {problem} {WAYS}", status=0)


def project_of(email: str) -> str:
    """The project of the service account with that email; `-` where the email does not tell."""
    domain = email.rpartition("@")[2]
    if not domain.endswith(ACCOUNTS):
        return "-"
    name, _, organisation = domain.removesuffix(ACCOUNTS).partition(".")
    return f"{organisation}:{name}" if organisation else name


def email_of(account_id: str, project: str) -> str:
    """The email that the service account `account_id` of `project` has, or will have."""
    organisation, _, name = project.rpartition(":")
    domain = f"{name}.{organisation}" if organisation else name
    return f"{account_id}@{domain}{ACCOUNTS}"


def _credentials(access: Access) -> tuple[Any, str | None]:
    """Those that are set, else Application Default Credentials; and the project they name."""
    scopes = list(access.scopes)
    if access.token:
        from google.oauth2.credentials import Credentials

        remember(access.token)
        return Credentials(access.token), None  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        # Advice for configurations from strangers, and about quotas of users' own credentials
        warnings.simplefilter("ignore")
        if access.credentials:
            loaded = sdk().load_credentials_from_dict(_read(access.credentials), scopes=scopes)
        else:
            _remember_file()
            loaded = sdk().default(scopes=scopes, request=transport())
    credentials, project = loaded
    return credentials, project


def _read(key_or_path: str) -> dict[str, Any]:
    """Credentials given as JSON, or as the path of a file of it."""
    try:
        text = (
            key_or_path
            if key_or_path.lstrip().startswith("{")
            else Path(key_or_path).expanduser().read_text()
        )
        info = json.loads(text)
    except OSError as error:
        raise BadSetting(
            f"gcp:credentials: the file cannot be read: {error.strerror}. Correct its path."
        ) from None
    except ValueError:
        info = None
    if not isinstance(info, dict):
        raise BadSetting(
            "gcp:credentials is neither JSON nor the path of a file of JSON. Give either, as "
            "Google gave it."
        )
    remember(info)
    return info


def _remember_file() -> None:
    """The secrets in the file of Application Default Credentials, which google-auth reads."""
    from google.auth import _cloud_sdk

    usual: Callable[[], str] = _cloud_sdk.get_application_default_credentials_path
    path = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS") or usual()
    with suppress(OSError, ValueError):
        remember(Path(path).read_text())
