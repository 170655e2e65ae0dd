"""The clients of a program have the settings of its stack."""

from collections.abc import Callable, Iterator

import pytest

from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.engine import program

Configured = Callable[[dict[str, str]], None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configured]:
    """Gives the running program a config."""

    def configure(config: dict[str, str]) -> None:
        monkeypatch.setattr(program, "get_project", lambda: "backups")
        monkeypatch.setattr(program, "get_config", config.get)
        monkeypatch.setattr(program, "get_config_env", lambda: config)

    program.run_of_stack.cache_clear()
    yield configure
    program.run_of_stack.cache_clear()


def test_a_program_has_its_clients_once(configured: Configured) -> None:
    configured({"palette:project": "Default", "backups:size": "3"})
    made = program.run_of_program()
    assert made.settings.get("palette:project") == "Default"
    assert program.run_of_program() is made


def test_a_misspelt_setting_is_an_error(configured: Configured) -> None:
    configured({"palette:projekt": "Default"})
    with pytest.raises(BadSetting, match="palette:projekt"):
        program.run_of_program()
