"""Every location that Spectro Cloud's Terraform provider can make: what is in its state, and the
request by which it makes it.

https://github.com/spectrocloud/terraform-provider-spectrocloud,
spectrocloud/common_backup_storage_location.go
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import trustme

from tests.private_key import armoured

TYPE = "spectrocloud_backup_storage_location"
SECRET = "s3cr3t-0f-th31r5-zq9x"
KEY = json.dumps(
    {
        "type": "service_account",
        "client_email": "velero@some-project.iam.gserviceaccount.com",
        "private_key": armoured(SECRET),
        "private_key_id": "0a1b2c3d4e5f",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
CA = trustme.CA().cert_pem.bytes().decode()
GUID = "0a1b2c3d-0000-0000-0000-00000000000{}"


@dataclass(frozen=True)
class Made:
    """One location; `attributes` are those of its state but `id`."""

    name: str
    provider: str
    attributes: dict[str, Any]

    @property
    def kind(self) -> str:
        """What Palette calls the provider."""
        return "s3" if self.provider == "aws" else self.provider

    @property
    def tenant(self) -> bool:
        return bool(self.attributes["context"] == "tenant")

    @property
    def body(self) -> dict[str, Any]:
        """The request: what is empty is left out, but for the path style, which never is."""
        of = {"aws": _s3, "minio": _s3, "gcp": _gcs, "azure": _azure}[self.provider]
        spec: dict[str, Any] = {"config": _without_empty(of(self.attributes))}
        if self.attributes["is_default"]:
            spec["isDefault"] = True
        if self.provider in ("gcp", "azure"):
            spec["type"] = self.provider
        return {"metadata": {"name": self.name}, "spec": spec}


def _s3(told: dict[str, Any]) -> dict[str, Any]:
    (s3,) = told["s3"]
    if s3["credential_type"] == "sts":
        role = {"arn": s3["arn"], "externalId": s3["external_id"]}
        credentials: dict[str, Any] = {"credentialType": "sts", "sts": role}
    else:
        keys = {"accessKey": s3["access_key"], "secretKey": s3["secret_key"]}
        credentials = {"credentialType": "secret", **keys}
    return {
        "bucketName": told["bucket_name"],
        "caCert": told["ca_cert"],
        "credentials": credentials,
        "region": told["region"],
        "s3ForcePathStyle": s3["s3_force_path_style"],
        "s3Url": s3["s3_url"],
    }


def _gcs(told: dict[str, Any]) -> dict[str, Any]:
    (gcp,) = told["gcp_storage_config"]
    return {
        "bucketName": told["bucket_name"],
        "credentials": {"jsonCredentials": gcp["gcp_json_credentials"]},
        "projectId": gcp["project_id"],
    }


def _azure(told: dict[str, Any]) -> dict[str, Any]:
    (azure,) = told["azure_storage_config"]
    return {
        "containerName": azure["container_name"],
        "credentials": {
            "clientCloud": "public",
            "clientId": azure["azure_client_id"],
            "clientSecret": azure["azure_client_secret"],
            "subscriptionId": azure["subscription_id"],
            "tenantId": azure["azure_tenant_id"],
        },
        "resourceGroup": azure["resource_group"],
        "sku": azure["stock_keeping_unit"],
        "storageName": azure["storage_name"],
    }


def _without_empty(told: dict[str, Any]) -> dict[str, Any]:
    """As Go leaves out what is empty; false is a pointer here, and stays."""
    return {
        name: _without_empty(value) if isinstance(value, dict) else value
        for name, value in told.items()
        if value != ""
    }


def everything() -> list[Made]:
    """One of each combination of what may be said or left out."""
    return [
        Made(f"{provider}-{number}", provider, {"storage_provider": provider, **attributes})
        for provider, of in (("aws", _of_aws), ("minio", _of_minio), ("gcp", _of_gcp),
                             ("azure", _of_azure))
        for number, attributes in enumerate(of())
    ]  # fmt: skip


def _scopes() -> Iterator[dict[str, Any]]:
    for context, is_default in (("project", False), ("tenant", False)):
        yield {"context": context, "is_default": is_default}


def _of_s3(url: str, ca: str, path_style: bool, region: str, **keys: str) -> dict[str, Any]:
    every = ("access_key", "secret_key", "arn", "external_id")
    s3 = {**dict.fromkeys(every, ""), "s3_url": url, "s3_force_path_style": path_style, **keys}
    return {"bucket_name": "b", "region": region, "ca_cert": ca, "s3": [s3]}


def _secret() -> dict[str, str]:
    return {"credential_type": "secret", "access_key": "AKIATHEIRS", "secret_key": SECRET}


def _of_aws() -> Iterator[dict[str, Any]]:
    urls = ("", "https://s3.example.com")
    for url, ca, style, scope in product(urls, ("", CA), (False, True), _scopes()):
        yield {**_of_s3(url, ca, style, "eu-west-1", **_secret()), **scope}
    for external, style, part in product(("", "ext-1"), (False, True), ("aws", "aws-us-gov")):
        region = "us-gov-west-1" if part == "aws-us-gov" else "us-east-1"
        arn = f"arn:{part}:iam::123456789012:role/backup"
        keys = {"credential_type": "sts", "arn": arn, "external_id": external}
        yield {**_of_s3("", "", style, region, **keys), "context": "project", "is_default": False}
    yield {
        **_of_s3("", "", False, "us-gov-west-1", **_secret()),
        "context": "project",
        "is_default": True,
    }


def _of_minio() -> Iterator[dict[str, Any]]:
    url = "https://minio.example.com:9000"
    for ca, style, scope in product(("", CA), (False, True), _scopes()):
        yield {**_of_s3(url, ca, style, "us-east-1", **_secret()), **scope}


def _of_gcp() -> Iterator[dict[str, Any]]:
    for project, scope in product(("some-project", "123456789012", ""), _scopes()):
        gcp = {"project_id": project, "gcp_json_credentials": KEY}
        yield {"bucket_name": "b", "gcp_storage_config": [gcp], **scope}


def _of_azure() -> Iterator[dict[str, Any]]:
    for sku, scope in product(("Standard_LRS", ""), _scopes()):
        azure = {
            "container_name": "backups",
            "storage_name": "account1",
            "stock_keeping_unit": sku,
            "resource_group": "rg",
            "azure_tenant_id": GUID.format(1),
            "azure_client_id": GUID.format(2).upper(),
            "subscription_id": GUID.format(3),
            "azure_client_secret": SECRET,
        }
        yield {"azure_storage_config": [azure], **scope}


# what it can make, and what nobody can use


def unusable() -> dict[str, Made]:
    """By what Palette does not have of them."""
    common = {"context": "project", "is_default": False, "storage_provider": "minio"}
    role = {"credential_type": "sts", "arn": "arn:aws:iam::123456789012:role/r"}
    url = "https://minio.example.com:9000"
    nobody = {**_secret(), "access_key": ""}
    return {
        "url": Made("no-url", "minio", {**_of_s3("", "", True, "r1", **_secret()), **common}),
        "credentials.access_key": Made(
            "no-key", "minio", {**_of_s3(url, "", True, "r1", **nobody), **common}
        ),
        r"credentials.kind that is known here \(sts\)": Made(
            "a-role", "minio", {**_of_s3(url, "", True, "r1", **role), **common}
        ),
    }


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


SECRETS = ("secret_key", "gcp_json_credentials", "azure_client_secret")


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
