"""The own secret of a MinIO user, once it only serves to make access keys.

Before that, Palette and every cluster may have had it. So a secret that was never handed out
replaces it, as in a rotation. State holds both. The deletion of a RetiringSecret sets the new
secret on the server.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, ProviderError, sentence
from palette_backup_provider.core.model import is_existing
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.schedule import deadline, kept_until
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.resources.minio.iam.state import UserState


def retiring_until(want: UserState, before: Mapping[str, Any], now: datetime) -> str:
    """The deadline of the secret that others may know; empty if there is none. A secret that the
    program gives has no deadline, until the program gives another or none.
    """
    if not want.keys_only or want.secret_key is not None or not before or is_existing(before):
        return ""
    if before.get("retiring_until"):
        return kept_until(want, before, now)
    in_palette = not before.get("keys_only") or before.get("secret_key") is not None
    return deadline(want, now) if in_palette else ""


def notice(id: str, have: UserState, want: UserState) -> str | None:
    """The message of an update, if it has consequences for others."""
    begins = want.keys_only and not have.keys_only
    if begins and want.secret_key is not None and want.secret_key == have.secret_access_key:
        return (
            f"{want.logical}: others sign in with access keys of the user {id} from now on. Its "
            f"own secret goes on working, as secret_key gives it: take secret_key out, and it ends "
            f"as well, {want.retire_after} hours later."
        )
    if not want.retires(have):
        return None
    after = f"until {want.retiring_until}" if want.retire_after else "until the next `pulumi up`"
    return (
        f"{want.logical}: others sign in with access keys of the user {id} from now on. Its own "
        f"secret goes on working {after}; the first `pulumi up` after that replaces it."
    )


def sign_in(client: MinioClient, user: str, secret: str) -> None:
    """Sign in as the user. Raises ApiError where the server refuses that."""
    own = client.identity.of(user, secret)
    MinioClient.of(own).sign_in()


def demand(client: MinioClient, user: str, secret: str | None) -> None:
    """Refuse a user who is there already, if that is not the secret."""
    if not secret:
        raise ProviderError(
            "secret_key: is required for an existing user, as MinIO hides it. Set it to the "
            "user's secret."
        )
    try:
        sign_in(client, user, secret)
    except ApiError as error:
        raise ProviderError(
            f"The user that is given does not get in with the secret key given. "
            f"{sentence(str(error))} Correct the user or secret_key."
        ).without(user) from None


def give(client: MinioClient, user: str, secret: str) -> None:
    """Have the user, who is made if there is none, sign in with that secret."""
    remember(secret)
    # sets the secret of one that is there, and enables it: while it was disabled, nobody could
    # try whether it had another
    client.admin("user_add", user, secret)


def known(client: MinioClient, user: str, secret: str, patience: Patience, doing: str) -> bool:
    """Whether the user, who is there and enabled, has that secret."""

    def not_yet(error: BaseException) -> bool:
        return isinstance(error, ApiError) and error.code == "InvalidAccessKeyId"

    try:
        patience.until(lambda: sign_in(client, user, secret), not_yet, doing)
    except ApiError as error:
        if error.code != "SignatureDoesNotMatch":
            raise
        return False
    return True


def refused(client: MinioClient, user: str, secret: str) -> bool:
    """Whether the server is confirmed to have another secret. True of an empty `secret`."""
    return not secret or client.another_secret(user, secret)
