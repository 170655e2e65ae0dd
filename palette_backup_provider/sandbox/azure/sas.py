"""Shared access signatures: who signed a URL, and for what.

A service SAS is signed with a key of the account. A user delegation SAS is signed with a key that a
principal was given for it, and allows no more than the roles of that principal do.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Account
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.http import Refused

_DELEGATED = ("skoid", "sktid", "skt", "ske", "sks", "skv")
_ANSWER = {
    "rscc": "Cache-Control",
    "rscd": "Content-Disposition",
    "rsce": "Content-Encoding",
    "rscl": "Content-Language",
    "rsct": "Content-Type",
}
"""Parameters that say what a header of the answer is to be."""
PARAMETERS = frozenset({"sp", "st", "se", "sr", "sv", "sip", "spr", "sig", *_DELEGATED, *_ANSWER})
"""Those that are known here."""
_OLDEST, _WITH_TENANTS, _WITH_REQUESTS = "2020-12-06", "2025-07-05", "2026-04-06"
"""Versions of the service from which on what is signed has one more part."""
_LONGEST = timedelta(days=7)


@dataclass(frozen=True)
class Sas:
    """A signature that is good."""

    permissions: str
    answer: dict[str, str]
    """Headers that the answer is to have."""
    delegated: tuple[str, str] | None
    """The object id and the tenant of the principal that stands behind it."""


class DelegationKeys:
    """Keys that principals are given to sign with; none is kept, as each can be made again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._root = secrets.token_bytes(32)

    def give(self, request: Request, account: Account, caller: Caller) -> Response:
        """Get User Delegation Key."""
        info = _key_info(request.get_data())
        now = datetime.fromtimestamp(self._clock(), UTC)
        start = info.get("Start") or now.strftime("%Y-%m-%dT%H:%M:%SZ")
        ends = info.get("Expiry", "")
        if not now < _time(ends) <= max(now, _time(start)) + _LONGEST:
            message = f"Expiry is {ends!r}: a key is good for a time up to seven days."
            raise Refused(400, "InvalidXmlNodeValue", message)
        version = request.headers.get("x-ms-version", "")
        parts = (caller.principal.id, caller.tenant, start, ends, "b", version)
        names = ("Oid", "Tid", "Start", "Expiry", "Service", "Version")
        signed = "".join(f"<Signed{n}>{p}</Signed{n}>" for n, p in zip(names, parts, strict=True))
        body = f"{signed}<Value>{self._key(account, parts)}</Value>"
        text = f'\ufeff<?xml version="1.0" encoding="utf-8"?><UserDelegationKey>{body}'
        return Response(f"{text}</UserDelegationKey>", content_type="application/xml")

    def read(self, request: Request, account: Account, container: str, blob: str) -> Sas:
        """The signature of a URL, if it is good."""
        query = {name: value for name, value in request.args.items() if value}
        if query.get("sv", "") < _OLDEST:
            raise _wrong(f"sv is {query.get('sv')!r}: this sandbox knows {_OLDEST} and later.")
        if (kind := query.get("sr")) not in ("b", "c"):
            raise _wrong(f"sr is {kind!r}: this sandbox knows b and c.")
        delegated = "skoid" in query
        name = account.body["name"]
        path = f"/blob/{name}/{container}" + (f"/{blob}" if kind == "b" else "")
        text = _string_to_sign(query, path, delegated)
        keys = account.keys
        if delegated:
            keys = [self._key(account, tuple(query.get(part, "") for part in _DELEGATED))]
        elif not account.body["properties"].get("allowSharedKeyAccess", True):
            message = "Key based authentication is not permitted on this storage account."
            raise Refused(403, "KeyBasedAuthenticationNotPermitted", message)
        if query.get("sig") not in [_signature(key, text) for key in keys]:
            raise _wrong("Signature did not match.")
        self._demand_timely(query, delegated)
        if query.get("sip", request.remote_addr) != request.remote_addr:
            raise _wrong(f"The signature is for {query['sip']}.")
        if query.get("spr", request.scheme) not in (request.scheme, "https,http"):
            raise _wrong(f"The signature is for {query['spr']}.")
        answer = {header: query[short] for short, header in _ANSWER.items() if short in query}
        principal = (query["skoid"], query["sktid"]) if delegated else None
        return Sas(query.get("sp", ""), answer, principal)

    def _key(self, account: Account, parts: tuple[str, ...]) -> str:
        text = "\n".join((account.id.lower(), *parts))
        digest = hmac.new(self._root, text.encode(), hashlib.sha256).digest()
        return base64.b64encode(digest).decode()

    def _demand_timely(self, query: dict[str, str], delegated: bool) -> None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        for start, end in (("st", "se"), ("skt", "ske"))[: 2 if delegated else 1]:
            if (start in query and _time(query[start]) > now) or _time(query.get(end, "")) <= now:
                raise _wrong("Signature not valid in the specified time frame.")


def _string_to_sign(query: dict[str, str], path: str, delegated: bool) -> str:
    first = ["sp", "st", "se"]
    if delegated:
        who = [*_DELEGATED, "", "", ""]  # three that only accounts with folders have
        who += ["", ""] if query["sv"] >= _WITH_TENANTS else []
        last = ["", ""] if query["sv"] >= _WITH_REQUESTS else []
    else:
        who, last = [""], []  # the id of a stored policy
    after = ["sip", "spr", "sv", "sr", "", "", *last, *_ANSWER]  # no snapshot, no scope
    parts = [query.get(name, "") for name in first]
    return "\n".join([*parts, path, *(query.get(name, "") for name in (*who, *after))])


def _signature(key: str, text: str) -> str:
    digest = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _key_info(body: bytes) -> dict[str, str]:
    try:
        info = {element.tag: element.text or "" for element in ElementTree.fromstring(body)}
    except ElementTree.ParseError:
        info = {}
    if unknown := info.keys() - {"Start", "Expiry"}:
        message = f"This sandbox does not know {min(unknown)} of a user delegation key."
        raise Refused(400, "InvalidXmlDocument", message)
    return info


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(f"{text!r} is no time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wrong(why: str) -> Refused:
    return Refused(403, "AuthenticationFailed", f"Server failed to authenticate the request. {why}")
