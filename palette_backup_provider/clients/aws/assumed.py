"""The roles that settings have AWS's clients take on, with what STS takes for each."""

import json
import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from palette_backup_provider.clients.aws import settings as aws
from palette_backup_provider.core.compare import violations
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.markers import Sensitive
from palette_backup_provider.core.model import Model, matches
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.settings import Settings

UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)")


def seconds(value: Any) -> int:
    """A length of time as Go writes it, such as `1h30m`, in whole seconds."""
    text = str(value)
    parts = LENGTH.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        raise ValueError("is no length of time: expected one such as 1h or 30m")
    total = int(sum(float(number) * UNITS[unit] for number, unit in parts))
    if not 900 <= total <= 43200:
        raise ValueError("is a length of time that AWS does not take: 15m to 12h")
    return total


def _document(value: str) -> str:
    try:
        json.loads(value)
    except ValueError:
        raise ValueError("is no JSON: expected a policy document") from None
    return value


Arn = Annotated[str, matches(r"arn:[\w-]+:iam::[^:]*:.+", "the ARN of a role or a policy")]
Duration = Annotated[str, AfterValidator(lambda value: str(seconds(value)))]
Document = Annotated[str, AfterValidator(_document)]


class Session(Model):
    """What both ways to take on a role have."""

    model_config = ConfigDict(alias_generator=to_camel)

    role_arn: Arn
    session_name: str = "pulumi"
    duration: Duration | None = None
    policy: Document | None = None
    policy_arns: list[Arn] = Field(default_factory=list)

    def arguments(self) -> dict[str, Any]:
        """As STS takes them, but for the role."""
        arguments = {
            "RoleSessionName": self.session_name,
            "DurationSeconds": self.duration and int(self.duration),
            "Policy": self.policy,
            "PolicyArns": [{"arn": arn} for arn in self.policy_arns],
        }
        return {name: value for name, value in arguments.items() if value}


class Role(Session):
    """A role that is taken on with the credentials before it."""

    external_id: str | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    transitive_tag_keys: list[str] = Field(default_factory=list)
    source_identity: str | None = None

    def arguments(self) -> dict[str, Any]:
        """As STS takes them, but for the role."""
        arguments = {
            "ExternalId": self.external_id,
            "Tags": [{"Key": name, "Value": value} for name, value in self.tags.items()],
            "TransitiveTagKeys": self.transitive_tag_keys,
            "SourceIdentity": self.source_identity,
        }
        return super().arguments() | {name: value for name, value in arguments.items() if value}


class WebRole(Session):
    """A role that is taken on with a token of an identity provider."""

    web_identity_token: Sensitive[str] | None = None
    web_identity_token_file: str | None = None


def chain(settings: Settings) -> tuple[Role, ...]:
    """The roles to take on, one after the other."""
    several, role = (settings.value(*key.places) for key in (aws.ROLES, aws.ROLE))
    if several is not None and role is not None:
        raise BadSetting(f"{aws.ROLES.name} and {aws.ROLE.name} exclude each other. Remove one.")
    key = aws.ROLES if role is None else aws.ROLE
    roles = ([] if several is None else several) if role is None else [role]
    if not isinstance(roles, list):
        raise BadSetting(
            f"{key.name} is not a list. Set it with `pulumi config set --path "
            f"'{key.name}[0].roleArn' ARN`."
        )
    return tuple(_read(Role, key, role) for role in roles)


def with_token(settings: Settings) -> WebRole | None:
    """The role to take on with a token, if there is one."""
    key = aws.WEB_IDENTITY
    value = settings.value(*key.places)
    if value is None:
        return None
    role = _read(WebRole, key, value)
    if bool(role.web_identity_token) == bool(role.web_identity_token_file):
        raise BadSetting(
            f"{key.name} has both or none of webIdentityToken and webIdentityTokenFile. Set one."
        )
    return role


ModelT = TypeVar("ModelT", bound=Model)


def _read(model: type[ModelT], key: Key, given: Any) -> ModelT:
    """A part of a setting as a model."""
    if not isinstance(given, dict):
        raise BadSetting(f"{key.name} is no map. It takes maps. {key.does}")
    given = {name: value for name, value in given.items() if value is not None}
    for violation in violations(model, given, set()):
        raise BadSetting(
            f"{key.name}: {violation.path}: {violation.reason}. It takes maps. {key.does}"
        )
    return model.model_validate(given)
