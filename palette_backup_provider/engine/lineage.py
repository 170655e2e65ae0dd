"""The id of a state, which tells it from another state of the same name.

The first of our resources in a program declares one `Lineage`, before anything remote is made, and
all of them carry its id in their marks. State keeps it: it survives renames, exports and a move to
another backend, and is new where state was lost.
"""

from secrets import token_hex
from typing import Annotated, Self

from pulumi import Output, ResourceOptions, dynamic
from pulumi.runtime import get_root_resource

from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.registration import aliases_of, is_native, register

NAME = "palette-backup"
DIGITS = 8
"""Random hex digits after the day: states of one name are few."""


class LineageState(Owned):
    state_id: Annotated[str, Computed()] = ""
    """The day the state was begun, and eight hex digits, such as `202611281a2b3c4d`."""


class NoClient:
    """A lineage calls no API."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


class LineageHandler(Handler[NoClient, LineageState]):
    realm = "state"

    def whoami(self) -> str:
        return ""

    def create(self, want: LineageState) -> Created[LineageState]:
        state_id = f"{self.run.now():%Y%m%d}{token_hex(DIGITS // 2)}"
        return Created(state_id, want.model_copy(update={"state_id": state_id}))

    def read(self, id: str, have: LineageState) -> LineageState:
        return have

    def update(self, id: str, have: LineageState, want: LineageState) -> LineageState:
        return want.model_copy(update={"incarnation": have.incarnation})  # nothing bears its mark

    def delete(self, id: str, have: LineageState) -> None:
        """Nothing remote is there to delete."""


class Lineage(dynamic.Resource, module="palette", name="Lineage"):
    """The id of this state. Programs declare none: the first resource does."""

    token = "palette:Lineage"
    handler = LineageHandler
    state_id: Output[str]

    def __init__(self) -> None:
        if is_native():
            register(self, self.token, LineageState, NAME, {"state_id": None}, None)
        else:
            opts = ResourceOptions(aliases=aliases_of(self.token))
            provider = DynamicProvider(self.token, self.handler)
            super().__init__(provider, NAME, {"state_id": None}, opts)


def lineage() -> Output[str]:
    """The id of the running program's state; unknown in the first preview."""
    program = get_root_resource()
    if program is None:  # nobody runs it
        return Output.from_input("")
    attributes = vars(program)
    if NAME not in attributes:
        # it knows its program, so a table of ours would keep both for ever
        attributes[NAME] = Lineage()
    declared: Lineage = attributes[NAME]
    return declared.state_id
