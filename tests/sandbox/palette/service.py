"""How Palette is reached.

With `--live=palette` each test makes locations in that project, and removes them. It was never run
on an account.
"""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("PALETTE_HOST", "PALETTE_API_KEY", "PALETTE_PROJECT"),
    variables="PALETTE_(HOST|API_KEY|PROJECT|CA_CERT|INSECURE)",
    elsewhere={"PALETTE_HOST": "https://cloud.example.com", "PALETTE_CA_CERT": None},
    planted={"PALETTE_API_KEY": "planted-api-key", "SPECTROCLOUD_HOST": "api.spectrocloud.com"},
    planted_files={},
    package="",
)
