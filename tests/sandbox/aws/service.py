"""How AWS is reached.

`--live=aws` may also take `AWS_SESSION_TOKEN`: `aws configure export-credentials --format env`
prints all. Each test makes buckets in us-east-1 and eu-west-1, users, keys, policies and roles, and
removes them. The operator needs to list users, roles and policies, too. A location without a key
needs `--live=aws,palette`: AWS takes no role that trusts an account which does not exist. It was
never run on an account.
"""

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
