"""How AWS is reached."""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    variables="(PALETTE_)?AWS_.*",
    elsewhere={"AWS_ENDPOINT_URL": "https://cloud.example.com", "AWS_CA_BUNDLE": None},
    package="boto3",
)
