"""Every error says what failed, why, and what to do, and has its place in docs/errors.md."""

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.contract.errors_page import PAGE, TAKES, Row, advice, described, kinds, page, row
from tests.contract.messages import messages, refused_arguments


def test_an_error_says_what_failed_and_what_to_do() -> None:
    assert len(messages()) > 200
    assert [str(message) for message in messages() if not all(row(message.text))] == []


def test_advice_about_what_a_cloud_says_says_what_to_do() -> None:
    assert [said for said in advice() if not row(said[2]).to_do] == []


def test_what_is_said_of_an_argument_says_what_it_takes() -> None:
    assert len(refused_arguments()) > 50
    assert [str(one) for one in refused_arguments() if not TAKES.search(one.text)] == []


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_class_is_described(kind: type[ProviderError]) -> None:
    assert all(described(kind))


def test_the_page_is_that_of_the_code() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.contract.errors_page"


def test_a_text_is_parted_where_it_begins_to_say_what_to_do() -> None:
    assert row("The key <name> is gone: it was deleted. Make one. It was ours.") == Row(
        "The key <name> is gone: it was deleted.", "Make one. It was ours."
    )
    assert not row("The key is gone.").to_do
    assert not row("Make one.").failed
