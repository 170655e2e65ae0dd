"""A report for another program."""

import json
from collections.abc import Sequence
from typing import Any

from palette_backup_provider.review.report import Report, Row
from palette_backup_provider.review.wording import bare


def as_json(reports: Sequence[Report], met: Sequence[str] = ()) -> str:
    """`stacks`, and what of `--fail-on` is the case. The keys of a stack are those below."""
    return (
        json.dumps({"met": list(met), "stacks": [_stack(report) for report in reports]}, indent=2)
        + "\n"
    )


def _stack(report: Report) -> dict[str, Any]:
    return {
        "stack": report.stack,
        "failed": report.failed,
        "errors": [one.text for one in report.errors],
        "warnings": [one.text for one in report.warnings],
        "decisions": [
            {
                "class": one.kind,
                "severity": one.severity,
                "component": one.subject,
                "what": bare(one.what),
                "why": bare(one.why),
            }
            for one in report.findings
        ],
        "components": [_row(row) for row in report.rows],
        "others": [_row(row) for row in report.others],
        "unchanged": report.unchanged,
        "in_state_alone": report.in_state_alone,
        "looked_for_drift": report.refreshed,
    }


def _row(row: Row) -> dict[str, Any]:
    differences = [
        {
            "resource": change.urn.token,
            "path": difference.path,
            "old": difference.old,
            "new": difference.new,
        }
        for change in row.changes
        for difference in change.differences
    ]
    return {
        "name": row.name,
        "type": row.type,
        "action": row.action,
        "short": bare(row.short),
        "differences": differences,
    }
