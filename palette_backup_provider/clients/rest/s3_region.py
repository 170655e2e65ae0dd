"""What a store says of the region that a call was made for."""

import re

REDIRECTS = {
    *("PermanentRedirect", "TemporaryRedirect", "Redirect", "301", "307"),
    *("IncorrectEndpoint", "IllegalLocationConstraintException", "InvalidRegion"),
}
MALFORMED = "AuthorizationHeaderMalformed"
"""Also the code for other mistakes in that header."""
_NAME = r"([A-Za-z0-9][A-Za-z0-9-]{0,62})"
_OF_A_HEAD = "; use region "
"""How a library tells of the header of an answer without a body, whatever its code."""
_NAMED = re.compile(
    rf"expecting ['\"]{_NAME}['\"]"  # most stores
    rf"|\bexpected: \S*?{_NAME}/s3/aws4_request"  # Garage
    rf"|{_OF_A_HEAD}{_NAME}"
)


def advice(code: str, message: str, region: str | None = None) -> str:
    """What to do about a refusal of that code, empty if it is about no region.

    `region` is the region that the answer gives beside its message.
    """
    malformed = code == MALFORMED and re.search(r"\b(region|scope)\b", message) is not None
    if not (malformed or code in REDIRECTS or _OF_A_HEAD in message):
        return ""
    match = _NAMED.search(message)
    named = next(filter(None, match.groups() if match else ()), None)
    if region and re.fullmatch(_NAME, region):
        named = region
    return f"Set region to {named!r}." if named else "Set region to what the store calls its own."
