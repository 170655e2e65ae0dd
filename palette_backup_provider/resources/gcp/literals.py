"""The inputs that become part of a binding or a name. Each names one thing on Google Cloud."""

from typing import Annotated

from palette_backup_provider.core.literal import LITERAL
from palette_backup_provider.core.model import matches

PROJECT = r"[a-z0-9][a-z0-9.:-]*"
"""Of a project or an organisation, by its id or its number."""
ROLE_NAME = rf"((projects|organizations)/{PROJECT}/)?roles/[\w.]+"
ADDRESS = r"[\w.+'-]+@[A-Za-z0-9.-]+"
POOL = rf"//iam\.googleapis\.com/projects/{PROJECT}/locations/global/workloadIdentityPools/[\w.-]+"

AnyBucketName = Annotated[
    str, LITERAL, matches("[a-z0-9._-]{1,222}", "the name of one bucket is needed")
]
"""The name of any bucket. Names that are domains have dots, and may be long."""
RoleName = Annotated[
    str,
    LITERAL,
    matches(ROLE_NAME, "a role such as roles/storage.objectAdmin or projects/P/roles/R"),
]
Member = Annotated[
    str,
    LITERAL,
    matches(
        rf"(serviceAccount|user|group):{ADDRESS}"
        rf"|serviceAccount:{PROJECT}\.svc\.id\.goog\[[a-z0-9-]+/[a-z0-9.-]+\]"
        rf"|principal:{POOL}/subject/[\w.:@/+=-]+",
        "a member such as serviceAccount:EMAIL, one account, user or group; what holds backups is "
        "open to nobody else, to no domain and no principalSet",
    ),
]
KmsKeyName = Annotated[
    str,
    LITERAL,
    matches(
        rf"projects/{PROJECT}/locations/[a-z0-9-]+/keyRings/[\w-]+/cryptoKeys/[\w-]+",
        "the whole name of a Cloud KMS key is needed: "
        "projects/P/locations/L/keyRings/R/cryptoKeys/K, without a version",
    ),
]
