"""What keeps a `pulumi up` from working, found without changing anything."""
