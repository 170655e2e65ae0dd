"""What is asked of a cloud: the same questions of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.namespace import Key, Namespace
from palette_backup_provider.core.permissions import EXAMPLE, Permissions
from palette_backup_provider.core.run import Run
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Check, Finding, fault, good, skipped, warning
from palette_backup_provider.doctor.permissions import line, name_to_ask_about
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.resources.palette.storage.base import Storage

ASKED_BY_NAME = (
    "A policy may allow certain names only: it is asked about the name of the stack's bucket, else "
    f"about {EXAMPLE}."
)


@dataclass(frozen=True)
class Cloud:
    """One cloud, as checks ask it."""

    word: str
    name: str
    namespace: Namespace
    sdk: Callable[[], Any]
    """Imports what its extra installs."""
    module: str
    """A module that the extra installs."""
    client: Any
    who: Callable[[Any], str]
    """Signs in, and says as whom."""
    keys: tuple[Key, ...]
    """The settings that sign in, the first that is set counts."""
    sign_in: str
    """How to sign in, without a full stop."""
    realms: dict[str, Callable[[Any], str]]
    """The account or project that resources are made in, by `Handler.realm`."""
    permissions: Callable[[Any, str], Permissions]
    """Which of the needed permissions the credentials have, asked about objects of a name."""
    tells: str
    """What tells permissions, and what it does not tell, as sentences."""
    storage: type[Storage]
    """Palette's kind of storage on it."""
    skew: int
    """Minutes that a clock may be off before the cloud refuses what it signs."""
    unfit: Callable[[Run, Any], Iterable[str] | None]
    """Why such a storage is unfit for Velero; None where it is another's store."""


def extra(cloud: Cloud, case: Case) -> Finding:
    cloud.sdk()
    return good(f"the extra [{cloud.word}] is installed")


def settings(cloud: Cloud, case: Case) -> Finding:
    ignored = cloud.namespace.ignored(case.settings)
    if ignored:
        return warning(f"without effect here: {ignored}")
    return good("nothing is set that has no effect here")


def sign_in(cloud: Cloud, case: Case) -> Finding:
    who = cloud.who(case.run.client(cloud.client))
    origin = next(filter(None, map(case.origin, cloud.keys)), "what the machine holds")
    return good(f"{who}; from {origin}")


def account(cloud: Cloud, case: Case) -> Finding:
    client, agreed = case.run.client(cloud.client), []
    for realm, expected in _made_in(cloud, case):
        actual = cloud.realms[realm](client)
        if actual != expected:
            return fault(f"the stack is in {realm} {expected}, and these credentials in {actual}")
        agreed.append(f"{realm} {actual}")
    return good(", ".join(agreed)) if agreed else skipped("no resource of the stack expects one")


def permissions(cloud: Cloud, case: Case) -> Finding:
    client, name = case.run.client(cloud.client), name_to_ask_about(case, cloud.word)
    try:
        return line(cloud.permissions(client, name))
    except ApiError as error:
        return warning(f"they cannot be told: {error}")


def _made_in(cloud: Cloud, case: Case) -> list[tuple[str, str]]:
    """Realm and its name of each resource of the stack that is made by these credentials."""
    own = [each for each in case.resources(cloud.word) if not each.props.get("identity")]
    realms = [
        (handler_of(resource.token).realm, str(resource.props.get("__made_under") or ""))
        for resource in own
    ]
    return sorted({(realm, name) for realm, name in realms if name})


def checks_of(cloud: Cloud) -> tuple[Check, ...]:
    """The questions to one cloud."""
    word = cloud.word
    return (
        Check(
            f"{word}.extra",
            f"Is installed what calls {cloud.name}?",
            "The package was installed without the extra of this cloud.",
            f"pip install 'palette-backup-provider[{word}]'",
            partial(extra, cloud),
        ),
        Check(
            f"{word}.settings",
            f"Does every setting in `{cloud.namespace.word}:` have an effect?",
            "A setting of Pulumi's own package means nothing for what is made here, or is "
            "misspelt.",
            "correct it or remove it: docs/settings.md has all",
            partial(settings, cloud),
            needs=("machine.stack",),
        ),
        Check(
            f"{word}.sign-in",
            f"Do the credentials sign in to {cloud.name}, and as whom?",
            "Nobody is signed in, a key is wrong or expired, or a setting points elsewhere.",
            cloud.sign_in,
            partial(sign_in, cloud),
            needs=("machine.stack", f"{word}.extra"),
        ),
        Check(
            f"{word}.account",
            "Do the credentials belong to where the stack's resources are?",
            "The credentials belong to another account, project, subscription or server than "
            "the one that the stack was made in. There, everything would seem to be gone.",
            "sign in to where the stack is, or select the stack of this account",
            partial(account, cloud),
            needs=(f"{word}.sign-in",),
        ),
        Check(
            f"{word}.permissions",
            f"Do the credentials have the permissions of docs/permissions for {cloud.name}?",
            "The operator was given fewer, or an organisation or boundary takes some away. "
            f"{cloud.tells}",
            "give the operator what docs/permissions lists",
            partial(permissions, cloud),
            needs=(f"{word}.sign-in",),
        ),
    )
