"""What the routes of the Palette simulator share in reading requests and writing answers."""

import secrets

from flask import request

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal

Answer = tuple[str | Body, int] | tuple[str | Body, int, dict[str, str]] | Body


def json_body() -> Body:
    """The request's body, which has to be a JSON object."""
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise Refusal(400, "InvalidRequest", "The body is not a JSON object")
    return body


def audit() -> dict[str, str]:
    """The header by which Palette's audit log finds a call."""
    return {"AuditUid": secrets.token_hex(12)}
