"""What tests ask of each resource type of Palette."""

from tests.sandbox.resource_types import Types

TYPES = Types(
    nothing_remote=frozenset({"palette:Lineage"}),
    other_ids={
        "palette:BackupLocation": lambda thing: [
            thing.outputs["name"],
            f"Default/{thing.id}",
            f"Default/{thing.outputs['name']}",
        ]
    },
)
