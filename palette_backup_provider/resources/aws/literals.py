"""The inputs that become part of an ARN, a principal or a condition. Each names one thing on
AWS."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.literal import LITERAL, literal
from palette_backup_provider.core.model import matches

PARTITION = "aws(?:-[a-z]+)*"
IDENTITY = re.compile(
    rf"arn:{PARTITION}:(?:iam::[0-9]{{12}}:(?:root|(?:user|role)/[\x21-\x7e]+)"
    rf"|sts::[0-9]{{12}}:(?:assumed-role|federated-user)/[\x21-\x7e]+)"
)
ACCOUNT = re.compile("[0-9]{12}")
TAG = re.compile(r"[\w .:/=+@-]+")
"""Letters of all languages, as AWS allows them."""


def _identity(value: str) -> str:
    if not IDENTITY.fullmatch(literal(value)):
        raise ValueError(
            f"{value!r} is not allowed: the ARN of one user, role or session, or of an account's "
            f"root, is needed, such as arn:aws:iam::123456789012:role/name"
        )
    return value


def _principal(value: str) -> str:
    return value if ACCOUNT.fullmatch(value) else _identity(value)


def _not_for_everyone(document: dict[str, Any]) -> dict[str, Any]:
    """A document of the user's own may say anything but this, which nobody intends."""
    statements = document.get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        if (
            isinstance(statement, Mapping)
            and statement.get("Effect") == "Allow"
            and not statement.get("Condition")
        ):
            principal = statement.get("Principal")
            named = principal.get("AWS") if isinstance(principal, Mapping) else principal
            if "*" in (named if isinstance(named, list) else [named]):
                raise ValueError(
                    "a statement lets every AWS account assume the role: name accounts or "
                    "identities instead of *, or give it a Condition"
                )
    return document


def _tags(tags: dict[str, str]) -> dict[str, str]:
    """An empty map would not narrow anything."""
    if not tags:
        raise ValueError("names no tag, and would allow everything; leave it out for that")
    for name, value in tags.items():
        for part in (name, value) if value else (name,):
            if not TAG.fullmatch(literal(part)):
                raise ValueError(
                    f"the tag {name!r} is not allowed: letters, digits, spaces and _.:/=+-@"
                )
        if len(name) > 128 or len(value) > 256:
            raise ValueError(f"the tag {name[:128]!r} is too long: keys take 128, values 256")
    return tags


Partition = Annotated[str, matches(PARTITION, "a partition of AWS, such as aws or aws-us-gov")]
AccountId = Annotated[str, LITERAL, matches("[0-9]{12}", "the 12 digits of an AWS account")]
AnyBucketName = Annotated[
    str, LITERAL, matches("[A-Za-z0-9._-]{1,255}", "the name of one bucket is needed")
]
"""Of any age: those of old buckets in us-east-1 may be long, with capitals and `_`."""
IdentityArn = Annotated[str, AfterValidator(_identity)]
PrincipalName = Annotated[str, AfterValidator(_principal)]
"""An account, or an identity in it."""
OidcProviderArn = Annotated[
    str,
    LITERAL,
    matches(
        rf"arn:{PARTITION}:iam::[0-9]{{12}}:oidc-provider/[A-Za-z0-9.-]+(/[\w.~-]+)*",
        "the ARN of an OIDC provider is needed, such as "
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/1234",
    ),
]
Path = Annotated[
    str,
    LITERAL,
    matches(r"/|/[\x21-\x7e]{1,510}/", "it begins and ends with /, without spaces, at most 512"),
]
"""Of a user, role or policy: it is in their ARNs."""
PolicyArn = Annotated[
    str,
    LITERAL,
    matches(
        rf"arn:{PARTITION}:iam::([0-9]{{12}}|aws):policy/[\x21-\x7e]+",
        "the ARN of a managed policy",
    ),
]
KmsKeyArn = Annotated[
    str,
    LITERAL,
    matches(
        rf"arn:{PARTITION}:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+",
        "the whole ARN of a KMS key is needed, such as "
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-..., and no alias",
    ),
]
ExternalId = Annotated[
    str, LITERAL, matches(r"[\w+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and _+=,.@:/-")
]
TrustPolicy = Annotated[dict[str, Any], AfterValidator(_not_for_everyone)]
SnapshotTags = Annotated[dict[str, str], AfterValidator(_tags)]
