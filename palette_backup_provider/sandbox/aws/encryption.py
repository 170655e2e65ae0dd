"""The rule for objects that a key of KMS encrypts."""

from moto.kms.models import Key, kms_backends
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.identity import permits
from palette_backup_provider.sandbox.aws.refusals import refusal

_KMS = {
    "PutObject": "kms:GenerateDataKey",
    "CreateMultipartUpload": "kms:GenerateDataKey",
    "UploadPart": "kms:Decrypt",
    "CompleteMultipartUpload": "kms:Decrypt",
    "GetObject": "kms:Decrypt",
}
"""What a call does with the key of an object: S3 reads the parts of an upload to join them."""


def encryption_key(call: Call) -> Response | None:
    """An object with a KMS key takes a key that is there, and leave to use it."""
    needed, arn, principal = _KMS.get(call.operation), _key_of(call), call.principal
    if not needed or not arn or not principal:
        return None
    key = _kms_key(arn)
    if key is None:
        return refusal(call, "KMS.NotFoundException", f"Key '{arn}' does not exist", 400)
    if key.key_state != "Enabled":
        return refusal(call, "KMS.DisabledException", f"{arn} is disabled.", 400)
    if permits(call, needed, arn):
        return None
    message = (
        f"User: {principal.arn} is not authorized to perform: {needed} on resource: {arn} "
        f"because no identity-based policy allows the {needed} action"
    )
    return refusal(call, "AccessDenied", message)


def _key_of(call: Call) -> str | None:
    """The KMS key that an object is encrypted with, or is to be."""
    bucket = call.target
    if bucket is None:
        return None
    if call.operation == "GetObject":
        stored = bucket.keys.get(call.key)
        return getattr(stored, "kms_key_id", None)
    algorithm = call.headers.get("x-amz-server-side-encryption")
    default: dict[str, str] = {}
    if bucket.encryption:
        default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
    if algorithm == "AES256":
        return None
    named = call.headers.get("x-amz-server-side-encryption-aws-kms-key-id")
    return named or default.get("KMSMasterKeyID")


def _kms_key(arn: str) -> Key | None:
    parts = arn.split(":")
    if len(parts) != 6:
        return None
    key = kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))
    return key if isinstance(key, Key) else None
