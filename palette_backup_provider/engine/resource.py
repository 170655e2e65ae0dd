"""The base class of every resource a user instantiates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields as args_fields
from dataclasses import is_dataclass
from hashlib import sha256
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args

from pulumi import (
    Output,
    ResourceOptions,
    dynamic,
    get_organization,
    get_project,
    get_stack,
)

from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.model import (
    Model,
    Secret,
    fields,
    is_model,
    key,
    marker,
    variant,
)
from palette_backup_provider.engine.dynamic import DynamicProvider

ArgsT = TypeVar("ArgsT")
NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_.-]")


class Resource(dynamic.Resource, Generic[ArgsT]):
    handler: ClassVar[type[AnyHandler]]
    token: ClassVar[str]

    def __init_subclass__(cls, *, handler: type[AnyHandler], **_: Any) -> None:
        # resources/palette/backup_location.py: BackupLocation -> "palette:BackupLocation"
        cloud = cls.__module__.split(".")[-2]
        super().__init_subclass__(module=cloud, name=cls.__name__)
        cls.handler, cls.token = handler, f"{cloud}:{cls.__name__}"

    def __init__(self, name: str, args: ArgsT, opts: ResourceOptions | None = None) -> None:
        self._declare(name, props(args, self.handler.state_type), opts)

    @classmethod
    def get(cls, name: str, id: str, opts: ResourceOptions | None = None) -> Self:
        """Look up what exists, to read its outputs. It is not managed: never changed or deleted."""
        return cls._look_up(name, id, {}, opts)

    @classmethod
    def _look_up(
        cls, name: str, id: str, given: dict[str, Any], opts: ResourceOptions | None
    ) -> Self:
        found = cls.__new__(cls)
        found._declare(name, given, ResourceOptions.merge(opts, ResourceOptions(id=id)))
        return found

    def _declare(self, name: str, given: dict[str, Any], opts: ResourceOptions | None) -> None:
        state: type[Model] = self.handler.state_type
        declared: dict[str, Any] = {key(state, f): None for f in state.model_fields}
        sealed = sorted(key(state, f) for f in fields(state, Secret))
        secrets = ResourceOptions(additional_secret_outputs=sealed)
        super().__init__(
            DynamicProvider(type(self).token, self.handler),
            name,
            {**declared, "__owner": self._owner(name, opts), **given},
            ResourceOptions.merge(secrets, opts),
        )

    def _owner(self, name: str, opts: ResourceOptions | None) -> Output[str]:
        """Who this is, as a person reads it and cut to fit a tag, and the hash of all of it, its
        type and the types above it."""
        parent = opts.parent if opts else None
        token = type(self).token  # an output of that name may hide it on the instance

        async def owner() -> str:  # not parent.urn.apply: a child may not depend on its component
            above = await parent.urn.future() if parent else ""
            who = (get_organization() or "organization", get_project(), get_stack(), name)
            unique = sha256(f"{above}{token}::{'/'.join(who)}".encode()).hexdigest()[:6]
            return "/".join(NOT_IN_TAGS.sub("-", part)[:50] for part in who) + f":{unique}"

        return Output.from_input(owner())


def props(args: Any, model: type[Model]) -> dict[str, Any]:
    """`args` as properties; whatever `model` marks secret is sealed, even a plain string."""
    found: dict[str, Any] = {}
    for name, value in _items(args):
        info = model.model_fields.get(name)
        if value is None:
            continue
        if info and marker(model, name, Secret):
            value = Output.secret(value)
        elif info and any(map(is_model, (info.annotation, *get_args(info.annotation)))):
            here = is_dataclass(value) or isinstance(value, Mapping)
            inner = variant(info.annotation, value) if here else None
            # not known here, or of no kind that we know (refused by check): sealed as a whole
            value = props(value, inner) if inner else Output.secret(_plain(value))
        found[name] = value
    return found


def _items(args: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(args):
        return ((field.name, getattr(args, field.name)) for field in args_fields(args))
    return iter(args.items())


def _plain(value: Any) -> Any:
    return {k: _plain(v) for k, v in _items(value)} if is_dataclass(value) else value
