"""A backup location on MinIO: bucket, policy, user and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Output, ResourceOptions

from palette_backup_provider.components.location import (
    LocationArgs,
    RotationArgs,
    documented,
    location,
    one_of,
)
from palette_backup_provider.resources import minio, palette


@documented
@dataclass(kw_only=True)
class MinioBackupLocationArgs(LocationArgs, RotationArgs):
    """All optional: the server is that of the stack's settings.

    With a bucket and a user of yours, and a `url`, no administrator is needed: this works on any
    store that speaks S3. Palette has no validate call for MinIO; the probe alone tries the key.
    With `rotate_after` or `rotation`, Palette gets an access key of the user, instead of the user's
    own name and secret.

    Args:
        url: Where Palette and the clusters reach the S3 API: scheme and host. Default: the
            server of `identity`, else of the settings (`minio:minioServer`, `MINIO_ENDPOINT`).
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, used as it is and never changed or deleted.
        user_name: The name of the user to make. Default: the logical name and ten hex digits.
        existing_user: The name (access key) of a user of yours, not of the one made here. It must
            be allowed already what `policy_document` says; `secret_key` must be given.
        secret_key: The user's secret, 8 to 40 characters. Default: a random one of 40.
        policy_name: The name of the policy to make. Default: the logical name and ten hex digits.
        existing_policy: The name of a policy of yours to attach to the user instead of one made.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        tags: Tags of the bucket. For tags on everything made, set `palette:tags`.
        region: The server's region. Default: that of `identity`, else of the settings, `us-east-1`.
        ca_cert: PEM of the CA that signs the server's certificate. Default: that of `identity`,
            else of the settings (`minio:minioCacertFile`), else the public ones.
        identity: The server, and who makes all this. Default: the stack's settings.
    """

    url: Input[str] | None = None
    bucket_name: Input[str] | None = None
    existing_bucket: Input[str] | None = None
    user_name: Input[str] | None = None
    existing_user: Input[str] | None = None
    secret_key: Input[str] | None = None
    policy_name: Input[str] | None = None
    existing_policy: Input[str] | None = None
    force_destroy: Input[bool] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    region: Input[str] | None = None
    ca_cert: Input[str] | None = None
    identity: minio.Identity | None = None


class MinioBackupLocation(ComponentResource):
    """A backup location on MinIO, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `minio`.
        bucket_name: The bucket that holds the backups.
        policy_document: What the credential may do.
        policy_name: The policy that says so; None with `existing_user`.
        user_name: The user.
        access_key_id: What Palette signs in with: the user, or its key that rotates. The secret
            is only in Palette and, encrypted, in state.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    policy_document: Output[dict[str, Any]]
    policy_name: Output[str | None]
    user_name: Output[str]
    access_key_id: Output[str]

    def __init__(
        self, name: str, args: MinioBackupLocationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("palette-backup:index:MinioBackupLocation", name, {}, opts)
        one_of(name, args, ("bucket_name", "existing_bucket"), ("user_name", "existing_user"))
        one_of(name, args, ("policy_name", "existing_policy"))
        one_of(name, args, ("existing_user", "existing_policy"))
        child, identity = ResourceOptions(parent=self), _identity(args)
        bucket = self._bucket(name, args, identity, child)
        self.policy_document = bucket.name.apply(minio.access_policy)
        user, policy = self._user(name, args, identity, child)
        credentials = self._credentials(name, args, identity, user)
        registered = location(name, args, _storage(args, bucket, credentials), child)
        self.location_uid, self.location_name = registered.uid, registered.name
        self.location_type = Output.from_input("minio")
        self.bucket_name, self.user_name = bucket.name, user.name
        self.access_key_id = Output.from_input(credentials.access_key)
        self.policy_name = policy.name if policy else Output.from_input(None)
        self.register_outputs({name: getattr(self, name) for name in type(self).__annotations__})

    def _bucket(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        child: ResourceOptions,
    ) -> minio.Bucket:
        if args.existing_bucket is not None:
            brought = minio.BucketArgs(existing=True, name=args.existing_bucket, identity=identity)
            return minio.Bucket(name, brought, child)
        made = minio.BucketArgs(
            name=args.bucket_name,
            tags=args.tags,
            force_destroy=args.force_destroy,
            identity=identity,
        )
        return minio.Bucket(name, made, child)

    def _user(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        child: ResourceOptions,
    ) -> tuple[minio.User, minio.Policy | None]:
        if args.existing_user is not None:
            brought = minio.UserArgs(
                existing=True,
                name=args.existing_user,
                secret_key=args.secret_key,
                identity=identity,
            )
            return minio.User(name, brought, child), None
        existing = args.existing_policy is not None
        policy = minio.Policy(
            name,
            minio.PolicyArgs(
                name=args.existing_policy if existing else args.policy_name,
                existing=existing,
                document=self.policy_document,
                identity=identity,
            ),
            child,
        )
        user = minio.UserArgs(
            name=args.user_name,
            secret_key=args.secret_key,
            policies=[policy.name],
            identity=identity,
        )
        return minio.User(name, user, child), policy

    def _credentials(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        user: minio.User,
    ) -> palette.StaticCredentials:
        secret: Input[str] = user.secret_access_key
        if args.existing_user is not None and args.secret_key is not None:
            secret = args.secret_key
        if args.rotate_after is None and args.rotation is None:
            return palette.StaticCredentials(access_key=user.access_key_id, secret_key=secret)
        wanted = minio.AccessKeyArgs(
            user=user.name,
            user_secret=secret,
            identity=identity,
            rotate_after=args.rotate_after,
            rotation=args.rotation,
            retire_after=args.retire_after,
        )
        key = minio.AccessKey(name, wanted, ResourceOptions(parent=self))
        return palette.StaticCredentials(
            access_key=key.access_key_id, secret_key=key.secret_access_key
        )


def _storage(
    args: MinioBackupLocationArgs, bucket: minio.Bucket, credentials: palette.StaticCredentials
) -> palette.Minio:
    ca_cert = bucket.ca_cert.apply(lambda pem: pem or None)
    return palette.Minio(
        bucket=bucket.name,
        url=bucket.url if args.url is None else args.url,
        credentials=credentials,
        region=bucket.region if args.region is None else args.region,
        ca_cert=ca_cert if args.ca_cert is None else args.ca_cert,
    )


def _identity(args: MinioBackupLocationArgs) -> minio.Identity | None:
    """Who has bucket and user brings the administrator's part with them: there is none."""
    if args.identity is not None:
        return args.identity
    user, secret, url = args.existing_user, args.secret_key, args.url
    if args.existing_bucket is None or user is None or secret is None or url is None:
        return None
    return minio.Identity(
        url=url, user=user, password=secret, region=args.region, ca_cert=args.ca_cert
    )
