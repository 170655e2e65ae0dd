"""A program of one line declares every location, each by its name, and makes sure of projects."""

from collections.abc import Callable
from typing import Any, Self

import pulumi
import pytest

from palette_backup_provider.core.errors import MissingSetting
from palette_backup_provider.fleet import declare
from palette_backup_provider.fleet import program as module
from palette_backup_provider.fleet.clouds import clouds
from tests.unit.fleet.conftest import Write
from tests.unit.fleet.examples import CLOUDS, INVENTORY, example


class Tenant:
    """A Palette with projects, and the run that asks it."""

    projects: tuple[str, ...] = ()

    def client(self, kind: type) -> Self:
        return self

    def sees(self, name: str) -> bool:
        return name in self.projects

    def project_names(self) -> str:
        return ", ".join(self.projects)


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def has(*projects: str) -> None:
        monkeypatch.setattr(Tenant, "projects", projects)
        monkeypatch.setattr(module, "run_of_program", Tenant)

    return has


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[type, Any]]:
    """What a program declares, by name; of secrets the key stands for the value."""
    found: dict[str, tuple[type, Any]] = {}

    def note(self: Any, name: str, args: Any) -> None:
        found[name] = type(self), args

    for cloud in clouds().values():
        monkeypatch.setattr(cloud.component, "__init__", note)
    monkeypatch.setattr(pulumi.Config, "require_secret", lambda self, key: (self.name, key))
    return found


def test_each_location_is_declared_by_its_name(
    write: Write, tenant: Callable[..., None], declared: dict[str, tuple[type, Any]]
) -> None:
    tenant("shop", "data")
    project = pulumi.get_project()  # other tests leave the name of theirs
    assert list(declare(write(INVENTORY))) == list(declared)
    assert {name: kind for name, (kind, _) in declared.items()} == {
        name: clouds()[CLOUDS[cloud]].component
        for name, cloud in {
            "shared": "placed",
            "shop/nightly": "keyed",
            "shop/lab": "role",
            "data/nightly": "free",
        }.items()
    }
    assert declared["shared"][1]["scope"] == "tenant"
    assert declared["shop/nightly"][1]["tags"] == {"team": "shop"}
    assert declared["data/nightly"][1]["identity"]["password"] == (project, "storePassword")


def test_a_secret_may_be_of_another_namespace(
    write: Write, tenant: Callable[..., None], declared: dict[str, tuple[type, Any]]
) -> None:
    tenant()
    text = 'tenant: {a: {cloud: $free, secret_key: {secret: "shared:key"}}}'
    declare(write(example(text)))
    assert declared["a"][1]["secret_key"] == ("shared", "key")


def test_a_project_that_palette_does_not_have_is_named_with_those_it_has(
    write: Write, tenant: Callable[..., None]
) -> None:
    tenant("shop", "Default")
    with pytest.raises(pulumi.RunError) as caught:
        declare(write(INVENTORY))
    assert str(caught.value) == (
        "fleet.yaml:13:3: projects.data: Palette has no such project that the API key can see. It "
        "can see: shop, Default"
    )


def test_mistakes_end_the_program_without_a_traceback(write: Write) -> None:
    with pytest.raises(pulumi.RunError, match=r"^fleet.yaml:1:10: tenant.b: must be a map$"):
        declare(write("tenant: {b: }"))


def test_so_does_a_setting_that_is_missing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MissingSetting("palette:apiKey is not set.")

    monkeypatch.setattr(module, "run_of_program", missing)
    with pytest.raises(pulumi.RunError, match="palette:apiKey is not set"):
        declare(write(INVENTORY))
