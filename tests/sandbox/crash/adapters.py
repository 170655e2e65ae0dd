"""The adapters that the engine of the crash tests drives, all by the calls of the dynamic one.

State is the dynamic adapter's, whichever adapter is driven, so that all tests can read it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi import dynamic as pulumi_dynamic
from pulumi.runtime import proto

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.engine import dynamic, wire
from palette_backup_provider.engine.dynamic import DynamicProvider, load
from palette_backup_provider.engine.native import InitFailed, NativeProvider
from palette_backup_provider.engine.owner import PACKAGE, Origin
from palette_backup_provider.engine.planned import FROM
from palette_backup_provider.engine.properties import Props
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.plugin.spelling import spell

PREFIX = "pulumi-python:dynamic/"
CHANGES: dict[Any, bool | None] = {
    proto.DiffResponse.DIFF_UNKNOWN: None,
    proto.DiffResponse.DIFF_SOME: True,
    proto.DiffResponse.DIFF_NONE: False,
}
LINEAGE = "p123456789abc4de"
"""Of the provider resource; a program in Python has another one of its own."""
Adapter = Callable[[str, str], DynamicProvider]
"""Makes what answers for the resource of that URN and token."""


class Kept(Exception):
    """A creation failed, and the engine is to keep what it made."""

    def __init__(self, id: str, outs: Props, failure: ProviderError) -> None:
        self.id, self.outs, self.failure = id, outs, failure


class Native(DynamicProvider):
    """The plugin's adapter."""

    def __init__(self, urn: str, token: str) -> None:
        super().__init__(token, handler_of(token))
        assert dynamic._run is not None
        self._urn = urn.replace(PREFIX, f"{PACKAGE}:")
        self._native = NativeProvider(self._urn, dynamic._run, Origin(lineage=LINEAGE), spell)

    def check(self, olds: Props, news: Props) -> pulumi_dynamic.CheckResult:
        news = {name: value for name, value in news.items() if name != FROM}
        request = proto.CheckRequest(urn=self._urn, olds=self._sent(olds), news=self._sent(news))
        checked = self._native.check(request)
        failures = [pulumi_dynamic.CheckFailure("", one.reason) for one in checked.failures]
        return pulumi_dynamic.CheckResult(self._told(checked.inputs), failures)

    def diff(self, id_: str, olds: Props, news: Props) -> pulumi_dynamic.DiffResult:
        found = self._native.diff(
            proto.DiffRequest(urn=self._urn, id=id_, olds=self._sent(olds), news=self._sent(news))
        )
        return pulumi_dynamic.DiffResult(
            changes=CHANGES[found.changes],
            replaces=list(found.replaces),
            delete_before_replace=found.deleteBeforeReplace,
        )

    def create(self, props: Props) -> pulumi_dynamic.CreateResult:
        request = proto.CreateRequest(urn=self._urn, properties=self._sent(props))
        try:
            made = self._native.create(request)
        except InitFailed as failed:
            raise Kept(failed.detail.id, self._told(failed.detail.properties), failed) from None
        return pulumi_dynamic.CreateResult(made.id, self._told(made.properties))

    def read(self, id_: str, props: Props) -> pulumi_dynamic.ReadResult:
        request = proto.ReadRequest(urn=self._urn, id=id_, properties=self._sent(props))
        read = self._native.read(request)
        return pulumi_dynamic.ReadResult(
            read.id, self._told(read.properties), self._told(read.inputs)
        )

    def update(self, id_: str, olds: Props, news: Props) -> pulumi_dynamic.UpdateResult:
        updated = self._native.update(
            proto.UpdateRequest(urn=self._urn, id=id_, olds=self._sent(olds), news=self._sent(news))
        )
        return pulumi_dynamic.UpdateResult(self._told(updated.properties))

    def delete(self, id_: str, props: Props) -> None:
        self._native.delete(
            proto.DeleteRequest(urn=self._urn, id=id_, properties=self._sent(props))
        )

    def _sent(self, props: Props) -> Struct:
        return wire.write(self.handler.state_type, props)

    def _told(self, message: Struct) -> Props:
        return wire.read(self.handler.state_type, message).props


def dynamically(urn: str, token: str) -> DynamicProvider:
    return load(token)


ADAPTERS: dict[str, Adapter] = {"dynamic": dynamically, "native": Native}
each_adapter = pytest.mark.parametrize("adapter", ADAPTERS)
