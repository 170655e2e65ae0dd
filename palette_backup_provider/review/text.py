"""A report for a terminal."""

from collections.abc import Iterator, Sequence

from palette_backup_provider.core.text import plain
from palette_backup_provider.review.judging import CLASSES
from palette_backup_provider.review.report import Report, Row
from palette_backup_provider.review.wording import bare

SIGNS = {"red": "!!", "orange": "! ", "blue": "i "}


def text(reports: Sequence[Report], *, title: str = "Backup locations", link: str = "") -> str:
    """The report in plain lines."""
    lines = [line for report in reports for line in (*_lines(report, title), "")]
    return "\n".join([*lines, *([link] if link else [])]).rstrip() + "\n"


def _lines(report: Report, title: str) -> Iterator[str]:
    number = len(report.findings)
    what = f"{number} to decide" if number else "nothing to decide"
    stack = plain(report.stack) or "no stack"
    yield f"{plain(title)}, {stack}: {'FAILED, ' * report.failed}{what}"
    for diagnostic in (*report.errors, *report.warnings):
        yield f"  {diagnostic.severity}: {plain(diagnostic.text)}"
    for finding in report.findings:
        why = f" ({bare(finding.why)})" if finding.why else ""
        head = f"  {SIGNS[finding.severity]} {CLASSES[finding.kind]}: {plain(finding.subject)}"
        yield f"{head}, {bare(finding.what)}{why}"
    for row in report.rows:
        yield _row(row)
    for row in report.others:
        yield f"{_row(row)} (of another package)"
    state = f", {report.in_state_alone} in state or marks alone" if report.in_state_alone else ""
    yield f"  {report.unchanged} unchanged{state}"


def _row(row: Row) -> str:
    return f"  {row.action:8}{plain(row.name)} {plain(row.type)}: {bare(row.short)}"
