"""Every setting of the namespaces that are shared, and of our own, does what the table says."""

from pathlib import Path

import pytest

from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.namespace import Effect
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.clouds import BY_WORD
from tests.contract import settings_palette
from tests.contract.clouds import in_each_folder
from tests.contract.settings_case import EFFECTS, KEYS, Case
from tests.contract.settings_page import PAGE, page

OF_CLOUDS = in_each_folder("settings")
SHOWN_IN = (*OF_CLOUDS.values(), settings_palette)
HONOURED = [key for key in KEYS.values() if key.effect is Effect.HONOURED]
PLACES = [(key.name, place) for key in HONOURED for place in key.places]
WRONG = {
    f"{cloud}: {name}": (BY_WORD[cloud].client, *case)
    for cloud, shown in OF_CLOUDS.items()
    for name, case in getattr(shown, "WRONG", {}).items()
}


def test_every_key_that_is_honoured_is_shown() -> None:
    assert {key.name for key in HONOURED} == EFFECTS.keys()


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_key_has_its_effect(
    name: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    EFFECTS[name](Case(KEYS[name], place, monkeypatch, tmp_path))


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
