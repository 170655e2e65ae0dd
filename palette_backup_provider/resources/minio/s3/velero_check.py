"""The reasons why an existing bucket on MinIO cannot serve Velero, or would harm its backups."""

import json
from collections.abc import Iterator
from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core import bucket_policy, velero
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.policy_language import ARN

NOT_IMPLEMENTED = 501
"""The status with which many stores refuse an API that they do not have. Others have their own
words."""


def unfit_for_velero(client: MinioClient, bucket: str) -> Iterator[str]:
    """The problems of an existing bucket, each with the harm that it does. A question that the
    store refuses is skipped. Either nothing is set, these credentials may not ask, or the store has
    no such thing: it need not be MinIO. Raises NotFound where there is no bucket.
    """
    for ask in (_foreign_folders, _locked_by_default, _lost_to_lifecycle, _refused_by_policy):
        try:
            yield from ask(client, bucket)
        except NotFound:
            raise
        except ApiError as error:
            if error.unclear and error.status != NOT_IMPLEMENTED:
                raise


def _foreign_folders(client: MinioClient, bucket: str) -> Iterator[str]:
    return velero.foreign(f"the bucket {bucket}", client.folders(bucket))


def _locked_by_default(client: MinioClient, bucket: str) -> Iterator[str]:
    lock = client.s3("get_object_lock_config", bucket)
    if lock.mode:
        yield velero.locked(
            f"the bucket {bucket}",
            f"locks every new object for {lock.duration} {str(lock.duration_unit).lower()} "
            f"(Object Lock, {lock.mode})",
            "Remove the default retention (`mc retention clear --default`).",
        )


def _lost_to_lifecycle(client: MinioClient, bucket: str) -> Iterator[str]:
    """Of transitions nothing is said: what MinIO moves to a tier is read through it."""
    lifecycle = client.s3("get_bucket_lifecycle", bucket)
    for rule in lifecycle.rules if lifecycle else ():
        if rule.status == "Enabled" and _by_age(rule.expiration) and _touches(rule.rule_filter):
            yield velero.expires(f"the lifecycle rule {rule.rule_id!r} of the bucket {bucket}")


def _by_age(expiration: Any) -> bool:
    return bool(expiration and (expiration.days or expiration.date))


def _touches(narrowed: Any) -> bool:
    """Whether a rule holds for what Velero writes, which has no tags."""
    both = getattr(narrowed, "and_operator", None)
    if getattr(narrowed, "tag", None) or getattr(both, "tags", None):
        return False
    return velero.touched(getattr(both or narrowed, "prefix", None) or "")


def _refused_by_policy(client: MinioClient, bucket: str) -> Iterator[str]:
    document = json.loads(client.s3("get_bucket_policy", bucket))
    return bucket_policy.harms(f"the bucket {bucket}", document, f"{ARN}{bucket}")
