"""Inputs on MinIO that are refused in preview."""

from tests.sandbox.refused_inputs import RefusedInputs

REFUSED = RefusedInputs(
    meaningless=(
        ('minio.access_policy("*")', ["access_policy: bucket: '*' is not allowed: *, ? and"]),
    ),
)
