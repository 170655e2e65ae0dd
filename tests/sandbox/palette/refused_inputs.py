"""Inputs of a location that are refused in preview."""

from tests.sandbox.refused_inputs import RefusedInputs

SECRET_KEY = "never-to-be-printed"
STORAGE = """\
palette.BackupLocation("nightly", palette.BackupLocationArgs(storage=palette.S3(
    bucket="there", region="eu-west-1", {},
    credentials=palette.StaticCredentials(access_key="AKIAEXAMPLE", secret_key="{}"))))
"""

REFUSED = RefusedInputs(
    broken=(
        (
            STORAGE.format('url="https://s3.example.com/x", ca_cert="not PEM"', SECRET_KEY),
            [
                "storage.url: 'https://s3.example.com/x' is not an endpoint: expected scheme and "
                "host, such as https://s3.example.com:9000, without a path",
                "storage.ca_cert: is not a PEM certificate: expected -----BEGIN CERTIFICATE-----",
            ],
        ),
        (
            STORAGE.format('url="s3.example.com"', SECRET_KEY),
            ["storage.url: 's3.example.com' is not an endpoint: expected scheme and host"],
        ),
        (STORAGE.format('kind="ftp"', SECRET_KEY), ["storage: must be '"]),
    ),
)
