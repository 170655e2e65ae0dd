"""What a `pulumi` command came to."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One finished `pulumi` command."""

    code: int
    text: str

    @property
    def errors(self) -> str:
        """What follows `error:`, on one line each, as a person reads it."""
        found = re.split(r"(?m)^.*?error: ", self.text)[1:]
        return "\n".join(" ".join(part.split()) for part in found)

    @property
    def changes(self) -> dict[str, int]:
        """The counts of the summary: created, updated, replaced, deleted, unchanged."""
        return {word: int(n) for n, word in _COUNTS.findall(self.text)}


_COUNTS = re.compile(r"(\d+) (?:to )?(created?|updated?|replaced?|deleted?|unchanged)(?! resource)")
