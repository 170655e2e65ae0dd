"""What an operator needs on Google Cloud, as `gcloud iam roles create` takes it."""

from palette_backup_provider.clients.gcp.permissions import STATEMENTS

FILE = "gcp.yaml"


def document() -> str:
    """The role."""
    (seldom,) = (one for one in STATEMENTS if one.only_for)
    return "\n".join(
        [
            "title: Palette backup locations",
            f"description: What GcpBackupLocation takes; the last {len(seldom.actions)} are for "
            f"{seldom.only_for} alone.",
            "stage: GA",
            "includedPermissions:",
            *(f"- {action}" for one in STATEMENTS for action in one.actions),
            "",
        ]
    )
