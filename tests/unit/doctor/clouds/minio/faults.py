"""What can be wrong on MinIO."""

from palette_backup_provider.clients.minio.permissions import STATEMENTS
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.policy_language import ARN, VERSION
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.operator import without
from tests.unit.doctor.ward import Ward
from tests.unit.sandbox.visitor import allow

TOKEN = "minio:Bucket"
"""A type of it."""
SIGNED_IN_BY = ("MINIO_ENDPOINT",)
"""The variables without which nobody is signed in."""
SIGNED_OUT = "minio:minioServer is not set"
"""What is told then."""

SIGNED = {"Condition": {"StringEquals": {"s3:authType": "REST-HEADER"}}}
SECRET = "secret-of-the-operator"


def on_minio(ward: Ward, action: str, **condition: object) -> None:
    minio = MinioInspector(ward.sandbox.env)
    bucket, admin = STATEMENTS
    statements = [
        {**allow(*without(action, [bucket]), on=f"{ARN}*"), **condition},
        {"Effect": "Allow", "Action": without(action, [admin])},
    ]
    document = {"Version": VERSION, "Statement": statements}
    minio.admin("policy_add", "limited", policy=document)
    minio.admin("user_add", "operator", SECRET)
    minio.admin("attach_policy", ["limited"], user="operator")
    ward.patch.setenv("MINIO_USER", "operator")
    ward.patch.setenv("MINIO_PASSWORD", SECRET)


@red("minio.permissions", "1 of 25 missing: admin:CreateUser (asked about a bucket called")
def no_user_is_created(ward: Ward) -> None:
    on_minio(ward, "admin:CreateUser")


@yellow("minio.permissions", "By policy it depends on each request: s3:CreateBucket, ")
def signed_in_a_header_alone(ward: Ward) -> None:
    on_minio(ward, "", **SIGNED)


@yellow("minio.permissions", "they cannot be told: it is down")
def it_is_down(ward: Ward) -> None:
    def down(*_: object) -> None:
        raise ApiError("it is down", status=503)

    ward.patch.setattr("palette_backup_provider.doctor.cloud.line", down)
