"""Inputs on Google Cloud that are refused in preview."""

from tests.sandbox.refused_inputs import RefusedInputs

REFUSED = RefusedInputs(
    nowhere=(
        (
            'GcpBackupLocation("n", GcpBackupLocationArgs(location="europe-wst1"))',
            ["location: 'europe-wst1' is no location of Cloud Storage. Did you mean europe-west1?"],
        ),
    ),
    spellings=(
        'gcp.Bucket("n", gcp.BucketArgs(location="EUROPE-WEST1"))\n',
        'gcp.Bucket("n", gcp.BucketArgs(location="europe-west1"))\n',
    ),
)
