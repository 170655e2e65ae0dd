"""Inputs on AWS that break a rule are refused or warned of in preview."""

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack

COMPONENT = 'AwsBackupLocation("nightly", AwsBackupLocationArgs({}))'
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


def test_a_misspelt_argument_is_told_at_its_line_of_the_program(stack: Stack) -> None:
    stack.program(f'AwsBackupLocation("nightly", regoin="{SECRET_KEY}")')
    refused = stack.preview(ok=False)
    says = "nightly: regoin: is no argument of AwsBackupLocation. Did you mean region?"
    assert f"{says} (__main__.py, line 7)" in refused.errors
    assert SECRET_KEY not in refused.text


def test_tags_by_which_clusters_own_volumes_are_warned_of(stack: Stack) -> None:
    tags = 'snapshots=True, snapshot_tags={"kubernetes.io/cluster/prod": "owned", "team": "x"}'
    stack.program(COMPONENT.format(f'region="eu-west-1", {tags}'))
    says = "warning: snapshot_tags: kubernetes.io/cluster/prod: where Velero runs with AWS_CLUSTER_"
    assert says in stack.preview().text
    tags = 'snapshots=True, snapshot_tags={"team": "x"}'
    stack.program(COMPONENT.format(f'region="eu-west-1", {tags}'))
    assert "warning" not in stack.preview().text
