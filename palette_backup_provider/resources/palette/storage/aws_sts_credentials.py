"""A role that is assumed, for AWS S3."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pulumi import Input
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from palette_backup_provider.core.model import matches
from palette_backup_provider.resources.palette.storage.mapping import At, Mapped


@dataclass(kw_only=True)
class StsCredentials:
    """A role that Palette and the clusters assume; no key.

    Args:
        role_arn: The role's ARN (`credentials.sts.arn`).
        external_id: What Palette shows to assume it (`credentials.sts.externalId`); Palette gives
            it: see `palette.AwsStsAccount`. None only for a location to adopt that has none.
    """

    role_arn: Input[str]
    external_id: Input[str | None]
    kind: str = "sts"


EXTERNAL_ID = matches(r"[\w+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and _+=,.@:/-")


def _demanded(value: str | None) -> str:
    """Without one, whoever learns a role's name can have Palette assume it."""
    if value is None:
        raise PydanticCustomError("missing", "Field required")
    return value


class Sts(Mapped):
    kind: Annotated[Literal["sts"], At("credentialType")] = "sts"
    role_arn: Annotated[
        str,
        At("sts.arn"),
        matches(r"arn:aws[a-z-]*:iam::\d{12}:role/.+", "the ARN of an IAM role is needed"),
    ]
    external_id: Annotated[
        Annotated[str, EXTERNAL_ID] | None, At("sts.externalId"), AfterValidator(_demanded)
    ] = Field(default=None, validate_default=True)
