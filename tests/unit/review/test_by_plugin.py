"""A program in another language is judged as one in Python is, in its own spelling."""

from pathlib import Path

import pytest

from palette_backup_provider.core.text import camel
from palette_backup_provider.review.demands import Resource
from palette_backup_provider.review.preview import OURS, PLUGIN
from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import Report, report
from palette_backup_provider.review.wording import bare, in_camel, name
from tests.unit.review import by_plugin
from tests.unit.review.demanded import PASSED, REFUSED
from tests.unit.review.golden import RECORDED
from tests.unit.review.sample import reported, step
from tests.unit.review.test_demands import violated

OF_PYTHON = [file for file in RECORDED if OURS in file.read_text()]


def decided(found: Report, spelled: bool = False) -> list[tuple[str, ...]]:
    """What has to be decided, and what becomes of each row."""
    told = in_camel if spelled else str
    return [(one.kind, one.severity, one.subject, told(one.what)) for one in found.findings] + [
        (row.name, row.type, row.action, str(len(row.changes))) for row in found.rows
    ]


@pytest.mark.parametrize("file", OF_PYTHON, ids=lambda file: file.stem)
def test_a_preview_is_judged_as_the_same_one_of_python(file: Path) -> None:
    of_python = file.read_text()
    expected = report(preview(file.name, of_python))
    found = report(preview(file.name, by_plugin.digest(of_python)))
    assert _unnamed(decided(found)) == _unnamed(decided(expected, spelled=True))
    assert found.others == expected.others
    assert _properties(found) == {camel(name) for name in _properties(expected)}


def _properties(found: Report) -> set[str]:
    """What is shown of properties. Those of retiring credentials are hidden in Python."""
    return {
        each.path.partition(".")[0]
        for row in found.rows
        for change in row.changes
        if ":Retiring" not in change.urn.token
        for each in change.differences
    }


def _unnamed(decisions: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without what a refresh lists of properties, which have the names of their language."""
    return [one[:3] if one[0] == "drift" else one for one in decisions]


def test_sentences_have_the_program_s_spelling() -> None:
    file = next(file for file in OF_PYTHON if file.stem == "force-destroy-removal")
    (found,) = report(preview(file.name, by_plugin.digest(file.read_text()))).findings
    assert bare(found.why) == "forceDestroy=True since the last `pulumi up`"
    assert bare(in_camel(f"rotate_after={name('my_value')}")) == "rotateAfter=my_value"


@pytest.mark.parametrize("moved_to", [OURS, PLUGIN])
@pytest.mark.parametrize("one", [*PASSED, *(one for _, several in REFUSED for one in several)])
def test_a_stack_that_moves_to_the_other_way_changes_nothing(moved_to: str, one: Resource) -> None:
    spelled = _by_plugin(one).given
    old, new = (one.given, spelled) if moved_to == PLUGIN else (spelled, one.given)
    found = reported(step("update", one.type.replace(OURS, moved_to), old, new))
    assert (found.findings, found.rows, found.in_state_alone) == ((), (), 1)


@pytest.mark.parametrize(("policy", "resources"), REFUSED)
def test_each_policy_refuses_its_own(policy: str, resources: list[Resource]) -> None:
    assert violated(map(_by_plugin, resources)) == {policy}


def test_all_pass_what_is_right() -> None:
    assert violated(map(_by_plugin, PASSED)) == set()


def _by_plugin(one: Resource) -> Resource:
    return Resource(one.type.replace(OURS, PLUGIN), one.name, by_plugin.inputs(one.type, one.given))
