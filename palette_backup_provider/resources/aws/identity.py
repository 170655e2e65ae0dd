"""The AWS credentials that a resource uses."""

from dataclasses import dataclass
from typing import ClassVar

from pulumi import Input

from palette_backup_provider.clients.aws import identity as aws
from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.model import Model


@dataclass(kw_only=True)
class Identity:
    """Credentials of its own for one resource, so that one stack can span AWS accounts.

    The account is read from the credentials. A change that stays within the account changes
    nothing in AWS; another account replaces the resource.

    Args:
        profile: A profile of the AWS config files. Default: the stack's (`aws:profile`, else
            AWS_PROFILE), else the credentials of the process.
        role_arn: The ARN of a role to assume with those credentials. Default: none.
        external_id: The external id that the role's trust policy asks for, 2 to 1224 characters.
            Default: none.
    """

    profile: Input[str] | None = None
    role_arn: Input[str] | None = None
    external_id: Input[str] | None = None


@dataclass(kw_only=True)
class AwsArgs:
    """What every resource on AWS takes.

    Args:
        identity: The credentials that manage the resource. Default: those of the process.
            Credentials of the same account change nothing in AWS. Those of another account
            replace the resource.
    """

    identity: Input[Identity] | None = None


class AwsState(Model):
    """The credentials that a resource on AWS is managed with."""

    identity: aws.Identity | None = None


class InAwsAccount:
    """A handler in an AWS account."""

    realm: ClassVar[str] = "AWS account"
    client: AwsClient

    def whoami(self) -> str:
        return self.client.account()
