from dataclasses import dataclass
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.rotating import Rotating
from tests.unit.core.rotation.vault import OldHandler, VaultHandler
from tests.unit.engine import test_resource
from tests.unit.engine.test_resource import HOME, Engine, run


@dataclass(kw_only=True)
class OldKeyArgs:
    size: pulumi.Input[int]
    identity: Any = None


class OldKey(Resource[OldKeyArgs], handler=OldHandler):
    __module__ = HOME


@dataclass(kw_only=True)
class KeyArgs:
    size: pulumi.Input[int]
    identity: Any = None
    rotate_after: int | None = None
    rotation: str | None = None
    retire_after: int | None = None


class Key(Rotating, Resource[KeyArgs], handler=VaultHandler, retired=OldKey):
    __module__ = HOME


class Rotated(Engine):
    """Holds a key that was rotated."""

    rotations = 1

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        id, inputs = super().new_resource(args)
        self.seen[args.typ] = args
        told = {"previous": "c1", "retiring_until": "soon", "__rotations": self.rotations}
        return id, {**inputs, **told}


def declared(monkeypatch: pytest.MonkeyPatch, rotations: int = 1, **given: Any) -> dict[str, Any]:
    """The inputs of each resource, by its type."""
    monkeypatch.setattr(test_resource, "Engine", type("_", (Rotated,), {"rotations": rotations}))
    engine = run(lambda: Key("n", KeyArgs(size=3, **given)).retiring)
    return {name.rpartition(":")[2]: args.inputs for name, args in engine.seen.items()}


def test_a_rotated_key_declares_the_resource_of_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = declared(monkeypatch, rotation="a", retire_after=2)["OldKey"]
    assert (old["size"], old["__told"], old["__told_until"]) == (3, "c1", "soon")
    assert old["__retire_after"] == 2


def test_before_a_rotation_nothing_is_declared_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OldKey" not in declared(monkeypatch, rotations=0, rotation="a")


def test_a_program_that_rotates_no_more_declares_no_old_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "OldKey" not in declared(monkeypatch)
