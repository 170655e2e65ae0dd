"""What the picture of the sandbox's page shows on AWS."""

from typing import Any

from tests.unit.sandbox.aws.locations import VALIDATED
from tests.unit.sandbox.aws.visitor import AwsVisitor, held
from tests.unit.sandbox.visitor import LOCATIONS, Visitor, allow, body


def furnish(visitor: Visitor) -> None:
    """A rotated credential, and one that lacks a permission."""
    aws = AwsVisitor(visitor.sandbox)
    for bucket in ("velero-nightly-7c1d2e", "velero-weekly-11aa22"):
        aws.aws("s3").create_bucket(Bucket=bucket)
    old = aws.new_user("nightly-velero-7c1d2e", allow("s3:*"))
    wanted = _location("nightly", old, "velero-nightly-7c1d2e")
    uid = aws.palette("POST", f"{LOCATIONS}/s3", wanted).json()["uid"]
    key = aws.aws("iam").create_access_key(UserName="nightly-velero-7c1d2e")["AccessKey"]
    new = key["AccessKeyId"], key["SecretAccessKey"]
    wanted = _location("nightly", new, "velero-nightly-7c1d2e")
    aws.palette("PUT", f"{LOCATIONS}/s3/{uid}", wanted)
    clusters = [{"name": name, "uid": name} for name in ("prod-1", "prod-2")]
    aws.control("POST", "clusters", {"uid": uid, "clusters": clusters})
    _validate(aws, wanted)

    weekly = aws.new_user("weekly-velero-11aa22", allow("s3:GetObject"))
    wanted = _location("weekly", weekly, "velero-weekly-11aa22")
    aws.palette("POST", f"{LOCATIONS}/s3", wanted, "team-a")
    _validate(aws, wanted)


def _location(name: str, keys: tuple[str, str], bucket: str) -> dict[str, Any]:
    wanted = body(name, default=name == "nightly")
    wanted["spec"]["config"] |= {"bucketName": bucket, "credentials": held(keys)}
    return wanted


def _validate(visitor: Visitor, wanted: dict[str, Any]) -> None:
    config = wanted["spec"]["config"]
    asked = {"bucket": config["bucketName"], "region": config["region"]}
    asked |= {"credentials": config["credentials"]}
    visitor.palette("POST", VALIDATED[0], asked)
