"""A backup location on Google Cloud: bucket, service account, its access, key and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions

from palette_backup_provider.components.location import (
    LocationArgs,
    RotationArgs,
    documented,
    location,
    one_of,
)
from palette_backup_provider.resources import gcp, palette


@documented
@dataclass(kw_only=True)
class GcpBackupLocationArgs(LocationArgs, RotationArgs):
    """All optional but the bucket's location. The project is `gcp:project`, or `identity`'s.

    Args:
        bucket_location: Where the bucket is: a region such as `europe-west1`, or `EU`, `US`,
            `ASIA`. A change makes a new bucket.
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, never changed or deleted but for the
            bindings of the service account, each with a label that notes it.
        account_id: The id of the service account to make. Default: the logical name and ten hex
            digits.
        existing_service_account: The email of a service account of yours, not of the one made
            here. It gets a new key and nothing else: it must have the roles on the bucket already.
        roles: What the account may do on the bucket. Default: `roles/storage.objectAdmin` and
            `roles/storage.legacyBucketReader`. Palette's guide gives `roles/storage.admin`; which
            of them Palette's own check needs is not documented.
        snapshots: Whether the account may snapshot the disks of the project's clusters. Default:
            false.
        storage_class: `STANDARD`, the default, `NEARLINE`, `COLDLINE` or `ARCHIVE`.
        kms_key_name: A Cloud KMS key to encrypt the bucket with. Default: Google's own keys.
        versioning: Whether the bucket keeps old versions of objects. Default: false.
        noncurrent_days: Days that an old version is kept. Default: 7.
        soft_delete_days: Days in which what was deleted can be restored; 0 or 7 to 90. Default: 7.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        bucket_labels: Labels of the bucket. For all buckets of a stack, set `gcp:defaultLabels`.
        identity: Whose Google Cloud credentials make all this. Default: those of the process.
    """

    bucket_location: Input[str]
    bucket_name: Input[str] | None = None
    existing_bucket: Input[str] | None = None
    account_id: Input[str] | None = None
    existing_service_account: Input[str] | None = None
    roles: Sequence[str] | None = None
    snapshots: bool | None = None
    storage_class: Input[str] | None = None
    kms_key_name: Input[str] | None = None
    versioning: Input[bool] | None = None
    noncurrent_days: Input[int] | None = None
    soft_delete_days: Input[int] | None = None
    force_destroy: Input[bool] | None = None
    bucket_labels: Input[Mapping[str, Input[str]]] | None = None
    identity: gcp.Identity | None = None


class GcpBackupLocation(ComponentResource):
    """A backup location on Google Cloud, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `gcp`.
        bucket_name: The bucket that holds the backups.
        service_account_email: The account that the key belongs to.
        key_id: The current key's id; the key itself is only in Palette and, encrypted, in state.
        roles: What the account may do on the bucket; empty with `existing_service_account`.
        snapshot_role: The custom role for snapshots; None without `snapshots`.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    service_account_email: Output[str]
    key_id: Output[str]
    roles: Output[list[str]]
    snapshot_role: Output[str | None]

    def __init__(
        self, name: str, args: GcpBackupLocationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("palette-backup:index:GcpBackupLocation", name, {}, opts)
        one_of(name, args, ("bucket_name", "existing_bucket"))
        for making in ("account_id", "roles", "snapshots"):
            one_of(name, args, (making, "existing_service_account"))
        child = ResourceOptions(parent=self)
        bucket = self._bucket(name, args, child)
        account = self._account(name, args, child)
        access = self._access(name, args, bucket, account, child)
        snapshots = self._snapshots(name, args, account, child)
        wanted = gcp.ServiceAccountKeyArgs(
            service_account=account.email,
            identity=args.identity,
            rotate_after=args.rotate_after,
            rotation=args.rotation,
            retire_after=args.retire_after,
        )
        key = gcp.ServiceAccountKey(name, wanted, child)
        ready = ResourceOptions(parent=self, depends_on=access)
        registered = self._location(name, args, bucket, key, ready)
        self.location_uid, self.location_name = registered.uid, registered.name
        self.location_type = Output.from_input("gcp")
        self.bucket_name, self.service_account_email = bucket.name, account.email
        self.key_id = key.key_id
        self.roles = Output.all(*(one.role for one in access))
        self.snapshot_role = snapshots.role if snapshots else Output.from_input(None)
        self.register_outputs(
            {output: getattr(self, output) for output in type(self).__annotations__}
        )

    def _bucket(self, name: str, args: GcpBackupLocationArgs, child: ResourceOptions) -> gcp.Bucket:
        if args.existing_bucket is not None:
            brought = gcp.BucketArgs(
                existing=True,
                name=args.existing_bucket,
                location=args.bucket_location,
                identity=args.identity,
            )
            return gcp.Bucket(name, brought, child)
        made = gcp.BucketArgs(
            name=args.bucket_name,
            location=args.bucket_location,
            storage_class=args.storage_class,
            labels=args.bucket_labels,
            kms_key_name=args.kms_key_name,
            versioning=args.versioning,
            noncurrent_days=args.noncurrent_days,
            soft_delete_days=args.soft_delete_days,
            force_destroy=args.force_destroy,
            identity=args.identity,
        )
        return gcp.Bucket(name, made, child)

    def _account(
        self, name: str, args: GcpBackupLocationArgs, child: ResourceOptions
    ) -> gcp.ServiceAccount:
        brought = args.existing_service_account
        account = gcp.ServiceAccountArgs(
            account_id=args.account_id if brought is None else brought,
            identity=args.identity,
            existing=brought is not None,
        )
        return gcp.ServiceAccount(name, account, child)

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

    def _location(
        self,
        name: str,
        args: GcpBackupLocationArgs,
        bucket: gcp.Bucket,
        key: gcp.ServiceAccountKey,
        ready: ResourceOptions,
    ) -> palette.BackupLocation:
        storage = palette.Gcs(
            bucket=bucket.name,
            json_credentials=key.private_key_json,
            project=bucket.project if args.existing_bucket is None else None,
        )
        return location(name, args, storage, ready)
