"""What makes programs on Google Cloud fast, done once, before they fork."""

IMPORTED = ("google.auth.transport.requests", "google.oauth2.service_account")


def hurry() -> None:
    """All that takes long is imported."""
