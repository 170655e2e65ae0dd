"""What makes programs on Azure fast, done once, before they fork."""

IMPORTED = ("azure.identity",)


def hurry() -> None:
    """All that takes long is imported."""
