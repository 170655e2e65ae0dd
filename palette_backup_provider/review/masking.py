"""Ids that a public comment does not show: accounts, tenants, keys, uids."""

import re
from collections.abc import Iterator

from palette_backup_provider.review.preview import Preview

_IDS = {
    "id": r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
    "key": r"\b[A-Z]{4}[A-Z0-9]{16}\b",
    "uid": r"\b[0-9a-f]{24}\b",
    "account": r"(?<![\d-])\d{12}(?!\d)",
    "number": r"\b\d{21}\b",
}
_PLACES = ("__made_under", "project", "project_uid", "subscription_id", "tenant_id", "projectId")
_LEAST = 6
"""Characters of a value that is masked wherever it stands; a shorter one may be a word."""


class Mask:
    """Puts a number in place of each id, the same for the same id."""

    def __init__(self, previews: list[Preview]) -> None:
        places = {value for preview in previews for value in _places(preview)}
        exact = "|".join(map(re.escape, sorted(places, key=len, reverse=True)))
        kinds = [f"(?P<{kind}>{pattern})" for kind, pattern in _IDS.items()]
        own = [rf"(?P<place>(?<![A-Za-z0-9])(?:{exact})(?![A-Za-z0-9]))"] if exact else []
        self._pattern = re.compile("|".join([*own, *kinds]))
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._masked, text)

    def _masked(self, match: re.Match[str]) -> str:
        number = self._numbers.setdefault(match[0], len(self._numbers) + 1)
        return f"{match.lastgroup}-{number}"


def _places(preview: Preview) -> Iterator[str]:
    for step in preview.steps:
        for side in (step.old, step.new):
            for name in _PLACES if side else ():
                value = side.inputs.get(name) if side else None
                if isinstance(value, str) and len(value) >= _LEAST and not value.startswith("["):
                    yield value
