"""docs/arguments.md, made of the components: `python -m tests.contract.arguments_page`."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tests.contract.test_every_component import COMPONENTS, args_of

PAGE = Path(__file__).parents[2] / "docs/arguments.md"
CLOUDS = {
    "AwsBackupLocation": "AWS",
    "AwsStsBackupLocation": "AWS, by role",
    "GcpBackupLocation": "Google Cloud",
    "AzureBackupLocation": "Azure",
    "MinioBackupLocation": "MinIO",
}
INTRODUCTION = """\
# Arguments and outputs, cloud by cloud

An argument has the cloud's own word where the cloud has one, and one word on every cloud where the
idea is ours. A thing that is made is called `<thing>_name`, and an existing one `existing_<thing>`.
What Palette shows of the location begins with `location_`. `help(AwsBackupLocationArgs)` and so on
describe each argument.

`docs/arguments.md` is made of the components, and each difference has a reason:
`python -m tests.contract.arguments_page`.
"""


@dataclass(frozen=True)
class Difference:
    """Words for one idea, which not every cloud has or has in the same way, and why."""

    names: tuple[str, ...]
    why: str


ROLE = "A role is assumed: there is no long-lived credential."
CALLED = "What Palette acts as is called as the cloud calls it"
ARGUMENTS = (
    Difference(
        ("region", "location"),
        "The cloud's own word. MinIO is where its server is; a region is a name that it may have.",
    ),
    Difference(
        ("bucket_name", "existing_bucket", "container_name", "existing_container"),
        "In Azure a bucket is called a container.",
    ),
    Difference(
        (
            "resource_group_name",
            "existing_resource_group",
            "storage_account_name",
            "existing_storage_account",
        ),
        "A container is in a storage account, and that in a resource group.",
    ),
    Difference(
        ("user_name", "role_name", "service_account_id", "application_name"),
        f"{CALLED}. Of its id Google makes a service account's email; its name is another thing.",
    ),
    Difference(
        ("existing_user", "existing_role", "existing_service_account", "existing_application"),
        "It is told from others by its name on AWS and MinIO, by its email on Google Cloud, and in "
        "Azure, where names repeat, by its client id.",
    ),
    Difference(
        ("secret_key",),
        "On MinIO a user has a secret of its own, and an existing user needs it.",
    ),
    Difference(
        ("policy_name", "existing_policy", "roles"),
        "AWS and MinIO allow by policies, Google Cloud by roles on the bucket. In Azure two "
        "built-in roles are what Velero needs, and there is nothing to choose.",
    ),
    Difference(
        ("principals", "oidc_providers", "max_session_hours"), "Only a role is assumed by others."
    ),
    Difference(
        ("permissions_boundary",), "AWS alone has a policy that limits what other policies give."
    ),
    Difference(
        ("snapshots", "snapshot_scopes"),
        "Off unless asked for on every cloud: the first run needs, and gives, least. In Azure the "
        "disks are in resource groups of the clusters, so the program names these. On Google Cloud "
        "it decides which resources there are, so it is no Output. MinIO has no disks.",
    ),
    Difference(("snapshot_tags",), "AWS alone can allow it by the tags that a volume has."),
    Difference(
        ("kms_key_arn", "kms_key_name"),
        "AWS calls a key by its ARN, Google Cloud by its name. In Azure a key of one's own takes a "
        "vault and an identity of the account, on MinIO the server's key service: neither is made "
        "here.",
    ),
    Difference(
        ("versioning", "noncurrent_days"),
        "In Azure it is switched on for a whole account, and old versions end by a management "
        "policy, another resource; not managed here. On MinIO it is not managed, and stays where "
        "others switch it on.",
    ),
    Difference(
        ("object_lock",),
        "S3 locks a version, and the object can be written again, as Velero does. Locks of Google "
        "Cloud and Azure refuse that. On MinIO it is not managed.",
    ),
    Difference(
        ("soft_delete_days",), "Google keeps, and charges for, what was deleted unless told not to."
    ),
    Difference(
        ("storage_class", "sku", "kind"),
        "The cloud's own word, of the bucket or of the account. On AWS and MinIO an object has a "
        "class and a bucket has none.",
    ),
    Difference(
        ("tls_only", "policy_statements"),
        "S3 refuses requests without TLS only if the bucket's policy says so. In Azure the account "
        "always refuses them, Google Cloud has no bucket policy, and MinIO's server decides.",
    ),
    Difference(
        ("allowed_ips", "allowed_subnets"),
        "Azure's accounts have a firewall. On AWS `policy_statements` can say the same.",
    ),
    Difference(("tags", "labels"), "Google's word is labels."),
    Difference(
        ("url", "ca_cert"),
        "On AWS an endpoint instead of AWS's own, on MinIO the server; the others have none.",
    ),
    Difference(("force_path_style",), "MinIO is always addressed so, and AWS only with `url`."),
    Difference(("secret_valid_days",), "In Azure alone a secret ends by itself."),
    Difference(("rotate_after", "rotation", "retire_after"), ROLE),
    Difference(("identity",), "Each cloud has its own way to sign in."),
)
OUTPUTS = (
    Difference(("bucket_name", "container_name"), "In Azure a bucket is called a container."),
    Difference(
        ("resource_group_name", "storage_account_name"),
        "A container is in a storage account, and that in a resource group.",
    ),
    Difference(
        ("user_name", "role_arn", "service_account_email", "client_id", "principal_id"),
        f"{CALLED}. It is what the cloud's own tools take. In Azure one id signs in, and the other "
        "is given roles.",
    ),
    Difference(("credential_id",), ROLE),
    Difference(("secret_expires",), "In Azure alone a secret ends by itself."),
    Difference(
        ("policy_arn", "policy_name", "roles", "snapshot_role"),
        "What allows it, as the cloud names that. In Azure the role assignments have no names.",
    ),
    Difference(
        ("policy_document",), "A policy is a document; a role of Google Cloud and Azure is a name."
    ),
    Difference(("trust_policy",), "Only a role says who may assume it."),
    Difference(
        ("bucket_policy_statements", "key_policy_statements"),
        "On AWS the owner of a bucket or key in another account has to allow it, too.",
    ),
)
Told = Mapping[str, Mapping[str, Any]]
"""For each component, what it has, and how."""


def arguments() -> Told:
    """The arguments of each component: their types and defaults."""
    return {name: _arguments(kind) for name, kind in COMPONENTS.items()}


def outputs() -> Told:
    """The outputs of each component, and their types."""
    return {name: dict(kind.__annotations__) for name, kind in COMPONENTS.items()}


def _arguments(kind: Any) -> dict[str, Any]:
    args = args_of(kind)
    text = inspect.getdoc(args) or ""
    return {field.name: (field.type, _default(text, field.name)) for field in fields(args)}


def _default(text: str, argument: str) -> str:
    """The default that help() tells of."""
    entry = re.split(rf"(?m)^    {argument}: ", text)[1]
    told = re.search(r"Default: ([^.]*)", re.split(r"(?m)^    \w+: ", entry)[0])
    return " ".join(told[1].split()) if told else ""


def differing(told: Told) -> set[str]:
    """What not every component has in the same way."""
    names = {name for one in told.values() for name in one}
    return {name for name in names if len({repr(one.get(name)) for one in told.values()}) > 1}


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            INTRODUCTION,
            *_section("Arguments", arguments(), ARGUMENTS),
            *_section("Outputs", outputs(), OUTPUTS),
        ]
    )


def _section(title: str, told: Told, differences: tuple[Difference, ...]) -> list[str]:
    same = [name for name in next(iter(told.values())) if name not in differing(told)]
    return [
        f"## {title}",
        "",
        f"The same on every cloud: {', '.join(f'`{name}`' for name in same)}.",
        "",
        f"| {' | '.join(CLOUDS.values())} | why |",
        f"|{'---|' * (len(CLOUDS) + 1)}",
        *(_row(told, one) for one in differences),
        "",
    ]


def _row(told: Told, difference: Difference) -> str:
    cells = [
        ", ".join(f"`{name}`" for name in difference.names if name in told[component]) or "-"
        for component in CLOUDS
    ]
    return f"| {' | '.join([*cells, difference.why])} |"


if __name__ == "__main__":
    PAGE.write_text(page())
