"""Users, keys, and what policies allow them. MinIO tells upper from lower case in actions."""

from palette_backup_provider.review.policies.rules import attached, documents
from palette_backup_provider.review.policies.statements import Dialect
from palette_backup_provider.review.rules import Rules

DIALECT = Dialect(fold=False)
RULES = {
    "minio:AccessKey": Rules(credential="access key"),
    "minio:Policy": documents("document", dialect=DIALECT),
    "minio:User": attached("policies"),
    "minio:index:Accesskey": Rules(credential="access key"),
    "minio:index:IamGroupPolicy": documents("policy", dialect=DIALECT),
    "minio:index:IamGroupPolicyAttachment": attached("policyName"),
    "minio:index:IamPolicy": documents("policy", dialect=DIALECT),
    "minio:index:IamServiceAccount": documents("policy", dialect=DIALECT),
    "minio:index:IamUserPolicyAttachment": attached("policyName"),
}
