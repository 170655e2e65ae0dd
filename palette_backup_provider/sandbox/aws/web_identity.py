"""AssumeRoleWithWebIdentity: a role for who shows a token of an identity provider, and no key.

AWS gets a provider's keys from its address; here they are put in by who runs the sandbox.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from moto.iam.models import OpenIDConnectProvider, iam_backends
from moto.sts.models import sts_backends
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.refusals import refusal
from palette_backup_provider.sandbox.aws.resource_policy import Principal, evaluate
from palette_backup_provider.sandbox.aws.rules import role_of, trust_of

OPERATION = "AssumeRoleWithWebIdentity"
_KNOWN = {
    "Action",
    "Version",
    "RoleArn",
    "RoleSessionName",
    "WebIdentityToken",
    "DurationSeconds",
}
_DENIED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


def assume(call: Call, issuers: Mapping[str, rsa.RSAPublicKey]) -> Response:
    """A session of the role, if its trust policy lets the token's subject in."""
    form = call.form
    if strange := sorted(form.keys() - _KNOWN):
        message = f"This sandbox does not know {strange[0]} of {OPERATION}."
        return refusal(call, "NotImplemented", message, 501)
    claims = _claims(form.get("WebIdentityToken", ""), issuers)
    if claims is None:
        message = "Couldn't retrieve verification key from your identity provider, or it signed "
        return refusal(call, "InvalidIdentityToken", f"{message}something else.", 400)
    if float(claims.get("exp", 0)) <= time.time():
        message = f"Token expired: current time is after {claims.get('exp')}"
        return refusal(call, "ExpiredTokenException", message, 400)
    arn = form.get("RoleArn", "")
    role = role_of(arn)
    issuer = str(claims["iss"]).removeprefix("https://")
    account, partition = arn.split(":")[4] if role else "", arn.partition(":")[2].split(":")[0]
    provider = _provider(account, partition, issuer) if role else None
    if role is None or provider is None:
        return refusal(call, "AccessDenied", _DENIED)
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if not set(audiences) & set(provider.client_id_list or []):
        return refusal(call, "InvalidIdentityToken", "Incorrect token audience", 400)
    subject = str(claims["sub"])
    facts = {f"{issuer}:sub": subject, f"{issuer}:aud": str(audiences[0])}
    who = Principal(str(provider.arn), account, federated=True)
    if evaluate(trust_of(role), who, f"sts:{OPERATION}", "", facts) != "Allow":
        return refusal(call, "AccessDenied", _DENIED)
    return _session(call, arn, account, partition, (subject, str(audiences[0]), str(provider.arn)))


def _session(
    call: Call, arn: str, account: str, partition: str, about: tuple[str, str, str]
) -> Response:
    role = sts_backends[account][partition].assume_role(
        region_name=call.region,
        role_session_name=call.form.get("RoleSessionName", ""),
        role_arn=arn,
        policy="",
        duration=int(call.form.get("DurationSeconds", "3600")),
        external_id="",
    )
    ends = role.expiration.strftime("%Y-%m-%dT%H:%M:%SZ")
    keys = {
        "AccessKeyId": role.access_key_id,
        "SecretAccessKey": role.secret_access_key,
        "SessionToken": role.session_token,
        "Expiration": ends,
    }
    subject, audience, provider = about
    result = {
        "SubjectFromWebIdentityToken": subject,
        "Audience": audience,
        "Provider": provider,
    }
    user = {"Arn": role.arn, "AssumedRoleId": role.user_id}
    body = (
        f"{_elements(result)}<AssumedRoleUser>{_elements(user)}</AssumedRoleUser>"
        f"<Credentials>{_elements(keys)}</Credentials>"
    )
    text = (
        f'<{OPERATION}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<{OPERATION}Result>{body}</{OPERATION}Result></{OPERATION}Response>"
    )
    return Response(text, content_type="text/xml")


def _provider(account: str, partition: str, issuer: str) -> OpenIDConnectProvider | None:
    providers = iam_backends[account][partition].open_id_providers
    arn = f"arn:{partition}:iam::{account}:oidc-provider/{issuer}"
    provider = providers.get(arn)
    return provider if isinstance(provider, OpenIDConnectProvider) else None


def _claims(token: str, issuers: Mapping[str, rsa.RSAPublicKey]) -> dict[str, Any] | None:
    """What a token says, if its issuer signed it."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        if header["alg"] != "RS256" or not {"iss", "sub", "aud"} <= claims.keys():
            return None
        signed = f"{head}.{body}".encode()
        key = issuers[claims["iss"]]
        key.verify(_decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, LookupError, TypeError, AttributeError, InvalidSignature):
        return None
    return dict(claims)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _elements(values: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items())
