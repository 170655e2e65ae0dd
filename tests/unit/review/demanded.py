"""What each policy refuses, and what all of them pass."""

from palette_backup_provider.review.demands import Resource

OURS = "pulumi-python:dynamic/"
BUCKET = f"{OURS}aws:Bucket"
TAGS = {"tags": {"team": "storage"}}
KEPT = {"name": "b", "versioning": True, **TAGS}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SOMETHING = {"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b"}]}
STORAGE = {"kind": "s3", "bucket": "b"}
LOCATION = {"name": "l", "project": "Default", "storage": STORAGE}

REFUSED = {
    "no-force-destroy": [Resource(BUCKET, "b", {**KEPT, "force_destroy": True})],
    "versioned-or-locked": [Resource(BUCKET, "b", {"name": "b", **TAGS})],
    "rotates-within": [Resource(f"{OURS}aws:AccessKey", "k", {"user": "u"})],
    "no-grant-on-everything": [Resource(f"{OURS}aws:Policy", "p", {"document": EVERYTHING})],
    "required-tags": [Resource(BUCKET, "b", {"name": "b", "versioning": True})],
    "probe-and-validate-stay-on": [
        Resource(f"{OURS}palette:BackupLocation", "l", {**LOCATION, "probe": False})
    ],
    "one-default-per-scope": [
        Resource(f"{OURS}palette:BackupLocation", name, {**LOCATION, "is_default": True})
        for name in ("one", "two")
    ],
}
"""One policy each. None of these is refused by another policy."""
PASSED = [
    Resource(BUCKET, "b", KEPT),
    Resource(BUCKET, "theirs", {"name": "b", "existing": True, "force_destroy": False}),
    Resource(f"{OURS}aws:AccessKey", "k", {"user": "u", "rotate_after": 90}),
    Resource(f"{OURS}aws:Policy", "p", {"document": SOMETHING}),
    Resource(f"{OURS}palette:BackupLocation", "l", {**LOCATION, "is_default": True}),
    Resource(
        f"{OURS}palette:BackupLocation",
        "other",
        {**LOCATION, "is_default": True, "project": "Another"},
    ),
    Resource(f"{OURS}palette:BackupLocation", "third", {**LOCATION, "palette_validate": True}),
]
