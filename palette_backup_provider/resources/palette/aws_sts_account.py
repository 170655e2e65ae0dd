"""Palette's own AWS account, and the external id it shows when it assumes a role of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pulumi import Input, Output

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Derived, Kept, Owned, Replaces
from palette_backup_provider.engine.resource import Resource


@dataclass(kw_only=True)
class AwsStsAccountArgs:
    """Read once, when it is first seen, and kept in state: roles trust exactly these two values.

    Args:
        partition: `aws` or `aws-us-gov`. Default: `aws`. A change reads them anew.
    """

    partition: Input[str] | None = None


class State(Owned):
    partition: Annotated[Literal["aws", "aws-us-gov"], Replaces()] = "aws"
    account_id: Annotated[str, Derived(), Kept()] = ""
    external_id: Annotated[str, Derived(), Kept()] = ""


class AwsStsAccountHandler(Handler[PaletteClient, State]):
    realm = "Palette tenant"

    def whoami(self) -> str:
        return self.client.tenant()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "account_id": lambda: self.client.sts_account(want.partition)[0],
            "external_id": lambda: self.client.sts_account(want.partition)[1],
        }

    def create(self, want: State) -> Created[State]:
        return Created(want.account_id, want.born())

    def read(self, id: str, have: State) -> State:
        """What was read once stays: whether Palette makes a new external id for each call is not
        documented, and roles trust the one on record."""
        if have.made_under:
            return have
        account, external = self.client.sts_account(have.partition)
        if account != id:
            raise NotFound(f"Palette's AWS account is {account}, not {id}.")
        return have.model_copy(update={"account_id": account, "external_id": external})

    def update(self, id: str, have: State, want: State) -> State:
        return want

    def delete(self, id: str, have: State) -> None:
        """Nothing of ours is there to delete."""


class AwsStsAccount(Resource[AwsStsAccountArgs], handler=AwsStsAccountHandler):
    """Palette's AWS account and external id; its id is the account id."""

    partition: Output[str]
    account_id: Output[str]
    external_id: Output[str]
