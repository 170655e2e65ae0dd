"""Pictures for the documentation, made by programs."""
