"""docs/permissions, made of the tables: `python -m tests.contract.permissions` writes it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from palette_backup_provider.clients.aws import permissions as aws
from palette_backup_provider.clients.azure import permissions as azure
from palette_backup_provider.clients.gcp import permissions as gcp
from palette_backup_provider.clients.minio import permissions as minio
from palette_backup_provider.core.permissions import Statement

FOLDER = Path(__file__).parents[2] / "docs/permissions"


def _policy(statements: Iterable[Statement], resource: str) -> str:
    """As `aws iam create-policy` and `mc admin policy create` take it."""
    allowed = [
        {
            "Sid": one.name,
            "Effect": "Allow",
            "Action": [*one.actions],
            # MinIO's actions of administration are on nothing
            **({} if one.actions[0].startswith("admin:") else {"Resource": resource}),
        }
        for one in statements
    ]
    return _json({"Version": "2012-10-17", "Statement": allowed})


def _role(statements: Iterable[Statement]) -> str:
    """As `gcloud iam roles create` takes it."""
    (seldom,) = (one for one in statements if one.only_for)
    return "\n".join(
        [
            "title: Palette backup locations",
            f"description: What GcpBackupLocation takes; the last {len(seldom.actions)} are for "
            f"{seldom.only_for} alone.",
            "stage: GA",
            "includedPermissions:",
            *(f"- {action}" for one in statements for action in one.actions),
            "",
        ]
    )


def _definition(statements: Iterable[Statement]) -> str:
    """As `az role definition create` takes it."""
    return _json(
        {
            "Name": "Palette backup locations",
            "IsCustom": True,
            "Description": "What AzureBackupLocation takes of Azure Resource Manager.",
            "Actions": sorted(action for one in statements for action in one.actions),
            "NotActions": [],
            "DataActions": [],
            "NotDataActions": [],
            "AssignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"],
        }
    )


def _json(found: dict[str, Any]) -> str:
    return f"{json.dumps(found, indent=2)}\n"


def documents() -> dict[str, str]:
    """Each file, by its name."""
    return {
        "aws.json": _policy(aws.STATEMENTS, "*"),
        "azure.json": _definition(azure.STATEMENTS),
        "gcp.yaml": _role(gcp.STATEMENTS),
        "minio.json": _policy(minio.STATEMENTS, "arn:aws:s3:::*"),
    }


if __name__ == "__main__":
    for name, text in documents().items():
        (FOLDER / name).write_text(text)
