"""What is said of AWS, and holds no secret."""

ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
MESSAGES = (
    "AWS refused iam:PutUserPolicy (AccessDenied): User: arn:aws:sts::123456789012:assumed-role/"
    "AWSReservedSSO_AdministratorAccess_0123456789abcdef/me@example.com is not authorized",
    f"nightly: waiting for AWS to accept the access key {ACCESS_KEY}, 15 s of 120 s",
)
