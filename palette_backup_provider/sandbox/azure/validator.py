"""Palette's validation of Azure credentials: it signs in with them, and looks at no storage."""

import requests

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import not_valid

_TIMEOUT = 30


class AzureValidator:
    """Uses the credential of a validate call, as Palette would."""

    def __init__(self, url: str, ca_file: str) -> None:
        self._url, self._ca_file = url, ca_file

    def __call__(self, body: Body) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": body["clientId"],
            "client_secret": body["clientSecret"],
            "scope": "https://management.azure.com/.default",
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    f"{self._url}/{body['tenantId']}/oauth2/v2.0/token",
                    data=form,
                    timeout=_TIMEOUT,
                    verify=self._ca_file,
                )
            content = answer.json()
        except (requests.RequestException, ValueError):
            raise not_valid("Azure gave no answer that can be read") from None
        if not answer.ok:
            raise not_valid(f"Azure: {content.get('error_description', answer.status_code)}")
