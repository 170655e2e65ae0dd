"""As whom a session of botocore acts: a key, a token of an identity provider, and roles.

botocore assumes a role again before its credentials expire.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from palette_backup_provider.clients.aws import settings as aws_settings
from palette_backup_provider.clients.aws.assumed import Role, WebRole
from palette_backup_provider.clients.aws.setup import Setup
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.secrets import remember

METADATA = "iam-role"
"""botocore's name of what asks the EC2 metadata service."""


def sign_in(core: Any, setup: Setup, region: str) -> None:
    """Have `core` act as `setup` says; what it does not say is found by botocore."""
    if not setup.metadata:
        core.get_component("credential_provider").remove(METADATA)
    if setup.keys:
        keys = setup.keys
        remember([keys.secret_key, keys.token])
        core.set_credentials(keys.access_key, keys.secret_key, keys.token)

    def client(service: str, **how: Any) -> Any:
        where = setup.sts_region or region
        return core.create_client(service, **{"region_name": where, **how})

    if setup.web:
        core._credentials = _with_token(client, setup.web)
    for role in setup.roles:
        core._credentials = _assumed(client, core.get_credentials(), role)


def _assumed(client: Callable[..., Any], source: Any, role: Role) -> Any:
    from botocore.credentials import AssumeRoleCredentialFetcher
    from botocore.exceptions import NoCredentialsError

    if source is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        client, source, role.role_arn, extra_args=role.arguments()
    )
    return _refreshed("assume-role", fetcher)


def _with_token(client: Callable[..., Any], role: WebRole) -> Any:
    from botocore.credentials import AssumeRoleWithWebIdentityCredentialFetcher

    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(
        client, lambda: _token(role), role.role_arn, extra_args=role.arguments()
    )
    return _refreshed("assume-role-with-web-identity", fetcher)


def _refreshed(method: str, fetcher: Any) -> Any:
    from botocore.credentials import DeferredRefreshableCredentials

    return DeferredRefreshableCredentials(method=method, refresh_using=fetcher.fetch_credentials)


def _token(role: WebRole) -> str:
    """The token, read anew each time: who issues it replaces the file."""
    try:
        path = Path(role.web_identity_token_file or "").expanduser()
        token = role.web_identity_token or path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadSetting(
            f"{aws_settings.WEB_IDENTITY.name}: webIdentityTokenFile: "
            f"{role.web_identity_token_file} cannot be read: {reason}. Correct the path."
        ) from None
    remember(token)
    return token
