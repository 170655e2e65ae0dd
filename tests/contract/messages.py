"""What the package's errors say, read off the source: the text of each, with <what is filled in>.

A text is followed through local variables, constants and functions of the package. Where it may
end in several ways, the longest is read: it has the advice that the others lack.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from inspect import getsource, signature
from itertools import islice, product
from pathlib import Path
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from palette_backup_provider.core import compare
from palette_backup_provider.core.compare import IN_WORDS
from palette_backup_provider.core.errors import ProviderError, sentence
from tests.contract.sentences import PACKAGE, ROOT

WRAPPED = {"sentence", "_sentence", "str", "cleared", "excerpt", "printable", "join"}
TRIMMED = {"rstrip", "removesuffix"}
"""Calls that leave the words of a text as they are, their argument or what they are called on."""
THEIRS = {"said": "error", "reason": "reason"}
"""Calls that quote what others say."""
QUOTED = re.compile(r"(<[a-z ]+>…?)+")
"""The whole text of another error, which is read where that one is made."""
OF_ARGUMENTS = re.compile(r"(core|engine|clients|resources)/(?!.*answers)")
DEEP = 4
"""So many functions are entered one in the other."""
MOST = 60
"""So many ways in which a text may end are looked at."""


class Message(NamedTuple):
    """What one place of the source says."""

    path: Path
    line: int
    kind: type[Exception]
    text: str

    def __str__(self) -> str:
        where = f"{self.path.relative_to(ROOT)}:{self.line}"
        return f"{where}: {self.kind.__name__}: {self.text}"


@dataclass
class Scope:
    """A function, and what its parameters are where that is known."""

    module: ModuleType
    function: ast.FunctionDef
    given: dict[str, list[str]] = field(default_factory=dict)
    depth: int = 0

    def kinds(self, node: ast.expr) -> list[type[ProviderError]]:
        """The errors of ours that a call of `node` may make, the usual one first."""
        match node:
            case ast.IfExp():
                return [*self.kinds(node.orelse), *self.kinds(node.body)]
            case ast.Name() if values := self.values(node):
                return self.kinds(values[-1])
        found = self.known(node)
        return [found] if isinstance(found, type) and issubclass(found, ProviderError) else []

    def texts(self, node: ast.expr) -> list[str]:
        """All that `node` may be, as texts."""
        match node:
            case ast.Constant(value=value):
                return [str(value)]
            case ast.JoinedStr(values=parts):
                return self._joined(parts)
            case ast.FormattedValue(value=value):
                return self.texts(value)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._joined([left, right])
            case ast.IfExp(body=body, orelse=orelse):
                return [*self.texts(body), *self.texts(orelse)]
            case ast.Name(id=name) if name in self.given:
                return self.given[name]
            case ast.Name(id=name) if values := self.values(node):
                return [text for value in values for text in self._called(name, value)]
            case ast.Name() | ast.Attribute() if isinstance(told := self.known(node), str):
                return [told]
            case ast.Call(func=ast.Attribute(value=whole, attr="format")):
                return [text.replace("{}", "…") for text in self.texts(whole)]
            case ast.Call(func=ast.Attribute(value=whole, attr=name)) if name in TRIMMED:
                return self.texts(whole)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in WRAPPED:
                ended = sentence if name.endswith("sentence") else str
                return [ended(text) for text in self.texts(node.args[0])]
            case ast.Call(func=ast.Name(id=name)) if name in THEIRS:
                return [_word(THEIRS[name])]
            case ast.Call(func=called) if isinstance(known := self.known(called), FunctionType):
                return self._returned(known, node) or [_filled_in(node)]
        return [_filled_in(node)]

    def known(self, node: ast.expr) -> Any:
        """What `node` is to the module; None for what a run makes."""
        try:
            return eval(ast.unparse(node), vars(self.module))
        except Exception:
            return None

    def _joined(self, parts: list[ast.expr]) -> list[str]:
        return ["".join(texts) for texts in islice(product(*map(self.texts, parts)), MOST)]

    def _called(self, name: str, value: ast.expr) -> list[str]:
        """The texts of a variable; its name says more than what a run makes it of."""
        found = self.texts(value)
        return [_word(name)] if found == [_filled_in(value)] else found

    def values(self, variable: ast.Name) -> list[ast.expr]:
        """What the function gave that variable before."""
        name, line = variable.id, variable.lineno
        found: list[ast.expr] = []
        for node in ast.walk(self.function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    pass
                case ast.NamedExpr(target=ast.Name(id=target), value=value):
                    line = max(line, node.lineno + 1)
                case ast.AugAssign(target=ast.Name(id=target), value=value):
                    before = ast.Name(target, lineno=node.lineno)
                    value = ast.BinOp(before, ast.Add(), value)
                case _:
                    continue
            if target == name and node.lineno < line:
                found.append(value)
        return found

    def _returned(self, called: FunctionType, call: ast.Call) -> list[str]:
        if self.depth == DEEP or not called.__module__.startswith(PACKAGE.name):
            return []
        module = import_module(called.__module__)
        function = next(one for one in functions(module) if one.name == called.__name__)
        names = [argument.arg for argument in function.args.args]
        given = {name: self.texts(value) for name, value in zip(names, call.args, strict=False)}
        scope = Scope(module, function, given, self.depth + 1)
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        return [text for value in returned if value for text in scope.texts(value)]


@cache
def functions(module: ModuleType) -> list[ast.FunctionDef]:
    """The functions and methods of a module, without those inside of them."""
    return list(_outermost(ast.parse(Path(str(module.__file__)).read_text())))


@cache
def messages() -> tuple[Message, ...]:
    """What each error of the package says, wherever it is made; the sandbox has others."""
    left_out = {"sandbox", "__main__.py"}
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if left_out.isdisjoint(path.parts)]
    every = (message for path in found for message in _of(path, module_of(path)))
    return tuple(message for message in every if not QUOTED.fullmatch(message.text))


def module_of(path: Path) -> ModuleType:
    """The module that the file has."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return import_module(name.removesuffix(".__init__"))


@cache
def refused_arguments() -> tuple[Message, ...]:
    """What is said of an argument, behind its name; what is said of an answer is none."""
    files = sorted(PACKAGE.rglob("*.py"))
    found = [path for path in files if OF_ARGUMENTS.match(path.relative_to(PACKAGE).as_posix())]
    every = (message for path in found for message in _of_arguments(path, module_of(path)))
    types = (Message(Path(compare.__file__), 0, ValueError, one) for one in set(IN_WORDS.values()))
    return (*(one for one in every if not QUOTED.fullmatch(one.text)), *types)


def _of_arguments(path: Path, module: ModuleType) -> Iterator[Message]:
    for scope, call in _calls([Scope(module, function) for function in functions(module)]):
        if ast.unparse(call.func) in ("ValueError", "Invalid"):
            text = max(scope.texts(call.args[-1]), key=len)
            yield Message(path, call.lineno, ValueError, text)


def _of(path: Path, module: ModuleType) -> Iterator[Message]:
    scopes = [Scope(module, function) for function in functions(module)]
    for scope, call in _calls(scopes):
        if (kinds := scope.kinds(call.func)) and _text_of(kinds[0]) is None:
            for line, texts in _handed_in(scopes, scope, call.args[0]):
                yield Message(path, line, kinds[0], max(texts, key=len))
    for kind in vars(module).values():
        ours = isinstance(kind, type) and issubclass(kind, ProviderError)
        if ours and kind.__module__ == module.__name__ and (text := _text_of(kind)):
            yield Message(path, 0, kind, text)


def _text_of(kind: type[ProviderError]) -> str | None:
    """The text of a class that is not given one."""
    if next(iter(signature(kind).parameters)) == "message":
        return None
    made = ast.parse(dedent(getsource(kind.__init__))).body[0]
    assert isinstance(made, ast.FunctionDef)
    scope = Scope(sys.modules[kind.__module__], made)
    calls = [call for _, call in _calls([scope]) if ast.unparse(call.func) == "super().__init__"]
    return max(scope.texts(calls[0].args[0]), key=len)


def _handed_in(
    scopes: list[Scope], scope: Scope, text: ast.expr
) -> Iterator[tuple[int, list[str]]]:
    """The line and all ways of a text; of a parameter, for each that hands one in."""
    names = [argument.arg for argument in scope.function.args.args]
    if not isinstance(text, ast.Name) or text.id not in names or scope.values(text):
        yield text.lineno, scope.texts(text)
        return
    place = names.index(text.id) - (names[0] == "self")
    for other, call in _calls(scopes):
        if ast.unparse(call.func).rpartition(".")[2] == scope.function.name:
            yield call.lineno, other.texts(call.args[place])


def _calls(scopes: list[Scope]) -> Iterator[tuple[Scope, ast.Call]]:
    for scope in scopes:
        for node in ast.walk(scope.function):
            if isinstance(node, ast.Call):
                yield scope, node


def _outermost(node: ast.AST) -> Iterator[ast.FunctionDef]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef):
            yield inner
        else:
            yield from _outermost(inner)


def _word(name: str) -> str:
    return f"<{name.strip('_').lower().replace('_', ' ')}>"


def _filled_in(node: ast.expr) -> str:
    """A word for what only a run knows."""
    match node:
        case ast.Call(func=ast.Name(id="len" | "sum")):
            return "<number>"
        case ast.Call(func=ast.Name(id=name)) if name[0].isupper():
            return "<error>"
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[inner, *_]) if (
            name in WRAPPED
        ):
            return _filled_in(inner)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return _word(name)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args) if (
            not args or name.endswith("partition")
        ):
            return _filled_in(inner)
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.BoolOp(values=[inner, *_]):
            return _filled_in(inner)
        case ast.Attribute(value=inner, attr="get"):
            return _filled_in(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return _word(name)
    return "…"
