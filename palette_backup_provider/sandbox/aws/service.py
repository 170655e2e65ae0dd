"""AWS: moto in this process, with IAM enforced and its gaps mended.

moto's state and settings are global to the process, so a process runs one of these at a time.
"""

import json
import secrets
import string
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.etree import ElementTree

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.aws import known as aws_known
from palette_backup_provider.sandbox.aws import presigned as aws_presigned
from palette_backup_provider.sandbox.aws import simulate as aws_simulate
from palette_backup_provider.sandbox.aws.call import Call, read
from palette_backup_provider.sandbox.aws.digest import wrong_digest
from palette_backup_provider.sandbox.aws.ec2 import ec2_permission
from palette_backup_provider.sandbox.aws.known_errors import ERRORS
from palette_backup_provider.sandbox.aws.mended import mended
from palette_backup_provider.sandbox.aws.presigned import is_presigned, signed_anew
from palette_backup_provider.sandbox.aws.refusals import refusal, unknown_key
from palette_backup_provider.sandbox.aws.rules import RULES, missing_key
from palette_backup_provider.sandbox.aws.web_identity import OPERATION, assume
from palette_backup_provider.sandbox.palette.aws_account import AWS_ACCOUNT as PALETTE_ACCOUNT

ACCOUNT = "123456789012"
"""The account of the person who runs a program."""
OTHER_ACCOUNT = "210987654321"
"""Somebody else's account."""

_PARTITIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"}
"""Each with one of its regions."""
_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_ASSUME_ROLES = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
_AES256 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}

_moto = threading.Lock()


@dataclass(frozen=True)
class Credential:
    """An access key of AWS."""

    access_key: str
    secret_key: str

    @classmethod
    def made_up(cls) -> "Credential":
        """A new one that looks like AWS's own."""
        letters = string.ascii_uppercase + string.digits
        access_key = "AKIA" + "".join(secrets.choice(letters) for _ in range(16))
        return cls(access_key, secrets.token_urlsafe(30))


class Aws:
    """The cloud as a service behind a proxy."""

    name = "aws"
    errors = ERRORS

    def __init__(self) -> None:
        if not _moto.acquire(blocking=False):
            raise ProviderError("A sandbox with AWS is already running in this process.")
        self.admin = Credential.made_up()
        """May do everything in `ACCOUNT`."""
        self.other = Credential.made_up()
        """May do everything in `OTHER_ACCOUNT`."""
        self.palette = Credential.made_up()
        """Palette's own principal, which may only take on roles."""
        self.issuers: dict[str, rsa.RSAPublicKey] = {}
        """The keys of identity providers, by the URLs that their tokens name."""
        self._lock = threading.Lock()
        self._mended = mended()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self.reset()

    def stop(self) -> None:
        """Leave moto as it was found."""
        self._forget()
        self._mended.close()
        _moto.release()

    def reset(self) -> None:
        """As at the start: three accounts with one user each."""
        with self._lock:
            self._forget()
            self.issuers.clear()
            _add_user(ACCOUNT, "sandbox-admin", self.admin, _EVERYTHING)
            _add_user(OTHER_ACCOUNT, "other-admin", self.other, _EVERYTHING)
            _add_user(PALETTE_ACCOUNT, "palette", self.palette, _ASSUME_ROLES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.get_data()  # Read once here; moto reads it again.
        # moto's threads share dictionaries without a lock, and its calls take milliseconds.
        with self._lock:
            return self._judged(read(request), request)(environ, start_response)

    def call(self, request: Request) -> str | None:
        """AWS's name of the operation."""
        return read(request).operation

    def credential_made_at(self, request: Request) -> float | None:
        """When the access key was made; the sandbox's own have always been there."""
        call = read(request)
        if call.access_key in (x.access_key for x in (self.admin, self.other, self.palette)):
            return None
        key = call.credential
        return key.create_date.replace(tzinfo=UTC).timestamp() if key else None

    def unknown(self, request: Request) -> Response:
        """An access key that is too fresh."""
        return unknown_key(read(request))

    def refused(self, request: Request, code: str) -> Response | None:
        """As the service of the call says it."""
        call, error = read(request), ERRORS[code]
        if error.of and call.service not in error.of.split():
            return None
        return refusal(call, code, error.message, error.status)

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    def _judged(self, call: Call, request: Request) -> Response:
        """The answer to a request whose URL may be what signs it."""
        if not is_presigned(request):
            return self._answer(call, request)
        if refused := aws_presigned.refused(call, request):
            return refused
        signed = Request(signed_anew(call, request))
        return self._answer(read(signed), signed)

    def _answer(self, call: Call, request: Request) -> Response:
        if request.path.startswith("/moto-api"):
            # moto's own control routes ask for no token.
            return refusal(call, "AccessDenied", "Access Denied")
        for rule in (*RULES, ec2_permission):
            if refused := rule(call):
                return refused
        for judge in (aws_known.unknown, wrong_digest):
            if refused := judge(call, request):
                return refused
        if call.operation == OPERATION:
            return assume(call, self.issuers)
        if call.operation == aws_simulate.OPERATION:
            return aws_simulate.answer(call, request)
        if call.operation == "CreateBucket" and not call.owner:
            return self._create_bucket(call, request)
        if call.operation == "GetBucketEncryption":
            _encrypted_by_default(call)
        answer = self._ask_moto(request)
        hidden = missing_key(call) if answer.status_code == 404 and call.target else None
        return hidden or answer

    def _create_bucket(self, call: Call, request: Request) -> Response:
        # moto lets a new bucket inherit the tags of a deleted one, and ignores those it is sent.
        call.s3.tagger.delete_all_tags_for_resource(f"arn:{call.partition}:s3:::{call.bucket}")
        answer = self._ask_moto(request)
        body = request.get_data()
        if answer.status_code == 200 and body:
            tags = {
                tag.findtext("{*}Key", ""): tag.findtext("{*}Value", "")
                for tag in ElementTree.fromstring(body).iterfind("{*}Tags/{*}Tag")
            }
            call.s3.put_bucket_tagging(call.bucket, tags)
        return answer

    def _ask_moto(self, request: Request) -> Response:
        request.environ["wsgi.input"].seek(0)
        return Response.from_app(self._moto, request.environ, buffered=True)

    def _forget(self) -> None:
        BackendDict.reset()
        reset_model_data()


def _add_user(account: str, name: str, credential: Credential, statement: dict[str, str]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for partition, region in _PARTITIONS.items():
        iam = iam_backends[account][partition]
        iam.create_user(region, name, tags=[])
        iam.put_user_policy(name, "sandbox", document)
        key = iam.users[name].create_access_key(prefix="AKIA")
        key.access_key_id, key.secret_access_key = credential.access_key, credential.secret_key
        iam.access_keys[key.access_key_id] = key


def _encrypted_by_default(call: Call) -> None:
    """AWS encrypts every bucket, also one that was never told to."""
    bucket = call.target
    if bucket and not bucket.encryption:
        bucket.encryption = _AES256
