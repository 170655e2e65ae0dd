"""Who may call the Palette simulator: an API key, or a token got by signing in."""

import base64
import hmac
import json
import secrets
from collections.abc import Callable

from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.palette.errors import Refusal

TOKEN_LIFETIME = 15 * 60
"""Seconds."""

EMAIL = "admin@sandbox.test"


class Access:
    """The one API key, the one user, and the tokens given to them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.api_key = secrets.token_hex(16)
        self.password = secrets.token_hex(16)
        self._tokens: dict[str, float] = {}

    def check(self, request: Request, bad_key_status: int) -> None:
        """Refuse a request that shows neither a good API key nor a good token."""
        key = request.headers.get("ApiKey")
        if key is not None:
            if not _same(key, self.api_key):
                # The real Palette, too, says "not found" and repeats the key.
                raise Refusal(bad_key_status, "ResourceNotFound", f"API key {key} not found")
        else:
            self._check_token(request.headers.get("Authorization", ""))

    def sign_in(self, email: str, password: str) -> str:
        """A token for the user."""
        if email != EMAIL or not _same(password, self.password):
            raise Refusal(401, "InvalidCredentials", "Email or password is wrong")
        return self._token()

    def refresh(self, token: str) -> str:
        """A new token for one that is still good."""
        self._check_token(token)
        return self._token()

    def _check_token(self, token: str) -> None:
        if self._tokens.get(token, 0) <= self._clock():
            raise Refusal(401, "Unauthorized", "Authorization is missing, wrong or expired")

    def _token(self) -> str:
        expires = self._clock() + TOKEN_LIFETIME
        parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": EMAIL, "exp": int(expires)}]
        encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in parts]
        token = ".".join([*(part.rstrip("=") for part in encoded), secrets.token_urlsafe(32)])
        self._tokens[token] = expires
        return token


def _same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode(), expected.encode())
