"""The AWS account of Palette itself, which the roles of a tenant trust."""

from typing import TYPE_CHECKING

from flask import Blueprint, request

from palette_backup_provider.sandbox.palette.errors import Refusal
from palette_backup_provider.sandbox.palette.http import Answer

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.palette.store import Store

AWS_ACCOUNT = "555555555555"
_PARTITIONS = ("aws", "aws-us-gov")


def routes(store: "Store") -> Blueprint:
    """`GET /v1/clouds/aws/account/sts`."""
    routes = Blueprint("aws_account", __name__)

    @routes.get("/v1/clouds/aws/account/sts")
    def sts() -> Answer:
        partition = request.args.get("partition") or "aws"
        if partition not in _PARTITIONS:
            raise Refusal(400, "InvalidRequest", f"partition must be one of {_PARTITIONS}")
        external_id = store.external_id
        return {"accountId": AWS_ACCOUNT, "externalId": external_id, "partition": partition}

    return routes
