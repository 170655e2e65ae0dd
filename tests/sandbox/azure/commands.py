"""The commands of Azure's own tool in the documentation, and their options."""

from collections.abc import Callable

JUDGES: dict[str, Callable[[list[str]], None]] = {}
FOREIGN = {
    "az login": set[str](),
    "az role assignment create": {"--role", "--assignee", "--scope"},
    "az role definition create": {"--role-definition"},
}
