"""How AWS is reached."""

from tests.sandbox.service import Service

PROFILE = "[default]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = planted-secret-key\n"
SERVICE = Service(
    needed=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    variables="(PALETTE_)?AWS_.*",
    elsewhere={"AWS_ENDPOINT_URL": "https://cloud.example.com", "AWS_CA_BUNDLE": None},
    planted={
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_S3": "https://real.test",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/admin",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/credentials",
        "AWS_SESSION_TOKEN": "planted-session-token",
    },
    planted_files={".aws/credentials": PROFILE},
    package="boto3",
)
