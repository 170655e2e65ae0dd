"""`pulumi-resource-palette-backup`: the plugin, which serves programs in every language.

The engine starts it with its own address, and reads the port from the first line of output.
"""

import gc

from palette_backup_provider.engine.watch import engine_address

BY_HAND = (
    "pulumi-resource-palette-backup is a plugin: Pulumi starts it. In a folder with a program, run "
    "`pulumi package add` with the path of this command."
)


def main() -> None:
    """The console script."""
    engine = engine_address()
    if engine is None:
        raise SystemExit(BY_HAND)
    gc.disable()  # what imports make stays, and searching it takes a sixth of the start
    from palette_backup_provider.plugin.process import run

    gc.freeze()
    gc.enable()
    run(engine)
