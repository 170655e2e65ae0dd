"""Inputs on AWS that are refused in preview."""

from tests.sandbox.refused_inputs import RefusedInputs

COMPONENT = 'AwsBackupLocation("nightly", AwsBackupLocationArgs({}))'
STS = 'AwsStsBackupLocation("nightly", AwsStsBackupLocationArgs(region="eu-west-1", {}))'

REFUSED = RefusedInputs(
    broken=(
        ('aws.User("nightly", aws.UserArgs(name="u" * 65))', ["name: 'uuu", "1 to 64 letters"]),
        (
            COMPONENT.format('region="cn-north-1"'),
            ["region: 'cn-north-1' is in the partition aws-cn; Palette knows only aws, "],
        ),
        (COMPONENT.format('region=config.get("region")'), ["region: is required"]),
        (
            COMPONENT.format('region="eu-west-1", snapshots="maybe"'),
            ["nightly: snapshots: must be true or false"],
        ),
    ),
    nowhere=(
        (
            COMPONENT.format('region="eu-wst-1"'),
            ["region: 'eu-wst-1' is no AWS region. Did you mean eu-west-1?"],
        ),
        (
            COMPONENT.format('region="eu-west-9"'),
            ["region: 'eu-west-9' is no AWS region that the installed botocore knows, and S3 does"],
        ),
    ),
    meaningless=(
        (STS.format('principals=["*"]'), ["nightly: principals.0: '*' is not allowed: *, ? and"]),
        (
            STS.format("snapshots=True, snapshot_tags={}"),
            ["nightly: snapshot_tags: names no tag, and would allow"],
        ),
        (
            STS.format('snapshot_tags={"team": "x"}'),
            ["nightly: snapshot_tags: needs snapshots=True, which it narrows"],
        ),
        ('aws.access_policy("b*")', ["access_policy: bucket: 'b*' is not allowed: *, ? and"]),
        (
            COMPONENT.format('region="eu-west-1", existing_bucket="b", versioning=True'),
            [
                "nightly: versioning: needs a bucket made here, and existing_bucket names an "
                "existing one."
            ],
        ),
    ),
)
