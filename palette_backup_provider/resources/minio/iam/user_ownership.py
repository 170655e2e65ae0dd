"""Whether this stack may reclaim or delete a user on MinIO.

An interrupted run may leave a user that state does not know, whose secret is lost. The next run
resets the secret, if this resource made the user and nobody gave it anything.
"""

from typing import Any

from palette_backup_provider.core.errors import NotOwned
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.ownership import PLAIN, demand_ours, tell_reclaimed
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.minio.iam import user_mark
from palette_backup_provider.resources.minio.iam.own_secret import known
from palette_backup_provider.resources.minio.iam.state import UserState
from palette_backup_provider.resources.minio.iam.user_keys import OPEN, described
from palette_backup_provider.resources.minio.iam.user_policies import attached_policies
from palette_backup_provider.resources.minio.mark import made_up_for


def reclaim(handler: AnyHandler, want: UserState, user: dict[str, Any]) -> None:
    """Demand that an interrupted run of this resource made the user. Its lost secret is reset."""
    mark, what = user_mark.mark_of(user), f"the user {want.name}"
    way_out = (
        f"{handler.use_existing(want, want.name)} Give its secret_key, too. Or choose another name."
    )
    if mark:
        demand_ours(handler, want, mark, what, way_out)
    elif not made_up_for(want, want.name):
        raise NotOwned(
            f"The user {want.name} exists already, and to make it would reset its secret. {way_out}"
        )
    if others := of_others(handler, want, user, reclaimed=bool(mark) or handler.reclaims_in_use):
        raise NotOwned(
            f"The user {want.name} exists already and has {', '.join(others)}, so it is in "
            f"use. {way_out}"
        )
    tell_reclaimed(handler, want, mark, what)
    announce(f"{want.logical}: the secret of {what} is reset, as it was lost")


def of_others(
    handler: AnyHandler, state: UserState, user: dict[str, Any], *, reclaimed: bool = True
) -> list[str]:
    """The policies, groups and keys that others gave the user. If it is not `reclaimed`, that is
    all it has."""
    own, marks = state.policies if reclaimed else [], user_mark.groups(user)
    return [
        *(f"the policy {name}" for name in attached_policies(user) if name not in own),
        *(f"the group {name}" for name in user.get("memberOf") or [] if name not in marks),
        *(f"the access key {id}" for id in keys_of_others(handler, state)),
    ]


def keys_of_others(handler: AnyHandler, state: UserState) -> list[str]:
    """The access keys of the user that this state did not make."""
    descriptions = described(handler.client, state.name).items()
    return [
        id for id, text in descriptions if not _made_here(handler, state, text.removeprefix(OPEN))
    ]


def _made_here(handler: AnyHandler, state: UserState, mark: str) -> bool:
    """Whether this state, or the one that was lost, made the access key of that mark."""
    lost = PLAIN.stack(PLAIN.parse(mark).owner) == state.stack
    return PLAIN.same_state(state, mark) or (handler.reclaims_in_use and lost)


def demand_own_secret(
    handler: AnyHandler, id: str, have: UserState, user: dict[str, Any], patience: Patience
) -> None:
    """Demand that a user without a mark has the secret in state, which nobody else knows."""
    if user["status"] != "enabled":
        raise NotOwned(
            f"The user {id} is disabled and bears no mark, so it cannot be tried whether it is "
            f"still the one made here. Enable it and run again; or `pulumi state delete` "
            f"forgets it."
        )
    secrets = filter(None, (have.secret_access_key, have.old_secret_key))
    doing = f"{have.logical}: waiting for {handler.client.identity.url} to know the user {id}"
    if not any(known(handler.client, id, secret, patience, doing) for secret in secrets):
        raise NotOwned(
            f"The user {id} bears no mark and has another secret than this state's, so it may "
            f"be somebody else's by now and is not deleted. If it is this stack's, run "
            f"`pulumi up --refresh` first; if not, `pulumi state delete` forgets it."
        )
