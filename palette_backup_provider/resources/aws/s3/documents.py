"""The lifecycle rules and bucket-policy statements of a bucket that we make.

Pure functions over wanted state, so that a preview shows both documents in full. Ids and Sids
distinguish our rules and statements from those of others.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from palette_backup_provider.clients.aws.regions import partition
from palette_backup_provider.core.policy_language import Json
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.aws.iam.policy_documents import bucket_arn, tls_only
from palette_backup_provider.resources.aws.iam.policy_text import same
from palette_backup_provider.resources.aws.s3.rules import TLS_ONLY
from palette_backup_provider.resources.aws.s3.state import BucketState

RULE = "palette-backup-"
"""The prefix of the ids of our lifecycle rules."""


def lifecycle_rules(state: BucketState) -> list[Json]:
    """Our lifecycle rules, in the order of their ids.

    Two rules are about versions, even without versioning: it may have been on before.
    """
    uploads = {"DaysAfterInitiation": int(state.abort_uploads_days)}
    versions = {"NoncurrentDays": int(state.noncurrent_days)}
    return [
        _rule("probes", PROBE_PREFIX, NoncurrentVersionExpiration={"NoncurrentDays": 1}),
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


def own_rules(rules: Iterable[Json]) -> list[Json]:
    """Our rules among the lifecycle `rules` that AWS reports, in the order of their ids."""
    ours = sorted(filter(is_own_rule, rules), key=lambda rule: str(rule["ID"]))
    # AWS returns an empty prefix as an empty filter, or as a prefix of the rule
    whole = [{**rule, "Filter": rule.get("Filter") or {"Prefix": ""}} for rule in ours]
    plain: list[Json] = json.loads(json.dumps(whole, default=str))  # state holds no dates
    return plain


def policy_statements(state: BucketState) -> list[Json]:
    """Our statements in the bucket's policy, and the user's."""
    where = partition(state.region)
    arn = bucket_arn(state.name, where)
    own = [tls_only(state.name, where, TLS_ONLY)] if state.tls_only else []
    more: list[Json] = state.policy_statements or []
    return own + [{"Resource": [arn, f"{arn}/*"], **statement} for statement in more]


def sids(statements: Iterable[Mapping[str, Any]]) -> set[str]:
    """The Sids of our statements in a policy."""
    return {TLS_ONLY, *(str(statement["Sid"]) for statement in statements)}


def asked_for(lifecycle: Iterable[Json], policy: Iterable[Json]) -> dict[str, Any]:
    """The fields with which a program asks for our rules and statements among these."""
    rules = {str(rule["ID"]).removeprefix(RULE): rule for rule in lifecycle}
    uploads = rules.get("uploads", {}).get("AbortIncompleteMultipartUpload", {})
    versions = rules.get("versions", {}).get("NoncurrentVersionExpiration", {})
    days = {
        "abort_uploads_days": uploads.get("DaysAfterInitiation"),
        "noncurrent_days": versions.get("NoncurrentDays"),
    }
    set_days = {name: value for name, value in days.items() if value}
    return {**set_days, "tls_only": any(statement.get("Sid") == TLS_ONLY for statement in policy)}


def same_statements(some: list[Json], others: list[Json]) -> bool:
    """Whether these mean the same, in any order."""

    def ordered(statements: list[Json]) -> list[Json]:
        return sorted(statements, key=lambda statement: str(statement["Sid"]))

    return same(ordered(some), ordered(others))


def _rule(name: str, prefix: str, **what: Any) -> Json:
    return {"ID": f"{RULE}{name}", "Status": "Enabled", "Filter": {"Prefix": prefix}, **what}
