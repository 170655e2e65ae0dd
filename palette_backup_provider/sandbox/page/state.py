"""What the page shows, as JSON: no secret is in it, and no text that steers what shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palette_backup_provider.core.text import plain
from palette_backup_provider.sandbox.backing import Credential, Inspector
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.store import Location, Store
from palette_backup_provider.sandbox.palette.validation import Validation, Verdict
from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.rate_limit import Limit

_TAIL = 4
"""Characters of a credential's id that tell it from others."""


class State:
    """What a sandbox holds and what disturbs it. Times are seconds since the epoch."""

    def __init__(
        self,
        store: Store,
        validation: Validation,
        conditions: Conditions,
        inspectors: Mapping[str, Inspector],
    ) -> None:
        """`inspectors` are those of the clouds that run, by name."""
        self._store, self._validation, self._conditions = store, validation, conditions
        self._inspectors = inspectors

    def __call__(self) -> Body:
        """All of it."""
        state = {
            "now": self._conditions.clock(),
            "scopes": self._scopes(),
            "validations": [_verdict(verdict) for verdict in reversed([*self._validation.history])],
            **self._disturbances(),
        }
        cleaned: Body = _cleaned(state)
        return cleaned

    def _scopes(self) -> list[Body]:
        scopes: dict[str | None, list[Body]] = {name: [] for name in self._store.projects}
        for location in self._store.all():
            scope = scopes.setdefault(self._store.project_name(location), [])
            scope.append(self._location(location))
        return [{"project": name, "locations": locations} for name, locations in scopes.items()]

    def _disturbances(self) -> Body:
        conditions = self._conditions
        report = conditions.report()
        limit = conditions.limit.limit
        return {
            "delay": conditions.delay,
            "faults": [
                {**fault.model_dump(), "struck": struck}
                for fault, struck in conditions.faults.in_force()
            ],
            "held": report["held"],
            "limit": None if limit == Limit() else limit.model_dump(),
            "calls": {service: sorted(report[service]) for service in conditions.services},
        }

    def _location(self, location: Location) -> Body:
        kind, config = KINDS[location.kind], location.config
        verdict = self._validation.verdict(location)
        return {
            "uid": location.uid,
            "name": location.name,
            "kind": location.kind,
            "cloud": clouds()[kind.cloud].title,
            "default": location.is_default,
            "bucket": str(kind.place(config)),
            "region": str(config.get("region", "")),
            "modified": _seconds(location.modified),
            "clusters": [str(cluster.get("name", "")) for cluster in location.clusters],
            "keyless": config["credentials"].get("credentialType") == "sts",
            "behind": self._behind(location),
            "can_be_validated": kind.validate is not None,
            "verdict": verdict and _verdict(verdict),
        }

    def _behind(self, location: Location) -> Body | None:
        """None where the cloud does not run."""
        inspect = self._inspectors.get(KINDS[location.kind].cloud)
        if inspect is None:
            return None
        now = inspect(location.config)
        replaced = [
            (inspect(earlier.config).credential, earlier.at) for earlier in location.replaced
        ]
        return {
            "bucket": now.bucket,
            "identity": now.identity,
            "credential": _credential(now.credential),
            "retiring": [
                {**_credential(old), "replaced": _seconds(at)}
                for old, at in replaced
                if old and old != now.credential
            ],
        }


def _credential(credential: Credential | None) -> Any:
    return credential and {
        "id": f"…{credential.id[-_TAIL:]}",
        "made": credential.made,
        "ends": credential.ends,
    }


def _verdict(verdict: Verdict) -> Body:
    return {
        "cloud": clouds()[KINDS[verdict.kind].cloud].title,
        "subject": verdict.subject,
        "at": verdict.at,
        "valid": not verdict.message,
        "message": verdict.message,
    }


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(each) for name, each in value.items()}
    return value
