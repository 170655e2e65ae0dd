"""Pictures of the sandbox's page: `python -m tests.pictures.page FOLDER`."""

import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
from palette_backup_provider.sandbox.run import Sandbox
from tests.browser import browser, set_screen
from tests.unit.sandbox.visitor import LOCATIONS, Visitor, allow, body

PICTURES = {"sandbox-page": (1280, 780, False)}
"""By name of the file: width and height in CSS pixels, and whether dark."""
PATIENCE = 20


def write(folder: Path) -> None:
    """Write each of `PICTURES` as a PNG into the folder."""
    with Sandbox(["aws", "gcp"]) as sandbox, browser() as chrome:
        _furnish(Visitor(sandbox))
        for name, (width, height, dark) in PICTURES.items():
            set_screen(chrome, width, height, dark)
            chrome.get("about:blank")  # else a new fragment loads nothing
            chrome.get(f"{sandbox.page}/#{sandbox.token}")
            WebDriverWait(chrome, PATIENCE).until(lambda opened: "nightly" in opened.page_source)
            (folder / f"{name}.png").write_bytes(_picture(chrome))


def _furnish(visitor: Visitor) -> None:
    """A rotated credential, one that lacks a permission, another cloud, and disturbances."""
    for bucket in ("velero-nightly-7c1d2e", "velero-weekly-11aa22"):
        visitor.aws("s3").create_bucket(Bucket=bucket)
    old = visitor.new_user("nightly-velero-7c1d2e", allow("s3:*"))
    wanted = _on_aws("nightly", old, "velero-nightly-7c1d2e")
    uid = visitor.palette("POST", f"{LOCATIONS}/s3", wanted).json()["uid"]
    key = visitor.aws("iam").create_access_key(UserName="nightly-velero-7c1d2e")["AccessKey"]
    new = key["AccessKeyId"], key["SecretAccessKey"]
    wanted = _on_aws("nightly", new, "velero-nightly-7c1d2e")
    visitor.palette("PUT", f"{LOCATIONS}/s3/{uid}", wanted)
    clusters = [{"name": name, "uid": name} for name in ("prod-1", "prod-2")]
    visitor.control("POST", "clusters", {"uid": uid, "clusters": clusters})
    _validate(visitor, wanted)

    _on_gcp(visitor)
    weekly = visitor.new_user("weekly-velero-11aa22", allow("s3:GetObject"))
    wanted = _on_aws("weekly", weekly, "velero-weekly-11aa22")
    visitor.palette("POST", f"{LOCATIONS}/s3", wanted, "team-a")
    _validate(visitor, wanted)
    visitor.plan({"fault": "status", "service": "palette", "call": f"GET {LOCATIONS}", "times": 2})
    visitor.control("POST", "delay", {"seconds": 15})


def _on_aws(name: str, keys: tuple[str, str], bucket: str) -> dict[str, Any]:
    wanted = body(name, default=name == "nightly")
    credentials = {"accessKey": keys[0], "secretKey": keys[1]}
    wanted["spec"]["config"] |= {"bucketName": bucket, "credentials": credentials}
    return wanted


def _validate(visitor: Visitor, wanted: dict[str, Any]) -> None:
    config = wanted["spec"]["config"]
    asked = {"bucket": config["bucketName"], "region": config["region"]}
    asked |= {"credentials": config["credentials"]}
    visitor.palette("POST", "/v1/clouds/aws/s3/validate", asked)


def _on_gcp(visitor: Visitor) -> None:
    gcp = visitor.sandbox.service(Gcp)
    email = gcp.iam.create_account(PROJECT, {"accountId": "archive-velero"})["email"]
    key = gcp.iam.create_key(email, "")
    gcp.storage.insert(PROJECT, {"name": "velero-archive-5b3f"}, "")
    wanted = body("archive", "gcp")
    credentials = {"jsonCredentials": b64decode(key["privateKeyData"]).decode()}
    wanted["spec"]["config"] |= {"bucketName": "velero-archive-5b3f", "credentials": credentials}
    visitor.palette("POST", f"{LOCATIONS}/gcp", wanted)


def _picture(chrome: Chrome) -> bytes:
    return b64decode(chrome.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
