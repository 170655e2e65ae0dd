"""What a program gives a resource or component: keywords, Args or a dict, brought to Args."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from functools import cache
from inspect import Parameter, Signature
from typing import Any, ForwardRef, get_args, get_origin

from pulumi import Output, ResourceOptions

from palette_backup_provider.core.places import nearest
from palette_backup_provider.engine.mistakes import PYTHON_PACKAGE, Mistake, refuse

_RESOURCES = f"{PYTHON_PACKAGE}.resources."
"""How the modules of resource types begin; the cloud follows."""


def args_type_of(kind: type[Any]) -> type[Any]:
    """The Args of a resource or component, as its definition has them: `class X(Base[XArgs])`."""
    bases: tuple[Any, ...] = getattr(kind, "__orig_bases__", ())
    args_type: type[Any] = next(args for base in bases for args in get_args(base))
    return args_type


def set_signature(kind: type[Any]) -> None:
    """Have the signature of `kind` name its Args and be short, and those of its Args too.

    People see it in help(). Pulumi's analyzer of components takes the inputs from it.
    """
    args_type, inherited = args_type_of(kind), kind.__init__

    def __init__(
        self: Any,
        resource_name: str,
        args: Any = None,
        opts: ResourceOptions | None = None,
        **keywords: Any,
    ) -> None:
        inherited(self, resource_name, args, opts, **keywords)

    __init__.__annotations__["args"] = args_type
    __init__.__doc__ = (
        f"The arguments are those of `{args_type.__name__}`: as keywords, as one, or as a dict."
    )
    kind.__init__ = __init__
    _shorten(args_type)


def _shorten(args_type: Any) -> None:
    """Leave the types out of the signature: `Input[str]` alone is sixty characters of it."""
    names = [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=_default(field))
        for field in sorted(fields(args_type), key=lambda field: not required(field))
    ]
    itself = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    args_type.__init__.__signature__ = Signature([itself, *names])
    for field in fields(args_type):
        for inner in nested(field.type):
            _shorten(inner)


def read_arguments(
    kind: type[Any],
    name: str,
    args: object,
    opts: object,
    keywords: Mapping[str, Any],
    elsewhere: Callable[[str], str] = lambda _: "",
) -> tuple[Any, ResourceOptions | None]:
    """The Args and the options that a program gives `kind`.

    `elsewhere` tells what else takes an argument that `kind` does not have. A RunError names each
    mistake, and quotes no value: it may be a secret.
    """
    args_type, reader = args_type_of(kind), _Reader(kind, elsewhere)
    if isinstance(args, ResourceOptions) and opts is None:
        args, opts = None, args
    if not isinstance(opts, ResourceOptions | None):
        reader.refuse("opts", f"must be pulumi.ResourceOptions, and is {_called(type(opts))}.")
    if args is None:
        args = keywords
    elif keywords:
        for key in keywords:
            reader.refuse(key, "is a keyword beside `args`. Give all arguments in one way.")
    if isinstance(args, args_type | Mapping):
        args = reader.made([args_type], args)
    else:
        must = f"must be {_called(args_type)} or a dict of its arguments"
        reader.refuse("args", f"{must}, and is {_called(type(args))}.")
    if reader.wrong:
        refuse(name, reader.wrong)
    return args, opts if isinstance(opts, ResourceOptions) else None


class _Reader:
    """Makes Args of dicts, and of dicts in Args, and notes what is wrong with them."""

    def __init__(self, kind: type[Any], elsewhere: Callable[[str], str]) -> None:
        self._kind, self._elsewhere = kind, elsewhere
        self.wrong: list[Mistake] = []

    def refuse(self, path: str, reason: str, written: str = "") -> None:
        self.wrong.append(Mistake(path, reason, written))

    def made(self, kinds: list[type[Any]], value: Any, path: str = "") -> Any:
        """`value` as one of `kinds`, if it is one or a dict; else it is judged when it is known."""
        if any(isinstance(value, kind) for kind in kinds):
            had = {field.name: getattr(value, field.name) for field in fields(value)}
            have = self._inner(type(value), had, path)
            changed = {name: one for name, one in have.items() if one is not had[name]}
            return replace(value, **changed) if changed else value
        if isinstance(value, Mapping):
            kind = self._meant(kinds, value, path)
            return self._built(kind, value, path) if kind else None
        if is_dataclass(value):
            choice = " or ".join(map(_called, kinds))
            self.refuse(path, f"must be {choice}, and is {_called(type(value))}.")
        return value

    def _meant(
        self, kinds: list[type[Any]], value: Mapping[str, Any], path: str
    ) -> type[Any] | None:
        """Which of `kinds` a dict is, by its `kind`."""
        if len(kinds) == 1:
            return kinds[0]
        by_kind = {str(_field(kind, "kind").default): kind for kind in kinds}
        word = value.get("kind")
        if isinstance(word, str) and word in by_kind:
            return by_kind[word]
        near = nearest(word, by_kind) if isinstance(word, str) else ""
        self.refuse(f"{path}.kind", f"must be {' or '.join(sorted(by_kind))}.{near}")
        return None

    def _built(self, kind: type[Any], value: Mapping[str, Any], path: str) -> Any:
        names, before, near = [field.name for field in fields(kind)], len(self.wrong), ""
        for key in map(str, value):
            if key not in names:
                near += (suggested := nearest(key, names))
                self.refuse(path, self._unknown(kind, path, key, suggested), key)
        for name in names:
            misspelt = f" {name}?" in near
            if required(_field(kind, name)) and name not in value and not misspelt:
                self.refuse(_below(path, name), "is required.")
        inner = self._inner(kind, {key: value[key] for key in names if key in value}, path)
        return kind(**inner) if len(self.wrong) == before else None

    def _inner(self, kind: Any, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        nests = _nested_in(kind)
        return {
            name: self.made(nests[name], value, _below(path, name)) if name in nests else value
            for name, value in values.items()
        }

    def _unknown(self, kind: type[Any], path: str, key: str, near: str) -> str:
        who = _called(kind if path else self._kind)
        if not path and (others := self._elsewhere(key)):
            return f"is an argument of {others}, not of {who}."
        return f"is no argument of {who}.{near or f' help({_called(kind)}) names them all.'}"


def _field(kind: type[Any], name: str) -> Field[Any]:
    field: Field[Any] = kind.__dataclass_fields__[name]
    return field


@cache
def _nested_in(kind: type[Any]) -> dict[str, list[type[Any]]]:
    """By the name of each field that has some, the Args within its annotation."""
    return {field.name: kinds for field in fields(kind) if (kinds := nested(field.type))}


def nested(annotation: Any) -> list[type[Any]]:
    """The Args within an annotation such as `Input[A | B] | None`."""
    if isinstance(annotation, type) and is_dataclass(annotation):
        return [annotation]
    return list(dict.fromkeys(kind for part in get_args(annotation) for kind in nested(part)))


def of_programs(annotation: Any) -> bool:
    """Whether it is a type of which a program alone has values: an Output, which Pulumi writes in
    quotes, or an awaitable."""
    return isinstance(annotation, ForwardRef) or get_origin(annotation) in (Awaitable, Output)


def required(field: Field[Any]) -> bool:
    """Whether it must be given."""
    return field.default is MISSING and field.default_factory is MISSING


def _default(field: Field[Any]) -> Any:
    return Parameter.empty if required(field) else field.default


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _called(kind: type[Any]) -> str:
    """What a program calls it: `palette.BackupLocation` of resources/palette/backup_location.py."""
    cloud, dot, _ = kind.__module__.partition(_RESOURCES)[2].partition(".")
    return f"{cloud}{dot}{kind.__name__}"
