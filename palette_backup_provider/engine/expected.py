"""What a program makes by one resource, and uses as existing by another.

A preview makes nothing. So what the second would find out there is not known before the run.
"""

from collections.abc import Callable, Mapping
from typing import Any

from palette_backup_provider.core.complete import UnknownValue, found_by
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.engine.properties import OWNER, Props


class Expected:
    """What the checks of this process have told to be made, and what waits for it."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        """The owners of what could not be looked up, as this run makes it."""
        self._made: dict[type[AnyHandler], list[Props]] = {}

    def add(self, handler: type[AnyHandler], props: Props) -> None:
        """Note an object that the program has made."""
        self._made.setdefault(handler, []).append(props)

    def find(self, handler: type[AnyHandler], props: Props, look: Callable[[], Any]) -> Any:
        """What `look` finds of the existing object of `props`. Raise UnknownValue where there is
        none, and the program makes it."""
        try:
            return look()
        except NotFound:
            if not self._has(handler, props):
                raise
            self.waiting.add(str(props.get(OWNER)))
            raise UnknownValue("existing") from None

    def find_each(
        self, handler: type[AnyHandler], props: Props, looks: Mapping[str, Callable[[], Any]]
    ) -> dict[str, Callable[[], Any]]:
        """`looks`, each with that rule."""

        def asked(look: Callable[[], Any]) -> Callable[[], Any]:
            return lambda: self.find(handler, props, look)

        return {name: asked(look) for name, look in looks.items()}

    def _has(self, handler: type[AnyHandler], props: Props) -> bool:
        names = found_by(handler.state_type) & props.keys()
        told = {str(props[name]).casefold() for name in names}  # an email may stand for an id
        return any(
            told <= {str(value).casefold() for value in made.values()}
            for made in self._made.get(handler, ())
        )
