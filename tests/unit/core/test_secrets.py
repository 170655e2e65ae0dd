import json
import os
import random
import re
import string
import threading
from base64 import b64encode
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from palette_backup_provider.core import clouds, secrets
from palette_backup_provider.core.redaction import PLACES as INDEXED
from palette_backup_provider.core.secrets import (
    LONGEST,
    LONGEST_BODY,
    cleared,
    excerpt,
    remember,
    remember_address,
)
from tests.clouds import in_each_folder
from tests.private_key import armoured
from tests.unit.core.echoes import FORMS, shown


@pytest.fixture(autouse=True)
def none_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())


def pem(seed: int) -> str:
    return armoured(b64encode(random.Random(seed).randbytes(600)).decode())


def text(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


BASE64 = string.ascii_letters + string.digits + "+/"
SECRETS = (
    text(BASE64, 40, 40)  # one kind of access key
    | text(string.ascii_letters + string.digits + "_-~.", 34, 40)  # another
    | text(BASE64, 86, 86).map(lambda key: f"{key}==")  # a storage account's key
    | text(string.ascii_letters + string.digits + "&<>\"'\\ %+/=@:#?;", 6, 30)
    | text(string.ascii_letters + 'äöüßéñЖдё漢字🔑 &"', 12, 30)
    | text(string.printable, 8, 40)
).filter(lambda secret: len(re.sub(r"[\s\\+]", "", secret)) >= 5 and not shown(secret, "[secret]"))
PLACES = st.sampled_from(
    (
        "{}",
        "refused: {}.",
        '{{"error": {{"message": "the value {} is wrong"}}}}',
        "<p>Signature of <b>{}</b> differs</p>",
        "GET /?key={}&x=1 HTTP/1.1",
        "user {} and {} again",
    )
)


ECHO = given(SECRETS, st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(FORMS)), PLACES)


def echoed(secret: str, first: str, second: str, place: str) -> None:
    remember(secret)
    echo = FORMS[second](FORMS[first](secret))
    said = cleared(place.format(*[echo] * place.count("{}")))
    assert shown(secret, said) == [], said


@settings(max_examples=150)
@ECHO
@example("a+b/c&d<e>f\"g\\h'i j", "Go's JSON", "percent", "{}")
@example("ßtraße und Ähren, ïmmer", "upper", "base64", "{}")
@example("correct horse battery", "form", "JSON", "{}")
@example("0" * 40, "control characters", "Go's JSON", "{}")
@example("0000\t000", "Go's JSON", "base64", "{}")
@example("00000i", "HTML, decimal", "blanks", "{}")
@example("0000\\%00", "lines", "Go's JSON", "{}")
def test_nothing_of_a_secret_is_left_in_any_two_forms(
    secret: str, first: str, second: str, place: str
) -> None:
    echoed(secret, first, second, place)


@pytest.mark.stress
@settings(max_examples=10_000)
@ECHO
def test_nothing_of_ten_thousand_secrets_is_left(
    secret: str, first: str, second: str, place: str
) -> None:
    echoed(secret, first, second, place)


@pytest.mark.parametrize("second", ["plain", "JSON", "percent", "base64, 1 before"])
@pytest.mark.parametrize("first", FORMS)
def test_nothing_of_a_key_of_many_lines_is_left(first: str, second: str) -> None:
    remember(json.dumps({"type": "service_account", "private_key": pem(7)}))
    lines = pem(7).splitlines()[1:-1]
    for part in (pem(7), lines[3]):
        said = cleared(f"refused {FORMS[second](FORMS[first](part))} so")
        assert not [line for line in lines if shown(line, said)]


@pytest.mark.parametrize("spelt", [str.swapcase, str.title, str.casefold, str.upper])
def test_case_is_no_disguise(spelt: Callable[[str], str]) -> None:
    secret = "жёлтая-ßtraße-und-Ähre"
    remember(secret)
    assert cleared(f"it is {spelt(secret)}") == "it is [secret]"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("horse-\U0001f40e-battery-staple", r"horse-\ud83d\udc0e-battery-staple"),
        ("correct'horse'battery", "correct&APOS;horse&APOS;battery"),
        ("correct&nosuch;battery", "correct&nosuch;battery"),
    ],
)
def test_an_escape_is_read_as_what_it_stands_for(secret: str, text: str) -> None:
    remember(secret)
    assert cleared(f"it is {text}") == "it is [secret]"


SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize("piece", [SECRET[:12], SECRET[-12:], SECRET[14:26]])
@pytest.mark.parametrize("place", ["{}", "it is {}", "{}… is wrong", "{}... is wrong", "x{}y"])
def test_no_piece_of_twelve_characters_is_left(piece: str, place: str) -> None:
    remember(SECRET)
    assert piece not in cleared(place.format(piece))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345678, "the account 12345678 is"),
        (9.5e20, "as 9.5e+20 is"),
        (b"bytes-of-a-secret", "with bytes-of-a-secret"),
        (b"\xff\xfe\x00\x01binary", "as //4AAWJpbmFyeQ== is"),
        (["one-secret", {"two": "two-secret"}], "one-secret and two-secret"),
        ({"a": {"b": ["deep-secret"]}}, "a deep-secret"),
        (json.dumps({"password": "in-a-document"}), "with in-a-document"),
    ],
)
def test_values_of_other_types_are_cleared(value: object, shown: str) -> None:
    remember(value)
    assert "[secret]" in cleared(shown)
    assert "secret" not in cleared(shown).replace("[secret]", "")


def test_the_public_part_of_a_key_file_stays() -> None:
    remember(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "my-long-project-id",
                "client_email": "nightly@my-long-project-id.iam.gserviceaccount.com",
                "private_key": pem(3),
            }
        )
    )
    said = "nightly@my-long-project-id.iam.gserviceaccount.com of my-long-project-id"
    assert cleared(said) == said
    assert cleared(pem(3)) == "[secret]"


@pytest.mark.parametrize("value", [None, "", " ", True, False, [], {}])
def test_what_is_no_credential_is_not_remembered(value: object) -> None:
    remember(value)
    assert cleared("True, False and None stay") == "True, False and None stay"


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("x7$k", "the key x7$k is wrong", "the key [secret] is wrong"),
        ("x7$k", "ax7$kb stays", "ax7$kb stays"),
        ("x7$k", "password=x7%24k&a=1", "password=[secret]&a=1"),
        ("pw-1", "Basic dXNlcjpwdy0x", "Basic [secret]"),
        ("admin", "administrators, an admin, the-admin", "administrators, an admin, the-admin"),
        ("admin", "'admin' is no password", "'[secret]' is no password"),
        ("admin", "https://host/?password=admin", "https://host/?password=[secret]"),
        ("a", "a word is a word", "a word is a word"),
        ("42", "42 of 142 in 4.2 s, status 42", "42 of 142 in 4.2 s, status 42"),
    ],
)
def test_a_short_secret_goes_where_it_stands_for_itself(word: str, text: str, said: str) -> None:
    remember(word)
    assert cleared(text) == said


MESSAGES = (
    *(
        said
        for each in in_each_folder(f"{__package__}.clouds", "messages").values()
        for said in each.MESSAGES
    ),
    *(
        f"gave up after 120 s and 25 tries; to wait longer, set {cloud.keys[0].name} (seconds). "
        f"Run: pip install 'palette-backup-provider[{word}]'"
        for word, cloud in clouds.CLOUDS.items()
    ),
    "Palette refused POST /v1/users/assets/locations/s3?validate=true (409 ResourceExists): "
    "the location nightly-backup-3f9a1c2b4d (uid 65f0c3a1b2c3d4e5f6a7b8c9) exists.",
    "http://[::1]:9000/a@b ssh://host:22/x@y",
    "-----BEGIN CERTIFICATE----- is expected; infrastructure, configuration, authentication, "
    "internationalization, unauthorized_client, SignatureDoesNotMatch, https://host/?significant=1",
)


@pytest.mark.parametrize("message", MESSAGES)
def test_what_people_need_to_see_stays(message: str) -> None:
    drawn = random.Random(5)
    for length in (*[40] * 60, *[20] * 60, *[1200] * 10):
        remember("".join(drawn.choices(BASE64, k=length)))
    for word in ("correct horse battery staple", "s3cr3t-of-a-store", "Tr0ub4dor&3", pem(1), "pw1"):
        remember(word)
    assert cleared(message) == message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Proxy http://me:p%40ss@proxy:3128 is gone", "Proxy http://[secret]@proxy:3128 is gone"),
        ("'https://me:p@ss@host:9000/x'", "'https://[secret]@host:9000/x'"),
        ("https://me:p/a?s#s@host is no URL", "https://[secret]@host is no URL"),
        ("https://ghp_0123456789abcdef@host/x", "https://[secret]@host/x"),
        ("https:\\/\\/me:pass@host", "https:\\/\\/[secret]@host"),
        ("url=https%3A%2F%2Fme%3Apass%40host", "url=https%3A%2F%2F[secret]%40host"),
        ("https://a/c?sv=1&sig=aB%2Bc%3D&se=2", "https://a/c?sv=1&sig=[secret]&se=2"),
        ("https://a/c?X-Amz-Signature=0a1b", "https://a/c?X-Amz-Signature=[secret]"),
        ("at https://host/path, mail me@example.com", "at https://host/path, mail me@example.com"),
    ],
)
def test_what_is_a_secret_by_its_looks_is_cleared_unremembered(text: str, said: str) -> None:
    assert cleared(text) == said


def test_a_private_key_is_cleared_unremembered() -> None:
    assert cleared(json.dumps({"key": pem(9)})) == '{"key": "[secret]"}'
    cut_off = armoured("MII" + "a" * 61 + "MII", "RSA ").partition("\n-----END")[0]
    assert "MII" not in cleared(cut_off)


def test_the_longest_secret_goes_whole() -> None:
    remember("hunter2")
    remember("hunter2-and-more")
    assert cleared("it is hunter2-and-more") == "it is [secret]"
    assert cleared("hunter2hunter2-and-more") == "[secret]"


def test_a_secret_that_repeats_itself_goes_whole_and_in_pieces() -> None:
    secret = "w7Gk" * 2 * INDEXED
    remember(secret)
    assert cleared(f"it is {secret}!") == "it is [secret]!"
    assert cleared(f"it is {secret[-16:]}!") == "it is [secret]!"


@pytest.mark.parametrize("secret", ["secret", "[secret]", "a [secret] b"])
def test_what_is_cleared_stays_as_it_is(secret: str) -> None:
    remember("hunter2")
    once = cleared("it is hunter2")
    remember(secret)
    assert cleared(once) == once


def test_a_text_without_secrets_stays() -> None:
    remember("hunter2")
    for text in ("", "nothing here", "…", "\ud83d half", "é" * 100):
        assert cleared(text) == text


def test_characters_beyond_ascii_do_not_shift_what_is_cleared() -> None:
    remember("hunter2-hunter2")
    assert cleared("é…漢🔑 hunter2-hunter2 é") == "é…漢🔑 [secret] é"
    assert cleared("é\\u0026 hunter\u200b2-hun\u00a0ter2 é") == "é\\u0026 [secret] é"


@pytest.mark.parametrize("shift", [0, 1, 20, 39, 40])
def test_a_long_text_loses_its_middle_and_no_cut_shows_a_part_of_a_secret(shift: int) -> None:
    remember(SECRET)
    half, middle = LONGEST // 2, "-" * LONGEST
    start = "-" * (half - shift) + SECRET
    end = SECRET + "-" * (half - shift)
    said = cleared(f"{start}{middle}{end}")
    mark = "[secret]" if shift else ""
    assert said == "-" * (half - shift) + f"{mark}…{mark}" + "-" * (half - shift)


def test_what_is_remembered_meanwhile_is_cleared_from_then_on() -> None:
    """Several threads remember and clear; each clears what it has remembered."""
    failures: list[str] = []

    def work(number: int) -> None:
        for turn in range(30):
            mine = f"{number}-{turn}-{os.urandom(12).hex()}"
            remember(mine)
            said = cleared(f"it is {mine} so")
            if said != "it is [secret] so":
                failures.append(said)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_excerpt_is_one_cleared_line_that_is_cut() -> None:
    remember("hunter2")
    assert excerpt("<html>\n  hunter2\n</html>") == "<html> [secret] </html>"
    long = excerpt("x" * 1000)
    assert long == "x" * LONGEST_BODY + "…"
    assert excerpt("x" * LONGEST_BODY) == "x" * LONGEST_BODY


def test_a_secret_across_the_cut_is_cleared_before_it() -> None:
    remember("hunter2-hunter2")
    assert "hunter2" not in excerpt("x" * (LONGEST_BODY - 10) + "hunter2-hunter2")


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://me:Pa55%21-of-the-proxy@proxy:3128", False),
        ("me:Pa55%21-of-the-proxy@proxy:3128", True),
    ],
)
def test_the_password_of_an_address_is_remembered_with_its_escapes_and_without(
    address: str, bare: bool
) -> None:
    remember_address(address, bare=bare)
    for form in ("Pa55%21-of-the-proxy", "Pa55!-of-the-proxy"):
        assert cleared(f"it is {form} here") == "it is [secret] here"


def test_a_user_without_a_password_may_be_a_token() -> None:
    remember_address("https://tok3n-of-the-user@git.example.com", bare=False)
    assert cleared("it is tok3n-of-the-user here") == "it is [secret] here"
