"""Google Cloud under one identity. google-auth is imported when the first call is made."""

import json
import threading
import warnings
from pathlib import Path
from typing import Annotated, Any, Self

from palette_backup_provider.clients.gcp_rest import (
    CREDENTIALS,
    DISABLED,
    SCOPES,
    STORAGE,
    Api,
    Rest,
    Token,
    sdk,
)
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    MissingSetting,
    NotFound,
    ProviderError,
)
from palette_backup_provider.core.model import Model, rule
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

KEYS = ("GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON")
PROJECT = ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")
ACCOUNTS = ".iam.gserviceaccount.com"

ProjectId = Annotated[
    str,
    rule(
        r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]",
        "a project's id has 6 to 30 lower-case letters, digits and hyphens, and begins with a "
        "letter; its name and its number are something else",
    ),
]
Email = Annotated[str, rule(r"[^@\s/]+@[a-z0-9.-]+", "the email of a service account")]


class Identity(Model):
    """Whose credentials to use instead of the process's own, and in which project."""

    impersonate: Email | None = None
    project: ProjectId | None = None


class GcpClient:
    """Google Cloud in one project; shared by all threads."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self._settings, self._identity = settings, identity
        self._lock = threading.RLock()
        self._rest: Rest | None = None
        self._own_project: str | None = None
        self._project: str | None = None

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(settings, Identity())

    def under(self, identity: Identity) -> "GcpClient":
        """The client that acts under `identity`."""
        return GcpClient(self._settings, identity)

    def project(self) -> str:
        """The id of the project to work in; whether there is one is asked once a process."""
        with self._lock:
            if self._project is None:
                self._project = self._existing(self._wanted_project())
            return self._project

    def call(
        self, api: Api, method: str, path: str, body: Any = None, **query: str | list[str]
    ) -> dict[str, Any]:
        """One call; see `Rest.call`."""
        return self._opened().call(api, method, path, body, **query)

    def _wanted_project(self) -> str:
        self._opened()
        wanted = self._identity.project or self._settings.get("gcp:project", *PROJECT)
        if not (wanted := wanted or self._own_project):
            raise MissingSetting(
                "gcp:project is not set, and the credentials name no project. Set it with "
                "`pulumi config set gcp:project` or $GOOGLE_PROJECT."
            )
        return wanted

    def _existing(self, project: str) -> str:
        try:
            self.call(STORAGE, "GET", "/storage/v1/b", project=project, maxResults="1")
        except NotFound as error:
            raise ProviderError(
                f"gcp:project is {project}, and these credentials see no such project. It takes "
                f"the project's id, not its name or number. {error}"
            ) from None
        except ApiError as error:
            if error.status != 403 or error.code in DISABLED:
                raise  # not allowed to list buckets, it may still be allowed all that is needed
        return project

    def _opened(self) -> Rest:
        with self._lock:
            if self._rest is None:
                sdk()
                credentials, self._own_project = _credentials(self._settings)
                if self._identity.impersonate:
                    credentials = _as(self._settings, credentials, self._identity.impersonate)
                self._rest = Rest(self._settings, Token(credentials))
            return self._rest


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


def _credentials(settings: Settings) -> tuple[Any, str | None]:
    """Of `gcp:credentials`, else Application Default Credentials; and the project they name."""
    from google.auth.exceptions import GoogleAuthError

    given = settings.get("gcp:credentials", *KEYS)
    try:
        with warnings.catch_warnings():
            # Advice for configurations from strangers, and about quotas of users' own credentials
            warnings.simplefilter("ignore")
            if given:
                info = _read(given)
                found = sdk().load_credentials_from_dict(info, scopes=SCOPES)
            else:
                found = sdk().default(scopes=SCOPES)
    except (GoogleAuthError, ValueError) as error:
        where = "gcp:credentials" if given else "Application Default Credentials"
        raise ApiError(
            f"{where}: {error} Sign in with `gcloud auth application-default login`, or set "
            "GOOGLE_APPLICATION_CREDENTIALS to the path of a key, or put a key into "
            "`pulumi config set --secret gcp:credentials`.",
            status=0,
        ) from None
    credentials, project = found
    return credentials, project


def _read(given: str) -> dict[str, Any]:
    """Credentials given as JSON, or as the path of a file of it."""
    try:
        text = given if given.lstrip().startswith("{") else Path(given).expanduser().read_text()
        info = json.loads(text)
    except OSError as error:
        raise BadSetting(f"gcp:credentials: the file cannot be read: {error.strerror}.") from None
    except ValueError:
        info = None
    if not isinstance(info, dict):
        raise BadSetting("gcp:credentials is neither JSON nor the path of a file of JSON.")
    for secret in (text, info.get("private_key"), info.get("refresh_token")):
        remember(secret)
    return info


def _as(settings: Settings, source: Any, email: str) -> Any:
    from google.auth import impersonated_credentials

    url = CREDENTIALS.endpoint(settings)
    return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
        source_credentials=source,
        target_principal=email,
        target_scopes=SCOPES,
        delegates=[],
        iam_endpoint_override=f"{url}/v1/projects/-/serviceAccounts/{email}:generateAccessToken",
    )
