"""The base class of every component: it takes arguments as resources do."""

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from pulumi import ComponentResource, Output, ResourceOptions

from palette_backup_provider.components.location import incoherent, location
from palette_backup_provider.engine.given import args_type_of, read_arguments, set_signature
from palette_backup_provider.engine.mistakes import Mistake, refuse
from palette_backup_provider.engine.plain import read_plain
from palette_backup_provider.resources import palette

ArgsT = TypeVar("ArgsT")


class Component(ComponentResource, Generic[ArgsT]):
    _token: ClassVar[str]
    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if Component in cls.__bases__:  # one of a user's is a component of the class that it is of
            cls._token = f"palette-backup:index:{cls.__name__}"
            set_signature(cls)

    def __init__(
        self,
        resource_name: str,
        args: Any = None,
        opts: ResourceOptions | None = None,
        **keywords: Any,
    ) -> None:
        arguments, opts = read_arguments(
            type(self), resource_name, args, opts, keywords, _elsewhere
        )
        arguments, wrong = read_plain(arguments)
        if mistakes := [Mistake(*one) for one in (*wrong, *self.mistakes(arguments))]:
            refuse(resource_name, mistakes)
        super().__init__(self._token, resource_name, {}, opts)
        self._make(resource_name, arguments, ResourceOptions(parent=self))
        outputs = type(self).__annotations__
        self.register_outputs({output: getattr(self, output) for output in outputs})

    def _register(
        self, name: str, args: Any, storage: palette.AnyStorageArgs, **made_along: Any
    ) -> None:
        """Declare the location on `storage`, as `location` does, and set what tells of it."""
        child = ResourceOptions(parent=self)
        registered = location(name, args, storage, child, **made_along)
        self.location_uid, self.location_name = registered.uid, registered.name
        self.location_type = Output.from_input(storage.kind)

    @classmethod
    def mistakes(cls, args: ArgsT) -> Iterator[tuple[str, str]]:
        """The arguments that mean nothing together, each with the reason."""
        return incoherent(args)

    def _make(self, name: str, args: ArgsT, child: ResourceOptions) -> None:
        """Declare what the component is composed of, with the options `child`; set its outputs."""
        raise NotImplementedError


def every_component() -> list[type[Component[Any]]]:
    """All components. This imports them all, and a program pays for its own alone."""
    import palette_backup_provider as package

    exported = (getattr(package, name) for name in package.__all__)
    return [one for one in exported if isinstance(one, type) and issubclass(one, Component)]


def _elsewhere(argument: str) -> str:
    """The components that have it."""
    kinds = every_component()
    return " and ".join(
        kind.__name__ for kind in kinds if argument in args_type_of(kind).__dataclass_fields__
    )
