"""Previews as text that is the same in every run: what a run makes up is numbered."""

import re

RANDOM = {
    "id": r"\b(?:[A-Z]KIA[A-Z0-9]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40})\b"
    r"|\b(?:[0-9a-f]{20,24}|[0-9a-f]{32})\b|\b\d{21}\b",
    "state": r"\b20\d{6}[0-9a-f]{8}\b",
    "hex": r"(?:(?<=[-_])|(?<=\bnightly))[0-9a-f]{10}\b",
    "address": r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?",
}
WHEN = {
    "time": r"\b20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z",
    "day": r"\b(?!2012-10-17)20\d\d-\d\d-\d\d\b",  # that is a version of the language of policies
}
"""Not numbered: two of them are the same or not as the minute ends."""
PEM = re.compile(r"-----BEGIN.*?-----END [A-Z ]+-----(?:\\n)?\s*", re.DOTALL)
STEP = re.compile(r"(?m)^(?=[-+~ ]*(?:pulumi|palette-backup)[\w-]*:\S* ?\S*$)")
END = re.compile(r"(?m)^(?= *--outputs:--$|Resources:$)")
TOLD = re.compile(r"(?m)^(\w[\w-]*: .+\n)\n?")
LEFT_OUT = re.compile(r"(?m)^(?:.*View (?:Live|in Browser).*|Duration: .*|Loading policy .*)\n?")


class Normal:
    """Numbers what is made up, the same thing always by the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {kind: {} for kind in RANDOM}

    def __call__(self, text: str) -> str:
        text = _in_order(LEFT_OUT.sub("", PEM.sub("<certificate>", text)))
        for kind, pattern in RANDOM.items():
            known = self._numbers[kind]
            text = re.sub(
                pattern,
                lambda found: f"<{kind} {known.setdefault(found[0], len(known) + 1)}>",  # noqa: B023
                text,
            )
        for kind, pattern in WHEN.items():
            text = re.sub(pattern, f"<{kind}>", text)
        return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def _in_order(text: str) -> str:
    """The steps by their URNs: the engine tells of those that wait for nothing as they come. What
    resources tell follows."""
    told, text = sorted(TOLD.findall(text)), TOLD.sub("", text)
    end = found.start() if (found := END.search(text)) else len(text)
    head, *steps = STEP.split(text[:end])
    ordered = sorted(steps, key=lambda step: step.partition("[urn=")[2])
    return head + "".join([*ordered, *told]) + text[end:]
