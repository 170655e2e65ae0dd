"""The base class of every resource a user instantiates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields as args_fields
from dataclasses import is_dataclass
from functools import cache
from inspect import isawaitable
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args

from pulumi import (
    Output,
    ResourceOptions,
    RunError,
    dynamic,
    get_organization,
    get_project,
    get_stack,
)
from pulumi.runtime import is_dry_run

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.markers import Derived, DerivedDefault, Secret
from palette_backup_provider.core.model import (
    EXISTING,
    Model,
    Owned,
    Storage,
    defaults,
    fields,
    is_model,
    marker,
    properties_with,
    property_name,
    variant,
)
from palette_backup_provider.core.packages import ALWAYS, demand_visible
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.given import read_arguments, set_signature
from palette_backup_provider.engine.lineage import lineage
from palette_backup_provider.engine.owner import DEFAULT_ORGANIZATION, owner_of
from palette_backup_provider.engine.planned import FROM, otherwise, sources
from palette_backup_provider.engine.properties import LINEAGE, OWNER, SEALED
from palette_backup_provider.engine.registration import (
    aliases_of,
    is_native,
    register,
    with_old_names,
)
from palette_backup_provider.engine.tokens import cloud_of

ArgsT = TypeVar("ArgsT")


class Resource(dynamic.Resource, Generic[ArgsT]):
    handler: ClassVar[type[AnyHandler]]
    token: ClassVar[str]

    def __init_subclass__(cls, *, handler: type[AnyHandler], **_: Any) -> None:
        cloud = cloud_of(cls)
        super().__init_subclass__(module=cloud, name=cls.__name__)
        cls.handler, cls.token = handler, f"{cloud}:{cls.__name__}"
        set_signature(cls)

    def __init__(
        self,
        resource_name: str,
        args: Any = None,
        opts: ResourceOptions | None = None,
        *,
        noted: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        """`noted` is what a component notes on its resources, as `engine/together.py` says."""
        _demand_provider()
        arguments, opts = read_arguments(type(self), resource_name, args, opts, keywords)
        self._owner = self.owner_of(resource_name, opts)
        properties: dict[str, Any] = {OWNER: self._owner, LINEAGE: lineage()}
        properties |= {**props(arguments, self.handler.state_type), **(noted or {})}
        if not is_native():
            properties |= self._notes(arguments, noted or {})
        self._declare(resource_name, properties, opts)
        if is_dry_run() and not (is_native() or getattr(arguments, EXISTING, None)):
            self._know_defaults(arguments)
        self._declare_companion(resource_name, arguments)

    def _notes(self, args: ArgsT, noted: Mapping[str, Any]) -> dict[str, Any]:
        """What Pulumi tells no dynamic provider: whence outputs come, and what is secret."""
        notes: dict[str, Any] = {}
        if outputs := [*_outputs(args, None), *_outputs(noted, None)]:
            notes[FROM] = Output.from_input(sources(outputs))
        if outputs := list(_outputs(args, self.handler.state_type)):
            notes[SEALED] = Output.from_input(_secret_paths(outputs))
        return notes

    def _know_defaults(self, args: ArgsT) -> None:
        """Know in a preview what check leaves out of the inputs."""
        state: type[Model] = self.handler.state_type
        derived = fields(state, Derived) | fields(state, DerivedDefault)
        for name, default in defaults(state).items():
            value = getattr(args, name, None)
            planned = Output.from_input(default if value is None else value)
            if name in derived:  # unknown as well where it follows from what is unknown
                given = (output for _, output in _outputs(args, None))
                planned = Output.all(planned, *given).apply(lambda values: values[0])
            vars(self)[name] = otherwise(vars(self)[name], planned)

    def _declare_companion(self, name: str, args: ArgsT) -> None:
        """Declare what stands beside this resource: nothing, but where a type says so."""

    @classmethod
    def get(cls, resource_name: str, id: str, opts: ResourceOptions | None = None) -> Self:
        """Look up what exists, to read its outputs. It is not managed: never changed or deleted."""
        return cls._look_up(resource_name, id, {}, opts)

    @classmethod
    def _look_up(
        cls, name: str, id: str, properties: dict[str, Any], opts: ResourceOptions | None
    ) -> Self:
        _demand_provider()
        resource = cls.__new__(cls)
        resource._declare(name, properties, ResourceOptions.merge(opts, ResourceOptions(id=id)))
        return resource

    def _declare(self, name: str, properties: dict[str, Any], opts: ResourceOptions | None) -> None:
        state: type[Model] = self.handler.state_type
        declared = dict.fromkeys(_read_by_programs(state))
        if is_native():
            register(self, type(self).token, state, name, {**declared, **properties}, opts)
            return
        sealed = sorted(properties_with(state, Secret))
        secrets = ResourceOptions(
            additional_secret_outputs=sealed, aliases=aliases_of(type(self).token)
        )
        super().__init__(
            DynamicProvider(type(self).token, self.handler),
            name,
            {**declared, **properties},
            ResourceOptions.merge(secrets, with_old_names(state, opts)),
        )

    @classmethod
    def owner_of(cls, name: str, opts: ResourceOptions | None) -> Output[str]:
        """The owner that a mark names for a resource of that name."""
        parent = opts.parent if opts else None

        async def owner() -> str:  # not parent.urn.apply: a child may not depend on its component
            above = await parent.urn.future() if parent else ""
            organization = get_organization() or DEFAULT_ORGANIZATION
            project, stack = get_project(), get_stack()
            return owner_of(organization, project, stack, name, above=above or "", token=cls.token)

        return Output.from_input(owner())


@cache
def _read_by_programs(state: type[Model]) -> tuple[str, ...]:
    """The properties that are outputs in a program. For each the SDK keeps four futures and a task,
    so what only says whose an object is has none; but a location notes all of its storage."""
    names = tuple(property_name(state, name) for name in state.model_fields)
    if issubclass(state, Storage):
        return names
    ours = {property_name(Owned, name) for name in Owned.model_fields}
    return tuple(name for name in names if not (name in ours and name.startswith("__")))


@cache
def _demand_provider() -> None:
    """Raise RunError if a file beside the program keeps Pulumi's provider from even beginning."""
    try:
        demand_visible(*ALWAYS)
    except ProviderError as error:
        raise RunError(str(error)) from None


def props(args: Any, model: type[Model]) -> dict[str, Any]:
    """`args` as properties; whatever `model` marks secret is sealed, even a plain string."""
    properties: dict[str, Any] = {}
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
        properties[name] = value
    return properties


def _outputs(
    args: Any, model: type[Model] | None, *above: str
) -> Iterator[tuple[list[str], Output[Any]]]:
    """The outputs among the arguments, with their paths, that `model` does not mark secret."""
    for name, value in _items(args):
        info = model.model_fields.get(name) if model else None
        path = (*above, str(name))
        if model and info and marker(model, name, Secret):
            continue
        if isinstance(value, Output):
            yield list(path), value
        elif is_dataclass(value) or isinstance(value, Mapping):
            yield from _outputs(value, variant(info.annotation, value) if info else None, *path)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _outputs(dict(enumerate(value)), None, *path)


async def _secret_paths(outputs: list[tuple[list[str], Output[Any]]]) -> list[list[str]] | None:
    """Where the program gives a secret; None if nowhere."""
    return [path for path, output in outputs if await output.is_secret()] or None


def _items(args: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(args):
        return ((field.name, getattr(args, field.name)) for field in args_fields(args))
    return iter(args.items())


def _plain(value: Any) -> Any:
    """`value`, whose Args are maps: those of an output as soon as it is known."""
    if isinstance(value, Output) or isawaitable(value):
        return Output.from_input(value).apply(_plain)
    if not is_dataclass(value):
        return value
    return {name: _plain(inner) for name, inner in _items(value) if inner is not None}
