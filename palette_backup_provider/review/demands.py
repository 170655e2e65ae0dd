"""What a team may demand of every resource, whatever changes: the rules of the policy pack.

They ask the same rules of each type as the review of a preview does. Inputs are what a program
gives; what a demand finds is one sentence for each thing that is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from palette_backup_provider.core.text import camel
from palette_backup_provider.review.own import in_python
from palette_backup_provider.review.preview import Props, is_by_plugin, is_ours, token_of
from palette_backup_provider.review.services import rules_of
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import bare

LOCATION = "palette:BackupLocation"
TRIALS = ("probe", "palette_validate")
HISTORY = ("versioning", "object lock", "retention", "lock")
"""Guards of which each keeps what is overwritten or deleted."""


@dataclass(frozen=True)
class Resource:
    """A resource as a program asks for it."""

    type: str
    """As the engine has it."""
    name: str
    given: Props

    @property
    def token(self) -> str:
        return token_of(self.type)

    @cached_property
    def inputs(self) -> Props:
        """What is given, of ours by the names that it has in Python."""
        return in_python(self.type, self.given)

    def called(self, name: str) -> str:
        """A property of ours as the program spells it."""
        return camel(name) if is_by_plugin(self.type) else name

    @property
    def existing(self) -> bool:
        """Whether it is its owner's: nothing is demanded of it."""
        return self.inputs.get("existing") is True


def no_force_destroy(resource: Resource) -> Iterator[str]:
    """A deletion does not take the backups along."""
    flags = (resource.inputs.get(name) for name in ("force_destroy", "forceDestroy"))
    if rules_of(resource.token).holder and any(value is True for value in flags):
        argument = resource.called("force_destroy")
        yield f"{argument} deletes all backups along with what holds them"


def versioned_or_locked(resource: Resource) -> Iterator[str]:
    """What is overwritten or deleted is kept, where the type can keep it."""
    guards = rules_of(resource.token).guards({} if resource.existing else resource.inputs)
    history = [guard for label, guard in guards.items() if label in HISTORY]
    if history and not resource.existing and not any(guard.strength != 0 for guard in history):
        yield "neither versioning nor a lock keeps what is overwritten or deleted"


def rotates_within(resource: Resource, days: int) -> Iterator[str]:
    """A credential of ours is replaced by age, after at most that many days."""
    if not (rules_of(resource.token).credential and is_ours(resource.type)):
        return
    age = resource.inputs.get("rotate_after")
    if is_unknown(age):
        return
    if not isinstance(age, (int, float)):
        argument = resource.called("rotate_after")
        yield f"the credential does not rotate by age; set {argument} to {days} or less"
    elif age > days:
        yield f"the credential rotates after {int(age)} days; at most {days} are allowed"


def no_grant_on_everything(resource: Resource) -> Iterator[str]:
    """No statement allows something to everyone, or everything to somebody."""
    yield from map(bare, rules_of(resource.token).everything(resource.inputs))


def required_tags(resource: Resource, keys: Iterable[str]) -> Iterator[str]:
    """What holds backups has these tags or labels, where the type can have any."""
    rules = rules_of(resource.token)
    if not (rules.holder and rules.taggable) or resource.existing:
        return
    tags: Any = next((resource.inputs[n] for n in ("tags", "labels") if n in resource.inputs), {})
    if not isinstance(tags, Mapping) or is_unknown(tags):
        return
    if missing := [key for key in keys if key not in tags]:
        yield f"lacks the tag{'s' * (len(missing) > 1)} {', '.join(missing)}"


def trials_stay_on(resource: Resource) -> Iterator[str]:
    """The credential of a location is tried before Palette gets it."""
    if resource.token == LOCATION:
        for each in TRIALS:
            if resource.inputs.get(each) is False and not _never(resource, each):
                argument = resource.called(each)
                yield f"{argument}=False registers a credential that nobody has tried"


def one_default_per_scope(resources: Iterable[Resource]) -> Iterator[tuple[Resource, str]]:
    """Of each project, and of the tenant, at most one location is the default."""
    by_scope: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.token == LOCATION and resource.inputs.get("is_default") is True:
            by_scope.setdefault(_scope(resource.inputs), []).append(resource)
    for scope, several in by_scope.items():
        for resource in several[1:]:
            others = ", ".join(other.name for other in several if other is not resource)
            yield resource, f"is the default of {scope}, as {others} is"


def _scope(inputs: Props) -> str:
    if inputs.get("scope") == "tenant":
        return "the tenant"
    project: Any = inputs.get("project") or inputs.get("project_uid") or "its project"
    return f"project {project}"


def _never(resource: Resource, trial: str) -> bool:
    """Whether Palette has no such trial for that storage, so that check itself says false."""
    storage = resource.inputs.get("storage")
    return trial == "palette_validate" and isinstance(storage, Mapping) and bool(storage.get("url"))
