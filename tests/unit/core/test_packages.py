"""A package that is absent, broken or hidden is told as such."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.core.errors import MissingExtra, ProviderError
from palette_backup_provider.core.packages import demand_visible, package


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a program, in which Python looks first."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    package.cache_clear()


def test_a_package_that_is_there_is_imported() -> None:
    assert package("json.decoder", "json", "some").JSONDecoder


def test_an_absent_package_is_an_extra_to_install() -> None:
    with pytest.raises(MissingExtra, match=r"palette-backup-provider\[some\]"):
        package("no_such_package", "no-such", "some")


def test_a_broken_package_says_why_and_how_to_mend_it(folder: Path) -> None:
    (folder / "half_installed.py").write_text("raise OSError('a part is missing')")
    with pytest.raises(ProviderError, match=r"OSError: a part is missing\. Install it anew"):
        package("half_installed", "half-installed", "other")


def test_a_file_that_hides_a_package_is_named(folder: Path) -> None:
    (folder / "json.py").touch()
    with pytest.raises(ProviderError, match=r"json\.py hides the package json"):
        demand_visible("json.decoder")


def test_what_is_absent_hides_nothing() -> None:
    demand_visible("no_such_package.inner")
