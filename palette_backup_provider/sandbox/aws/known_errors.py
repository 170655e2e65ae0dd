"""Errors of AWS that can be asked for. `of` names the services that say so."""

from palette_backup_provider.sandbox.proxy.known_error import KnownError

_S3, _OTHERS = "s3", "iam sts ec2"

ERRORS = {
    "AccessDenied": KnownError(403, "Access Denied"),
    "BucketAlreadyExists": KnownError(
        409,
        "The requested bucket name is not available. The bucket namespace is shared by all users "
        "of the system. Please select a different name and try again.",
        _S3,
    ),
    "ExpiredToken": KnownError(403, "The security token included in the request is expired"),
    "InternalError": KnownError(500, "We encountered an internal error. Please try again.", _S3),
    "InvalidAccessKeyId": KnownError(
        403, "The AWS Access Key Id you provided does not exist in our records.", _S3
    ),
    "InvalidClientTokenId": KnownError(
        403, "The security token included in the request is invalid.", _OTHERS
    ),
    "LimitExceeded": KnownError(409, "Cannot exceed quota for AccessKeysPerUser: 2", "iam"),
    "NoSuchBucket": KnownError(404, "The specified bucket does not exist", _S3),
    "RequestTimeTooSkewed": KnownError(
        403, "The difference between the request time and the current time is too large.", _S3
    ),
    "SignatureDoesNotMatch": KnownError(
        403,
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method.",
    ),
    "SlowDown": KnownError(503, "Please reduce your request rate.", _S3),
    "Throttling": KnownError(400, "Rate exceeded", _OTHERS),
    "TooManyBuckets": KnownError(
        400, "You have attempted to create more buckets than allowed", _S3
    ),
}
