"""The rules of every resource type, each from the folder of its service."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from palette_backup_provider import review
from palette_backup_provider.review.rules import Rules

NONE = Rules()
_TYPE = re.compile(r"([^:]+):([^:/]*)[^:]*:([^:]+)")
_NOT_A_SERVICE = "policies"


def rules_of(token: str) -> Rules:
    """The rules of a type; those of one that is not known here tell nothing.

    A type of Pulumi's packages is known by package, module and name, as `package:module:Type`.
    """
    parts = _TYPE.fullmatch(token)
    return _by_type().get(":".join(parts.groups()) if parts else token, NONE)


@cache
def _by_type() -> Mapping[str, Rules]:
    rules: dict[str, Rules] = {}
    for module in iter_modules(review.__path__, f"{review.__name__}."):
        if module.ispkg and not module.name.endswith(f".{_NOT_A_SERVICE}"):
            rules.update(import_module(module.name).RULES)
    return rules
