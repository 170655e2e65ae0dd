"""Every setting of the namespaces that are shared, and of our own, does what the table says."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.namespace import Effect
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.clouds import BY_WORD
from palette_backup_provider.plugin.config import settings
from tests.contract import settings_palette
from tests.contract.clouds import in_each_folder
from tests.contract.pages import ROOT
from tests.contract.settings_case import EFFECTS, KEYS, Case
from tests.contract.settings_page import PAGE, page

OF_CLOUDS = in_each_folder("settings")
SHOWN_IN = (*OF_CLOUDS.values(), settings_palette)
HONOURED = [key for key in KEYS.values() if key.effect is Effect.HONOURED]
PLACES = [(key.name, place) for key in HONOURED for place in key.places]
WAYS = {
    str: {"get", "items"},  # a text can have several, with commas between them
    bool: {"flag"},
    int: {"number"},
    float: {"seconds"},
    list[str]: {"items"},
    list[Any]: {"value"},
    Mapping[str, str]: {"mapping"},
    Mapping[str, Any]: {"mapping", "value"},
}
"""How a key is asked for that takes a type."""
WRONG = {
    f"{cloud}: {name}": (BY_WORD[cloud].client, *case)
    for cloud, shown in OF_CLOUDS.items()
    for name, case in getattr(shown, "WRONG", {}).items()
}


def test_every_key_that_is_honoured_is_shown() -> None:
    assert {key.name for key in HONOURED} == EFFECTS.keys()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, set[str]]]:
    """How each key is asked for, whatever that asks in turn."""
    ways: dict[str, set[str]] = {}
    asking: list[str] = []

    def noting(way: str, ask: Any) -> Any:
        def noted(settings: Settings, key: str, *others: Any) -> Any:
            if not asking:
                ways.setdefault(key.partition(".")[0], set()).add(way)
            asking.append(way)
            try:
                return ask(settings, key, *others)
            finally:
                asking.pop()

        return noted

    with monkeypatch.context() as patch:
        for way in {way for each in WAYS.values() for way in each}:
            patch.setattr(Settings, way, noting(way, getattr(Settings, way)))
        yield ways


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_key_has_its_effect_and_its_type(
    name: str,
    place: str,
    asked: dict[str, set[str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    EFFECTS[name](Case(KEYS[name], place, monkeypatch, tmp_path))
    ways = WAYS[KEYS[name].takes]
    assert asked[name] & ways and asked[name] <= {"get", *ways}, "it is not read as what it takes"


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_meant_is_one_readable_error(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, config, says = WRONG[case]
    with pytest.raises(BadSetting, match=says) as told:
        client.connect(Settings(config.get, {}))
    assert "\n" not in str(told.value)


def test_the_page_is_that_of_the_tables() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.contract.settings_page"


def test_the_page_of_pulumi_s_registry_has_settings_and_their_variables() -> None:
    page = (ROOT / "docs" / "installation-configuration.md").read_text()
    rows = re.findall(r"(?m)^\| (`.*?) \| (`.*?) \|", page)
    assert len(rows) > 5
    for row in rows:
        names, variables = (re.findall(r"`(\w+)`", cell) for cell in row)
        known = [settings()[name].variables for name in names]
        assert {*variables} <= {variable for each in known for variable in each}
        assert "…" in row[1] or all({*each} & {*variables} for each in known)
