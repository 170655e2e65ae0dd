"""What `pulumi package add <this folder>` runs, once it has installed `requirements.txt`."""

from palette_backup_provider.plugin import main

main()
