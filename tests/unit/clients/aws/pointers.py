"""Errors of AWS, each with the check that finds out more."""

from palette_backup_provider.clients.aws.client import AwsClient
from tests.unit.clients.caller import settings
from tests.unit.clients.loopback import Reply

XML = "<ErrorResponse><Error><Code>{0}</Code><Message>no</Message></Error></ErrorResponse>"


def aws(url: str) -> object:
    keys = {"aws_accessKey": "AKIA", "aws_secretKey": "secret", "aws_maxRetries": "1"}
    return AwsClient.connect(settings(**keys, aws_endpoints=f'{{"sts": "{url}"}}')).account()


POINTERS = [
    (aws, None, "aws.sign-in"),
    (aws, Reply(403, XML.format("InvalidClientTokenId")), "aws.sign-in"),
    (aws, Reply(403, XML.format("ExpiredTokenException")), "aws.sign-in"),
    (aws, Reply(403, XML.format("AccessDenied")), "aws.permissions"),
]
