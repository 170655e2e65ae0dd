"""Inventories whose clouds are told by what they take, as nothing here is of one cloud."""

from string import Template

from palette_backup_provider.engine.given import required
from palette_backup_provider.fleet.clouds import clouds


def _taking(*arguments: str, needing: str = "") -> str:
    """The first cloud that takes these arguments and needs no other than that one."""
    return next(
        name
        for name, cloud in clouds().items()
        if {*arguments} <= cloud.arguments.keys()
        and [one for one, argument in cloud.arguments.items() if required(argument)]
        == [one for one in [needing] if one]
    )


CLOUDS = {
    "keyed": _taking("user_name", "bucket_name", needing="region"),
    "role": _taking("role_name", needing="region"),
    "placed": _taking("service_account_id", needing="location"),
    "nested": _taking("container_name", "storage_account_name", needing="location"),
    "free": _taking("bucket_name", "secret_key"),
}
"""What stands for each cloud in an example: `$free` is one that needs no argument."""


def example(text: str) -> str:
    """The inventory, with the names of clouds in it."""
    return Template(text).substitute(CLOUDS)


def placed(text: str) -> tuple[str, str]:
    """The example without its `@`, and the line and column of that."""
    text = example(text)
    before = text.partition("@")[0]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return text.replace("@", ""), f"fleet.yaml:{line}:{column}"


INVENTORY = example("""\
identities:
  lab: {cloud: $keyed, role_arn: "a role"}
  store: {cloud: $free, url: "https://store", user: admin, password: {secret: storePassword}}
defaults:
  all: {rotate_after: 90, probe: false}
  $keyed: {region: eu-west-1, tags: {team: platform}}
tenant:
  shared: {cloud: $placed, location: EU, is_default: true}
projects:
  shop:
    nightly: {cloud: $keyed, is_default: true, tags: {team: shop}}
    lab: {cloud: $role, region: us-east-1, identity: lab, probe: true}
  data:
    nightly: {cloud: $free, identity: store, rotate_after: null}
""")
