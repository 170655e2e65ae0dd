"""A backup location on Google Cloud: bucket, service account, its access, key and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.components.component import Component
from palette_backup_provider.components.inits import GcpBackupLocationInit
from palette_backup_provider.components.location import LocationArgs, called, of_made, serving
from palette_backup_provider.engine.arguments import arguments
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.shared_args import RotationArgs, inherited
from palette_backup_provider.resources import gcp, palette

BUCKET = {"existing_bucket": "a bucket"}
ACCOUNT = {"existing_service_account": "a service account"}


@documented
@dataclass(kw_only=True)
class GcpBackupLocationArgs(LocationArgs, RotationArgs):
    """All optional but the bucket's location. The project is `gcp:project`, or `identity`'s.

    Args:
        location: Where the bucket is: a region such as `europe-west1`, or `EU`, `US`, `ASIA`. A
            change makes a new bucket.
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, never changed or deleted but for the
            bindings of the service account, each with a label that notes it.
        service_account_id: The id of the service account to make. Default: the logical name and
            ten hex digits.
        existing_service_account: The email of a service account of yours, not of the one made
            here. It gets a new key and nothing else: it must have the roles on the bucket already.
        roles: What the account may do on the bucket. Default: `roles/storage.objectAdmin` and
            `roles/storage.legacyBucketReader`. Palette's guide gives `roles/storage.admin`; which
            of them Palette's own check needs is not documented.
        snapshots: Whether the account may snapshot disks: set it where the disks of the project's
            clusters are snapshot. Default: false.
        storage_class: `STANDARD`, the default, `NEARLINE`, `COLDLINE` or `ARCHIVE`.
        kms_key_name: A Cloud KMS key to encrypt the bucket with. Default: Google's own keys.
        versioning: Whether the bucket keeps old versions of objects. Default: false.
        noncurrent_days: Days that an old version is kept. Default: 7.
        soft_delete_days: Days in which what was deleted can be restored; 0 or 7 to 90. Default: 7.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        replace_with_data: `retain` keeps a bucket with backups in it, out of state, where it would
            be replaced or destroyed; `refuse` stops there. Default: `refuse`.
        labels: Labels of the bucket. For all buckets of a stack, set `gcp:defaultLabels`.
        identity: Whose Google Cloud credentials make all this. Default: those of the process.
    """

    location: Input[str]
    bucket_name: Input[str] | None = of_made(**BUCKET)
    existing_bucket: Input[str] | None = None
    service_account_id: Input[str] | None = of_made(**ACCOUNT)
    existing_service_account: Input[str] | None = None
    roles: Sequence[str] | None = of_made(**ACCOUNT)
    snapshots: bool | None = of_made(**ACCOUNT)
    storage_class: Input[str] | None = of_made(**BUCKET)
    kms_key_name: Input[str] | None = of_made(**BUCKET)
    versioning: Input[bool] | None = of_made(**BUCKET)
    noncurrent_days: Input[int] | None = of_made(**BUCKET)
    soft_delete_days: Input[int] | None = of_made(**BUCKET)
    force_destroy: Input[bool] | None = of_made(**BUCKET)
    replace_with_data: Input[Literal["refuse", "retain"]] | None = of_made(**BUCKET)
    labels: Input[Mapping[str, Input[str]]] | None = of_made(**BUCKET)
    identity: gcp.Identity | None = None


class GcpBackupLocation(GcpBackupLocationInit, Component[GcpBackupLocationArgs]):
    """A backup location on Google Cloud, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `gcp`.
        bucket_name: The bucket that holds the backups.
        service_account_email: The account that the key belongs to.
        credential_id: The current key's id; the key itself is only in Palette and, encrypted, in
            state.
        roles: What the account may do on the bucket; empty with `existing_service_account`.
        snapshot_role: The custom role for snapshots; None without `snapshots`.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    service_account_email: Output[str]
    credential_id: Output[str]
    roles: Output[list[str]]
    snapshot_role: Output[str | None]

    def _make(self, name: str, args: GcpBackupLocationArgs, child: ResourceOptions) -> None:
        bucket = self._bucket(name, args, child)
        account = self._account(name, args, child)
        access = self._access(name, args, bucket, account, child)
        snapshots = self._snapshots(name, args, account, child)
        key_args = gcp.ServiceAccountKeyArgs(
            service_account=account.email,
            identity=args.identity,
            **inherited(RotationArgs, args),
        )
        key = gcp.ServiceAccountKey(name, key_args, child)
        storage = self._storage(args, bucket, key)
        self._register(
            name,
            args,
            storage,
            storage_made=[bucket],
            after=[*access, snapshots],
            retiring=[key.retiring],
        )
        self.bucket_name, self.service_account_email = bucket.name, account.email
        self.credential_id = key.key_id
        self.roles = Output.all(*(binding.role for binding in access))
        self.snapshot_role = snapshots.role if snapshots else Output.from_input(None)

    def _bucket(self, name: str, args: GcpBackupLocationArgs, child: ResourceOptions) -> gcp.Bucket:
        if args.existing_bucket is not None:
            existing = gcp.BucketArgs(
                existing=True,
                name=args.existing_bucket,
                location=args.location,
                identity=args.identity,
            )
            note = called(args, "bucket")
            return gcp.Bucket(name, existing, child, noted=note)
        new = gcp.BucketArgs(
            name=args.bucket_name,
            location=args.location,
            storage_class=args.storage_class,
            labels=args.labels,
            kms_key_name=args.kms_key_name,
            versioning=args.versioning,
            noncurrent_days=args.noncurrent_days,
            soft_delete_days=args.soft_delete_days,
            force_destroy=args.force_destroy,
            replace_with_data=args.replace_with_data,
            identity=args.identity,
        )
        note = {**serving(name, args, child), **called(args, "bucket")}
        return gcp.Bucket(name, new, child, noted=note)

    def _account(
        self, name: str, args: GcpBackupLocationArgs, child: ResourceOptions
    ) -> gcp.ServiceAccount:
        existing = args.existing_service_account
        account = gcp.ServiceAccountArgs(
            account_id=args.service_account_id if existing is None else existing,
            identity=args.identity,
            existing=existing is not None,
        )
        note = called(args, "service_account", account_id="service_account_id")
        return gcp.ServiceAccount(name, account, child, noted=note)

    def _access(
        self,
        name: str,
        args: GcpBackupLocationArgs,
        bucket: gcp.Bucket,
        account: gcp.ServiceAccount,
        child: ResourceOptions,
    ) -> list[gcp.BucketAccess]:
        if args.existing_service_account is not None:
            return []
        return [
            gcp.BucketAccess(
                f"{name}-{role.rpartition('.')[2]}",
                gcp.BucketAccessArgs(
                    bucket=bucket.name, role=role, member=account.member, identity=args.identity
                ),
                child,
                noted=arguments(role="roles"),
            )
            for role in args.roles or gcp.BUCKET_ROLES
        ]

    def _snapshots(
        self,
        name: str,
        args: GcpBackupLocationArgs,
        account: gcp.ServiceAccount,
        child: ResourceOptions,
    ) -> gcp.SnapshotAccess | None:
        if not args.snapshots:
            return None
        access = gcp.SnapshotAccessArgs(member=account.member, identity=args.identity)
        return gcp.SnapshotAccess(name, access, child)

    def _storage(
        self, args: GcpBackupLocationArgs, bucket: gcp.Bucket, key: gcp.ServiceAccountKey
    ) -> palette.Gcs:
        return palette.Gcs(
            bucket=bucket.name,
            json_credentials=key.private_key_json,
            project=bucket.project if args.existing_bucket is None else None,
        )
