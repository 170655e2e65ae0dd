import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palette_backup_provider.core import secrets
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.secrets import excerpt, printable, remember
from palette_backup_provider.core.text import camel, plain

BIDI = [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
HOSTILE = (
    "a\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b]8;;http://x\x1b\\b\r\nc\x00\x9b2Jd\u202ee\u2028f\x7f"
)


def steers(character: str) -> bool:
    """Whether it is more than a character on the same line, or cannot be printed."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in BIDI


@given(st.text(st.characters(codec=None)))
@example(HOSTILE)
@example("".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029])) + "".join(BIDI))
@example("\x1b\x1b[[31mm\x1b\x00]0;x\x07\ud800")
def test_nothing_is_left_that_steers_a_terminal(text: str) -> None:
    shown = plain(text)
    assert not [c for c in shown if steers(c)]
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert plain(shown) == shown


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=BIDI)))
@example("Nächtliche Sicherung 夜 בוקר 👩\u200d💻 \u00a0 [31m")
def test_whatever_else_people_write_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HOSTILE, "aredb cde f"),
        ("one\ntwo\r\n\r\n  three\x85four\u2029five\tsix\x0b7", "one two three four five six 7"),
        ("\x1b[38;5;196mn\x1b[K", "n"),
        ("\x1bcn", "cn"),  # a reset
        ("\x9d0;title\x9cn", "n"),
        ("\x1b]0;n", "]0;n"),  # without an end it takes nothing along
        ("\x1b]0;a and b\x07", "]0;a and b"),
        ("\x1b[", "["),
    ],
)  # fmt: skip
def test_what_becomes_of_it(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    "opening", ["\x1b]0;", "\x1b]8;;", "\x1bP", "\x1b_", "\x1b[", "\x9b", "\x9d"]
)
@pytest.mark.parametrize("ending", ["\x07", "\x1b\\", "\x9c", "m", ""])
def test_two_names_hide_nothing_between_them(opening: str, ending: str) -> None:
    ours = "is not deleted: clusters back up to it (prod-1, prod-2). Give"
    shown = plain(f"The location first{opening} {ours} {ending}last another.")
    assert ours in shown and shown.startswith("The location first")
    assert shown.endswith("last another.")


def test_what_stands_apart_is_no_secret_in_disguise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())
    remember("hunter2-hunter2")
    for apart in ("\x1b[0m", "\x00", "\u202e", "\x1b]0;x\x07"):
        text = f"it is hunter2{apart}-hunter2."
        for shown in (printable(text), str(ProviderError(text)), excerpt(text)):
            assert shown == "it is [secret]."
    remember("-----BEGIN-----\nMIIB\n-----END-----")
    assert "MIIB" not in printable("it is -----BEGIN-----\nMIIB\n-----END-----")


def test_errors_and_progress_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(ApiError(f"no {HOSTILE}", status=400)) == f"no {plain(HOSTILE)}"
    announce(f"still {HOSTILE}")
    assert capsys.readouterr().out == f"still {plain(HOSTILE)}\n"


@pytest.mark.parametrize("text", ["\x1b]0;" * 16_000, " " * 64_000 + "\n", "\x1b[" + "0" * 64_000])
def test_long_texts_take_no_time(text: str) -> None:
    started = time.perf_counter()
    plain(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("name", "in_camel_case"),
    [("access_key_id", "accessKeyId"), ("name", "name"), ("__made_under", "__made_under")],
)
def test_a_hidden_property_keeps_its_name(name: str, in_camel_case: str) -> None:
    assert camel(name) == in_camel_case
