"""Where the lines of a run go."""

import pytest

from palette_backup_provider.core import progress


def test_what_serves_a_run_shows_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_show", print)
    shown: list[str] = []
    progress.show_with(shown.append)
    progress.announce("a location is adopted")
    assert shown == ["a location is adopted"]
