"""A backup location on AWS without a key: Palette and the clusters assume a role."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.clients.aws.regions import partition
from palette_backup_provider.components import aws_storage
from palette_backup_provider.components.aws_storage import AwsStorageArgs
from palette_backup_provider.components.component import Component
from palette_backup_provider.components.inits import AwsStsBackupLocationInit
from palette_backup_provider.components.location import called, follows, of_made
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.function import checked
from palette_backup_provider.resources import aws, palette


@documented
@dataclass(kw_only=True)
class AwsStsBackupLocationArgs(AwsStorageArgs):
    """All optional but the region.

    Args:
        role_name: The name of the role to make. Default: the logical name and ten hex digits.
        existing_role: The name of a role of yours, not of the one made here; used as it is. It must
            trust what `trust_policy` says and be allowed what `policy_document` says.
        principals: Who runs clusters in other accounts, or with roles of their own: account
            numbers or ARNs of roles or users, which may assume the role too; never `*`. Default:
            none.
        oidc_providers: ARNs of the OIDC providers of EKS clusters, whose Velero may assume the
            role (from Palette 4.9.14 on). Default: none.
        max_session_hours: How long a session may last, 1 to 12. Default: 12.
    """

    role_name: Input[str] | None = of_made(existing_role="a role")
    existing_role: Input[str] | None = None
    principals: Input[Sequence[Input[str]]] | None = None
    oidc_providers: Input[Sequence[Input[str]]] | None = None
    max_session_hours: Input[int] | None = of_made(existing_role="a role")


class AwsStsBackupLocation(AwsStsBackupLocationInit, Component[AwsStsBackupLocationArgs]):
    """A backup location on AWS with a role, and everything it needs; no key in state or Palette.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `s3`.
        bucket_name: The bucket that holds the backups.
        policy_document: What the role may do.
        policy_arn: The policy that says so; None with `existing_role`.
        trust_policy: Who may assume the role.
        role_arn: The role.
        bucket_policy_statements: What to add to the policy of an existing bucket in another
            account.
        key_policy_statements: What to add to the policy of a KMS key in another account.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    bucket_name: Output[str]
    policy_document: Output[dict[str, Any]]
    policy_arn: Output[str | None]
    trust_policy: Output[dict[str, Any]]
    role_arn: Output[str]
    bucket_policy_statements: Output[list[dict[str, Any]]]
    key_policy_statements: Output[list[dict[str, Any]]]

    def _make(self, name: str, args: AwsStsBackupLocationArgs, child: ResourceOptions) -> None:
        within = Output.from_input(args.region).apply(lambda region: partition(region or ""))
        bucket = aws_storage.bucket(name, args, child)
        account = palette.AwsStsAccount(name, palette.AwsStsAccountArgs(partition=within), child)
        self.policy_document = aws_storage.policy_document(name, args, bucket, self)
        given = Output.all(
            partition=within,
            principals=args.principals or [],
            oidc_providers=args.oidc_providers or [],
        )
        self.trust_policy = follows(
            lambda account, id, values: checked(aws.trust_policy, name)(account, id, **values),
            account.account_id,
            account.external_id,
            given,
        )
        role, policy = self._role(name, args, child)
        credentials = palette.StsCredentials(role_arn=role.arn, external_id=account.external_id)
        storage = aws_storage.storage(args, bucket, credentials)
        self._register(name, args, storage, storage_made=[bucket])
        self.bucket_name, self.role_arn = bucket.name, role.arn
        self.policy_arn = policy.arn if policy else Output.from_input(None)
        self.bucket_policy_statements = follows(
            aws.bucket_policy_for, role.arn, bucket.name, within
        )
        self.key_policy_statements = follows(aws.key_policy_for, role.arn)

    def _role(
        self, name: str, args: AwsStsBackupLocationArgs, opts: ResourceOptions
    ) -> tuple[aws.Role, aws.Policy | None]:
        if args.existing_role is not None:
            existing = aws.RoleArgs(
                existing=True,
                name=args.existing_role,
                trust_policy=self.trust_policy,
                identity=args.identity,
            )
            note = called(args, "role")
            return aws.Role(name, existing, opts, noted=note), None
        policy = aws_storage.policy(name, args, self.policy_document, opts)
        role = aws.RoleArgs(
            name=args.role_name,
            trust_policy=self.trust_policy,
            max_session_hours=args.max_session_hours,
            permissions_boundary=args.permissions_boundary,
            policies=[policy.arn],
            identity=args.identity,
        )
        return aws.Role(name, role, opts, noted=called(args, "role")), policy
