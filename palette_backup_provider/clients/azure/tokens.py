"""What an access token of Microsoft Entra ID says."""

import base64
import json
import time
from typing import Any, TypeGuard

from palette_backup_provider.core.errors import UnreadableAnswer

RENEWED = 300.0
"""Seconds before its end in which a token is not used any more, as in Azure's own SDK."""


def is_valid(token: tuple[str, float] | None) -> TypeGuard[tuple[str, float]]:
    """Whether an access token, given with its end, is valid for a while yet."""
    return token is not None and token[1] - time.time() > RENEWED


def claims(token: str) -> dict[str, Any]:
    """The claims of an access token."""
    from palette_backup_provider.clients.azure.sign_in_answers import Claims
    from palette_backup_provider.clients.rest.answers import UNPARSED, judged

    try:
        middle = base64.urlsafe_b64decode(token.split(".")[1] + "=" * 3)
        payload: dict[str, Any] = judged(json.loads(middle), Claims)
    except UNPARSED:
        raise UnreadableAnswer("Microsoft Entra ID", "sign-in", "", "its token") from None
    return payload
