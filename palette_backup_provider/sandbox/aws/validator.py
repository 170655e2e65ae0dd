"""Palette's validation of S3 credentials: it lists the bucket with them, in the sandbox's AWS.

Requests are signed and sent by hand, as an SDK would look for settings and credentials in places
that a sandbox must keep away from.
"""

from collections.abc import Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree

import requests
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from palette_backup_provider.sandbox.aws.service import Credential
from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import not_valid

_TIMEOUT = 30


class AwsValidator:
    """Uses the credential of a validate call, as Palette would."""

    def __init__(self, endpoint: str, palette: Credential) -> None:
        self._endpoint = endpoint
        self._palette = Credentials(palette.access_key, palette.secret_key)

    def __call__(self, body: Body) -> None:
        credentials = body["credentials"]
        region = body["region"]
        if credentials["credentialType"] == "sts":
            keys = self._assume_role(credentials["sts"], region)
        else:
            keys = Credentials(credentials["accessKey"], credentials["secretKey"])
        url = f"{self._endpoint}/{body['bucket']}?{urlencode({'list-type': 2, 'max-keys': 1})}"
        self._send(AWSRequest("GET", url), S3SigV4Auth(keys, "s3", region))

    def _assume_role(self, sts: Mapping[str, str], region: str) -> Credentials:
        form = {
            "Action": "AssumeRole",
            "Version": "2011-06-15",
            "RoleArn": sts["arn"],
            "RoleSessionName": "palette-validate",
            "ExternalId": sts["externalId"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        request = AWSRequest("POST", f"{self._endpoint}/", headers=headers, data=urlencode(form))
        answer = self._send(request, SigV4Auth(self._palette, "sts", region))
        fields = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return Credentials(*(answer.findtext(f".//{{*}}{name}") for name in fields))

    @staticmethod
    def _send(request: AWSRequest, auth: SigV4Auth) -> ElementTree.Element:
        auth.add_auth(request)
        prepared = request.prepare()
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(
                    prepared.method,
                    prepared.url,
                    headers=dict(prepared.headers),
                    data=prepared.body,
                    timeout=_TIMEOUT,
                )
            document = ElementTree.fromstring(answer.content)
        except (requests.RequestException, ElementTree.ParseError):
            raise not_valid("AWS gave no answer that can be read") from None
        if answer.ok:
            return document
        code = document.findtext(".//{*}Code", f"HTTP {answer.status_code}")
        raise not_valid(f"{code}: {document.findtext('.//{*}Message', '')}")
