"""What a storage account is made of: its settings, and what is in it."""
