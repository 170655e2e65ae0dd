"""Locations on MinIO, as Palette takes them."""

CONFIGS = {
    "minio": {
        "bucketName": "some-bucket",
        "s3Url": "https://minio.example.com:9000",
        "region": "us-east-1",
        "credentials": {"accessKey": "AKIAEXAMPLE", "secretKey": "a-secret-of-s3"},
    }
}
SECRETS = {"minio": "secretKey"}
"""The field of the credentials that comes back masked, by kind."""
DEFAULTS = {"minio": ({"s3ForcePathStyle": True}, {"credentialType": "secret"})}
"""What Palette fills in, to the config and to the credentials, by kind."""
