"""The rules of AWS for a bucket's inputs, each with a message."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.model import matches, unless

TLS_ONLY = "PaletteBackupTlsOnly"
"""The Sid of our own statement in a bucket's policy."""

RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")

BucketName = Annotated[
    str,
    matches(r"(?s).{3,63}", "a bucket's name has 3 to 63 characters"),
    unless(re.compile(r"\d+(\.\d+){3}").fullmatch, "a bucket's name is no IP address"),
    unless(re.compile(r"\.mrap$").search, "AWS reserves bucket names that end in .mrap"),
    unless(lambda name: "." in name, "a dot in a bucket's name breaks TLS to its host name"),
    matches(r"[a-z0-9-]+", "a bucket's name is made of lower-case letters, digits and hyphens"),
    matches(r"[a-z0-9].*[a-z0-9]", "a bucket's name begins and ends with a letter or a digit"),
    unless(
        lambda name: name.startswith(RESERVED_STARTS),
        f"AWS reserves bucket names that begin with {', '.join(RESERVED_STARTS)}",
    ),
    unless(
        lambda name: name.endswith(RESERVED_ENDS),
        f"AWS reserves bucket names that end in {', '.join(RESERVED_ENDS)}",
    ),
]


def _distinct(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each statement needs a Sid, because only a Sid tells it from the statements of others."""
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid")
        if not isinstance(sid, str) or not re.fullmatch("[A-Za-z0-9]+", sid):
            raise ValueError("each statement needs a Sid of letters and digits")
        if sid == TLS_ONLY:
            raise ValueError(f"the Sid {sid!r} is not allowed: the statement of tls_only has it")
        if sid in seen:
            raise ValueError(f"the Sid {sid!r} is there twice: each statement needs its own")
        seen.add(sid)
    return statements


Statements = Annotated[list[dict[str, Any]], AfterValidator(_distinct)]
