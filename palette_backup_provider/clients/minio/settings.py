"""The settings of MinIO: those of Pulumi's package `minio`, and their variables."""

from palette_backup_provider.core.clouds.minio import CLOUD
from palette_backup_provider.core.namespace import Effect, Key, Namespace

SERVER = Key(
    "minio:minioServer", "Host and port of the server, or its address.", ("MINIO_ENDPOINT",)
)
USER = Key("minio:minioUser", "The name of its administrator.", ("MINIO_USER",))
PASSWORD = Key(
    "minio:minioPassword", "The administrator's secret.", ("MINIO_PASSWORD",), secret=True
)
ACCESS_KEY = Key(
    "minio:minioAccessKey", "What `minioUser` was called before.", ("MINIO_ACCESS_KEY",)
)
SECRET_KEY = Key(
    "minio:minioSecretKey",
    "What `minioPassword` was called before.",
    ("MINIO_SECRET_KEY",),
    secret=True,
)
SESSION_TOKEN = Key(
    "minio:minioSessionToken",
    "The session token of temporary credentials.",
    ("MINIO_SESSION_TOKEN",),
    secret=True,
)
REGION = Key(
    "minio:minioRegion", "The region of the server. Default: us-east-1.", ("MINIO_REGION",)
)
SSL = Key(
    "minio:minioSsl",
    "`true` for https, where `minioServer` says neither. Default: false.",
    ("MINIO_ENABLE_HTTPS",),
    takes=bool,
)
INSECURE = Key(
    "minio:minioInsecure",
    "`true` has the operator's own calls verify no certificate. A location is never tried so.",
    ("MINIO_INSECURE",),
    takes=bool,
)
CA_CERT = Key(
    "minio:minioCacertFile",
    "The path of a PEM file with the CA that signs the server's certificate.",
    ("MINIO_CACERT_FILE",),
)
CERT = Key(
    "minio:minioCertFile",
    "The path of a PEM file with a client certificate, where the server asks for one.",
    ("MINIO_CERT_FILE",),
)
KEY = Key("minio:minioKeyFile", "The path of its private key.", ("MINIO_KEY_FILE",))

NAMESPACE = Namespace(
    CLOUD.namespace,
    (
        SERVER,
        USER,
        PASSWORD,
        ACCESS_KEY,
        SECRET_KEY,
        SESSION_TOKEN,
        REGION,
        SSL,
        INSECURE,
        CA_CERT,
        CERT,
        KEY,
        Key(
            "minio:minioApiVersion",
            "Requests are signed by version 4.",
            effect=Effect.WARNED,
            harmless=("v4",),
        ),
    ),
)
