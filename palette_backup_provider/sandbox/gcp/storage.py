"""Google Cloud Storage: buckets with their settings and policies, and the objects in them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count

from palette_backup_provider.sandbox.gcp.bucket_resource import (
    default_policy,
    demand_known,
    merged,
    new_resource,
)
from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.objects import (
    PAGE,
    Bucket,
    Object,
    listing,
    of_generation,
)
from palette_backup_provider.sandbox.gcp.policy import rename_member
from palette_backup_provider.sandbox.gcp.query import demand_conditions
from palette_backup_provider.sandbox.gcp.regions import CLOUD_STORAGE
from palette_backup_provider.sandbox.gcp.rules import Refused, absent, invalid
from palette_backup_provider.sandbox.gcp.uploads import Sessions, Upload, crc32c
from palette_backup_provider.sandbox.json import Body

_CONDITION = "At least one of the pre-conditions you specified did not hold."
_KMS = (
    "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has "
    "been authorized to use this key."
)


class Storage:
    """All buckets of all projects: their names are global."""

    def __init__(self, iam: Iam, clock: Callable[[], float]) -> None:
        self.buckets: dict[str, Bucket] = {}
        self.usable_kms_keys: set[str] = set()
        """Those that Cloud Storage's own agent may use."""
        self.sessions = Sessions()
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
        if existing := self.buckets.get(name):
            mine = self._iam.allows(
                member, "storage.buckets.get", self._iam.projects[existing.project]
            )
            message = (
                "Your previous request to create the named bucket succeeded and you already own it."
                if mine
                else "The requested bucket name is not available. The bucket namespace is shared "
                "by all users of the system. Please select a different name and try again."
            )
            raise Refused(409, "CONFLICT", message, "conflict")
        demand_known(body)
        if str(body.get("location", "US")).upper() not in CLOUD_STORAGE:
            raise invalid("The specified location constraint is not valid.")
        self._check(body)
        generation = str(next(self._generations))
        resource = new_resource(body, self.number(project), generation, self._now())
        self.buckets[name] = Bucket(project, resource, default_policy(project))
        return self.buckets[name].resource

    def listing(self, project: str, query: Mapping[str, str]) -> Body:
        prefix = query.get("prefix", "")
        resources = [
            self.buckets[name].resource
            for name in sorted(self.buckets)
            if self.buckets[name].project == project and name.startswith(prefix)
        ]
        start, size = int(query.get("pageToken", "0")), int(query.get("maxResults", PAGE))
        page = resources[start : start + size]
        more = {"nextPageToken": str(start + size)} if len(resources) > start + size else {}
        return {"kind": "storage#buckets", **({"items": page} if page else {}), **more}

    def patch(self, name: str, body: Body) -> Body:
        bucket = self.bucket(name)
        demand_known(body)
        changed: Body = merged(bucket.resource, body)
        self._check(changed)
        changed["updated"] = self._now()
        changed["metageneration"] = str(int(changed["metageneration"]) + 1)
        if not changed.get("labels"):
            changed.pop("labels", None)
        bucket.resource = changed
        return changed

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

    def put(self, name: str, upload: Upload, query: Mapping[str, str]) -> Body:
        bucket, key = self.bucket(name), upload.name
        live = bucket.live(key)
        demand_conditions(query, live.generation if live else None)
        if live:
            self._retire(bucket, key)
        generation = next(self._generations)
        about = {**upload.about, "bucket": name, "crc32c": crc32c(upload.data)}
        stored = Object(key, generation, upload.data, about, self._now())
        bucket.objects.append(stored)
        return stored.resource(name)

    def objects(self, name: str, query: Mapping[str, str]) -> Body:
        return listing(self.bucket(name).objects, name, query)

    def get(self, name: str, key: str, query: Mapping[str, str]) -> Object:
        generation = query.get("generation")
        live = self.bucket(name).live(key)
        generations = (o for o in self.bucket(name).objects if o.name == key)
        stored = live if generation is None else of_generation(generations, generation)
        if stored is None:
            raise absent(f"No such object: {name}/{key}")
        demand_conditions(query, stored.generation)
        return stored

    def delete_object(self, name: str, key: str, query: Mapping[str, str]) -> None:
        bucket, stored = self.bucket(name), self.get(name, key, query)
        if "generation" in query:
            bucket.objects.remove(stored)
        else:
            self._retire(bucket, key)

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

    def _check(self, body: Body) -> None:
        key = body.get("encryption", {}).get("defaultKmsKeyName")
        if key and key not in self.usable_kms_keys:
            raise Refused(403, "PERMISSION_DENIED", _KMS, "forbidden")

    def number(self, project: str) -> str:
        """The project's number."""
        return str(100000000001 + list(self._iam.projects).index(project))

    def project(self, named: str) -> str:
        """The id of a project that is named by id or number."""
        return next((id for id in self._iam.projects if self.number(id) == named), named)

    def _forget(self, member: str, gone: str) -> None:
        for bucket in self.buckets.values():
            rename_member(bucket.policy, member, gone)

    def _now(self) -> str:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"
