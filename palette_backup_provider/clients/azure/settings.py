"""The settings of Azure: those of Pulumi's package `azure-native`, and their variables."""

from palette_backup_provider.core.clouds.azure import CLOUD
from palette_backup_provider.core.namespace import Effect, Key, Namespace

SUBSCRIPTION = Key(
    "azure-native:subscriptionId",
    "The subscription, as a GUID or as `/subscriptions/<GUID>`.",
    ("ARM_SUBSCRIPTION_ID",),
)
TENANT = Key(
    "azure-native:tenantId",
    "The tenant to sign in to. Default: that of whoever is signed in.",
    ("ARM_TENANT_ID",),
)
CLIENT_ID = Key(
    "azure-native:clientId",
    "The application to sign in as; with `useMsi` the identity.",
    ("ARM_CLIENT_ID",),
)
CLIENT_SECRET = Key(
    "azure-native:clientSecret",
    "Signs in with a client secret of that application.",
    ("ARM_CLIENT_SECRET",),
    secret=True,
)
CERTIFICATE = Key(
    "azure-native:clientCertificatePath",
    "Signs in with a certificate of that application: the path of a PEM or PKCS#12 file with the "
    "private key. It wins over a secret.",
    ("ARM_CLIENT_CERTIFICATE_PATH",),
)
CERTIFICATE_PASSWORD = Key(
    "azure-native:clientCertificatePassword",
    "The password of that file.",
    ("ARM_CLIENT_CERTIFICATE_PASSWORD",),
    secret=True,
)
USE_OIDC = Key(
    "azure-native:useOidc",
    "`true` signs in with a token of an identity provider that the application trusts, unless "
    "there is a certificate or a secret.",
    ("ARM_USE_OIDC",),
    takes=bool,
)
OIDC_TOKEN = Key("azure-native:oidcToken", "That token.", ("ARM_OIDC_TOKEN",), secret=True)
OIDC_TOKEN_FILE = Key(
    "azure-native:oidcTokenFilePath",
    "The path of a file with that token; read anew for each sign-in.",
    ("ARM_OIDC_TOKEN_FILE_PATH",),
)
OIDC_REQUEST_TOKEN = Key(
    "azure-native:oidcRequestToken",
    "What asks for that token at `oidcRequestUrl`, as a job on GitHub does.",
    ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    secret=True,
)
OIDC_REQUEST_URL = Key(
    "azure-native:oidcRequestUrl",
    "Where to ask for that token.",
    ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL"),
)
OIDC_AUDIENCE = Key(
    "azure-native:oidcAudience",
    "Whom the token that is asked for is meant for. Default: api://AzureADTokenExchange.",
    ("ARM_OIDC_AUDIENCE",),
)
USE_MSI = Key(
    "azure-native:useMsi",
    "`true` signs in with a managed identity, unless there is a certificate, a secret or OIDC.",
    ("ARM_USE_MSI",),
    takes=bool,
)
USE_DEFAULT = Key(
    "azure-native:useDefaultAzureCredential",
    "`true` takes the first of the ways in which Azure's SDK signs in, whatever else is set. With "
    "none of these ways set that is the default.",
    ("ARM_USE_DEFAULT_AZURE_CREDENTIAL",),
    takes=bool,
)
AUXILIARY_TENANTS = Key(
    "azure-native:auxiliaryTenantIds",
    "Further tenants that whoever is signed in may act in, a list.",
    ("ARM_AUXILIARY_TENANT_IDS",),
    takes=list[str],
)
ENVIRONMENT = Key(
    "azure-native:environment",
    "`public`, `usgovernment` or `china`. Default: public.",
    ("ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"),
)
METADATA_HOST = Key(
    "azure-native:metadataHost",
    "The host that tells the addresses of an Azure of your own.",
    ("ARM_METADATA_HOSTNAME",),
)
NO_DISCOVERY = Key(
    "azure-native:disableInstanceDiscovery",
    "`true` trusts the sign-in address unseen, as an Azure of your own needs.",
    ("ARM_DISABLE_INSTANCE_DISCOVERY",),
    takes=bool,
)
LOCATION = Key("azure-native:location", "The location of what no argument gives one.")

NAMESPACE = Namespace(
    CLOUD.namespace,
    (
        SUBSCRIPTION,
        TENANT,
        CLIENT_ID,
        CLIENT_SECRET,
        CERTIFICATE,
        CERTIFICATE_PASSWORD,
        USE_OIDC,
        OIDC_TOKEN,
        OIDC_TOKEN_FILE,
        OIDC_REQUEST_TOKEN,
        OIDC_REQUEST_URL,
        OIDC_AUDIENCE,
        USE_MSI,
        USE_DEFAULT,
        AUXILIARY_TENANTS,
        ENVIRONMENT,
        METADATA_HOST,
        NO_DISCOVERY,
        LOCATION,
        Key(
            "azure-native:msiEndpoint",
            "Azure's SDK finds the endpoint itself, by the variables of the host "
            "(IDENTITY_ENDPOINT and IDENTITY_HEADER, or MSI_ENDPOINT): set those.",
            ("ARM_MSI_ENDPOINT",),
            effect=Effect.REFUSED,
        ),
        Key(
            "azure-native:partnerId",
            "No call names a partner.",
            ("ARM_PARTNER_ID",),
            effect=Effect.WARNED,
        ),
        Key(
            "azure-native:disablePulumiPartnerId",
            "No call names a partner.",
            ("ARM_DISABLE_PULUMI_PARTNER_ID",),
            effect=Effect.IDLE,
        ),
    ),
)
