"""Every call to AWS has a shape for its answer, and there is none for a call that is not made."""

import botocore.session
import pytest
from botocore import xform_name

from palette_backup_provider.clients.aws.answers import OPERATIONS
from palette_backup_provider.clients.aws.s3_answers import STORES
from tests.contract.answers import words


def operations(service: str) -> set[str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name) for name in model.operation_names}


@pytest.mark.parametrize("service", ["iam", "s3", "sts"])
def test_of_the_cloud(service: str) -> None:
    called = words(
        "resources/aws/**/*.py",
        "clients/aws/client.py",
        "clients/aws/permissions.py",
        "resources/palette/storage/aws_s3.py",
    )
    known = {name.split(":")[1] for name in OPERATIONS if name.startswith(service)}
    assert known == called & operations(service)


def test_of_any_store_that_speaks_s3() -> None:
    assert STORES.keys() == words("clients/aws/trial.py") & operations("s3")
