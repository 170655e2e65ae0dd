"""tests/unit mirrors the package, so that the tests of a module are found beside its place."""

from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "unit"
PACKAGE = UNIT.parents[1] / "palette_backup_provider"
FOLDERS = sorted({str(file.parent.relative_to(UNIT)) for file in UNIT.rglob("test_*.py")})


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_of_tests_is_a_folder_of_the_package(folder: str) -> None:
    assert list((PACKAGE / folder).glob("*.py")), f"the package has no {folder}"
