"""Whose AWS credentials a resource uses, as a program says it."""

from dataclasses import dataclass

from pulumi import Input


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
