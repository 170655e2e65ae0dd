"""Google Cloud Storage: buckets with their settings and policies, and the objects in them."""

import base64
import copy
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from palette_backup_provider.sandbox.gcp_iam import Iam
from palette_backup_provider.sandbox.gcp_policy import Policy, rename_member
from palette_backup_provider.sandbox.gcp_rules import Refused, absent, invalid
from palette_backup_provider.sandbox.store import Body

PAGE = 1000
_CONDITION = "At least one of the pre-conditions you specified did not hold."
_KMS = (
    "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has "
    "been authorized to use this key."
)


@dataclass
class Object:
    """One version of an object."""

    name: str
    generation: int
    data: bytes
    content_type: str
    made: str
    deleted: str | None = None

    def resource(self, bucket: str) -> Body:
        found: dict[str, Any] = {
            "kind": "storage#object",
            "id": f"{bucket}/{self.name}/{self.generation}",
            "name": self.name,
            "bucket": bucket,
            "generation": str(self.generation),
            "metageneration": "1",
            "contentType": self.content_type,
            "storageClass": "STANDARD",
            "size": str(len(self.data)),
            "md5Hash": base64.b64encode(hashlib.md5(self.data).digest()).decode(),
            "etag": "CAE=",
            "timeCreated": self.made,
            "updated": self.made,
        }
        return {**found, "timeDeleted": self.deleted} if self.deleted else found


@dataclass
class Bucket:
    """A bucket as Google keeps it."""

    project: str
    resource: Body
    policy: Policy
    objects: list[Object] = field(default_factory=list)

    def live(self, name: str) -> Object | None:
        return next((o for o in self.objects if o.name == name and not o.deleted), None)


class Storage:
    """All buckets of all projects: their names are global."""

    def __init__(self, iam: Iam, clock: Callable[[], float]) -> None:
        self.buckets: dict[str, Bucket] = {}
        self.usable_kms_keys: set[str] = set()
        """Those that Cloud Storage's own agent may use."""
        self._iam, self._clock = iam, clock
        self._generations = count(1763900000000000)
        iam.forget.append(self._forget)

    def bucket(self, name: str) -> Bucket:
        if name not in self.buckets:
            raise absent("The specified bucket does not exist.")
        return self.buckets[name]

    def insert(self, project: str, body: Body, member: str) -> Body:
        name = str(body.get("name", ""))
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", name) or "goog" in name:
            raise invalid(f"Invalid bucket name: '{name}'")
        if there := self.buckets.get(name):
            mine = self._iam.allows(
                member, "storage.buckets.get", self._iam.projects[there.project]
            )
            message = (
                "Your previous request to create the named bucket succeeded and you already own it."
                if mine
                else "The requested bucket name is not available. The bucket namespace is shared "
                "by all users of the system. Please select a different name and try again."
            )
            raise Refused(409, "CONFLICT", message, "conflict")
        self._check(body)
        self.buckets[name] = Bucket(project, self._made(project, body), _default_policy(project))
        return self.buckets[name].resource

    def listing(self, project: str) -> Body:
        found = [b.resource for b in self.buckets.values() if b.project == project]
        return {"kind": "storage#buckets", **({"items": found} if found else {})}

    def patch(self, name: str, body: Body) -> Body:
        bucket = self.bucket(name)
        merged: Body = _merged(bucket.resource, body)
        self._check(merged)
        merged["updated"] = self._now()
        merged["metageneration"] = str(int(merged["metageneration"]) + 1)
        if not merged.get("labels"):
            merged.pop("labels", None)
        bucket.resource = merged
        return merged

    def delete(self, name: str) -> None:
        if self.bucket(name).objects:
            message = "The bucket you tried to delete is not empty."
            raise Refused(409, "CONFLICT", message, "conflict")
        del self.buckets[name]

    def policy(self, name: str) -> Body:
        policy = self.bucket(name).policy
        return {
            "kind": "storage#policy",
            "resourceId": f"projects/_/buckets/{name}",
            "version": policy.version,
            "etag": policy.etag,
            "bindings": policy.bindings,
        }

    def set_policy(self, name: str, body: Body) -> Body:
        policy = self.bucket(name).policy
        if body.get("etag") not in (None, policy.etag):
            raise Refused(412, "FAILED_PRECONDITION", _CONDITION, "conditionNotMet")
        self._iam.check_members(
            [
                b
                for b in body.get("bindings", [])
                if not b["role"].startswith("roles/storage.legacy")
            ]
        )
        policy.replace(body)
        return self.policy(name)

    def put(self, name: str, key: str, data: bytes, content_type: str) -> Body:
        bucket = self.bucket(name)
        if bucket.live(key):
            self._retire(bucket, key)
        made = Object(key, next(self._generations), data, content_type, self._now())
        bucket.objects.append(made)
        return made.resource(name)

    def objects(self, name: str, query: Mapping[str, str]) -> Body:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        versions = query.get("versions", "").lower() == "true"
        found = [o for o in self.bucket(name).objects if o.name.startswith(prefix)]
        found = sorted((o for o in found if versions or not o.deleted), key=lambda o: o.name)
        folders: dict[str, None] = {}
        if delimiter:
            below = [o for o in found if delimiter in o.name.removeprefix(prefix)]
            found = [o for o in found if o not in below]
            for one in below:
                first = one.name.removeprefix(prefix).partition(delimiter)[0]
                folders[f"{prefix}{first}{delimiter}"] = None
        start, size = int(query.get("pageToken", "0")), int(query.get("maxResults", PAGE))
        page = [o.resource(name) for o in found[start : start + size]]
        more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
        also = {"items": page} if page else {}
        return {"kind": "storage#objects", **also, **more, **_if_any("prefixes", list(folders))}

    def get(self, name: str, key: str) -> Object:
        if not (found := self.bucket(name).live(key)):
            raise absent(f"No such object: {name}/{key}")
        return found

    def delete_object(self, name: str, key: str, generation: str | None) -> None:
        bucket = self.bucket(name)
        if generation is None:
            self.get(name, key)
            self._retire(bucket, key)
            return
        kept = [o for o in bucket.objects if str(o.generation) != generation]
        if len(kept) == len(bucket.objects):
            raise absent(f"No such object: {name}/{key}")
        bucket.objects = kept

    def _retire(self, bucket: Bucket, key: str) -> None:
        live = bucket.live(key)
        assert live
        if "retentionPolicy" in bucket.resource:
            message = f"Object '{live.name}' is subject to bucket's retention policy"
            raise Refused(403, "FORBIDDEN", message, "retentionPolicyNotMet")
        if bucket.resource.get("versioning", {}).get("enabled"):
            live.deleted = self._now()
        else:
            bucket.objects.remove(live)

    def _made(self, project: str, body: Body) -> Body:
        now, wanted = self._now(), copy.deepcopy(body)
        access = wanted.get("iamConfiguration", {})
        location = str(wanted.get("location", "US")).upper()
        return {
            "kind": "storage#bucket",
            "id": body["name"],
            "selfLink": f"https://www.googleapis.com/storage/v1/b/{body['name']}",
            "projectNumber": self.number(project),
            "generation": str(next(self._generations)),
            "metageneration": "1",
            "locationType": "region" if "-" in location else "multi-region",
            "storageClass": "STANDARD",
            "etag": "CAE=",
            "timeCreated": now,
            "updated": now,
            "rpo": "DEFAULT",
            "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": now},
            **wanted,
            "location": location,
            "iamConfiguration": {
                "bucketPolicyOnly": access.get("uniformBucketLevelAccess", {"enabled": False}),
                "uniformBucketLevelAccess": {"enabled": False},
                "publicAccessPrevention": "inherited",
                **access,
            },
        }

    def _check(self, body: Body) -> None:
        key = body.get("encryption", {}).get("defaultKmsKeyName")
        if key and key not in self.usable_kms_keys:
            raise Refused(403, "PERMISSION_DENIED", _KMS, "forbidden")

    def number(self, project: str) -> str:
        """The project's number."""
        return str(100000000001 + list(self._iam.projects).index(project))

    def _forget(self, member: str, gone: str) -> None:
        for bucket in self.buckets.values():
            rename_member(bucket.policy, member, gone)

    def _now(self) -> str:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"


def _if_any(name: str, values: list[str]) -> Body:
    return {name: values} if values else {}


def _default_policy(project: str) -> Policy:
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    return Policy(
        [
            {"role": "roles/storage.legacyBucketOwner", "members": owners},
            {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
        ]
    )


def _merged(have: Any, patch: Any) -> Any:
    """A JSON merge patch: null removes."""
    if not isinstance(patch, dict):
        return patch
    whole = copy.deepcopy(have) if isinstance(have, dict) else {}
    for name, value in patch.items():
        if value is None:
            whole.pop(name, None)
        else:
            whole[name] = _merged(whole.get(name), value)
    return whole
