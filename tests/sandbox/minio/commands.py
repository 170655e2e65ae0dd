"""The commands of MinIO's own tool in the documentation, and their options."""

from collections.abc import Callable

JUDGES: dict[str, Callable[[list[str]], None]] = {}
FOREIGN = {
    "mc admin policy attach": {"--user"},
    "mc admin policy create": set[str](),
}
