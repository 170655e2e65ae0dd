"""A backup location on MinIO: bucket, policy, user and location."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import Input, Output, Resource, ResourceOptions

from palette_backup_provider.components.component import Component
from palette_backup_provider.components.inits import MinioBackupLocationInit
from palette_backup_provider.components.location import (
    LocationArgs,
    called,
    follows,
    of_made,
    serving,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.function import checked
from palette_backup_provider.engine.rotating import rotates, rotations
from palette_backup_provider.engine.shared_args import RotationArgs, inherited
from palette_backup_provider.engine.warning import warn
from palette_backup_provider.resources import minio, palette


@documented
@dataclass(kw_only=True)
class MinioBackupLocationArgs(LocationArgs, RotationArgs):
    """All optional: the server is that of the stack's settings.

    With a bucket and a user of yours, and a `url`, no administrator is needed: this works on any
    store that speaks S3. Palette has no validate call for MinIO; the probe alone tries the key.

    Palette gets an access key of the user that is made here, whose own secret stays in state. Where
    Palette had that secret from an earlier version, it gets a key with the next `pulumi up`. The
    secret goes on working for `retire_after` hours, and ends with the first `pulumi up` after that.
    Of a user of yours it gets name and secret, as `secret_key` gives it; with `rotate_after` or
    `rotation`, an access key. The secret of your user never ends by a rotation: give the user
    another one, and `secret_key` with it.

    Args:
        url: Where Palette and the clusters reach the S3 API: scheme and host. Default: the
            server of `identity`, else of the settings (`minio:minioServer`, `MINIO_ENDPOINT`).
        bucket_name: The name of the bucket to make. Default: the logical name and ten hex digits.
        existing_bucket: The name of a bucket of yours, used as it is and never changed or deleted.
        user_name: The name of the user to make. Default: the logical name and ten hex digits.
        existing_user: The name (access key) of a user of yours, not of the one made here. It must
            be allowed already what `policy_document` says; `secret_key` must be given.
        secret_key: The user's own secret. Of the user made here it has 8 to 40 characters, by
            default random. A change ends the old secret and leaves Palette's access key as it is.
            Taken out of the program, the secret ends after `retire_after`.
        policy_name: The name of the policy to make. Default: the logical name and ten hex digits.
        existing_policy: The name of a policy of yours to attach to the user instead of one made.
        force_destroy: Whether a bucket with backups in it may be deleted. Default: false.
        replace_with_data: `retain` keeps a bucket with backups in it, out of state, where it would
            be replaced or destroyed; `refuse` stops there. Default: `refuse`.
        tags: Tags of the bucket. For tags on everything made, set `palette:tags`.
        region: The server's region. Default: that of `identity`, else of the settings, `us-east-1`.
        ca_cert: PEM of the CA that signs the server's certificate. Default: that of `identity`,
            else of the settings (`minio:minioCacertFile`), else the public ones.
        identity: The server, and who makes all this. Default: the stack's settings.
    """

    url: Input[str] | None = None
    bucket_name: Input[str] | None = of_made(existing_bucket="a bucket")
    existing_bucket: Input[str] | None = None
    user_name: Input[str] | None = of_made(existing_user="a user")
    existing_user: Input[str] | None = None
    secret_key: Input[str] | None = None
    policy_name: Input[str] | None = of_made(existing_policy="a policy", existing_user="a user")
    existing_policy: Input[str] | None = of_made(existing_user="a user")
    force_destroy: Input[bool] | None = of_made(existing_bucket="a bucket")
    replace_with_data: Input[Literal["refuse", "retain"]] | None = of_made(
        existing_bucket="a bucket"
    )
    tags: Input[Mapping[str, Input[str]]] | None = of_made(existing_bucket="a bucket")
    region: Input[str] | None = None
    ca_cert: Input[str] | None = None
    identity: minio.Identity | None = None


class MinioBackupLocation(MinioBackupLocationInit, Component[MinioBackupLocationArgs]):
    """A backup location on MinIO, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `minio`.
        bucket_name: The bucket that holds the backups.
        policy_document: What the credential may do.
        policy_name: The policy that says so; None with `existing_user`.
        user_name: The user.
        credential_id: What Palette signs in with: an access key of the user, or `existing_user`
            itself while nothing rotates. The secret is only in Palette and, encrypted, in state.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    policy_document: Output[dict[str, Any]]
    policy_name: Output[str | None]
    user_name: Output[str]
    credential_id: Output[str]

    def _make(self, name: str, args: MinioBackupLocationArgs, child: ResourceOptions) -> None:
        identity = _identity(args)
        bucket = self._bucket(name, args, identity, child)
        self.policy_document = follows(checked(minio.access_policy, name), bucket.name)
        user, policy = self._user(name, args, identity, child)
        credentials, retiring = self._credentials(name, args, identity, user)
        storage = _storage(args, bucket, credentials)
        old = [*retiring, user.retiring]
        self._register(name, args, storage, storage_made=[bucket], retiring=old)
        self.bucket_name, self.user_name = bucket.name, user.name
        self.credential_id = Output.from_input(credentials.access_key)
        self.policy_name = policy.name if policy else Output.from_input(None)

    def _bucket(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        child: ResourceOptions,
    ) -> minio.Bucket:
        if args.existing_bucket is not None:
            existing = minio.BucketArgs(existing=True, name=args.existing_bucket, identity=identity)
            note = called(args, "bucket")
            return minio.Bucket(name, existing, child, noted=note)
        new = minio.BucketArgs(
            name=args.bucket_name,
            tags=args.tags,
            force_destroy=args.force_destroy,
            replace_with_data=args.replace_with_data,
            identity=identity,
        )
        note = {**serving(name, args, child), **called(args, "bucket")}
        return minio.Bucket(name, new, child, noted=note)

    def _user(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        child: ResourceOptions,
    ) -> tuple[minio.User, minio.Policy | None]:
        if args.existing_user is not None:
            existing = minio.UserArgs(
                existing=True,
                name=args.existing_user,
                secret_key=args.secret_key,
                identity=identity,
            )
            note = called(args, "user")
            return minio.User(name, existing, child, noted=note), None
        has_policy = args.existing_policy is not None
        policy = minio.Policy(
            name,
            minio.PolicyArgs(
                name=args.existing_policy if has_policy else args.policy_name,
                existing=has_policy,
                document=self.policy_document,
                identity=identity,
            ),
            child,
            noted=called(args, "policy"),
        )
        user = minio.UserArgs(
            name=args.user_name,
            secret_key=args.secret_key,
            policies=[policy.name],
            keys_only=True,
            retire_after=args.retire_after,
            identity=identity,
        )
        return minio.User(name, user, child, noted=called(args, "user")), policy

    def _credentials(
        self,
        name: str,
        args: MinioBackupLocationArgs,
        identity: minio.Identity | None,
        user: minio.User,
    ) -> tuple[palette.StaticCredentials, list[Output[list[Resource]]]]:
        secret: Input[str] = user.secret_access_key
        if args.existing_user is not None:
            secret = secret if args.secret_key is None else args.secret_key
            if not rotates(args):
                own = palette.StaticCredentials(access_key=user.access_key_id, secret_key=secret)
                return own, []
            warn(
                "A rotation ends access keys. The secret of existing_user itself is not ours to "
                "change and goes on working: if Palette or a cluster has had it, give the user "
                "another one on the server, and give that as secret_key.",
                self,
            )
        key_args = minio.AccessKeyArgs(
            user=user.name,
            user_secret=secret,
            old_user_secret=None if args.existing_user is not None else _old_secret(user),
            identity=identity,
            **inherited(RotationArgs, args),
        )
        key = minio.AccessKey(name, key_args, ResourceOptions(parent=self))
        credentials = palette.StaticCredentials(
            access_key=key.access_key_id, secret_key=key.secret_access_key
        )
        return credentials, [key.retiring]


def _old_secret(user: minio.User) -> Output[Any]:
    """The secret before the one in force. Of a user without one, a preview knows that, too."""
    return rotations(user).apply(lambda count: user.old_secret_key if count else None)


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
    """Whose credentials to use. An existing bucket with an existing user needs no administrator."""
    if args.identity is not None:
        return args.identity
    user, secret, url = args.existing_user, args.secret_key, args.url
    if args.existing_bucket is None or user is None or secret is None or url is None:
        return None
    return minio.Identity(
        url=url, user=user, password=secret, region=args.region, ca_cert=args.ca_cert
    )
