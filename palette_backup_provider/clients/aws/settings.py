"""The settings of AWS: those of Pulumi's package `aws`, and the variables of every AWS tool."""

from collections.abc import Mapping
from typing import Any

from palette_backup_provider.core.clouds.aws import BUNDLE, CLOUD
from palette_backup_provider.core.namespace import Effect, Key, Namespace

REGION = Key(
    "aws:region",
    "The region of services that no argument gives one, such as IAM and STS. "
    "Default: the profile's, else us-east-1.",
    ("AWS_REGION", "AWS_DEFAULT_REGION"),
)
PROFILE = Key(
    "aws:profile",
    "The profile of the shared files to act as. As a variable it gives way to "
    "`AWS_ACCESS_KEY_ID`, as in every AWS tool.",
    ("AWS_PROFILE",),
)
ACCESS_KEY = Key(
    "aws:accessKey",
    "The id of the access key to act with. In stack config it wins over every profile, which "
    "is then not read.",
    ("AWS_ACCESS_KEY_ID",),
)
SECRET_KEY = Key(
    "aws:secretKey", "The secret of that key.", ("AWS_SECRET_ACCESS_KEY",), secret=True
)
TOKEN = Key(
    "aws:token", "The session token of a temporary key.", ("AWS_SESSION_TOKEN",), secret=True
)
SHARED_CONFIG = Key(
    "aws:sharedConfigFiles",
    "The path of the shared config file; a list of one. Default: ~/.aws/config.",
    ("AWS_CONFIG_FILE",),
    takes=list[str],
)
SHARED_CREDENTIALS = Key(
    "aws:sharedCredentialsFiles",
    "The path of the shared credentials file; a list of one. Default: ~/.aws/credentials.",
    ("AWS_SHARED_CREDENTIALS_FILE",),
    takes=list[str],
)
WEB_IDENTITY = Key(
    "aws:assumeRoleWithWebIdentity",
    "The role to take on with a token of an identity provider: `roleArn`, `webIdentityToken` or "
    "`webIdentityTokenFile`, `sessionName`, `duration`, `policy`, `policyArns`. The "
    "same is said by `AWS_ROLE_ARN`, `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_SESSION_NAME`.",
    takes=Mapping[str, Any],
)
ROLES = Key(
    "aws:assumeRoles",
    "The roles to take on one after the other, each a map of `roleArn`, `externalId`, "
    "`sessionName`, `duration`, `policy`, `policyArns`, `tags`, `transitiveTagKeys`, "
    "`sourceIdentity`. An `aws.Identity(role_arn=…)` is taken on from the last of them.",
    takes=list[Any],
)
ROLE = Key(
    "aws:assumeRole", "One such role, as version 6 of the package has it.", takes=Mapping[str, Any]
)
ALLOWED = Key(
    "aws:allowedAccountIds",
    "The only accounts to act in; in any other nothing is done, whatever credentials say.",
    takes=list[str],
)
FORBIDDEN = Key("aws:forbiddenAccountIds", "Accounts in which nothing is done.", takes=list[str])
DEFAULT_TAGS = Key(
    "aws:defaultTags",
    "`tags` on everything in AWS that carries tags, a map. `palette:tags` and arguments win.",
    takes=Mapping[str, Any],
)
ENDPOINTS = Key(
    "aws:endpoints",
    "The addresses of `s3`, `iam` and `sts`, a list of maps. Those of other services do not "
    "matter here. botocore reads `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_S3`, `_IAM`, `_STS`.",
    takes=list[Any],
)
STS_REGION = Key("aws:stsRegion", "The region in which to ask STS. Default: `aws:region`.")
FIPS = Key(
    "aws:useFipsEndpoint",
    "`true` uses the endpoints that are validated under FIPS 140.",
    ("AWS_USE_FIPS_ENDPOINT",),
    takes=bool,
)
DUALSTACK = Key(
    "aws:useDualstackEndpoint",
    "`true` uses the endpoints that IPv6 reaches too.",
    ("AWS_USE_DUALSTACK_ENDPOINT",),
    takes=bool,
)
PATH_STYLE = Key(
    "aws:s3UsePathStyle", "`true` puts the bucket into the path, not the host name.", takes=bool
)
CA_BUNDLE = Key(
    "aws:customCaBundle",
    "The path of a PEM file with the CAs to trust, such as that of a proxy.",
    (BUNDLE,),
)
HTTP_PROXY = Key("aws:httpProxy", "The proxy to AWS; for https too, unless that has its own.")
HTTPS_PROXY = Key(
    "aws:httpsProxy", "The proxy to AWS over https. Default: `$HTTPS_PROXY`, as everywhere."
)
NO_PROXY = Key("aws:noProxy", "Hosts that are asked without those two, with commas between them.")
MAX_RETRIES = Key(
    "aws:maxRetries",
    "How often a call is tried at most. Default: 6.",
    ("AWS_MAX_ATTEMPTS",),
    takes=int,
)
RETRY_MODE = Key(
    "aws:retryMode", "`standard`, `adaptive` or `legacy`. Default: `standard`.", ("AWS_RETRY_MODE",)
)
METADATA = Key(
    "aws:ec2MetadataServiceEndpoint",
    "The address of the EC2 metadata service.",
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT",),
)
METADATA_MODE = Key(
    "aws:ec2MetadataServiceEndpointMode",
    "`IPv4` or `IPv6`.",
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",),
)
NO_METADATA = Key(
    "aws:skipMetadataApiCheck",
    "`true` asks the EC2 metadata service for no credentials. As a variable: "
    "`AWS_EC2_METADATA_DISABLED`.",
    takes=bool,
)

_OFF = ("", "false")
NAMESPACE = Namespace(
    CLOUD.namespace,
    (
        REGION,
        PROFILE,
        ACCESS_KEY,
        SECRET_KEY,
        TOKEN,
        SHARED_CONFIG,
        SHARED_CREDENTIALS,
        WEB_IDENTITY,
        ROLES,
        ROLE,
        ALLOWED,
        FORBIDDEN,
        DEFAULT_TAGS,
        ENDPOINTS,
        STS_REGION,
        FIPS,
        DUALSTACK,
        PATH_STYLE,
        CA_BUNDLE,
        HTTP_PROXY,
        HTTPS_PROXY,
        NO_PROXY,
        MAX_RETRIES,
        RETRY_MODE,
        METADATA,
        METADATA_MODE,
        NO_METADATA,
        Key(
            "aws:sharedCredentialsFile",
            "It is of version 5 of the package: set aws:sharedCredentialsFiles.",
            effect=Effect.REFUSED,
        ),
        Key(
            "aws:tagPolicyCompliance",
            "Nothing here compares tags with your organisation's policy: set it to warning, or "
            "make the bucket with pulumi-aws and register it with palette.BackupLocation.",
            effect=Effect.REFUSED,
            harmless=("disabled", "warning"),
        ),
        Key(
            "aws:insecure",
            "Certificates are always verified: set aws:customCaBundle.",
            effect=Effect.WARNED,
            harmless=_OFF,
        ),
        Key(
            "aws:s3UsEast1RegionalEndpoint",
            "The regional endpoint is always used.",
            effect=Effect.WARNED,
            harmless=("regional",),
        ),
        Key(
            "aws:s3ForcePathStyle",
            "It is of version 4 of the package: set aws:s3UsePathStyle.",
            effect=Effect.WARNED,
            harmless=_OFF,
        ),
        Key(
            "aws:skipRequestingAccountId",
            "The account is always asked for: it tells another account from one that is empty.",
            effect=Effect.WARNED,
            harmless=_OFF,
        ),
        Key("aws:ignoreTags", "Tags that others add are always left alone.", effect=Effect.IDLE),
        Key(
            "aws:tokenBucketRateLimiterCapacity",
            "Nothing here needs that many calls.",
            effect=Effect.IDLE,
        ),
        Key("aws:userAgents", "Nothing here is told apart by it.", effect=Effect.IDLE),
        Key(
            "aws:skipCredentialsValidation", "Nothing is asked for that alone.", effect=Effect.IDLE
        ),
        Key("aws:skipRegionValidation", "AWS itself judges the region.", effect=Effect.IDLE),
        Key("aws:skipGetEc2Platforms", "EC2 is never asked.", effect=Effect.IDLE),
    ),
    idle="(dynamodb|kinesis)Endpoint",
)
