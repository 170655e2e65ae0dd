"""What AWS allows in a bucket's inputs, each rule in words of its own."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.model import rule

TLS_ONLY = "PaletteBackupTlsOnly"
"""The Sid of our own statement in a bucket's policy."""

RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def _unless(test: Callable[[str], object], says: str) -> AfterValidator:
    def obeys(name: str) -> str:
        if test(name):
            raise ValueError(f"{name!r} is not allowed: {says}")
        return name

    return AfterValidator(obeys)


BucketName = Annotated[
    str,
    rule(r"(?s).{3,63}", "a bucket's name has 3 to 63 characters"),
    _unless(re.compile(r"\d+(\.\d+){3}").fullmatch, "a bucket's name is no IP address"),
    _unless(re.compile(r"\.mrap$").search, "AWS reserves bucket names that end in .mrap"),
    _unless(lambda name: "." in name, "a dot in a bucket's name breaks TLS to its host name"),
    rule(r"[a-z0-9-]+", "a bucket's name is made of lower-case letters, digits and hyphens"),
    rule(r"[a-z0-9].*[a-z0-9]", "a bucket's name begins and ends with a letter or a digit"),
    _unless(
        lambda name: name.startswith(RESERVED_STARTS),
        f"AWS reserves bucket names that begin with {', '.join(RESERVED_STARTS)}",
    ),
    _unless(
        lambda name: name.endswith(RESERVED_ENDS),
        f"AWS reserves bucket names that end in {', '.join(RESERVED_ENDS)}",
    ),
]

KmsKeyArn = Annotated[
    str,
    rule(
        r"arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
        "the whole ARN of a KMS key is needed, such as "
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-..., and no alias",
    ),
]


def _told_apart(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A statement without a Sid could not be found again among those of others."""
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid")
        if not isinstance(sid, str) or not re.fullmatch("[A-Za-z0-9]+", sid):
            raise ValueError("each statement needs a Sid of letters and digits")
        if sid == TLS_ONLY:
            raise ValueError(f"the Sid {sid!r} is not allowed: the statement of tls_only has it")
        if sid in seen:
            raise ValueError(f"the Sid {sid!r} is there twice")
        seen.add(sid)
    return statements


Statements = Annotated[list[dict[str, Any]], AfterValidator(_told_apart)]
