"""What a backup location is made of: its calls, its registration, and its credential."""
