"""What is left behind of what was made: state files, and exports of stacks."""

import json
from typing import Any

from tests.terraform_made.made import PROVIDERS, Made

TYPE = "spectrocloud_backup_storage_location"
SECRETS = {secret for provider in PROVIDERS.values() for secret in provider.SECRETS}


def version_4(made: dict[str, Made]) -> dict[str, Any]:
    """The state file, of these locations by uid."""
    resources = [
        {
            "mode": "managed",
            "type": TYPE,
            "name": each.name,
            "provider": 'provider["registry.terraform.io/spectrocloud/spectrocloud"]',
            "instances": [{"schema_version": 2, "attributes": {**each.attributes, "id": uid}}],
        }
        for uid, each in made.items()
    ]
    return {"version": 4, "terraform_version": "1.11.0", "serial": 3, "resources": resources}


def shown(made: dict[str, Made]) -> dict[str, Any]:
    """What `terraform show -json` and `tofu show -json` print of it; the second half of the
    locations is in a module, by `for_each`."""
    resources = [
        {
            "address": f"{TYPE}.{each.name}",
            "mode": "managed",
            "type": TYPE,
            "name": each.name,
            "provider_name": "registry.terraform.io/spectrocloud/spectrocloud",
            "schema_version": 2,
            "values": {**each.attributes, "id": uid},
            "sensitive_values": {"s3": [{"secret_key": True}]},
        }
        for uid, each in made.items()
    ]
    half = (len(resources) + 1) // 2
    for number, one in enumerate(resources[half:]):
        one["index"] = f"k {number}"
        one["address"] = f'module.x.{one["address"]}["k {number}"]'
    inside = {"address": "module.x", "resources": resources[half:]}
    root = {"resources": resources[:half], "child_modules": [inside]}
    return {
        "format_version": "1.0",
        "terraform_version": "1.11.0",
        "values": {"root_module": root},
    }


BRIDGED = "spectrocloud:index/backupStorageLocation:BackupStorageLocation"
SECRET_SIGNATURE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def bridged(made: dict[str, Made], *, plain: bool = True) -> dict[str, Any]:
    """What `pulumi stack export` prints where the bridged provider made them; `plain` is with
    `--show-secrets`."""
    resources = [
        {
            "urn": f"urn:pulumi:dev::shop::{BRIDGED}::{each.name}",
            "custom": True,
            "id": uid,
            "type": BRIDGED,
            "inputs": {"name": each.name, "__defaults": []},
            "outputs": _camel({**each.attributes, "id": uid}, plain),
            "parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
            "provider": "urn:pulumi:dev::shop::pulumi:providers:spectrocloud::default::1",
        }
        for uid, each in made.items()
    ]
    stack = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "custom": False}
    deployment = {
        "manifest": {"version": "v3.250.0"},
        "secrets_providers": {"type": "passphrase"},
        "resources": [{**stack, "type": "pulumi:pulumi:Stack"}, *resources],
    }
    return {"version": 3, "deployment": deployment}


def _camel(told: dict[str, Any], plain: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, list):  # at most one, so the bridge has it without the list
            value = _camel(value[0], plain)
        if name in SECRETS:
            shown = {"plaintext": json.dumps(value)} if plain else {"ciphertext": "v1:AAAA"}
            value = {**SECRET_SIGNATURE, **shown}
        first, *rest = name.split("_")
        found[first + "".join(word.capitalize() for word in rest)] = value
    return found
