"""Pulumi's plugin adapter: what the engine asks about one resource, over gRPC.

It answers as the dynamic adapter does, and tells the engine more. A preview of an update has its
outputs. A secret of a program stays sealed wherever it comes back. State keeps an object whose
creation failed half-way. An import finds what people call by another name than its id.
"""

from collections.abc import Callable
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import proto

from palette_backup_provider.core.compare import UNKNOWN_PROPERTY, Invalid, changes
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.handler import Created, HalfMade
from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.model import Model, Owned, fields, is_existing, property_name
from palette_backup_provider.core.places import nearest
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.arguments import NOTE, argument
from palette_backup_provider.engine.checking import CheckResult
from palette_backup_provider.engine.comparison import Comparison
from palette_backup_provider.engine.ignored import with_ignored
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.owner import Origin, Urn
from palette_backup_provider.engine.properties import (
    LINEAGE,
    OWNER,
    SEALED,
    Props,
    inputs,
    load_state,
    outputs,
)
from palette_backup_provider.engine.shape import Path, is_secret, names_beside, path_on_wire
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.engine.wire import Bag, is_foreign, read, write


class InitFailed(ProviderError):
    """How the engine learns of a half-made object: state keeps it, and the next run updates it."""

    def __init__(self, half: HalfMade, properties: Struct) -> None:
        super().__init__(str(half))
        self.detail = proto.ErrorResourceInitFailed(
            id=half.made.id, reasons=[str(half)], properties=properties
        )


class NativeProvider:
    """Answers for the resource of one URN.

    `spell` brings a text to the names that the schema has for arguments and settings.
    """

    def __init__(self, urn: str, run: Run, origin: Origin, spell: Callable[[str], str]) -> None:
        self._urn, self._run, self._origin, self._spell = Urn(urn), run, origin, spell
        self._life = Lifecycle(handler_of(self._urn.token), run)
        self._state: type[Model] = self._life.state

    def check(self, request: Any) -> Any:
        olds, news = self._read(request.olds), self._read(request.news)
        note = news.props.pop(NOTE, {})
        news.props.pop(SEALED, None)  # an import has it; what is secret, the wire itself says
        props = self._origin.marked(self._urn, olds.props, news.props)
        if LINEAGE not in props:
            news.unknown.add((LINEAGE,))
        if sealed := self._sealed(news, props):
            props[SEALED] = sealed
        self._run.arguments[str(props[OWNER])] = note
        checked = self._life.check(olds.props, props, news.waiting)
        failures = [self._failure(failure, props, note) for failure in checked.failures]
        properties = write(self._state, checked.props, _unknown(news, checked))
        return proto.CheckResponse(inputs=properties, failures=failures)

    def diff(self, request: Any) -> Any:
        olds, news = self._sides(request)
        difference = self._life.diff(request.id, olds.props, news.props, news.waiting)
        foreign = is_foreign(self._state, request.olds)
        changed: Any = proto.DiffResponse.DIFF_UNKNOWN  # the engine compares the inputs itself
        if difference.changes or foreign:  # it would find what is hidden, or is only spelled anew
            changed = proto.DiffResponse.DIFF_SOME
        elif difference.changes is False:
            changed = proto.DiffResponse.DIFF_NONE
        told = list(map(camel, difference.visible))
        update = proto.PropertyDiff(kind=proto.PropertyDiff.UPDATE, inputDiff=True)
        return proto.DiffResponse(
            changes=changed,
            diffs=told if changed == proto.DiffResponse.DIFF_SOME else (),
            detailedDiff=dict.fromkeys(told, update) if foreign else {},
            hasDetailedDiff=foreign,
            replaces=list(map(camel, difference.replaces)),
            deleteBeforeReplace=difference.delete_first,
        )

    def create(self, request: Any) -> Any:
        want = self._read(request.properties)
        if request.preview:
            state = load_state(self._state, want.props)
            return proto.CreateResponse(properties=self._foreseen(state, want, {}))
        try:
            created = self._life.create(want.props)
        except HalfMade as half:
            raise InitFailed(half, self._write(half.made.state)) from half
        return proto.CreateResponse(id=created.id, properties=self._write(created.state))

    def read(self, request: Any) -> Any:
        have = {**self._read(request.inputs).props, **self._read(request.properties).props}
        if have:
            state = self._life.read(request.id, have)
            located = Created(request.id, state) if state else None
        else:  # an import, or a look-up by id alone
            located = self._life.locate(request.id, self._origin.marked(self._urn, {}, {}))
        if located is None:
            return proto.ReadResponse()
        asked_for = write(self._state, inputs(located.state))
        return proto.ReadResponse(
            id=located.id, properties=self._write(located.state), inputs=asked_for
        )

    def update(self, request: Any) -> Any:
        olds, news = self._sides(request)
        if request.preview:
            return proto.UpdateResponse(properties=self._updated(request.id, olds.props, news))
        foreign = is_foreign(self._state, request.olds)
        unchanged = self._life.unchanged(olds.props, news.props) if foreign else None
        state = unchanged or self._life.update(request.id, olds.props, news.props)
        return proto.UpdateResponse(properties=self._write(state))

    def delete(self, request: Any) -> None:
        self._life.delete(request.id, self._read(request.properties).props)

    def _sides(self, request: Any) -> tuple[Bag, Bag]:
        """What state has, and what the program asks for; what it ignores stays as state has it."""
        olds, news = self._read(request.olds), self._read(request.news)
        kept = with_ignored(self._state, request.ignoreChanges, olds, news)
        if kept is news:
            return olds, news
        sides = (load_state(self._state, bag.props) for bag in (kept, news))
        if kept.unknown == news.unknown and not [*changes(*sides)]:
            return olds, news
        # Check was told the program's value, and derived others from it
        before = self._read(request.old_inputs).props
        checked = self._life.check(before, kept.props, kept.waiting)
        if checked.failures:
            raise ProviderError(self._failure(checked.failures[0], kept.props, {}).reason)
        return olds, Bag(checked.props, _unknown(kept, checked), kept.secret)

    def _read(self, message: Struct) -> Bag:
        return read(self._state, message)

    def _write(self, state: Model) -> Struct:
        return write(self._state, outputs(state))

    def _sealed(self, bag: Bag, props: Props) -> list[list[str]]:
        """Where the program gives a secret in a field that is none by itself."""
        return [
            list(path) for path in sorted(bag.secret) if not is_secret(self._state, path, props)
        ]

    def _updated(self, id: str, olds: Props, news: Bag) -> Struct:
        """What a preview tells of an update's outputs."""
        compared = Comparison(self._life.handler_type, self._run)
        have, want = compared.sides(id, olds, news.props, news.waiting)
        handler = self._life.handler_type.of(self._run, want)
        return self._foreseen(want, news, handler.known_after_update(id, have, want))

    def _foreseen(self, want: Owned, news: Bag, known: Any) -> Struct:
        """The outputs of `want`; of its Computed fields, those in `known` are known. Of an existing
        object all are."""
        computed = set() if is_existing(want) else fields(self._state, Computed) - known.keys()
        waiting = {(property_name(self._state, name),) for name in computed}
        whole = outputs(want.model_copy(update=known))
        return write(self._state, whole, news.unknown | waiting)

    def _failure(self, invalid: Invalid, props: Props, note: Any) -> Any:
        """A refusal that names no property: the engine would print its value, a secret included."""
        called = {camel(name): camel(of) for name, of in note.items()}
        path = argument(path_on_wire(self._state, invalid.path), called)
        reason = self._spell(invalid.reason)
        if invalid.reason == UNKNOWN_PROPERTY:
            names = names_beside(self._state, invalid.path, props)
            near = nearest(path.rpartition(".")[2], names)
            reason += f".{near}" if near else ""
        text = printable(f"{path}: {reason}" if path else reason)
        return proto.CheckFailure(property="", reason=text)


def _unknown(bag: Bag, checked: CheckResult) -> set[Path]:
    """What has no value yet after Check of what is in the bag."""
    return bag.unknown | {(name,) for name in checked.unknown if "." not in name}
