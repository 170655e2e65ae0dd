"""What the picture of the sandbox's page shows on Google Cloud."""

from base64 import b64decode

from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
from tests.unit.sandbox.visitor import LOCATIONS, Visitor, body


def furnish(visitor: Visitor) -> None:
    """A location that nobody has validated."""
    gcp = visitor.sandbox.service(Gcp)
    email = gcp.iam.create_account(PROJECT, {"accountId": "archive-velero"})["email"]
    key = gcp.iam.create_key(email, "")
    gcp.storage.insert(PROJECT, {"name": "velero-archive-5b3f"}, "")
    wanted = body("archive", "gcp")
    credentials = {"jsonCredentials": b64decode(key["privateKeyData"]).decode()}
    wanted["spec"]["config"] |= {"bucketName": "velero-archive-5b3f", "credentials": credentials}
    visitor.palette("POST", f"{LOCATIONS}/gcp", wanted)
