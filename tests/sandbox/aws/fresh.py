"""The credential on AWS that was just made."""

from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from palette_backup_provider.sandbox.aws.service import ACCOUNT
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.components import AWS
from tests.sandbox.fresh import Fresh


def _made(_: Sandbox, keys: Any) -> float:
    key = iam_backends[ACCOUNT]["aws"].access_keys[keys["accessKey"]]
    made: datetime = key.create_date.replace(tzinfo=UTC)
    return made.timestamp()


FRESH = Fresh(AWS, "key", _made, peers=("fails", "fails"))
