"""The secret that a MinIO user has of its own and that others may know, until its deadline."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.complete import UnknownValue
from palette_backup_provider.core.errors import Blocked, NotFound
from palette_backup_provider.core.markers import CreateOnly, Secret
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.iam.own_secret import refused
from palette_backup_provider.resources.minio.identity import MinioArgs, MinioState, OnServer
from palette_backup_provider.resources.minio.inits import RetiringSecretInit


@documented
@dataclass(kw_only=True)
class RetiringSecretArgs(MinioArgs):
    """The old secret of a `minio.User` with `keys_only`, which declares it by itself.

    Args:
        old_secret_key: The secret to end. Read when this is made.
        secret_key: The secret that the user gets then. Read when this is made.
    """

    old_secret_key: Input[str] | None = None
    secret_key: Input[str] | None = None


class RetiringSecretState(MinioState, RetiredCredential):
    old_secret_key: Annotated[str, Secret(), CreateOnly()] = ""
    secret_key: Annotated[str, Secret(), CreateOnly()] = ""


class InForce:
    """The secrets that the program of this run has users have, by name."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}


class RetiringSecretHandler(OnServer, RetiredCredentialHandler[MinioClient, RetiringSecretState]):
    def derive_from_last_run(
        self, want: RetiringSecretState, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        # the one that is to go is deleted with what it was made with: only the one that replaces
        # it knows that the program went back to the old secret
        with suppress(UnknownValue):  # in a preview
            self.run.once(InForce).secrets[want.noted_id] = want.secret_key
        return super().derive_from_last_run(want, before)

    def _is_back(self, have: RetiringSecretState) -> bool:
        secret = self.run.once(InForce).secrets.get(have.credential_id or "")
        return bool(secret) and secret == have.old_secret_key

    def revoke(self, have: RetiringSecretState, id: str) -> None:
        if self._is_back(have):
            return
        if self.client.admin("user_info", id)["status"] != "enabled":
            raise Blocked(
                f"The user {id} is disabled, so it cannot be tried whether it still has the "
                f"secret to end. Enable it and run again."
            )
        if refused(self.client, id, have.old_secret_key):
            raise NotFound(
                f"The user {id} has another secret by now. Leave it: nothing is to be ended."
            )
        self.client.admin("user_add", id, have.secret_key)

    def end_notice(self, id: str) -> str:
        return f"this run ends the own secret of the user {id}, unless secret_key gives it again"

    def end_message(self, have: RetiringSecretState) -> str:
        if self._is_back(have):
            return (
                f"the user {have.credential_id} has the secret again that was to end, as "
                f"secret_key gives it, and that goes on working"
            )
        return (
            f"the user {have.credential_id} has a new secret of its own; the one that others had "
            f"is dead"
        )


class RetiringSecret(
    RetiringSecretInit, Resource[RetiringSecretArgs], handler=RetiringSecretHandler
):
    """The secret that a user had; deleting this gives the user the next one."""

    credential_id: Output[str | None]
    until: Output[str | None]
