"""Custom roles of Google Cloud, and what every role grants."""

import re
from collections.abc import Callable

from palette_backup_provider.sandbox.gcp.rules import PERMISSIONS, Refused, absent, invalid
from palette_backup_provider.sandbox.json import Body

DAY = 86400
RESTORABLE, HELD = 7 * DAY, 37 * DAY
"""Seconds for which a deleted role can be restored, and for which its id is not free."""


class Roles:
    """The roles that somebody made, in every project."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.named: dict[str, Body] = {}
        """By their full names."""
        self.ended: dict[str, float] = {}
        """When a role was deleted."""

    def create(self, project: str, body: Body) -> Body:
        name = f"projects/{project}/roles/{body['roleId']}"
        if not re.fullmatch(r"[a-zA-Z0-9_.]{3,64}", body["roleId"]):
            raise invalid("The role_id does not have the right form.")
        there = self.named.get(name)
        if there and there.get("deleted") and self._age(name) <= HELD:
            message = (
                f"You can't create a role_id ({body['roleId']}) which has been marked for deletion."
            )
            raise Refused(400, "FAILED_PRECONDITION", message)
        if there and not there.get("deleted"):
            message = f"A role named {body['roleId']} in projects/{project} already exists."
            raise Refused(409, "ALREADY_EXISTS", message)
        self.named[name] = {"name": name, "etag": "BwYk", **body.get("role", {})}
        return self.named[name]

    def listed(self, project: str) -> Body:
        there = self.named.values()
        roles = [role for role in there if role["name"].startswith(f"projects/{project}/")]
        live = [role for role in roles if not role.get("deleted")]
        return {"roles": live} if live else {}

    def get(self, project: str, id: str) -> Body:
        name = f"projects/{project}/roles/{id}"
        if name not in self.named:
            raise absent(f"The role named {name} was not found.")
        return self.named[name]

    def change(self, project: str, id: str, body: Body) -> Body:
        role = self.get(project, id)
        if role.get("deleted") and "deleted" not in body:
            raise Refused(400, "FAILED_PRECONDITION", f"The role {id} is deleted.")
        if body.get("deleted") is False and self._age(role["name"]) > RESTORABLE:
            raise Refused(400, "FAILED_PRECONDITION", f"The role {id} can't be undeleted.")
        if body.get("deleted"):
            self.ended[role["name"]] = self._clock()
        role |= body
        if not role.get("deleted"):
            role.pop("deleted", None)
        return role

    def known(self, role: str) -> bool:
        """Whether it can be bound."""
        return role in PERMISSIONS or (role in self.named and not self.named[role].get("deleted"))

    def permissions(self, role: str) -> set[str]:
        """What the role grants: one that is deleted or disabled grants nothing, and stays bound."""
        custom = self.named.get(role, {})
        if custom.get("deleted") or custom.get("stage") == "DISABLED":
            return set()
        return PERMISSIONS.get(role) or set(custom.get("includedPermissions", []))

    def _age(self, role: str) -> float:
        """Seconds since the role was deleted."""
        return self._clock() - self.ended.get(role, self._clock())
