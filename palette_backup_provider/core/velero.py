"""Why Velero cannot use an existing bucket, or would lose backups in it, in the same words on every
cloud.

Velero takes the whole bucket for its own. It marks one with foreign folders as invalid, rewrites
what it wrote, and cannot restore backups that expire or move to an archive behind its back.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

FOLDERS = ("backups/", "kopia/", "metadata/", "plugins/", "restic/", "restores/")
"""Velero's own, at the top of the bucket."""
NAMED = 5
PROBE_PREFIX = "palette-backup-probe-"
"""The prefix of the objects that our trial of a credential writes. They never count as contents.

It has no slash: Velero marks a bucket with a foreign folder as invalid.
"""


def foreign(what: str, folders: Iterable[str]) -> Iterator[str]:
    """What is wrong if `folders`, those at the top of `what`, are not Velero's alone."""
    others = list(islice((folder for folder in folders if folder not in FOLDERS), NAMED + 1))
    if others:
        etc = " and others" if len(others) > NAMED else ""
        yield (
            f"{what} has folders that are not Velero's: {', '.join(others[:NAMED])}{etc}. Velero "
            f"takes such a bucket for somebody else's and makes no backups in it. Use a bucket for "
            f"backups alone."
        )


def locked(what: str, how: str, fix: str) -> str:
    """What is wrong if every new object of `what` is locked against rewriting."""
    return (
        f"{what} {how}. Velero rewrites the metadata of its backups and deletes them when they "
        f"expire: with that, backups fail, or leave versions that stay and are paid for. {fix}"
    )


def expires(rule: str) -> str:
    """What is wrong with a rule that deletes by age."""
    return (
        f"{rule} deletes objects by age. Parts of backups would go while Velero still lists them, "
        f"and restores would fail. Let Velero expire backups."
    )


def archives(rule: str, into: Iterable[str]) -> str:
    """What is wrong with a rule that moves objects to where they cannot be read at once."""
    return (
        f"{rule} moves objects to {' and '.join(sorted(into))}. Velero cannot read them there, so "
        f"restores would fail. Move nothing of Velero's to an archive."
    )


def refuses(what: str, policy: str, demand: str, fix: str) -> str:
    """What is wrong where a policy of the owner refuses what Velero sends."""
    return f"{policy} of {what} refuses what Velero sends: {demand}. Backups would fail. {fix}"


def touched(prefix: str) -> bool:
    """Whether what begins with `prefix` may be Velero's."""
    return any(prefix.startswith(folder) or folder.startswith(prefix) for folder in FOLDERS)
