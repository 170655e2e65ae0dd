"""Locations on Google Cloud, as Palette takes them."""

CONFIGS = {
    "gcp": {
        "bucketName": "some-bucket",
        "projectId": "some-project",
        "credentials": {"jsonCredentials": '{"type": "service_account"}'},
    }
}
SECRETS = {"gcp": "jsonCredentials"}
"""The field of the credentials that comes back masked, by kind."""
VALIDATED = (
    "/v1/clouds/gcp/bucketname/validate",
    {"bucketName": "some-bucket", "credentials": {"jsonCredentials": "{}"}},
)
"""The path of Palette's validate call, and a body."""
SUBJECT = "bucketName"
"""The field of that body that says what the call is about."""
