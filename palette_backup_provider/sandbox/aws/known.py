"""The calls and headers of S3 that moto keeps to; it ignores others, or takes them for another.

What is ignored is believed to hold, so it is refused by its name.
"""

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.refusals import refusal

_OF_BUCKETS = """
CreateBucket DeleteBucket GetBucketLocation HeadBucket ListBuckets ListMultipartUploads
ListObjectVersions ListObjects ListObjectsV2
DeleteBucketCors DeleteBucketEncryption DeleteBucketLifecycle DeleteBucketOwnershipControls
DeleteBucketPolicy DeleteBucketTagging DeleteBucketWebsite DeletePublicAccessBlock
GetBucketAcl GetBucketCors GetBucketEncryption GetBucketLifecycleConfiguration GetBucketLogging
GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
GetBucketReplication GetBucketTagging GetBucketVersioning GetBucketWebsite
GetObjectLockConfiguration GetPublicAccessBlock
PutBucketAcl PutBucketCors PutBucketEncryption PutBucketLifecycleConfiguration PutBucketLogging
PutBucketNotificationConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketReplication
PutBucketTagging PutBucketVersioning PutBucketWebsite PutObjectLockConfiguration
PutPublicAccessBlock
"""
_OF_OBJECTS = """
AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject
DeleteObjectTagging DeleteObjects GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold
GetObjectRetention GetObjectTagging HeadObject ListParts PutObject PutObjectAcl PutObjectLegalHold
PutObjectRetention PutObjectTagging UploadPart UploadPartCopy
"""
_HEADERS = """
acl bucket-object-lock-enabled bypass-governance-retention checksum-algorithm checksum-crc32
checksum-crc32c checksum-crc64nvme checksum-mode checksum-sha1 checksum-sha256 checksum-type
content-sha256 copy-source copy-source-range copy-source-if-none-match date decoded-content-length
expected-bucket-owner metadata-directive mp-object-size object-attributes object-lock-legal-hold
object-lock-mode object-lock-retain-until-date object-ownership sdk-checksum-algorithm
security-token server-side-encryption server-side-encryption-aws-kms-key-id
server-side-encryption-bucket-key-enabled storage-class tagging tagging-directive trailer
user-agent
"""
"""Those that begin with `x-amz-`."""
_KNOWN_CALLS = {*_OF_BUCKETS.split(), *_OF_OBJECTS.split()}
_KNOWN_HEADERS = {f"x-amz-{name}" for name in _HEADERS.split()}


def unknown(call: Call, request: Request) -> Response | None:
    """A call or a header of S3 that is not known here."""
    if call.service != "s3":
        return None
    if call.operation not in _KNOWN_CALLS:
        what = call.operation if call.operation != "Unknown" else f"{request.method} {request.path}"
        message = f"This sandbox does not know the call {what} of S3."
        return refusal(call, "NotImplemented", message, 501)
    for name, _ in request.headers:
        header = name.lower()
        metadata = header.startswith("x-amz-meta-")
        if header.startswith("x-amz-") and not metadata and header not in _KNOWN_HEADERS:
            message = f"This sandbox does not know the header {header} of S3."
            return refusal(call, "NotImplemented", message, 501)
    owner = request.headers.get("x-amz-expected-bucket-owner")
    if owner and call.owner and owner != call.owner:
        return refusal(call, "AccessDenied", "Access Denied")
    return None
