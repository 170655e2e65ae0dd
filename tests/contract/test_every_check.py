"""Every check of doctor is explained on its page, under its id."""

import re

from palette_backup_provider.doctor.checks import AREAS, CHECKS
from tests.contract.doctor_page import PAGE, page

IDS = [check.id for check in CHECKS]


def test_the_page_is_that_of_the_table() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.contract.doctor_page"


def test_ids_are_the_anchors_of_the_page() -> None:
    assert re.findall(r'<a id="([^"]+)"></a>', PAGE.read_text()) == IDS


def test_ids_are_unique_and_of_a_known_area() -> None:
    assert len(set(IDS)) == len(IDS)
    for check in CHECKS:
        assert re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", check.id)
        assert check.area in AREAS


def test_what_a_check_stands_on_is_in_the_table() -> None:
    assert {need for check in CHECKS for need in check.needs} <= set(IDS)


def test_a_check_asks_in_a_question_and_says_what_to_do() -> None:
    for check in CHECKS:
        assert check.asks.endswith("?"), check.id
        assert check.cause.endswith("."), check.id
        assert check.fix and not check.fix.endswith("."), check.id
