"""Which permissions the credentials in use have, as a line of doctor."""

from collections.abc import Iterable

from palette_backup_provider.core.permissions import EXAMPLE, Permissions, Statement
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Finding, fault, good, warning

SHOWN = 5
"""How many missing permissions are named."""


def line(permissions: Permissions) -> Finding:
    """Red where something fails without more, yellow where the cloud does not tell all."""
    about = f" (asked about {permissions.about})" if permissions.about else ""
    missing = [action for answer in permissions.lacking for action in answer.missing]
    if missing:
        named = ", ".join([*missing[:SHOWN], *(["…"] if missing[SHOWN:] else [])])
        return fault(
            f"{len(missing)} of {permissions.needed} missing: {named}{about}",
            _where([answer.statement for answer in permissions.lacking]),
        )
    if permissions.unclear:
        return warning(f"not all can be told: {permissions.unclear[0].unclear}")
    if not permissions.left_out:
        return good(f"all {permissions.needed}{about}")
    without = "".join(
        f"; without {answer.statement.where}, for {answer.statement.only_for} alone"
        for answer in permissions.left_out
    )
    return good(f"all that is needed, of {permissions.needed}{without}{about}")


def _where(statements: Iterable[Statement]) -> str:
    """Where an operator finds what is missing, each document once."""
    names: dict[str, list[str]] = {}
    for statement in statements:
        names.setdefault(statement.document, []).extend([statement.name] if statement.name else [])
    return " and ".join(
        f"{'statements' if own[1:] else 'statement'} {' and '.join(own)} of {document}"
        if own
        else document
        for document, own in names.items()
    )


def name_to_ask_about(case: Case, cloud: str) -> str:
    """The name of the stack's own bucket, as a policy may allow certain names only."""
    buckets = (bucket for bucket in case.resources(cloud) if bucket.token == f"{cloud}:Bucket")
    names = (bucket.props.get("name") for bucket in buckets if not bucket.props.get("existing"))
    return next((str(name) for name in names if name), EXAMPLE)
