"""What the credentials in use lack on a project is told by the project."""

from base64 import b64decode
from typing import Any

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.permissions import LOCATION, SNAPSHOTS, permissions
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import Permissions
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.gcp.service import PROJECT
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp_server import Cloud

EMAIL = f"limited@{PROJECT}.iam.gserviceaccount.com"


one, cloud = gcp_server.one, gcp_server.cloud


def asked(cloud: Cloud, *granted: str) -> Permissions:
    """The permissions of an account that has a role with these."""
    iam = cloud.gcp.iam
    iam.create_account(PROJECT, {"accountId": "limited"})
    role = iam.roles.create(
        PROJECT, {"roleId": "limited", "role": {"includedPermissions": [*granted]}}
    )
    binding = {"role": role["name"], "members": [f"serviceAccount:{EMAIL}"]}
    iam.projects[PROJECT].bindings.append(binding)
    key = b64decode(iam.create_key(EMAIL, f"{cloud.url}/token")["privateKeyData"]).decode()
    config = {**cloud.config, "gcp:credentials": key}
    return permissions(GcpClient.connect(Settings(config.get, {})))


def test_all_of_the_document_is_enough(cloud: Cloud) -> None:
    found = asked(cloud, *LOCATION.actions, *SNAPSHOTS.actions)
    assert not found.lacking and not found.left_out and not found.unclear


def test_what_is_missing_is_named(cloud: Cloud) -> None:
    found = asked(cloud, *LOCATION.actions[1:], *SNAPSHOTS.actions[:-1])
    assert [one.missing for one in found.lacking] == [
        ("storage.buckets.create",),
        ("resourcemanager.projects.setIamPolicy",),
    ]
    assert found.lacking[0].statement.where == "docs/permissions/gcp.yaml"


def test_without_snapshots_a_part_may_be_left_out(cloud: Cloud) -> None:
    reading = ("iam.roles.get", "resourcemanager.projects.getIamPolicy")
    found = asked(cloud, *LOCATION.actions, *reading)
    assert not found.lacking
    assert [one.statement.only_for for one in found.left_out] == ["snapshots=True"]


def test_nothing_at_all_is_granted(cloud: Cloud) -> None:
    assert [one.missing for one in asked(cloud).lacking] == [LOCATION.actions]


def test_an_api_that_is_not_enabled_tells_nothing(cloud: Cloud) -> None:
    cloud.gcp.disabled.add("cloudresourcemanager.googleapis.com")
    found = asked(cloud, *LOCATION.actions)
    assert not found.lacking
    assert all("gcloud services enable" in one.unclear for one in found.unclear)


def test_what_is_no_refusal_is_raised(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise ApiError("it is down", status=503)

    gcp = GcpClient.connect(Settings(cloud.config.get, {}))
    gcp.project()
    monkeypatch.setattr(gcp, "call", down)
    with pytest.raises(ApiError, match="it is down"):
        permissions(gcp)
