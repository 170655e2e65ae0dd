"""Locations: what is asked before Palette gets a credential, and how their storage is reached."""

from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Guards, Rules, at, flag
from palette_backup_provider.review.wording import shown


def _guards(props: Props) -> Guards:
    plain = shown(at(props, "storage.url") or "").startswith("http:")
    return {
        "trial of the credential": flag(props.get("probe"), default=True),
        "Palette's own trial of the credential": flag(props.get("palette_validate"), default=True),
        "TLS to the storage": flag(not plain),
    }


RULES = {"palette:BackupLocation": Rules(guards=_guards)}
