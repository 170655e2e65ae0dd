"""What policies allow on EC2, by resource and by tag; moto asks for any resource at all.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from moto.backends import get_backend
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.identity import permits
from palette_backup_provider.sandbox.aws.refusals import refusal


@dataclass(frozen=True)
class Needed:
    """An action on a resource that a policy has to allow."""

    action: str
    resource: str
    facts: dict[str, str] = field(default_factory=dict)


def ec2_permission(call: Call) -> Response | None:
    """What no policy of the caller allows on EC2."""
    principal = call.principal
    if call.service != "ec2" or principal is None:
        return None
    if not call.operation.startswith("Describe") and call.operation not in _CALLS:
        message = f"This sandbox does not know the call {call.operation} of EC2."
        return refusal(call, "UnsupportedOperation", message, 501)
    for needed in _needed(call):
        if not permits(call, needed.action, needed.resource, needed.facts):
            message = (
                f"You are not authorized to perform this operation. User: {principal.arn} is not "
                f"authorized to perform: {needed.action} on resource: {needed.resource} because no "
                f"identity-based policy allows the {needed.action} action"
            )
            return refusal(call, "UnauthorizedOperation", message)
    return None


def _needed(call: Call) -> Iterator[Needed]:
    action = f"ec2:{call.operation}"
    if call.operation.startswith("Describe"):
        yield Needed(action, "*")
        return
    new = _CALLS[call.operation]
    for id in _ids(call):
        tags = _asked(call, "Tag") if call.operation.endswith("Tags") else {}
        yield Needed(action, _arn(call, id), {**_tags_of(call, id), **tags})
    if new:
        arn = f"arn:{call.partition}:ec2:{call.region}:{_account(call, new)}:{new}/*"
        tags = _asked(call, r"TagSpecification\.\d+\.Tag")
        yield Needed(action, arn, tags)
        if tags:
            yield Needed("ec2:CreateTags", arn, {**tags, "ec2:CreateAction": call.operation})


_CALLS: dict[str, str] = {
    "CreateSnapshot": "snapshot",
    "CreateTags": "",
    "CreateVolume": "volume",
    "DeleteSnapshot": "",
    "DeleteTags": "",
    "DeleteVolume": "",
}
"""The calls that change something, and what kind of thing they make."""


def _ids(call: Call) -> list[str]:
    """What a call names that is there already."""
    named = re.compile(r"(VolumeId|SnapshotId|ResourceId\.\d+)")
    return [value for name, value in call.form.items() if named.fullmatch(name)]


def _arn(call: Call, id: str) -> str:
    kind = {"vol": "volume", "snap": "snapshot"}.get(id.partition("-")[0], id.partition("-")[0])
    return f"arn:{call.partition}:ec2:{call.region}:{_account(call, kind)}:{kind}/{id}"


def _account(call: Call, kind: str) -> str:
    """Snapshots are named without one."""
    return "" if kind == "snapshot" else call.account


def _tags_of(call: Call, id: str) -> dict[str, str]:
    tags = get_backend("ec2")[call.account][call.region].tags.get(id, {})
    facts = {f"aws:ResourceTag/{name}": str(value) for name, value in tags.items()}
    return facts | {name.replace("aws:", "ec2:"): value for name, value in facts.items()}


def _asked(call: Call, where: str) -> dict[str, str]:
    """The tags that a call gives."""
    facts = {}
    for name, value in call.form.items():
        if re.fullmatch(rf"{where}\.\d+\.Key", name):
            content = call.form.get(f"{name.removesuffix('Key')}Value", "")
            facts[f"aws:RequestTag/{value}"] = content
    return facts
