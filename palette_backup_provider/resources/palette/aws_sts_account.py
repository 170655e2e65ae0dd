"""Palette's own AWS account, and the external id it shows when it assumes a role of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pulumi import Input, Output

from palette_backup_provider.clients.palette.aws_sts_account import sts_account
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import Derived, Replaces, Sticky
from palette_backup_provider.core.model import Owned
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.palette.inits import AwsStsAccountInit


@dataclass(kw_only=True)
class AwsStsAccountArgs:
    """Read once, when it is first seen, and kept in state: roles trust exactly these two values.

    Args:
        partition: `aws` or `aws-us-gov`. Default: `aws`. A change reads them anew.
    """

    partition: Input[str] | None = None


Partition = Literal["aws", "aws-us-gov"]


class AwsStsAccountState(Owned):
    partition: Annotated[Partition, Replaces()] = "aws"
    account_id: Annotated[str, Derived(), Sticky()] = ""
    """Palette's AWS account, which assumes the role."""
    external_id: Annotated[str, Derived(), Sticky()] = ""
    """The external id that Palette names when it assumes the role."""


class AwsStsAccountHandler(Handler[PaletteClient, AwsStsAccountState]):
    realm = "Palette tenant"

    def whoami(self) -> str:
        return self.client.tenant()

    def derive(self, want: AwsStsAccountState) -> Mapping[str, Callable[[], Any]]:
        return {
            "account_id": lambda: sts_account(self.client, want.partition)[0],
            "external_id": lambda: sts_account(self.client, want.partition)[1],
        }

    def create(self, want: AwsStsAccountState) -> Created[AwsStsAccountState]:
        return Created(want.account_id, want.with_new_incarnation())

    def read(self, id: str, have: AwsStsAccountState) -> AwsStsAccountState:
        """What was read once stays. Whether Palette makes a new external id for each call is not
        documented, and roles trust the id on record."""
        if have.made_under:
            return have
        account, external = sts_account(self.client, have.partition)
        if account != id:
            raise NotFound(f"Palette's AWS account is {account}, not {id}. Set that.")
        return have.model_copy(update={"account_id": account, "external_id": external})

    def locate(self, id: str) -> Created[AwsStsAccountState]:
        for partition in get_args(Partition):
            account, external = sts_account(self.client, partition)
            if account == id:
                state = AwsStsAccountState(
                    partition=partition, account_id=account, external_id=external
                )
                return Created(id, state)
        raise NotFound(f"Palette has no AWS account {id}. Check the id, and palette:host.")

    def update(
        self, id: str, have: AwsStsAccountState, want: AwsStsAccountState
    ) -> AwsStsAccountState:
        return want

    def delete(self, id: str, have: AwsStsAccountState) -> None:
        """Nothing of ours is there to delete."""


class AwsStsAccount(AwsStsAccountInit, Resource[AwsStsAccountArgs], handler=AwsStsAccountHandler):
    """Palette's AWS account and external id; its id is the account id."""

    partition: Output[str]
    account_id: Output[str]
    external_id: Output[str]
