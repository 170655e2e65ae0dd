"""Many locations from one inventory: projects and their locations on any cloud, in a YAML file.

`declare("fleet.yaml")` is a whole program. `palette-backup fleet check` judges the file without a
network, and `palette-backup fleet schema` prints its JSON schema for editors.
"""

from palette_backup_provider.fleet.document import BadInventory
from palette_backup_provider.fleet.program import declare

__all__ = ["BadInventory", "declare"]
