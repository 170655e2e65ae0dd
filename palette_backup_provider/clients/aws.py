"""AWS through boto3, under one identity. boto3 is imported when the first call is made."""

import json
import re
import threading
from typing import Annotated, Any, Self
from urllib.parse import unquote

from pydantic import AfterValidator

from palette_backup_provider.core.errors import ApiError, MissingExtra, NotFound, sentence
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.settings import Settings

GONE = {"NoSuchBucket", "NoSuchEntity", "404"}
"""The answer to a HEAD has no body, so botocore gives its status as the code."""
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
TIMEOUTS = {"connect_timeout": 10, "read_timeout": 30}
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
}
PALETTE_PARTITIONS = ("aws", "aws-us-gov", "aws-iso", "aws-iso-b")
ADVICE = {
    ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"): (
        "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `pulumi config set "
        "aws:profile`, or give the resource an aws.Identity."
    ),
    ("ProfileNotFound",): "Check AWS_PROFILE, aws:profile or the resource's aws.Identity.",
    ("InvalidClientTokenId",): "Check the AWS credentials in use: `aws sts get-caller-identity`.",
    ("ExpiredToken", "ExpiredTokenException"): "Sign in to AWS again.",
    ("RequestTimeTooSkewed",): "The clock of this machine is wrong.",
    ("Invalid principal in policy",): (
        "Every user and role that a policy names has to exist: correct its ARN, or make it first."
    ),
    ("SSLError",): "If a proxy signs with its own CA, set AWS_CA_BUNDLE.",
    ("EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"): (
        "Check the network and the proxy ($HTTPS_PROXY, $NO_PROXY)."
    ),
}
"""What to do, by AWS's code or words for its refusal or the name of botocore's error."""
SKEWED = re.compile("Signature (expired|not yet current)")
"""How all services but S3 say RequestTimeTooSkewed; their code is that of a wrong secret."""
MALFORMED = {"MalformedPolicy", "MalformedPolicyDocument"}
"""How S3 and IAM refuse a document, for many reasons that only their words tell."""
RETRIES = {"mode": "standard", "max_attempts": 5}


class Identity(Model):
    """Whose credentials to use instead of the process's own."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None


class AwsClient:
    """One session, and one boto3 client a service and region, shared by all threads."""

    def __init__(self, *, region: str | None, profile: str | None) -> None:
        self._region, self._profile = region, profile
        self._identity = Identity()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self._caller: dict[str, Any] | None = None
        self._lock = threading.RLock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(
            region=settings.get("aws:region", "AWS_REGION", "AWS_DEFAULT_REGION"),
            profile=settings.get("aws:profile", "AWS_PROFILE"),
        )

    def under(self, identity: Identity) -> "AwsClient":
        """The client that acts under `identity`."""
        region = None if identity.profile else self._region  # a profile's own may be of GovCloud
        other = AwsClient(region=region, profile=identity.profile or self._profile)
        other._identity = identity
        return other

    @property
    def region(self) -> str:
        """Where services are that have no region of their own: by the settings, else the
        profile."""
        self._opened()
        return str(self._region)

    def account(self) -> str:
        """The account number of the credentials in use; asked once a process."""
        return str(self._identified()["Account"])

    def partition(self) -> str:
        """The AWS partition of the credentials in use; asked once a process."""
        return str(self._identified()["Arn"]).split(":")[1]

    def call(
        self, service: str, operation: str, *, region: str | None = None, **params: Any
    ) -> dict[str, Any]:
        """One call. Raises NotFound where AWS says that bucket or entity does not exist."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        client = self._client(service, region or self.region)
        what = f"{service}:{operation}"
        try:
            answer: dict[str, Any] = getattr(client, operation)(**params)
        except ClientError as error:
            raise refused(what, error) from None
        except BotoCoreError as error:
            raise _unanswered(f"AWS {what}", error) from None
        except ResponseParserError:  # its text is the answer, which may hold a new secret
            raise unreadable(f"AWS {what}") from None
        return answer

    def _identified(self) -> dict[str, Any]:
        with self._lock:
            if self._caller is None:
                self._caller = self.call("sts", "get_caller_identity")
            return self._caller

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                from botocore.config import Config

                config = Config(retries=RETRIES, max_pool_connections=10, **TIMEOUTS)
                self._clients[service, region] = self._opened().client(
                    service, region_name=region, config=config
                )
            return self._clients[service, region]

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                boto3 = sdk()
                from botocore.exceptions import BotoCoreError

                try:
                    session = boto3.Session(profile_name=self._profile)
                    told = session._session.get_scoped_config().get("region")
                    self._region = self._region or told or "us-east-1"
                    if self._identity.role_arn:
                        _assume(session, self._identity, self._region)
                except BotoCoreError as error:
                    raise _unanswered("AWS", error) from None
                self._session = session
            return self._session


def sdk() -> Any:
    """boto3, or how to install it."""
    try:
        import boto3
    except ModuleNotFoundError:
        raise MissingExtra("aws", "boto3") from None
    return boto3


def unreadable(what: str, answered: str = "the answer") -> ApiError:
    """An answer that broke off, or was none of the service's own."""
    return ApiError(
        f"{what}: {answered} could not be read, so it is open what was done. Run it again; if it "
        "stays so, look at what is between here and AWS.",
        status=0,
    )


def refused(what: str, error: Any) -> ApiError:
    """botocore's ClientError as ours."""
    problem, meta = error.response.get("Error", {}), error.response["ResponseMetadata"]
    code, status = problem.get("Code", ""), meta["HTTPStatusCode"]
    if _foreign(code, status, error.operation_name):
        return unreadable(f"AWS {what}", f"the answer (status {status})")
    message = problem.get("Message", "")
    text = f"AWS refused {what} ({code}): {message}".removesuffix(": ")
    kind = NotFound if code in GONE else ApiError
    cause = "RequestTimeTooSkewed" if SKEWED.match(message) else code
    if code in MALFORMED:
        cause = message.partition(":")[0]
    return kind(_advised(text, cause), status=status, code=code)


def _foreign(code: str, status: int, operation: str) -> bool:
    """Whether a refusal is not AWS's own, such as a proxy's page: botocore found no code in it, or
    gives the status as the code, which an answer to a HEAD excuses, or a server in trouble."""
    made_up = code == str(status) and status < 500
    return not code or (made_up and not operation.startswith("Head"))


def partition(region: str) -> str:
    """The AWS partition that `region` is in, by its prefix."""
    return next((name for prefix, name in PARTITIONS.items() if region.startswith(prefix)), "aws")


def palette_region(region: str) -> str:
    """`region`, if it is AWS's, of a partition that Palette can use."""
    if not REGION.fullmatch(region):
        raise ValueError(f"{region!r} is not an AWS region: expected the form of eu-west-1")
    if partition(region) not in PALETTE_PARTITIONS:
        raise ValueError(
            f"{region!r} is in the partition {partition(region)}; Palette knows only "
            f"{', '.join(PALETTE_PARTITIONS)}"
        )
    return region


PaletteRegion = Annotated[str, AfterValidator(palette_region)]


def tags(found: list[dict[str, str]]) -> dict[str, str]:
    """AWS's list of tags as a map."""
    return {tag["Key"]: tag["Value"] for tag in found}


def tag_set(wanted: dict[str, str]) -> list[dict[str, str]]:
    """A map of tags as AWS wants it."""
    return [{"Key": k, "Value": v} for k, v in wanted.items()]


def document(text: Any) -> dict[str, Any]:
    """A policy as AWS returns it: boto3 has parsed it, or it is text, percent-encoded by IAM."""
    found: dict[str, Any] = text if isinstance(text, dict) else json.loads(unquote(text))
    return found


def _assume(session: Any, identity: Identity, region: str) -> None:
    """Have `session` act in the role; botocore assumes it anew before its credentials expire."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.exceptions import NoCredentialsError

    core = session._session
    source = session.get_credentials()
    if source is None:
        raise NoCredentialsError
    extra = {"ExternalId": identity.external_id} if identity.external_id else {}

    def client(service: str, **how: Any) -> Any:
        return core.create_client(service, **{"region_name": region, **how})

    fetcher = AssumeRoleCredentialFetcher(
        client, source, identity.role_arn, extra_args={"RoleSessionName": "pulumi", **extra}
    )
    core._credentials = DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )


def _unanswered(what: str, error: Exception) -> ApiError:
    """botocore's own error as ours."""
    return ApiError(_advised(f"{what}: {error}", type(error).__name__), status=0)


def _advised(text: str, kind: str) -> str:
    """`text`, and what to do about an error of that kind."""
    advice = next((says for kinds, says in ADVICE.items() if kind in kinds), "")
    return f"{sentence(text)} {advice}".rstrip()
