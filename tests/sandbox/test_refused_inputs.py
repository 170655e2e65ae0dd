"""Inputs that break a rule are refused in preview, by the path of the property at fault."""

import pytest

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.conftest import Control
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack

COMPONENT = 'AwsBackupLocation("nightly", AwsBackupLocationArgs({}))'
STORAGE = """\
palette.BackupLocation("nightly", palette.BackupLocationArgs(storage=palette.S3(
    bucket="there", region="eu-west-1", {},
    credentials=palette.StaticCredentials(access_key="AKIAEXAMPLE", secret_key="{}"))))
"""
SECRET_KEY = "never-to-be-printed"


def test_bucket_names(stack: Stack, control: Control, aws: AwsInspector) -> None:
    stack.program(COMPONENT.format('region="eu-west-1", bucket_name=config.require("name")'))
    for name, rule in {
        "Bad_Name": "lower-case letters, digits and hyphens",
        "a..b": "a dot in a bucket's name",
        "ab": "3 to 63 characters",
        "a" * 64: "3 to 63 characters",
        "xn--x": "AWS reserves bucket names that begin with xn--",
        "192.168.0.1": "no IP address",
    }.items():
        refused = stack.preview("--config", f"lifecycle:name={name}", ok=False)
        assert told(refused, f"name: '{name}' is not allowed: ", rule).count("\n") == 0
    assert aws.nothing_left()
    assert control.get("calls")["palette"] == {}


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ('aws.User("nightly", aws.UserArgs(name="u" * 65))', ["name: 'uuu", "1 to 64 letters"]),
        (
            COMPONENT.format('region="cn-north-1"'),
            ["region: 'cn-north-1' is in the partition aws-cn; Palette knows only aws, "],
        ),
        (COMPONENT.format('region=config.get("region")'), ["region: is required"]),
        (
            COMPONENT.format('region="eu-west-1", snapshots="maybe"'),
            ["nightly: snapshots: must be a valid boolean"],
        ),
        (
            STORAGE.format('url="https://s3.example.com/x", ca_cert="not PEM"', SECRET_KEY),
            [
                "storage.url: 'https://s3.example.com/x' is not an endpoint: expected scheme and "
                "host, such as https://s3.example.com:9000, without a path",
                "storage.ca_cert: is not a PEM certificate: expected -----BEGIN CERTIFICATE-----",
            ],
        ),
        (
            STORAGE.format('url="s3.example.com"', SECRET_KEY),
            ["storage.url: 's3.example.com' is not an endpoint: expected scheme and host"],
        ),
        (STORAGE.format('kind="ftp"', SECRET_KEY), ["storage: must be '"]),
    ],
)
@pytest.mark.sampled
def test_inputs(
    stack: Stack, control: Control, aws: AwsInspector, program: str, says: list[str]
) -> None:
    stack.program(program)
    text = told(stack.preview(ok=False), *says)
    assert len(text.splitlines()) == len([part for part in says if ": " in part])
    assert SECRET_KEY not in stack.transcript[-1]
    assert aws.nothing_left() and not control.locations()


def test_a_misspelt_argument_is_told_at_its_line_of_the_program(stack: Stack) -> None:
    stack.program(f'AwsBackupLocation("nightly", regoin="{SECRET_KEY}")')
    refused = stack.preview(ok=False)
    says = "nightly: regoin: is no argument of AwsBackupLocation. Did you mean region?"
    assert f"{says} (__main__.py, line 7)" in refused.errors
    assert SECRET_KEY not in refused.text


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (
            COMPONENT.format('region="eu-wst-1"'),
            "region: 'eu-wst-1' is no AWS region. Did you mean eu-west-1?",
        ),
        (
            COMPONENT.format('region="eu-west-9"'),
            "region: 'eu-west-9' is no AWS region that the installed botocore knows, and S3 does",
        ),
        (
            'GcpBackupLocation("n", GcpBackupLocationArgs(location="europe-wst1"))',
            "location: 'europe-wst1' is no location of Cloud Storage. Did you mean europe-west1?",
        ),
        (
            'AzureBackupLocation("n", AzureBackupLocationArgs(location="westeuropa"))',
            "can use. Did you mean westeurope? `az account list-locations` lists all.",
        ),
    ],
)
@pytest.mark.sampled
def test_places_that_do_not_exist(stack: Stack, control: Control, program: str, says: str) -> None:
    stack.program(program)
    refused = stack.preview(ok=False)
    assert says in refused.errors and "Traceback" not in refused.text
    assert not control.locations()


def test_a_place_that_may_be_new_is_judged_by_the_cloud(stack: Stack) -> None:
    stack.program('gcp.Bucket("n", gcp.BucketArgs(location="europe-west99"))')
    stack.preview()
    told(stack.up(ok=False), "The specified location constraint is not valid")


def test_spellings_that_the_cloud_takes_are_no_difference(stack: Stack) -> None:
    stack.program(
        """\
        gcp.Bucket("n", gcp.BucketArgs(location="EUROPE-WEST1"))
        azure.ResourceGroup("n", azure.ResourceGroupArgs(location="West Europe"))
        """
    )
    stack.up()
    stack.unchanged()
    stack.program(
        """\
        gcp.Bucket("n", gcp.BucketArgs(location="europe-west1"))
        azure.ResourceGroup("n", azure.ResourceGroupArgs(location="westeurope"))
        """
    )
    stack.unchanged()
    stack.destroy()


def test_tags_by_which_clusters_own_volumes_are_warned_of(stack: Stack) -> None:
    tags = 'snapshots=True, snapshot_tags={"kubernetes.io/cluster/prod": "owned", "team": "x"}'
    stack.program(COMPONENT.format(f'region="eu-west-1", {tags}'))
    says = "warning: snapshot_tags: kubernetes.io/cluster/prod: where Velero runs with AWS_CLUSTER_"
    assert says in stack.preview().text
    tags = 'snapshots=True, snapshot_tags={"team": "x"}'
    stack.program(COMPONENT.format(f'region="eu-west-1", {tags}'))
    assert "warning" not in stack.preview().text


STS = 'AwsStsBackupLocation("nightly", AwsStsBackupLocationArgs(region="eu-west-1", {}))'


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (STS.format('principals=["*"]'), "nightly: principals.0: '*' is not allowed: *, ? and"),
        (
            STS.format("snapshots=True, snapshot_tags={}"),
            "nightly: snapshot_tags: names no tag, and would allow",
        ),
        (
            STS.format('snapshot_tags={"team": "x"}'),
            "nightly: snapshot_tags: needs snapshots=True, which it narrows",
        ),
        ('aws.access_policy("b*")', "access_policy: bucket: 'b*' is not allowed: *, ? and"),
        ('minio.access_policy("*")', "access_policy: bucket: '*' is not allowed: *, ? and"),
        (
            COMPONENT.format('region="eu-west-1", existing_bucket="b", versioning=True'),
            "nightly: versioning: needs a bucket made here, and existing_bucket names an existing "
            "one.",
        ),
    ],
)
@pytest.mark.sampled
def test_what_would_reach_further_than_meant_or_mean_nothing(
    stack: Stack, control: Control, aws: AwsInspector, program: str, says: str
) -> None:
    stack.program(program)
    refused = stack.preview(ok=False)
    assert f"error: {says}" in refused.text and "Traceback" not in refused.text
    assert aws.nothing_left() and not control.locations()
