"""docs/permissions, made of the tables: `python -m tests.contract.permissions` writes it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from palette_backup_provider.core.permissions import Statement
from palette_backup_provider.core.policy_language import VERSION
from tests.contract.clouds import in_each_folder

FOLDER = Path(__file__).parents[2] / "docs/permissions"


def policy(statements: Iterable[Statement], resource: str) -> str:
    """A policy document that allows all of that on `resource`."""
    allowed = [
        {
            "Sid": one.name,
            "Effect": "Allow",
            "Action": [*one.actions],
            # actions of administration are on nothing
            **({} if one.actions[0].startswith("admin:") else {"Resource": resource}),
        }
        for one in statements
    ]
    return as_json({"Version": VERSION, "Statement": allowed})


def as_json(found: dict[str, Any]) -> str:
    """The text of a file."""
    return f"{json.dumps(found, indent=2)}\n"


def documents() -> dict[str, str]:
    """Each file, by its name: each cloud's folder says what it is called and holds."""
    return {each.FILE: each.document() for each in in_each_folder("permissions").values()}


if __name__ == "__main__":
    for name, text in documents().items():
        (FOLDER / name).write_text(text)
