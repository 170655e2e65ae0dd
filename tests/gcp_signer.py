"""Credentials of Google's own library, for Google's own clients, that speak to a sandbox alone."""

import json

from google.oauth2 import service_account

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


class Signer(service_account.Credentials):
    """Asks the real Google for nothing: otherwise it looks up regions there, in a thread."""

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


def signer(key: str) -> Signer:
    """The credentials of a service account's key, given as JSON."""
    make = Signer.from_service_account_info
    found: Signer = make(json.loads(key), scopes=SCOPES)  # type: ignore[no-untyped-call]
    return found
