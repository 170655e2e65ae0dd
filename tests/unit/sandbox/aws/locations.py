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
DEFAULTS = {
    "s3": ({"s3ForcePathStyle": True}, {"credentialType": "secret", "partition": "aws"}),
}
"""What Palette fills in, to the config and to the credentials, by kind."""
ALIASES = {"s3": "aws"}
"""Another name of the kind on the route for the default location."""
VALIDATED = (
    "/v1/clouds/aws/s3/validate",
    {
        "bucket": "some-bucket",
        "region": "us-east-1",
        "credentials": {"accessKey": "AKIAEXAMPLE", "secretKey": "a-secret-of-s3"},
    },
)
"""The path of Palette's validate call, and a body."""
SUBJECT = "bucket"
"""The field of that body that says what the call is about."""
ROUTES = {"/v1/clouds/aws/account/sts": "GET"}
"""Palette's other routes about AWS, and their methods."""
