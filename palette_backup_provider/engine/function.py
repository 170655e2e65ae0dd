"""Functions for programs, whose arguments are checked like the inputs of a resource."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pulumi import Output
from pydantic import create_model

from palette_backup_provider.core.compare import Invalid, violations
from palette_backup_provider.core.model import Model
from palette_backup_provider.engine.mistakes import Mistake, Mistakes

P = ParamSpec("P")
R = TypeVar("R")


def checked(function: Callable[P, R], name: str = "") -> Callable[P, R]:
    """`function`, which refuses arguments that break the rules of its annotations.

    It raises Mistakes, which a program shows as it is, one line an argument; each begins with
    `name`, by default that of the function. A checked function can be given another name.
    """
    plain: Callable[..., R] = inspect.unwrap(function)
    who = name or plain.__name__
    signature = inspect.signature(plain)
    fields: dict[str, Any] = {
        one.name: (one.annotation, ... if one.default is one.empty else one.default)
        for one in signature.parameters.values()
    }
    model = create_model(plain.__name__, __base__=Model, **fields)

    @wraps(plain)
    def judged(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = dict(signature.bind(*args, **kwargs).arguments)
        if wrong := _outputs(bound) or list(violations(model, bound, set())):
            raise Mistakes(who, list(map(_mistake, wrong)))
        valid = model.model_validate(bound)
        return plain(**{name: getattr(valid, name) for name in bound})

    return judged


def _mistake(invalid: Invalid) -> Mistake:
    """Below an argument are the keys of the user's own map."""
    argument, _, written = invalid.path.partition(".")
    return Mistake(argument, invalid.reason, written)


def _outputs(values: dict[str, Any]) -> list[Invalid]:
    reason = "is an Output, whose value is not known yet: call this in its `apply`"
    return [Invalid(name, reason) for name, value in values.items() if isinstance(value, Output)]
