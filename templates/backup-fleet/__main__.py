"""Every backup location of the inventory."""

import pulumi

from palette_backup_provider import fleet

locations = fleet.declare("fleet.yaml")
pulumi.export("location_uids", {name: one.location_uid for name, one in locations.items()})
