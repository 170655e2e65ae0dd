"""Locations on AWS, as Palette takes them."""

CONFIGS = {
    "s3": {
        "bucketName": "some-bucket",
        "region": "us-east-1",
        "credentials": {"accessKey": "AKIAEXAMPLE", "secretKey": "a-secret-of-s3"},
    }
}
SECRETS = {"s3": "secretKey"}
"""The field of the credentials that comes back masked, by kind."""
