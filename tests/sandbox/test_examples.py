"""Every example, unchanged, on the real engine; for those with official packages, see there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes
from tests.sandbox.stack import Stack

EXAMPLES = Path(__file__).parents[2] / "examples"
OFFICIAL = Path(__file__).parents[1] / "official"
OURS = sorted(path.name for path in EXAMPLES.iterdir() if not path.name.startswith("pulumi-"))
KINDS = {"all": ["azure", "gcp", "minio", "s3", "s3"], "aws-sts": ["s3"]}


@pytest.mark.parametrize("example", OURS)
def test_it_runs_unchanged(
    new_stack: Callable[..., Stack],
    control: Control,
    aws: AwsEyes,
    azure: AzureEyes,
    gcp: GcpEyes,
    minio: MinioEyes,
    example: str,
) -> None:
    folder = EXAMPLES / example
    about = folder / "Pulumi.yaml"
    named = about if about.exists() else EXAMPLES.parent / "Pulumi.yaml"
    stack = new_stack(project=yaml.safe_load(named.read_text())["name"])
    shutil.copytree(folder, stack.home, dirs_exist_ok=True)
    stack.up()
    kinds = sorted(location["kind"] for location in control.locations())
    assert kinds == KINDS.get(example, [example if example in ("azure", "gcp", "minio") else "s3"])
    stack.unchanged()
    stack.destroy()
    assert not control.locations()
    for cloud in (aws, azure, gcp, minio):
        assert cloud.nothing_left()


@pytest.mark.parametrize("example", sorted({path.name for path in EXAMPLES.iterdir()} - {*OURS}))
def test_an_example_with_an_official_package_has_its_own_test(example: str) -> None:
    assert (OFFICIAL / f"test_{example.replace('-', '_')}.py").exists()
