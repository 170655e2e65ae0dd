"""boto3's sessions with what every client of ours keeps to: deadline, proxies, clean settings."""

import os
from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.request import getproxies

from palette_backup_provider.clients.aws.settings import CA_BUNDLE
from palette_backup_provider.clients.aws.setup import Way
from palette_backup_provider.clients.rest.deadline import current
from palette_backup_provider.clients.rest.trust import Authorities, of_environment, own_ca
from palette_backup_provider.core.errors import BadSetting, ProviderError
from palette_backup_provider.core.packages import package
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.stopping import pause

AS_IT_IS = Way()
STRIPPED = {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"}
"""Variables that reach botocore by our settings, without what surrounds them."""

SECRETS = {
    "secretaccesskey",
    "sessiontoken",
    "webidentitytoken",
    "samlassertion",
    "accesstoken",
    "refreshtoken",
    "clientsecret",
}
"""The members of AWS's calls and answers that are secrets, in lower case."""


def sdk() -> Any:
    """boto3, or how to install it."""
    needed = ("botocore.session", "s3transfer.manager", "jmespath.parser", "dateutil.parser")
    return package("boto3", "boto3", "aws", "boto3.session", *needed)


def session(
    profile: str | None = None,
    way: Way = AS_IT_IS,
    variables: Mapping[str, Any] | None = None,
) -> Any:
    """A session of boto3; also the clients that botocore makes of it to sign in are ours.

    `variables` are its configuration variables, as botocore calls them.
    """
    boto3 = sdk()
    from botocore.configprovider import ConstantProvider

    _refuse_blanks()
    core = _core(way)
    store = core.get_component("config_store")
    for name, value in (variables or {}).items():
        store.set_config_provider(name, ConstantProvider(value))
    return boto3.Session(botocore_session=core, profile_name=profile)


def bare_session(way: Way = AS_IT_IS) -> Any:
    """A session of boto3 for keys that are given. Of the environment, proxies and CA bundles alone
    count: no profile, file, region or endpoint. No call goes to another region than it was made
    for."""
    boto3 = sdk()
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConstantProvider

    core = _core(way)
    store = core.get_component("config_store")
    defaults = {name: how[2] for name, how in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    unset = dict.fromkeys(("config_file", "credentials_file", "s3", "proxies_config"))
    for name, value in {**defaults, **unset, "ignore_configured_endpoint_urls": True}.items():
        if name != "ca_bundle":
            store.set_config_provider(name, ConstantProvider(value))
    core.register("needs-retry.s3", _stay)
    return boto3.Session(botocore_session=core)


def _core(way: Way = AS_IT_IS) -> Any:
    """A session of botocore."""
    import botocore.endpoint
    import botocore.session
    from botocore.awsrequest import AWSHTTPConnectionPool, AWSHTTPSConnectionPool
    from botocore.config import Config

    from palette_backup_provider.clients.rest.connection import measure
    from palette_backup_provider.clients.rest.proxies import direct, proxy

    class Session(botocore.session.Session):  # type: ignore[misc]
        """Makes clients that go the way that is set, and ask no proxy for this machine."""

        def create_client(self, service_name: str, *args: Any, **options: Any) -> Any:
            config = options.pop("config", None) or Config()
            options["config"] = config.merge(Config(**way.options))
            if service_name in way.endpoints:
                options["endpoint_url"] = way.endpoints[service_name]
            options["verify"] = options.get("verify") or way.ca_bundle
            client = super().create_client(service_name, *args, **options)
            url = client.meta.endpoint_url
            proxies = way.proxies_to(url)
            if proxies is None:
                proxy(url)  # refuses what is none
            if url.startswith("https") and options.get("verify") in (None, way.ca_bundle):
                authorities(self, way)
            if direct(url) and (proxies or getproxies()):
                proxies = {}
            if proxies is not None:
                options["config"] = options["config"].merge(Config(proxies=dict(proxies)))
                client = super().create_client(service_name, *args, **options)
            return client

        def _create_credential_resolver(self) -> Any:
            resolver = super()._create_credential_resolver()
            resolver.get_provider("assume-role")._prompter = lambda _: _ask_nobody(self.profile)
            return resolver

    measure(AWSHTTPConnectionPool, AWSHTTPSConnectionPool)
    botocore.endpoint.time = SimpleNamespace(sleep=pause)  # all that it has of time
    core = Session()
    core.register_component("data_loader", _descriptions())
    _learn(core)
    core.register("needs-retry", _stop)
    core.register("needs-retry.s3", _settle)
    core.register("before-parse.s3.GetBucketVersioning", _demand_versioning)
    return core


@cache
def _descriptions() -> Any:
    """botocore's descriptions of AWS's services, which else every session reads for itself. They
    are its own, wherever a profile or the environment has others."""
    from botocore.loaders import create_loader

    return create_loader()


def authorities(core: Any, way: Way = AS_IT_IS) -> Authorities | None:
    """The CAs that clients of a botocore session trust; None for the public ones.

    Raises BadSetting where they are given and cannot be read.
    """
    if way.ca_bundle:
        return own_ca(CA_BUNDLE.name, way.ca_bundle)
    if bundle := of_environment(*CA_BUNDLE.variables):
        return bundle
    if path := core.get_scoped_config().get("ca_bundle"):
        return own_ca(f"ca_bundle of the AWS profile {core.profile or 'default'}", path)
    return of_environment("REQUESTS_CA_BUNDLE")


def _ask_nobody(profile: str | None) -> str:
    """What botocore calls for the code of a multi-factor device."""
    name = profile or "default"
    raise ProviderError(
        f"The AWS profile {name} asks for an MFA code (mfa_serial), and a code cannot be typed in "
        f'here. Assume the role before: `eval "$(aws configure export-credentials --profile {name} '
        '--format env)"`. Then run it again without the profile (AWS_PROFILE, aws:profile).'
    )


def _learn(core: Any) -> None:
    """Have every secret that a botocore session signs with, sends or is given, remembered."""
    core.register("before-sign", _signing)
    core.register("before-parameter-build", lambda params, **_: _remember(params))
    core.register("after-call", lambda parsed, **_: _remember(parsed))


def _signing(request_signer: Any, **_: Any) -> None:
    if credentials := request_signer._credentials:
        frozen = credentials.get_frozen_credentials()
        remember([frozen.secret_key, frozen.token])


def _remember(content: Any) -> None:
    """What is secret in a call or an answer, a role's credentials and a single sign-on's too."""
    for name, value in content.items() if isinstance(content, dict) else ():
        if isinstance(value, dict):
            _remember(value)
        elif name.lower() in SECRETS:
            remember(value)


def _stop(caught_exception: Exception | None = None, **_: Any) -> None:
    """Repeats nothing once the call had to be broken off, or where another try is as bad."""
    from botocore.exceptions import SSLError

    call = current()
    if call and call.error:
        raise call.error
    if isinstance(caught_exception, SSLError):
        raise caught_exception


def _settle(request_dict: Any, response: Any, operation: Any, **_: Any) -> None:
    """Where a bucket is, botocore asks HeadBucket, also about a redirect of HeadBucket itself: end
    that, which went on until Python's stack was full."""
    if operation.name == "HeadBucket" and response:
        headers = response[1].get("ResponseMetadata", {}).get("HTTPHeaders", {})
        if "x-amz-bucket-region" not in headers:
            request_dict["context"].setdefault("s3_redirect", {})["redirected"] = True


def _demand_versioning(response_dict: Any, **_: Any) -> None:
    """Refuse XML of somebody else. botocore ignores what a root is called, and a bucket that never
    had versioning answers with an empty one. Stores call it differently, all with this word."""
    from botocore.parsers import ResponseParserError

    if response_dict["status_code"] == 200 and b"Versioning" not in response_dict["body"]:
        raise ResponseParserError("nothing about versioning")


def _stay(request_dict: Any, **_: Any) -> None:
    """Have botocore take a call for redirected, so that it follows no store to another region."""
    request_dict["context"].setdefault("s3_redirect", {})["redirected"] = True


def _refuse_blanks() -> None:
    """botocore reads the environment itself, and takes a line end for a part of the value."""
    for name, value in os.environ.items():
        if name.startswith("AWS_") and name not in STRIPPED and value != value.strip():
            raise BadSetting(f"${name} begins or ends with blanks or a line end. Remove them.")
