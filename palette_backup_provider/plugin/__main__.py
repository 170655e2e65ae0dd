"""`python -m palette_backup_provider.plugin` is `pulumi-resource-palette-backup`."""

from palette_backup_provider.plugin import main

main()
