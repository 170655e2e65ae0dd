"""What is told of a bucket that would harm backups."""

import pytest

from palette_backup_provider.core import velero

WHAT = "the bucket theirs"


def test_folders_of_velero_are_no_strangers() -> None:
    assert list(velero.foreign(WHAT, velero.FOLDERS)) == []


@pytest.mark.parametrize(
    ("count", "told"), [(1, "a0/."), (5, "a0/, a1/, a2/, a3/, a4/."), (6, "a4/ and others.")]
)
def test_strange_folders_are_named_but_not_all(count: int, told: str) -> None:
    folders = [f"a{number}/" for number in range(count)]
    (found,) = velero.foreign(WHAT, [*velero.FOLDERS, *folders])
    assert found.startswith(f"{WHAT} has folders that are not Velero's: a0/") and told in found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (velero.locked(WHAT, "locks each object", "End it."), ["locks each object. ", "End it."]),
        (velero.expires("the rule old"), ["the rule old deletes objects by age. "]),
        (velero.archives("the rule cold", ["B", "A"]), ["the rule cold moves objects to A and B."]),
        (velero.refuses(WHAT, "the policy", "why", "End it."), [f"the policy of {WHAT}", ": why."]),
    ],
)
def test_a_harm_is_told_with_what_does_it(text: str, parts: list[str]) -> None:
    assert all(part in text for part in parts), text


@pytest.mark.parametrize(
    ("prefix", "touched"),
    [("", True), ("back", True), ("backups/a", True), ("logs/", False), ("backup-logs/", False)],
)
def test_a_prefix_may_be_velero_s(prefix: str, touched: bool) -> None:
    assert velero.touched(prefix) is touched
