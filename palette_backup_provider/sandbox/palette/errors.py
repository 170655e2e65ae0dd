"""How the Palette simulator refuses: its error body, raised from wherever the reason is found."""

import json
import secrets

from werkzeug.wrappers import Response


class Refusal(Exception):
    """An answer of Palette's that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> Response:
        """The answer as it goes over the wire."""
        body = {
            "code": self.code,
            "message": self.message,
            "details": None,
            "ref": secrets.token_hex(32),
        }
        return Response(json.dumps(body), self.status, content_type="application/json")


def missing(name: str) -> Refusal:
    """A required field is not there."""
    return Refusal(400, "InvalidRequest", f"{name} is required")


def not_found(message: str) -> Refusal:
    """The object, or one that it depends on, does not exist."""
    return Refusal(404, "ResourceNotFound", message)


def not_valid(message: str) -> Refusal:
    """A validate call found the credential wanting."""
    return Refusal(400, "CredentialsInvalid", message)
