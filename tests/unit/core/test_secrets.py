import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.core import secrets
from palette_backup_provider.core.secrets import LONGEST_BODY, cleared, excerpt, remember


@pytest.fixture(autouse=True)
def none_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())


SECRETS = st.lists(
    st.text(st.characters(exclude_characters="[]"), min_size=6).filter(
        lambda s: s not in "[secret]"
    ),
    min_size=1,
    max_size=4,
)


@given(SECRETS, st.lists(st.text(max_size=8), min_size=5, max_size=5))
def test_no_remembered_secret_is_left(known: list[str], between: list[str]) -> None:
    for value in known:
        remember(value)
    text = "".join(word + value for word, value in zip(between, known, strict=False))
    assert not any(value in cleared(text) for value in known)


@given(st.text(min_size=6).filter(lambda s: s not in "[secret]"))
def test_a_quoted_secret_is_cleared_too(value: str) -> None:
    remember(value)
    assert json.dumps(value)[1:-1] not in cleared(json.dumps({"key": value}))
    assert repr(value)[1:-1] not in cleared(repr(f"a {value}"))


def test_the_longest_secret_goes_first() -> None:
    remember("hunter2")
    remember("hunter2-and-more")
    assert cleared("it is hunter2-and-more") == "it is [secret]"


@pytest.mark.parametrize("value", [None, "", "short", 1234567, {"a": "b"}])
def test_what_is_no_credential_is_not_remembered(value: object) -> None:
    remember(value)
    assert cleared(f"it is {value}") == f"it is {value}"


def test_text_without_secrets_stays() -> None:
    remember("hunter2")
    assert cleared("nothing here") == "nothing here"


def test_an_excerpt_is_one_cleared_line_that_is_cut() -> None:
    remember("hunter2")
    assert excerpt("<html>\n  hunter2\n</html>") == "<html> [secret] </html>"
    long = excerpt("x" * 1000)
    assert long == "x" * LONGEST_BODY + "…"
    assert excerpt("x" * LONGEST_BODY) == "x" * LONGEST_BODY


def test_a_secret_across_the_cut_is_cleared_before_it() -> None:
    remember("hunter2-hunter2")
    assert "hunter2" not in excerpt("x" * (LONGEST_BODY - 10) + "hunter2-hunter2")
