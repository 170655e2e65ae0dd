"""Where Palette's JSON has the fields of a storage: read off the fields, in both directions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

from palette_backup_provider.core.markers import Secret
from palette_backup_provider.core.model import Model, fields, is_model, marker
from palette_backup_provider.core.secrets import cleared

NOTHING = (None, "")
"""Palette leaves a field out, or sends an empty text instead."""


@dataclass(frozen=True)
class At:
    """Where Palette's JSON has this field. A field without `At` is not sent as it is."""

    path: str
    """Within the JSON of the model, such as `sts.arn`. A field whose place is within that of a
    part, such as `credentials.partition`, is declared after the part."""
    default: Any = None
    """What a field that Palette leaves out means, if not the field's own default."""
    read: Callable[[Any, Any], Any] | None = None
    """Makes the field's value of Palette's value and of state's, if masks are not all there is."""


class Mapped(Model):
    """A storage, or a part of one, whose fields have their places in Palette's JSON."""

    def config(self) -> dict[str, Any]:
        """This part of the request's `spec.config`, secrets included."""
        config: dict[str, Any] = {}
        for name, at in _places(type(self)):
            value = getattr(self, name)
            if value is not None:
                put(config, at.path, value.config() if isinstance(value, Mapped) else value)
        return config

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        """This part as Palette reports it. Palette masks secrets: they are those of `have`."""
        values = {name: cls._read(name, at, config, have) for name, at in _places(cls)}
        return cls.model_construct(**values)

    @classmethod
    def _read(cls, name: str, at: At, config: Mapping[str, Any], have: Self | None) -> Any:
        info, value = cls.model_fields[name], look_up(config, at.path)
        kept = getattr(have, name, None)
        if parts := [kind for kind in _kinds(info.annotation) if issubclass(kind, Mapped)]:
            part = next((kind for kind in parts if kind._is_kind_of(value or {})), parts[0])
            return part.observed(value or {}, kept if isinstance(kept, part) else None)
        required = info.is_required()
        if at.read:
            value = at.read(value, kept)
        elif is_masked(value) or (required and value in NOTHING) or name in fields(cls, Secret):
            value = kept
        if value not in NOTHING:
            return value
        return "" if required else info.get_default() if at.default is None else at.default

    @classmethod
    def _is_kind_of(cls, config: Mapping[str, Any]) -> bool:
        at = marker(cls, "kind", At) if "kind" in fields(cls, At) else None
        return at is not None and look_up(config, at.path) == cls.model_fields["kind"].default


def put(config: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at `path`."""
    *above, last = path.split(".")
    for step in above:
        config = config.setdefault(step, {})
    config[last] = value


def look_up(config: Mapping[str, Any], path: str) -> Any:
    """What is at `path`; None if nothing is."""
    value: Any = config
    for step in path.split("."):
        value = (value or {}).get(step)
    return value


def is_masked(value: Any) -> bool:
    """Whether Palette hides a value."""
    return isinstance(value, str) and "*" in value


def unmasked(value: Any, kept: Any) -> Any:
    """For a secret that Palette may show."""
    return kept if is_masked(value) or value in NOTHING else value


def address(value: Any, _: Any) -> Any:
    """For a URL: others may have put a password into it."""
    return cleared(value or "")


def certificate(value: Any, kept: Any) -> Any:
    """For a certificate: Palette may trim the white space around it."""
    same = kept is not None and (value or "").strip() == kept.strip()
    return kept if same or is_masked(value) else value


def _places(model: type[Model]) -> Iterator[tuple[str, At]]:
    for name in model.model_fields:
        if at := marker(model, name, At):
            yield name, at


def _kinds(annotation: Any) -> list[type[Model]]:
    """The models within a field's annotation."""
    return [kind for kind in (annotation, *get_args(annotation)) if is_model(kind)]
