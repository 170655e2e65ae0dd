"""AWS through boto3, under one identity. boto3 is imported when the first call is made."""

import json
import threading
from dataclasses import replace
from typing import Any, Self
from urllib.parse import unquote

from palette_backup_provider.clients.aws import roles as aws_roles
from palette_backup_provider.clients.aws import session as aws_session
from palette_backup_provider.clients.aws import settings as aws_settings
from palette_backup_provider.clients.aws.assumed import Role
from palette_backup_provider.clients.aws.errors import WAYS, pointed, to_api_error, unanswered
from palette_backup_provider.clients.aws.identity import Identity
from palette_backup_provider.clients.aws.session import sdk
from palette_backup_provider.clients.aws.setup import RETRIES, Setup
from palette_backup_provider.clients.rest import deadline, trust
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.clients.rest.sign_in import SignIn, said
from palette_backup_provider.clients.rest.single_flight import SingleFlight
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    ProviderError,
    UnreadableAnswer,
    again,
    sentence,
)
from palette_backup_provider.core.settings import Settings

OF_PROFILE = {
    "ConfigParseError",
    "CredentialRetrievalError",
    "InfiniteLoopConfigError",
    "InvalidConfigError",
    "PartialCredentialsError",
    "UnknownCredentialError",
}
"""botocore's errors over what a profile says, or over what came of it."""
WHO = "sts:get_caller_identity"


def config(**more: Any) -> Any:
    """What every client of boto3 is told."""
    from botocore.config import Config

    return Config(
        retries=RETRIES,
        connect_timeout=deadline.CONNECT_TIMEOUT,
        read_timeout=deadline.READ_TIMEOUT,
        **more,
    )


class AwsClient:
    """One session, and one boto3 client a service and region, shared by all threads."""

    def __init__(
        self, *, region: str | None, profile: str | None, setup: Setup | None = None
    ) -> None:
        self._region, self._profile = region, profile
        self._setup = setup or Setup()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self._caller = SingleFlight[dict[str, Any]]()
        self._lock = threading.Lock()
        who = f"The AWS profile {profile}" if profile else "AWS sign-in"
        self._sign_in = SignIn(who, WAYS, self._not_signed_in, "aws.sign-in")
        self._who = who

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        setup = Setup.read(settings)
        aws_settings.NAMESPACE.validate(settings)
        return cls(
            region=settings.get(*aws_settings.REGION.places),
            profile=None if setup.keys else _profile(settings),
            setup=setup,
        )

    def under(self, identity: Identity) -> "AwsClient":
        """The client that acts under `identity`."""
        setup, region, profile = self._setup, self._region, self._profile
        if identity.profile:  # its own region may be of GovCloud
            setup, region = replace(setup, keys=None, web=None, roles=()), None
            profile = identity.profile
        if identity.role_arn:
            role = Role.model_construct(
                role_arn=identity.role_arn, external_id=identity.external_id
            )
            setup = replace(setup, roles=(*setup.roles, role))
        return AwsClient(region=region, profile=profile, setup=setup)

    @property
    def region(self) -> str:
        """Where services are that have no region of their own: by the settings, else the
        profile."""
        self._opened()
        return str(self._region)

    def account(self) -> str:
        """The account number of the credentials in use; asked once a process."""
        return str(self._identified()["Account"])

    def arn(self) -> str:
        """Whom the credentials in use stand for; asked once a process."""
        return str(self._identified()["Arn"])

    def partition(self) -> str:
        """The AWS partition of the credentials in use; asked once a process."""
        return self.arn().split(":")[1]

    def call(
        self, service: str, operation: str, *, region: str | None = None, **params: Any
    ) -> dict[str, Any]:
        """One call, of which `aws_answers` says what is read.

        Raises NotFound where AWS says that bucket or entity does not exist.
        """
        sdk()
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        from palette_backup_provider.clients.aws.answers import OPERATIONS
        from palette_backup_provider.clients.rest.answers import UNPARSED, checked

        what = f"{service}:{operation}"
        shape = OPERATIONS[what]
        if what != WHO and self._setup.guarded:
            self._identified()  # nothing is asked of an account that is none of ours
        try:
            with answering(f"AWS {what}"):
                client = self._client(service, region or self.region)
                answer: dict[str, Any] = getattr(client, operation)(**params)
        except ClientError as error:
            raise pointed(to_api_error(what, error)) from None
        except BotoCoreError as error:
            raise pointed(unanswered(f"AWS {what}", error, self._trusted)) from None
        except (ResponseParserError, *UNPARSED):  # its text may be the answer, and a new secret
            raise UnreadableAnswer("AWS", what, "") from None
        except ProviderError as error:
            raise (pointed(error) if isinstance(error, ApiError) else error) from None
        except Exception as error:
            raise ApiError(f"AWS {what}: {said(error)} {again('AWS')}", status=0) from None
        checked(answer, shape, "AWS", what)
        return answer

    def _identified(self) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            caller = self.call("sts", "get_caller_identity", region=self._setup.sts_region)
            self._setup.demand(str(caller["Account"]), str(caller["Arn"]))
            return caller

        return self._caller.get("", ask)

    def _client(self, service: str, region: str) -> Any:
        session = self._opened()
        self._sign_in_anew(session)
        with self._lock:
            if (service, region) not in self._clients:
                try:
                    self._clients[service, region] = session.client(
                        service, region_name=region, config=config(max_pool_connections=10)
                    )
                except ValueError as error:  # botocore's rules for endpoints and regions
                    raise BadSetting(
                        f"AWS: {sentence(str(error))} Check aws:region (or $AWS_REGION) and the "
                        "endpoint ($AWS_ENDPOINT_URL), if one is set."
                    ) from None
            return self._clients[service, region]

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._sign_in(lambda: self._session or self._open())
        return self._session

    def _open(self) -> Any:
        setup = self._setup
        variables = {**setup.variables, **({"profile": None} if setup.keys else {})}
        session = aws_session.session(self._profile, setup.way, variables)
        region = session._session.get_scoped_config().get("region")
        self._region = self._region or region or "us-east-1"
        session._session.set_config_variable("region", self._region)
        aws_roles.sign_in(session._session, setup, self._region)
        return session

    def _sign_in_anew(self, session: Any) -> None:
        """Have the session hold credentials that are good for a while, if it finds any."""
        current = session._session._credentials
        if current and not getattr(current, "refresh_needed", bool)():
            return

        def credentials() -> None:
            from botocore.exceptions import NoCredentialsError

            resolved = session.get_credentials()
            if resolved is None:
                raise NoCredentialsError
            resolved.get_frozen_credentials()

        self._sign_in(credentials)

    def _not_signed_in(self, error: Exception, program: str) -> ProviderError | None:
        """botocore's own error while it looks for credentials, as ours."""
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, ClientError):  # of a role that is assumed, or of single sign-on
            return to_api_error(f"{self._who}: {error.operation_name}", error)
        if not isinstance(error, BotoCoreError):
            return None
        who = f"{self._who}, after it ran {program}" if program else self._who
        api_error = unanswered(who, error, self._trusted)
        if type(error).__name__ not in OF_PROFILE:
            return api_error
        where = "~/.aws/config and ~/.aws/credentials, or $AWS_CONFIG_FILE"
        profile = self._profile or "default"
        return ApiError(f"{api_error} Correct the profile {profile} in {where}.", status=0)

    def _trusted(self) -> trust.Authorities | None:
        session = self._session
        return aws_session.authorities(session._session, self._setup.way) if session else None


def tags(tag_list: list[dict[str, str]]) -> dict[str, str]:
    """AWS's list of tags as a map."""
    return {tag["Key"]: tag["Value"] for tag in tag_list}


def tag_set(tags_by_key: dict[str, str]) -> list[dict[str, str]]:
    """A map of tags as AWS wants it."""
    return [{"Key": k, "Value": v} for k, v in tags_by_key.items()]


def document(text: Any) -> dict[str, Any]:
    """A policy as AWS returns it: boto3 has parsed it, or it is text, percent-encoded by IAM."""
    parsed: dict[str, Any] = text if isinstance(text, dict) else json.loads(unquote(text))
    return parsed


def _profile(settings: Settings) -> str | None:
    """The profile to act as. With a key in the environment botocore alone reads `$AWS_PROFILE`, and
    takes the key all the same."""
    profile = aws_settings.PROFILE
    keyed = bool(settings.environment.get("AWS_ACCESS_KEY_ID"))
    return settings.get(profile.name) if keyed else settings.get(*profile.places)
