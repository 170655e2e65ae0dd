"""The rules of `palette-backup diff` as policies: `pulumi preview --policy-pack policy-pack`.

Each policy is a function of `palette_backup_provider.review.demands`, so that a comment on a pull
request and a policy never disagree.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from palette_backup_provider.review import demands
from palette_backup_provider.review.demands import Resource

Demand = Callable[[Resource, dict[str, Any]], Iterator[str]]


def of_each(
    name: str,
    demand: Demand,
    schema: PolicyConfigSchema | None = None,
    level: EnforcementLevel = EnforcementLevel.MANDATORY,
) -> ResourceValidationPolicy:
    """A policy that asks each resource for itself."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = Resource(args.resource_type, args.name, plain(args.props))
        for told in demand(resource, args.get_config()):
            report(f"{resource.name}: {told}")

    description = (demand.__doc__ or name).strip()
    return ResourceValidationPolicy(name, description, validate, level, schema)


def of_all(args: StackValidationArgs, report: ReportViolation) -> None:
    """Of each project, and of the tenant, at most one location is the default."""
    resources = [Resource(r.resource_type, r.name, plain(r.props)) for r in args.resources]
    for resource, told in demands.one_default_per_scope(resources):
        report(f"{resource.name}: {told}")


def plain(value: Any) -> Any:
    """Properties without the proxies of the SDK, and without what is not known yet."""
    if hasattr(value, "items"):
        found = {}
        for key in value:
            try:
                found[key] = plain(value[key])
            except Exception:  # one of several kinds, for a value that is not known yet
                continue
        return found
    if isinstance(value, (list, tuple)) or type(value).__name__ == "_ListProxy":
        return [plain(one) for one in value]
    return value


def no_force_destroy(resource: Resource, _: dict[str, Any]) -> Iterator[str]:
    """A deletion does not take the backups along."""
    return demands.no_force_destroy(resource)


def versioned_or_locked(resource: Resource, _: dict[str, Any]) -> Iterator[str]:
    """What is overwritten or deleted is kept for a while."""
    return demands.versioned_or_locked(resource)


def rotates_within(resource: Resource, config: dict[str, Any]) -> Iterator[str]:
    """A credential is replaced by age, after at most `days` days."""
    return demands.rotates_within(resource, int(config.get("days", 90)))  # a float on the wire


def no_grant_on_everything(resource: Resource, _: dict[str, Any]) -> Iterator[str]:
    """Nothing is allowed to everyone, and nobody everything."""
    return demands.no_grant_on_everything(resource)


def required_tags(resource: Resource, config: dict[str, Any]) -> Iterator[str]:
    """What holds backups has the tags or labels `keys`."""
    return demands.required_tags(resource, config.get("keys", []))


def trials_stay_on(resource: Resource, _: dict[str, Any]) -> Iterator[str]:
    """The credential of a location is tried before Palette hears of it."""
    return demands.trials_stay_on(resource)


DAYS = PolicyConfigSchema({"days": {"type": "integer", "minimum": 1, "default": 90}})
KEYS = PolicyConfigSchema({"keys": {"type": "array", "items": {"type": "string"}, "default": []}})

PolicyPack(
    name="palette-backups",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        of_each("no-force-destroy", no_force_destroy),
        of_each("versioned-or-locked", versioned_or_locked, level=EnforcementLevel.ADVISORY),
        of_each("rotates-within", rotates_within, DAYS, EnforcementLevel.ADVISORY),
        of_each("no-grant-on-everything", no_grant_on_everything),
        of_each("required-tags", required_tags, KEYS),
        of_each("probe-and-validate-stay-on", trials_stay_on),
        StackValidationPolicy("one-default-per-scope", of_all.__doc__ or "", of_all),
    ],
)
