"""What the settings of AWS ask for: as whom to act, in which accounts, and by which way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from palette_backup_provider.clients.aws import assumed as aws_assumed
from palette_backup_provider.clients.aws import settings as aws
from palette_backup_provider.clients.aws.assumed import Role, WebRole
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.settings import Settings

SERVICES = ("s3", "iam", "sts")
"""Those that are called here."""
RETRIES = {"mode": "standard", "max_attempts": 5}


@dataclass(frozen=True)
class Keys:
    """An access key."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Way:
    """How AWS is reached, whoever acts."""

    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Addresses by service, instead of AWS's own."""
    proxies: Mapping[str, str] = field(default_factory=dict)
    """Proxies by scheme, instead of those of the environment."""
    direct: Sequence[str] = ()
    """Hosts and domains that are asked without those."""
    ca_bundle: str | None = None
    """The path of a PEM file."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What else clients of botocore are told."""

    def proxies_to(self, url: str) -> Mapping[str, str] | None:
        """The proxies to use for `url`; None where the environment counts."""
        host = (urlsplit(url).hostname or "").lower()
        spared = (each.lower().lstrip(".").removeprefix("*.") for each in self.direct)
        if any(host == each or host.endswith(f".{each}") or each == "*" for each in spared):
            return {}
        return self.proxies or None

    @property
    def bare(self) -> Self:
        """Its proxies and CAs alone, for calls that nothing else of the settings may shape."""
        return replace(self, endpoints={}, options={})


@dataclass(frozen=True)
class Setup:
    """All settings of AWS together. For what is left out, botocore finds a value as it always
    does."""

    keys: Keys | None = None
    web: WebRole | None = None
    roles: tuple[Role, ...] = ()
    allowed: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    sts_region: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    """What botocore calls the configuration variables of a session."""
    metadata: bool = True
    """Whether the EC2 metadata service may be asked for credentials."""
    way: Way = Way()

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """What the settings ask for. Raises BadSetting where one cannot be meant."""
        variables = {
            "config_file": _one_file(aws.SHARED_CONFIG, settings),
            "credentials_file": _one_file(aws.SHARED_CREDENTIALS, settings),
            "ec2_metadata_service_endpoint": settings.get(aws.METADATA.name),
            "ec2_metadata_service_endpoint_mode": settings.get(aws.METADATA_MODE.name),
        }
        return cls(
            keys=_keys(settings),
            web=aws_assumed.with_token(settings),
            roles=aws_assumed.chain(settings),
            allowed=_accounts(aws.ALLOWED, settings),
            forbidden=_accounts(aws.FORBIDDEN, settings),
            sts_region=settings.get(*aws.STS_REGION.places),
            variables={name: value for name, value in variables.items() if value},
            metadata=not settings.flag(*aws.NO_METADATA.places),
            way=way(settings),
        )

    @property
    def guarded(self) -> bool:
        """Whether there are accounts in which nothing may be done."""
        return bool(self.allowed or self.forbidden)

    def demand(self, account: str, who: str) -> None:
        """Raise where nothing may be done in `account`."""
        if self.allowed and account not in self.allowed:
            rule = f"{aws.ALLOWED.name} allows {', '.join(sorted(self.allowed))} alone"
        elif account in self.forbidden:
            rule = f"{aws.FORBIDDEN.name} forbids it"
        else:
            return
        raise BadSetting(
            f"The AWS credentials in use belong to {account} ({who}), and {rule}. Nothing is done "
            f"there. Use other credentials, or change the setting."
        )


def way(settings: Settings) -> Way:
    """How AWS is reached by the settings."""
    http, https = (_proxy(key, settings) for key in (aws.HTTP_PROXY, aws.HTTPS_PROXY))
    proxies = {"http": http, "https": https or http}
    options: dict[str, Any] = {
        "use_fips_endpoint": settings.flag(*aws.FIPS.places) or None,
        "use_dualstack_endpoint": settings.flag(*aws.DUALSTACK.places) or None,
        "s3": {"addressing_style": "path"} if settings.flag(*aws.PATH_STYLE.places) else None,
    }
    retries = {
        "mode": settings.choice(("standard", "adaptive", "legacy"), *aws.RETRY_MODE.places),
        "total_max_attempts": settings.number(*aws.MAX_RETRIES.places),
    }
    if changed := {name: value for name, value in retries.items() if value}:
        options["retries"] = {**RETRIES, **changed}
    return Way(
        endpoints=_endpoints(settings),
        proxies={scheme: proxy for scheme, proxy in proxies.items() if proxy},
        direct=settings.items(*aws.NO_PROXY.places),
        ca_bundle=_file(aws.CA_BUNDLE, settings.get(aws.CA_BUNDLE.name)),
        options={name: value for name, value in options.items() if value},
    )


def _keys(settings: Settings) -> Keys | None:
    """Those of stack config; botocore reads the variables, which a profile may win over."""
    keys = (aws.ACCESS_KEY, aws.SECRET_KEY, aws.TOKEN)
    access_key, secret_key, token = (settings.get(key.name) for key in keys)
    if not (access_key or secret_key or token):
        return None
    for key, value in zip(keys, (access_key, secret_key), strict=False):
        if not value:
            secret = " --secret" if key.secret else ""
            raise BadSetting(
                f"{key.name} is not set, and the rest of the key is. Set it with "
                f"`pulumi config set{secret} {key.name}`, or remove the rest."
            )
    return Keys(str(access_key), str(secret_key), token)


def _accounts(key: Key, settings: Settings) -> frozenset[str]:
    """Account numbers; one with zeros in front may have been written as a number."""
    accounts = [account.zfill(12) for account in settings.items(*key.places)]
    for account in accounts:
        if not re.fullmatch("[0-9]{12}", account):
            raise BadSetting(f"{key.name} holds {account!r}. It takes AWS accounts, of 12 digits.")
    return frozenset(accounts)


def _endpoints(settings: Settings) -> Mapping[str, str]:
    endpoints = settings.value(*aws.ENDPOINTS.places)
    maps = endpoints if isinstance(endpoints, list) else [endpoints or {}]
    if not all(isinstance(urls, dict) for urls in maps):
        raise BadSetting(
            f"{aws.ENDPOINTS.name} is not a list of maps. Set it with `pulumi config set --path "
            f"'{aws.ENDPOINTS.name}[0].s3' URL`."
        )
    return {
        service: str(urls[service]) for urls in maps for service in SERVICES if urls.get(service)
    }


def _proxy(key: Key, settings: Settings) -> str | None:
    # it imports requests, which only who calls out needs
    from palette_backup_provider.clients.rest.proxies import demand_address

    if address := settings.get(*key.places):
        demand_address(address, key.name)
    return address


def _one_file(key: Key, settings: Settings) -> str | None:
    """botocore takes one file; a variable of that name it reads itself."""
    files = settings.items(key.name)
    if len(files) > 1:
        raise BadSetting(
            f"{key.name} names {len(files)} files, and one is read here. Put the profiles that "
            f"this needs into one."
        )
    return _file(key, files[0] if files else None)


def _file(key: Key, path: str | None) -> str | None:
    """The path of a file that is there."""
    file = Path(path).expanduser() if path else None
    if file and not file.is_file():
        raise BadSetting(f"{key.name}: there is no file {path}. Correct the path.")
    return str(file) if file else None
