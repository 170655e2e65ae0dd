"""Google Cloud IAM: service accounts, their keys and tokens, projects' policies."""

import base64
import re
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from palette_backup_provider.sandbox.gcp import keys as gcp_keys
from palette_backup_provider.sandbox.gcp.keys import AUDIENCES, Assertion, Key
from palette_backup_provider.sandbox.gcp.policy import Policy, rename_member
from palette_backup_provider.sandbox.gcp.roles import Roles
from palette_backup_provider.sandbox.gcp.rules import (
    Refused,
    absent,
    invalid,
    violated,
)
from palette_backup_provider.sandbox.json import Body

KEY_LIMIT = 10
TOKEN_LIFETIME = 3600
FOREVER = "9999-12-31T23:59:59Z"
NO_KEYS = "constraints/iam.disableServiceAccountKeyCreation"
KEY_HOURS = "constraints/iam.serviceAccountKeyExpiryHours"


class Iam:
    """Everything about who may do what, but the policies of buckets."""

    def __init__(self, projects: Iterable[str], clock: Callable[[], float]) -> None:
        self.clock = clock
        self.projects = {name: Policy() for name in projects}
        self.accounts: dict[str, Body] = {}
        self.keys: dict[str, Key] = {}
        self.roles = Roles(clock)
        self.constraints: dict[str, int] = {}
        """Organisation policies in force; their value where they have one."""
        self.forget: list[Callable[[str, str], None]] = []
        """Called with an account's email and what its bindings become."""
        self._tokens: dict[str, tuple[str, str, float]] = {}

    def allows(self, member: str, permission: str, *policies: Policy) -> bool:
        """Whether one of the policies gives the member a role with that permission."""
        roles = {role for policy in policies for role in policy.roles(member)}
        return any(permission in self.roles.permissions(role) for role in roles)

    def check_members(self, bindings: list[Body]) -> None:
        """Google knows who its service accounts are, and what its roles are."""
        for binding in bindings:
            if not self.roles.known(binding["role"]):
                raise invalid(f"Role {binding['role']} is not supported for this resource.")
            for member in binding["members"]:
                kind, _, email = member.partition(":")
                if kind == "serviceAccount" and email not in self.accounts:
                    raise invalid(f"Service account {email} does not exist.")

    def create_account(self, project: str, body: Body) -> Body:
        id, about = body["accountId"], body.get("serviceAccount", {})
        if not re.fullmatch("[a-z][a-z0-9-]{4,28}[a-z0-9]", id):
            raise invalid("The account ID does not have the right form.")
        if len(about.get("description", "")) > 256 or len(about.get("displayName", "")) > 100:
            raise invalid("The description or the display name is too long.")
        email = f"{id}@{project}.iam.gserviceaccount.com"
        name = f"projects/{project}/serviceAccounts/{email}"
        if email in self.accounts:
            message = f"Service account {id} already exists within project projects/{project}."
            raise Refused(409, "ALREADY_EXISTS", message)
        number = "1" + "".join(secrets.choice("0123456789") for _ in range(20))
        self.accounts[email] = {
            "name": name,
            "projectId": project,
            "uniqueId": number,
            "email": email,
            "oauth2ClientId": number,
            "etag": "MDEwMjE5MjA=",
            **about,
        }
        return self.accounts[email]

    def account(self, email: str) -> Body:
        if email not in self.accounts:
            raise absent(f"Unknown service account: {email}")
        return self.accounts[email]

    def list_accounts(self, project: str) -> Body:
        return {"accounts": [a for a in self.accounts.values() if a["projectId"] == project]}

    def patch_account(self, email: str, body: Body) -> Body:
        account, changes = self.account(email), body["serviceAccount"]
        if len(changes.get("description", "")) > 256 or len(changes.get("displayName", "")) > 100:
            raise invalid("The description or the display name is too long.")
        for name in body["updateMask"].split(","):
            account[name] = changes.get(name, "")
        return account

    def switch_account(self, email: str, disabled: bool) -> Body:
        self.account(email).pop("disabled", None)
        if disabled:  # told only of what is
            self.accounts[email]["disabled"] = True
        return {}

    def delete_account(self, email: str) -> Body:
        """Its bindings stay, but name it as one that is gone, whoever gets its email next."""
        account = self.account(email)
        del self.accounts[email]
        self.keys = {id: key for id, key in self.keys.items() if key.email != email}
        gone = f"deleted:serviceAccount:{email}?uid={account['uniqueId']}"
        for policy in self.projects.values():
            rename_member(policy, f"serviceAccount:{email}", gone)
        for forget in self.forget:
            forget(f"serviceAccount:{email}", gone)
        return {}

    def create_key(self, email: str, token_uri: str) -> Body:
        account = self.account(email)
        if NO_KEYS in self.constraints:
            raise violated(NO_KEYS, "Key creation is not allowed on this service account.")
        if len(self.keys_of(email)) >= KEY_LIMIT:
            raise Refused(400, "FAILED_PRECONDITION", "Precondition check failed.")
        hours = self.constraints.get(KEY_HOURS)
        ends = self.clock() + hours * 3600 if hours else None
        key, text = gcp_keys.make(email, account["uniqueId"], token_uri, self.clock(), ends)
        self.keys[key.id] = key
        shown = {"privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE"}
        return {
            **self._key(key),
            **shown,
            "privateKeyData": base64.b64encode(text.encode()).decode(),
        }

    def keys_of(self, email: str) -> list[Key]:
        return [key for key in self.keys.values() if key.email == email]

    def list_keys(self, email: str) -> Body:
        self.account(email)
        keys = [self._key(key) for key in self.keys_of(email)]
        return {"keys": keys} if keys else {}

    def key(self, email: str, id: str) -> Key:
        key = self.keys.get(id)
        if key is None or key.email != email:
            raise absent("Service account key does not exist.")
        return key

    def delete_key(self, email: str, id: str) -> Body:
        del self.keys[self.key(email, id).id]
        return {}

    def switch_key(self, email: str, id: str, disabled: bool) -> Body:
        self.key(email, id).disabled = disabled
        return {}

    def sign_in(self, assertion: Assertion | None, own: str) -> str | None:
        """A token for whoever signed; None if the signature is of no key that is good."""
        if assertion is None or not (key := self.keys.get(assertion.key_id)):
            return None
        off = key.disabled or self.account(key.email).get("disabled")
        good = not off and (key.ends is None or key.ends > self.clock())
        claims = assertion.claims
        meant = claims.get("iss") == key.email and claims.get("aud") in (AUDIENCES, own)
        if not (good and meant and assertion.signed_with(key)):
            return None
        return self.token(key.email)

    def token(self, email: str) -> str:
        token = f"ya29.{secrets.token_urlsafe(48)}"
        identity = self.account(email)["uniqueId"]
        self._tokens[token] = (email, identity, self.clock() + TOKEN_LIFETIME)
        return token

    def bearer(self, token: str) -> str | None:
        """The member that holds a token; None if it is not good, or belongs to another account."""
        email, identity, ends = self._tokens.get(token, ("", "", 0.0))
        account = self.accounts.get(email)
        same = account and account["uniqueId"] == identity and not account.get("disabled")
        good = same and ends > self.clock()
        return f"serviceAccount:{email}" if good else None

    def set_policy(self, project: str, body: Body) -> Body:
        policy, changed = self.projects[project], body["policy"]
        if changed.get("etag") not in (None, policy.etag):
            message = "There were concurrent policy changes. Please retry the whole "
            raise Refused(409, "ABORTED", message + "read-modify-write with exponential backoff.")
        self.check_members(changed.get("bindings", []))
        policy.replace(changed)
        return self.policy(project)

    def policy(self, project: str) -> Body:
        policy = self.projects[project]
        return {"version": policy.version, "etag": policy.etag, "bindings": policy.bindings}

    def _key(self, key: Key) -> Body:
        project = key.email.partition("@")[2].partition(".")[0]
        body: dict[str, Any] = {
            "name": f"projects/{project}/serviceAccounts/{key.email}/keys/{key.id}",
            "validAfterTime": _time(key.made),
            "validBeforeTime": _time(key.ends) if key.ends else FOREVER,
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": "USER_MANAGED",
        }
        return {**body, "disabled": True} if key.disabled else body


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
