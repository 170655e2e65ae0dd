"""The program that adopts locations, as Python source.

It is read off the same classes that a program is written with, so a kind of storage appears here by
existing. A secret is never part of it: the program takes it from the stack's config.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as args_fields
from textwrap import indent
from typing import Any

from palette_backup_provider.core.markers import Secret
from palette_backup_provider.core.model import Model, fields
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.engine.given import nested, required
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from palette_backup_provider.resources.palette.storage import AnyStorageArgs
from palette_backup_provider.resources.palette.storage.base import Storage

HEADER = """\
{imports}from palette_backup_provider import palette

{config}"""

USERINFO = re.compile(r"^((?:[^/?#@]*:)?//)?.*@", re.DOTALL)
"""What is before the host of a URL, the scheme aside; to the last @, as a password may hold one."""
LEFT_OUT_OF_URL = (
    "{}: the URL that Palette has holds a user name or a password, which everyone who may list "
    "locations can read: renew it. They are left out here, as no program may hold them; "
    "adopt_overwrite=True takes them out of Palette, too."
)


@dataclass(frozen=True)
class Setting:
    """What the program takes from the stack's config."""

    key: str
    field: str
    secret: bool

    @property
    def command(self) -> str:
        """How a person sets it; the value is asked for."""
        return f"pulumi config set {'--secret ' if self.secret else ''}{self.key}"


@dataclass
class Program:
    """Lines that adopt locations, and the settings that they need."""

    settings: list[Setting] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _calls: dict[str, str] = field(default_factory=dict)

    def adopt(
        self, uid: str, location: BackupLocationState, given: Mapping[str, str], name: str
    ) -> list[Setting]:
        """Add the location, under a name like `name`. Returns the settings that the location
        needs."""
        logical = self._unused(name)
        needs: list[Setting] = []
        scalars = {"adopt": uid, "name": location.name, **given}
        more = {
            "is_default": location.is_default,
            "labels": location.labels,
            "annotations": location.annotations,
        }
        storage = _call(
            AnyStorageArgs, self._public(logical, trimmed(location.storage)), logical, needs
        )
        arguments = [
            *(f"{key}={_literal(value)}" for key, value in scalars.items()),
            f"storage={storage}",
            *(f"{key}={_literal(value)}" for key, value in more.items() if value),
        ]
        self._calls[logical] = _lines("palette.BackupLocation", [_literal(logical), *arguments])
        self.settings += needs
        return needs

    def __str__(self) -> str:
        imports = "import pulumi\n" if self.settings else ""
        config = "config = pulumi.Config()\n\n" if self.settings else ""
        notes = "".join(f"# {printable(note)}\n" for note in self.notes)
        header = HEADER.format(imports=imports, config=config)
        return notes + header + "\n".join(self._calls.values())

    def _public(self, logical: str, storage: Storage) -> Storage:
        """`storage` without a password that its URL may hold."""
        url = getattr(storage, "url", None) or ""
        public = USERINFO.sub(r"\1", url)
        if public == url:
            return storage
        self.notes.append(LEFT_OUT_OF_URL.format(logical))
        return storage.model_copy(update={"url": public})

    def _unused(self, name: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "location"
        others = (f"{slug}-{number}" for number in range(2, len(self._calls) + 3))
        return slug if slug not in self._calls else next(o for o in others if o not in self._calls)


def trimmed(storage: Storage) -> Storage:
    """`storage` without the options that Palette would be told the same without."""
    for name, info in type(storage).model_fields.items():
        if name != "kind" and not info.is_required():
            left_out = storage.model_copy(update={name: info.get_default()})
            if left_out.config() == storage.config():
                storage = left_out
    return storage


def absent(model: Model, hint: Any = AnyStorageArgs, path: str = "") -> Iterator[str]:
    """The arguments of `model` that a program has to give and that Palette does not have; never a
    secret."""
    args = _args_class(hint, getattr(model, "kind", None))
    if args is None:
        yield f"{path}kind that is known here ({getattr(model, 'kind', None)})"
        return
    for info in args_fields(args):
        value = getattr(model, info.name, None)
        if isinstance(value, Model):
            yield from absent(value, info.type, f"{path}{info.name}.")
        elif required(info) and value == "" and info.name not in fields(type(model), Secret):
            yield f"{path}{info.name}"


def _call(hint: Any, model: Model, logical: str, needs: list[Setting]) -> str:
    """What a program writes to get `model`."""
    args = _args_class(hint, getattr(model, "kind", None))
    assert args  # `absent` has told of those that are not known
    arguments = []
    for info in args_fields(args):
        name, value = info.name, getattr(model, info.name, None)
        demanded = required(info)
        secret = name in fields(type(model), Secret)
        if name == "kind":
            continue
        if isinstance(value, Model):
            arguments.append(f"{name}={_call(info.type, value, logical, needs)}")
        elif demanded and not secret and value is None:
            arguments.append(f"{name}=None")
        elif demanded and (secret or not value):
            key = f"{logical}-{name.replace('_', '-')}"
            needs.append(Setting(key, name, secret))
            arguments.append(f"{name}=config.require{'_secret' if secret else ''}({_literal(key)})")
        elif not secret and value != type(model).model_fields[name].get_default():
            arguments.append(f"{name}={_literal(value)}")
    return _lines(f"palette.{args.__name__}", arguments)


def _args_class(hint: Any, kind: str | None) -> type[Any] | None:
    """The class behind a hint such as `Input[A | B] | None`, for that kind; None if none is."""
    of_kind = {
        c
        for c in nested(hint)
        if next((f.default for f in args_fields(c) if f.name == "kind"), kind) == kind
    }
    return next(iter(of_kind), None)


def _lines(name: str, arguments: list[str]) -> str:
    return f"{name}(\n" + "".join(indent(f"{a.rstrip()},\n", "    ") for a in arguments) + ")\n"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items()) + "}"
    if not isinstance(value, str):
        return repr(value)
    quoted = json.dumps(value, ensure_ascii=False)
    # some of what does not print ends a line, and then the text would be indented with the program
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in quoted)
