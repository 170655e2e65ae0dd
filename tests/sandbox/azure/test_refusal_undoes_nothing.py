"""What is refused for what somebody else made beside it is refused before anything is undone."""

from collections.abc import Callable

from tests.sandbox.azure.components import AZURE
from tests.sandbox.azure.inspector import ACCOUNT
from tests.sandbox.component import Component
from tests.sandbox.standing import Standing, standing

__all__ = ["standing"]


def test_for_what_somebody_else_made_beside_it(
    standing: Callable[[Component], Standing],
) -> None:
    one = standing(AZURE)
    one.up(one.rotated)
    eyes = one.other.inspector(AZURE)
    (group,), (account,) = eyes.groups(), eyes.accounts()
    beside = eyes.operator.storage.blob_containers
    beside.create(group, account, "somebody-elses", {})
    one.begin()
    one.refuses(one.engine.destroy, account, "somebody-elses", "nothing was changed")
    beside.delete(group, account, "somebody-elses")

    other = f"{account[:15]}other"
    eyes.operator.storage.storage_accounts.begin_create(group, other, ACCOUNT).result()
    one.begin()
    one.refuses(one.engine.destroy, group, other, "nothing was changed")
    eyes.operator.storage.storage_accounts.delete(group, other)
    one.engine.destroy()
    one.gone()
