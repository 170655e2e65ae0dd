"""What a cloud says once about each of its components, for all tests that ask every component."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import palette_backup_provider
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.palette.inspector import Palette

EVERY_OUTPUT = {"uid": "location_uid", "name": "location_name", "type": "location_type"}
TEAM = '{"team": config.get("team") or "storage"}'
"""Tags in a program, as `team` of the stack's config says."""
Counts = Counter[str]
Location = dict[str, Any]
"""A location as Palette stores it, secrets in clear."""


@dataclass(frozen=True)
class Credential:
    """The credential of a component that rotates."""

    token: str
    """Of the resource that makes it."""
    id: Callable[[Location], str]
    """What tells the credential that a location holds from others."""
    use: Callable[[Any, Location], None]
    """Do with what a location holds what Velero does. The first argument is the inspector."""
    refusal: type[Exception]
    """What the cloud's own client raises for one that the cloud does not know."""


@dataclass(frozen=True)
class Clock:
    """The clock that a client signs with."""

    function: str
    """Where the client takes the time from."""
    zone: tzinfo | None
    """The zone that the client expects of it."""
    too_slow: int
    """Minutes by which the cloud refuses a clock that is slow."""


@dataclass(frozen=True, eq=False)
class Component:
    """A component, the changes that its location goes through, and how to look at what it made.

    Functions get the inspector of its cloud first. No field has a default, so that no cloud forgets
    one.
    """

    name: str
    cloud: str
    """The service that it lives on, and the fixture that sees it."""
    inspector: Callable[..., Any]
    """Makes the inspector of that service from settings, and of how names begin on a real one."""
    live: tuple[tuple[str, ...], ...]
    """The sets of services that have to be real together, where any of them is."""
    kind: str
    """What Palette calls its storage."""
    must: str
    """The arguments that it cannot do without."""
    configured: str
    """Its arguments in `program`, which take `team` and other words of the config."""
    outputs: Mapping[str, str]
    """What `program` exports besides the outputs of every component: names, and the outputs."""
    prove: Callable[[Any, Location], None]
    """Asserts that the credential of a location does what Velero needs and nothing else."""
    waits: str
    """What is printed while the cloud does not know the credential yet; empty without a wait."""
    made: str
    """Its arguments at first."""
    updated: str
    """Arguments that change as many resources in place as can be."""
    replaced: str
    """Arguments that replace as many resources as can be."""
    elsewhere: str
    """Arguments with which the backups would be kept elsewhere."""
    count: Callable[[Any], Counts]
    """Counts what is in its cloud, by kind."""
    key_ids: Callable[[Any], set[str]]
    """The ids of the credentials that are in its cloud."""
    may_stay: Counts
    """What a death may leave until `destroy`, as it cannot be told from what is in use; a
    credential is named then."""
    keeps: tuple[str, ...]
    """What is kept where `replace_with_data` says so, as people are told of it."""
    kept: Counts
    """What is left of it in its cloud then."""
    end_key: Callable[[Any, str], None] | None
    """Deletes a credential by its id, on a cloud where one that state does not know keeps its owner
    from being deleted."""
    credential: Credential | None
    """None where it rotates no credential."""
    change: Callable[[Any], None]
    """Changes what it made by hand, in as many ways as can be put back."""
    changed: frozenset[str]
    """The types of what `change` changes."""
    clock: Clock | None
    """None where nothing is signed with the time before anything is made."""
    back_up: Callable[[Any, Location], None]
    """Leaves a backup where its location keeps them, and begins another if that leaves a trace."""

    @property
    def program(self) -> str:
        """A program that makes one and exports what it tells."""
        made = f'nightly = {self.name}(own + "nightly", {self.name}Args({self.configured}))\n'
        outputs = {**EVERY_OUTPUT, **self.outputs}
        exports = (
            f'pulumi.export("{name}", nightly.{output})\n' for name, output in outputs.items()
        )
        return "".join([made, *exports])

    def minimal(self, *more: str, name: str = "nightly") -> str:
        """A call that makes one with no more than it needs, and `more` arguments."""
        return self.call(", ".join(filter(None, (self.must, *more))), name)

    def call(self, arguments: str, name: str = "nightly") -> str:
        """A call that makes one of these arguments."""
        given = ", ".join(filter(None, (f'"{name}"', arguments)))
        return f"{self.name}({given})\n"

    @property
    def must_in_yaml(self) -> str:
        """The arguments that it cannot do without, as properties of a program in YAML."""
        return self.must.replace("=", ": ")

    @property
    def rotates(self) -> bool:
        """Whether it has a credential that it rotates."""
        return hasattr(getattr(palette_backup_provider, f"{self.name}Args"), "rotation")

    @property
    def rotated(self) -> str:
        """The first arguments, and a new credential."""
        return f'{self.made}, rotation="2"'

    def program_with(self, arguments: str, options: str = "") -> str:
        """A program that may delete backups, too."""
        given = f", pulumi.ResourceOptions({options})" if options else ""
        return f'{self.name}("nightly", {self.name}Args({arguments}, force_destroy=True){given})'

    def works(self, palette: Palette, inspector: Any) -> None:
        """Palette holds one location, whose credential does what Velero needs and nothing else."""
        (location,) = palette.locations()
        self.prove(inspector, location)

    def there(self, sandbox: Sandbox) -> Counts:
        """What is in its cloud, by kind; nothing of a kind is left out."""
        return +self.count(self.inspector(sandbox.env))

    def keys_in_the_way(self, sandbox: Sandbox) -> set[str]:
        """The credentials there are, if they keep their owner from being deleted."""
        return self.keys(sandbox) if self.end_key else set()

    def end(self, sandbox: Sandbox, keys: Iterable[str]) -> None:
        """Delete such credentials."""
        for key in keys:
            assert self.end_key
            self.end_key(self.inspector(sandbox.env), key)

    def keys(self, sandbox: Sandbox) -> set[str]:
        """The ids of the credentials that are in its cloud."""
        return self.key_ids(self.inspector(sandbox.env))


def config_of(location: Location) -> dict[str, Any]:
    """Storage and credential of a location."""
    found: dict[str, Any] = location["body"]["spec"]["config"]
    return found


def access_key(location: Location) -> tuple[str, str]:
    """Id and secret of the key of a location that speaks S3."""
    keys = config_of(location)["credentials"]
    return keys["accessKey"], keys["secretKey"]


def leave_backups(s3: Any) -> None:
    """A backup in the only bucket there is, and the beginning of another."""
    (found,) = s3.list_buckets()["Buckets"]
    s3.put_object(Bucket=found["Name"], Key="backups/one", Body=b"data")
    s3.create_multipart_upload(Bucket=found["Name"], Key="backups/two")
