"""The secrets this process knows, and text cleared of them."""

import json
import re
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from palette_backup_provider.core.decoding import Span
from palette_backup_provider.core.redaction import Redactor
from palette_backup_provider.core.shapes import passwords
from palette_backup_provider.core.text import plain

SECRET = "[secret]"
LONGEST = 65_536
"""Characters of a text that are shown at most."""
BEYOND = 4_096
"""Characters beyond a cut that are looked at, so that a secret across it is known for one."""
LONGEST_BODY = 256
ARMOUR = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]+-----")
PUBLIC = frozenset(
    (
        "type",
        "project_id",
        "private_key_id",
        "client_email",
        "client_id",
        "auth_uri",
        "token_uri",
        "universe_domain",
        "auth_provider_x509_cert_url",
        "client_x509_cert_url",
        "quota_project_id",
        "account",
        "audience",
        "scopes",
        "subject_token_type",
        "token_url",
        "token_info_url",
        "service_account_impersonation_url",
        "command",
        "timeout_millis",
        "interactive_timeout_millis",
        "output_file",
    )
)
"""What credential files hold besides secrets: people need to see it."""

_known: set[str] = set()
_redactor, _knows = Redactor(), set[str]()
_lock = threading.Lock()


def remember(value: object) -> None:
    """Have `value` cleared from every error and message from now on, in whatever form.

    Of a list or a map, and of JSON text of one, all values; of a PEM file, what its armour holds.
    """
    parts = list(_parts(value))
    with _lock:
        _known.update(parts)


def remember_address(address: str, *, bare: bool) -> None:
    """Have the password in a URL cleared wherever it stands; `bare` if it may lack the scheme."""
    for password in passwords(address if "://" in address or not bare else f"://{address}"):
        remember([password, unquote(password)])


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name not in PUBLIC:
                yield from _parts(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, (bytes, bytearray)):
        yield from _bytes(bytes(value))
    elif isinstance(value, str):
        document = _document(value)
        yield from [ARMOUR.sub("\n", value)] if document is None else _parts(document)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)
        if isinstance(value, float) and value.is_integer():
            yield str(int(value))


def _bytes(value: bytes) -> Iterator[str]:
    try:
        yield from _parts(value.decode())
    except UnicodeDecodeError:
        yield from (b64encode(value).decode(), value.hex(), repr(value)[2:-1])


def _document(text: str) -> object:
    """The map or list that `text` is the JSON of; else None."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def cleared(text: str, *more: object) -> str:
    """`text` without anything of a secret that this process knows, or that is told by its looks.

    Nor of `more`, which is no secret as a rule, and may be one here. A text of more than LONGEST
    characters loses its middle.
    """
    if len(text) <= LONGEST:
        return _part(text, 0, len(text), more)
    half = LONGEST // 2
    start = _part(text[: half + BEYOND], 0, half, more)
    return f"{start}…{_part(text[-half - BEYOND :], BEYOND, half + BEYOND, more)}"


def _part(text: str, first: int, last: int, more: object) -> str:
    """What is shown of `text` from `first` to `last`."""
    parts, at = [], first
    for start, end in _merged(text, more):
        if start < last and end > first:
            parts += [text[at:start], SECRET]
            at = end
    return "".join([*parts, text[at:last]])


def _merged(text: str, more: object) -> Iterator[Span]:
    """What is to be cleared, in order and apart; what was cleared before stays as it is."""
    spans = sorted([*_redacting().spans(text), *(_redactor_of(more).spans(text) if more else ())])
    marks = [mark.span() for mark in re.finditer(re.escape(SECRET), text)] if spans else []
    begin = stop = 0
    for start, end in spans:
        if any(first <= start and end <= last for first, last in marks):
            continue
        if start > stop:
            if stop:
                yield begin, stop
            begin = start
        stop = max(stop, end)
    if stop:
        yield begin, stop


def _redacting() -> Redactor:
    """What finds all that is known by now."""
    global _redactor, _knows
    with _lock:
        if not _knows <= _known:  # only a test forgets
            _redactor, _knows = Redactor(), set()
        for value in sorted(_known - _knows):
            _redactor.add(value)
            _knows.add(value)
        return _redactor


def _redactor_of(values: object) -> Redactor:
    redactor = Redactor()
    for value in _parts(values):
        redactor.add(value)
    return redactor


def excerpt(body: str) -> str:
    """The start of an answer that is not understood, on one line and cleared."""
    line = " ".join(printable(body).split())
    return line if len(line) <= LONGEST_BODY else f"{line[:LONGEST_BODY]}…"


def printable(text: str) -> str:
    """`text` as it may be shown: cleared, on one line, without what would steer a terminal."""
    text = cleared(text)
    shown = plain(text)
    return shown if shown == text else cleared(shown)  # what stood apart may be a secret now
