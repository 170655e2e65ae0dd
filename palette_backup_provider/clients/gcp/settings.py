"""The settings of Google Cloud: those of Pulumi's package `gcp`, and their variables."""

from collections.abc import Mapping

from palette_backup_provider.core.clouds.gcp import CLOUD
from palette_backup_provider.core.namespace import Effect, Key, Namespace

PROJECT = Key(
    "gcp:project",
    "The project to work in, by id or number. Default: that of the credentials. A number takes "
    "`resourcemanager.projects.get` and the Resource Manager API to find the id.",
    ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"),
)
CREDENTIALS = Key(
    "gcp:credentials",
    "A key, or other credentials, as JSON or the path of a file of it. Default: Application "
    "Default Credentials, such as `$GOOGLE_APPLICATION_CREDENTIALS`.",
    ("GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"),
    secret=True,
)
ACCESS_TOKEN = Key(
    "gcp:accessToken",
    "An access token, which nothing renews: it has to last for the run. It wins over credentials "
    "that are set at the same kind of place; stack config wins over variables.",
    ("GOOGLE_OAUTH_ACCESS_TOKEN",),
    secret=True,
)
IMPERSONATE = Key(
    "gcp:impersonateServiceAccount",
    "The email of the service account to act as. A `gcp.Identity(impersonate=…)` is acted as by "
    "this one.",
    ("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",),
)
DELEGATES = Key(
    "gcp:impersonateServiceAccountDelegates",
    "The emails of the service accounts on the way to that account, a list.",
    takes=list[str],
)
SCOPES = Key(
    "gcp:scopes",
    "The OAuth scopes to ask for, a list. Default: cloud-platform alone.",
    takes=list[str],
)
DEFAULT_LABELS = Key(
    "gcp:defaultLabels", "Labels on everything that carries labels, a map.", takes=Mapping[str, str]
)
USER_PROJECT_OVERRIDE = Key(
    "gcp:userProjectOverride",
    "`true` charges calls, and their quota, to `gcp:billingProject`, else to the project.",
    ("USER_PROJECT_OVERRIDE",),
    takes=bool,
)
BILLING_PROJECT = Key(
    "gcp:billingProject",
    "The project that calls are charged to, with `gcp:userProjectOverride`.",
    ("GOOGLE_BILLING_PROJECT",),
)
REQUEST_REASON = Key(
    "gcp:requestReason",
    "A text that stands in the audit log with every call.",
    ("CLOUDSDK_CORE_REQUEST_REASON",),
)
_ADDRESS = "The address of {} instead of Google's own, https; of it scheme and host count."
STORAGE_ENDPOINT = Key(
    "gcp:storageCustomEndpoint",
    _ADDRESS.format("Cloud Storage"),
    ("GOOGLE_STORAGE_CUSTOM_ENDPOINT",),
)
IAM_ENDPOINT = Key("gcp:iamCustomEndpoint", _ADDRESS.format("IAM"), ("GOOGLE_IAM_CUSTOM_ENDPOINT",))
PROJECTS_ENDPOINT = Key(
    "gcp:resourceManagerCustomEndpoint",
    _ADDRESS.format("Resource Manager"),
    ("GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT",),
)
CREDENTIALS_ENDPOINT = Key(
    "gcp:iamCredentialsCustomEndpoint",
    _ADDRESS.format("IAM Credentials, which impersonation asks,"),
    ("GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT",),
)

NAMESPACE = Namespace(
    CLOUD.namespace,
    (
        PROJECT,
        CREDENTIALS,
        ACCESS_TOKEN,
        IMPERSONATE,
        DELEGATES,
        SCOPES,
        DEFAULT_LABELS,
        USER_PROJECT_OVERRIDE,
        BILLING_PROJECT,
        REQUEST_REASON,
        STORAGE_ENDPOINT,
        IAM_ENDPOINT,
        PROJECTS_ENDPOINT,
        CREDENTIALS_ENDPOINT,
        Key(
            "gcp:externalCredentials",
            "Write the same as a credential configuration (`gcloud iam workload-identity-pools "
            "create-cred-config`), and set gcp:credentials to it.",
            effect=Effect.REFUSED,
        ),
        Key(
            "gcp:universeDomain",
            "Palette registers locations of Google's public cloud alone.",
            ("GOOGLE_UNIVERSE_DOMAIN",),
            effect=Effect.REFUSED,
            harmless=("googleapis.com",),
        ),
        Key(
            "gcp:deletionPolicy",
            "To keep a bucket give the component `protect` or `retain_on_delete`.",
            effect=Effect.REFUSED,
            harmless=("delete",),
        ),
        Key(
            "gcp:preferRegionalEndpoints",
            "Set gcp:storageCustomEndpoint to the regional endpoint.",
            effect=Effect.WARNED,
            harmless=("false",),
        ),
        Key("gcp:requestTimeout", "Every call has a deadline of its own.", effect=Effect.WARNED),
        Key("gcp:googlePartnerName", "No call names a partner.", effect=Effect.WARNED),
        Key("gcp:disableGooglePartnerName", "No call names a partner.", effect=Effect.IDLE),
        Key("gcp:preferGlobalEndpoints", "Global endpoints are used.", effect=Effect.IDLE),
        Key("gcp:pollInterval", "Nothing here is polled.", effect=Effect.IDLE),
        Key("gcp:batching", "Calls are never batched.", effect=Effect.IDLE),
        Key("gcp:region", "An argument says where a bucket is.", effect=Effect.IDLE),
        Key("gcp:zone", "Nothing here is in a zone.", effect=Effect.IDLE),
        Key("gcp:skipRegionValidation", "Google judges the region.", effect=Effect.IDLE),
        Key("gcp:disableGlobalProjectWarning", "There is no such warning.", effect=Effect.IDLE),
        Key("gcp:addPulumiAttributionLabel", "No such label is added.", effect=Effect.IDLE),
        Key(
            "gcp:pulumiAttributionLabelAdditionStrategy",
            "No such label is added.",
            effect=Effect.IDLE,
        ),
    ),
    idle=r"\w+CustomEndpoint",
)
