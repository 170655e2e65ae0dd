"""What a bucket of ours holds besides objects: lifecycle rules and bucket-policy statements.

Pure functions over wanted state, so that preview shows both documents in full. Ours are told from
those of others by id and by Sid.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from palette_backup_provider.clients.aws import partition
from palette_backup_provider.core.model import Model
from palette_backup_provider.resources.aws.bucket_contents import PROBES
from palette_backup_provider.resources.aws.bucket_rules import TLS_ONLY
from palette_backup_provider.resources.aws.policy_documents import bucket_arn, same, tls_only

Json = dict[str, Any]

RULE = "palette-backup-"
"""Lifecycle rules of ours have an id that begins so."""


class Retention(Model):
    """How long each object is locked from when it is written."""

    days: int = Field(ge=1, le=36500)
    mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"


def lifecycle_rules(state: Any) -> list[Json]:
    """Our lifecycle rules, in the order of their ids.

    Two of them speak of versions, also on a bucket without: versioning may have been on before.
    """
    uploads = {"DaysAfterInitiation": int(state.abort_uploads_days)}
    versions = {"NoncurrentDays": int(state.noncurrent_days)}
    return [
        _rule("probes", PROBES, NoncurrentVersionExpiration={"NoncurrentDays": 1}),
        _rule("uploads", "", AbortIncompleteMultipartUpload=uploads),
        _rule(
            "versions",
            "",
            NoncurrentVersionExpiration=versions,
            Expiration={"ExpiredObjectDeleteMarker": True},
        ),
    ]


def is_own_rule(rule: Json) -> bool:
    return str(rule.get("ID", "")).startswith(RULE)


def own_rules(found: Iterable[Json]) -> list[Json]:
    """Ours among the lifecycle rules AWS reports, in the order of their ids."""
    ours = sorted(filter(is_own_rule, found), key=lambda rule: str(rule["ID"]))
    # an empty prefix comes back as an empty filter, or as a prefix of the rule
    return [{**rule, "Filter": rule.get("Filter") or {"Prefix": ""}} for rule in ours]


def policy_statements(state: Any) -> list[Json]:
    """Our statements in the bucket's policy, and the user's."""
    where = partition(state.region)
    arn = bucket_arn(state.name, where)
    own = [tls_only(state.name, where, TLS_ONLY)] if state.tls_only else []
    given: list[Json] = state.policy_statements or []
    return own + [{"Resource": [arn, f"{arn}/*"], **statement} for statement in given]


def sids(statements: Iterable[Mapping[str, Any]]) -> set[str]:
    """Which statements of a policy are ours."""
    return {TLS_ONLY, *(str(statement["Sid"]) for statement in statements)}


def same_statements(some: list[Json], others: list[Json]) -> bool:
    """Whether these mean the same, in any order."""

    def ordered(statements: list[Json]) -> list[Json]:
        return sorted(statements, key=lambda statement: str(statement["Sid"]))

    return same(ordered(some), ordered(others))


def _rule(name: str, prefix: str, **what: Any) -> Json:
    return {"ID": f"{RULE}{name}", "Status": "Enabled", "Filter": {"Prefix": prefix}, **what}
