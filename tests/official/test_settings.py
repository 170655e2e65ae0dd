"""Every key of Pulumi's own packages is in our tables. Needs the packages: `make official`."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from palette_backup_provider.registry import NAMESPACES

TESTS = [path.stem for path in Path(__file__).parent.glob("test_pulumi_*.py")]
PACKAGES = {
    name.removeprefix("test_pulumi_").replace("_", "-"): name.removeprefix("test_")
    for name in sorted(TESTS)
}
"""Those that have a test here."""
READ = re.compile(r"__config__\.get(?:_\w+)?\('(\w+)'")


@pytest.mark.parametrize("word", PACKAGES)
def test_every_key_of_the_package_is_in_the_table(word: str) -> None:
    spec = find_spec(PACKAGES[word])
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{PACKAGES[word]} is not installed: make official")
    source = Path(spec.submodule_search_locations[0]) / "config/vars.py"
    keys = set(READ.findall(source.read_text()))
    assert len(keys) > 15
    (ours,) = [each for each in NAMESPACES if each.word == word]
    known = {key.name.partition(":")[2] for key in ours.keys}
    assert {key for key in keys - known if not re.fullmatch(ours.idle, key)} == set()
