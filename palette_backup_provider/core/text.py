"""Text of others (names, labels, messages of servers) without what would steer a terminal.

Nothing that people could read is taken out, so no name hides what is printed after it. Exceptions
are the parameters of an escape sequence, and what a whole sequence carries, up to its first blank.
"""

import re

BREAKS = r"\t-\r\x1c-\x1f\x85\u2028\u2029"
"""What ends a line somewhere, and tabs."""
_BREAKS = re.compile(f"[{BREAKS}][ {BREAKS}]*")
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[@-~]"  # colours, the cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00- ]{0,256}(?:\x07|\x1b\\|\x9c)"  # titles, links
)
_SINGLE = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]),  # they turn text around
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # halves of pairs, which nothing can print
}


def plain(text: str) -> str:
    """`text` on one line, without control characters and escape sequences."""
    if text.isprintable():
        return text
    return _BREAKS.sub(" ", _SEQUENCES.sub("", text)).translate(_SINGLE)


def camel(name: str) -> str:
    """`access_key` as `accessKey`; a hidden property keeps its name."""
    if name.startswith("__"):
        return name
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
