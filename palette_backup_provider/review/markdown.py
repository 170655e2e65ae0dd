"""A report as a comment on a forge.

What comes from outside is in code spans and code blocks alone. A forge finds no mention, no issue,
no HTML and no Markdown in these. Lists hold what is told, as a table is cut off on a phone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote

from palette_backup_provider.core.text import plain
from palette_backup_provider.review.changes import Change
from palette_backup_provider.review.judging import CLASSES, Finding
from palette_backup_provider.review.report import Report, Row
from palette_backup_provider.review.wording import parts, shown

MARK = "<!-- palette-backup diff"
"""How the first line begins, by which the next run finds the comment."""
ICONS = {"red": "🟥", "orange": "🟧", "blue": "🟦"}
ACTIONS = {
    "create": "🆕 create",
    "update": "✏️ update",
    "delete": "🗑️ delete",
    "replace": "♻️ replace",
    "import": "📥 import",
    "drift": "👀 changed outside",
    "rotate": "🔁 rotate",
    "other": "❔ other",
}
COMPARED = "Access is compared as text, and nothing is evaluated."
_RUN = re.compile("`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@])")
_ERROR = 4000
_VALUE = 400
_SHORTENED = "Left out, as the comment would be too long: {}."


def markdown(
    reports: Sequence[Report],
    *,
    title: str = "Backup locations",
    link: str = "",
    limit: int = 60000,
) -> str:
    """The comment, in at most `limit` characters where what has to be decided fits into them."""
    sections = [_Section(report, title) for report in reports]
    mark = (
        f"{MARK} stack={quote(','.join(report.stack for report in reports)[:200], safe='/,._')} -->"
    )
    size = _Size(True, *(max(map(len, lists), default=0) for lists in _lists(reports)))
    text = _assembled(mark, sections, link, size)
    while len(text) > limit and (smaller := size.smaller()):
        size = smaller
        text = _assembled(mark, sections, link, size)
    return text


@dataclass(frozen=True)
class _Size:
    """How much of a report is shown."""

    details: bool
    rows: int
    in_full: int
    """Of each class the things to decide that are told in full; of others, the names."""

    def smaller(self) -> "_Size | None":
        """Details go first, then components, and of what has to be decided its explanation."""
        if self.details:
            return replace(self, details=False)
        if self.rows:
            return replace(self, rows=self.rows // 2)
        return replace(self, in_full=self.in_full // 2) if self.in_full > 1 else None


def _lists(reports: Sequence[Report]) -> tuple[list[Sequence[object]], list[Sequence[object]]]:
    return [report.rows for report in reports], [report.findings for report in reports]


def code(text: str) -> str:
    """A text as a code span."""
    text = plain(text)
    fence = "`" * (max((len(run) for run in _RUN.findall(text)), default=0) + 1)
    pad = " " if text[:1] in ("`", " ", "") or text[-1:] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else "` `"


def prose(sentence: str) -> str:
    """A sentence of `wording`, with its names in code spans."""
    return "".join(code(piece) if is_name else piece for is_name, piece in parts(sentence))


def escaped(text: str) -> str:
    """A text as it reads, outside of code."""
    return (
        _SPECIAL.sub(r"\\\1", plain(text)).replace("\\@", "@<!-- -->").replace("\\#", "#<!-- -->")
    )


class _Section:
    """What is shown of one stack."""

    def __init__(self, report: Report, title: str) -> None:
        self.report = report
        self.heading = _heading(report, title)
        self.errors = list(_errors(report))
        self.footer = _footer(report)
        self.details = list(_details(report.rows))


def _assembled(mark: str, sections: Iterable[_Section], link: str, size: _Size) -> str:
    lines = [mark]
    for section in sections:
        findings = _findings(section.report.findings, size.in_full)
        rows = section.report.rows[: size.rows]
        lines += [section.heading, "", *section.errors, *findings, *_rows(rows), section.footer, ""]
        left_out = []
        if size.details and section.details:
            lines += [
                "<details><summary>Every property</summary>",
                "",
                *section.details,
                "</details>",
                "",
            ]
        elif section.details:
            left_out.append("every property")
        if len(section.report.rows) > size.rows:
            left_out.append(f"{len(section.report.rows) - size.rows} components")
        if left_out:
            lines += [_SHORTENED.format(" and ".join(left_out)), ""]
    if link:
        lines += [f"[The whole preview](<{quote(link, safe=':/?#[]@!$&()*+,;=%~')}>)", ""]
    return "\n".join(lines).rstrip() + "\n"


def _heading(report: Report, title: str) -> str:
    decisions = len(report.findings)
    icon = (
        ICONS[min((f.severity for f in report.findings), key=list(ICONS).index)]
        if decisions
        else "✅"
    )
    what = (
        f"{decisions} thing{'s' * (decisions != 1)} to decide" if decisions else "nothing to decide"
    )
    if report.failed:
        icon, what = "❌", f"the preview failed{f'; {what}' if decisions else ''}"
    elif report.quiet:
        what = "nothing changes"
    stack = code(report.stack) if report.stack else "no stack"
    return f"### {icon} {escaped(title)} · {stack} · {what}"


def _errors(report: Report) -> Iterator[str]:
    for diagnostic in (*report.errors, *report.warnings):
        head = "**Error**" if diagnostic.severity == "error" else "**Warning**"
        lines = diagnostic.text[:_ERROR].splitlines()
        if len(lines) > 1:
            yield head
            yield from _block("\n".join(lines), "text")
        else:  # a block would not wrap it
            yield f"{head}: {code(''.join(lines))}"
        yield ""


def _findings(several: Sequence[Finding], in_full: int) -> Iterator[str]:
    for (kind, severity), group in groupby(
        several, key=lambda finding: (finding.kind, finding.severity)
    ):
        listed = list(group)
        head = f"- {ICONS[severity]} **{CLASSES[kind]}**:"
        for finding in listed[:in_full]:
            why = f" ({prose(finding.why)})" if finding.why else ""
            yield f"{head} {code(finding.subject)}, {prose(finding.what)}{why}"
        if rest := listed[in_full:]:
            names = ", ".join(dict.fromkeys(code(finding.subject) for finding in rest))
            yield f"{head} the same of {len(rest)} more: {names}"
    if several:
        yield ""


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        yield from ("**Changes**", "")
    for row in rows:
        action = ACTIONS.get(row.action, ACTIONS["other"])
        short = f": {prose(row.short)}" if row.short else ""
        yield f"- {action} {code(row.name)} {code(row.type)}{short}"
    if rows:
        yield ""


def _footer(report: Report) -> str:
    facts = [f"{report.unchanged} unchanged"]
    if report.in_state_alone:
        facts.append(f"{report.in_state_alone} updated in state or marks alone")
    if report.others:
        listed = ", ".join(f"{code(one.name)} {one.action}" for one in report.others[:10])
        more = f" and {len(report.others) - 10} more" if len(report.others) > 10 else ""
        plural = "s" * (len(report.others) != 1)
        facts.append(f"{len(report.others)} other resource{plural}: {listed}{more}")
    if any(one.kind == "drift" for one in report.findings):
        facts.append("changed outside Pulumi: see above")
    else:
        facts.append(
            "nothing changed outside Pulumi" if report.refreshed else "no refresh looked for drift"
        )
    line = " · ".join(facts)
    if any(one.kind == "widens-access" for one in report.findings):
        proofs = dict.fromkeys(one.proof for one in report.findings if one.proof)
        line += "\n\n" + " ".join([COMPARED, *map(prose, proofs)])
    return line


def _details(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        lines = [line for change in row.changes for line in _diff(row, change)]
        if lines:
            yield from _block("\n".join(lines), "diff")
            yield ""


def _diff(row: Row, change: Change) -> Iterator[str]:
    where = ", outside Pulumi" if change.action == "drift" else ""
    yield f"@@ {plain(row.name)}: {plain(change.urn.token)}{where} @@"
    for difference in change.differences:
        if difference.old is not None:
            yield f"- {plain(difference.path)}: {_cut(difference.old)}"
        if difference.new is not None:
            yield f"+ {plain(difference.path)}: {_cut(difference.new)}"


def _cut(value: object) -> str:
    text = plain(shown(value))
    return text if len(text) <= _VALUE else f"{text[:_VALUE]}…"


def _block(text: str, language: str) -> list[str]:
    lines = [plain(line) for line in text.splitlines()]
    longest = max((len(run) for line in lines for run in _RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
