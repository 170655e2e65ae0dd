"""The page for people shows what Palette holds, and nothing that it should not."""

import pytest

from tests.unit.sandbox.visitor import LOCATIONS, Visitor, allow, body


def shown(visitor: Visitor) -> str:
    answer = visitor.send("GET", "/")
    assert answer.status_code == 200
    return answer.text


def test_page_without_locations(visitor: Visitor) -> None:
    page = shown(visitor)
    assert "Project Default" in page
    assert "Project team-a" in page
    assert page.count("No locations yet.") == 2


def test_locations_stand_under_their_scope(visitor: Visitor) -> None:
    visitor.register("in-default", default=True)
    visitor.register("in-team", "azure", project="team-a")
    visitor.register("in-tenant", "minio", project=None)
    page = shown(visitor)
    places = [page.index(text) for text in ("Project Default", "in-default", "Project team-a")]
    places += [page.index(text) for text in ("in-team", "Tenant", "in-tenant")]
    assert places == sorted(places)
    assert page.count(">default<") == 1
    assert "storage/container" in page


def test_page_tells_what_the_last_validation_said(visitor: Visitor) -> None:
    visitor.register()
    assert "not validated" in shown(visitor)
    keys = visitor.new_user("u", allow("s3:ListBucket"))
    credentials = {"accessKey": keys[0], "secretKey": keys[1]}
    wanted = {"bucket": "some-bucket", "region": "us-east-1", "credentials": credentials}
    visitor.palette("POST", "/v1/clouds/aws/s3/validate", wanted)
    assert "NoSuchBucket" in shown(visitor)
    visitor.aws("s3").create_bucket(Bucket="some-bucket")
    visitor.palette("POST", "/v1/clouds/aws/s3/validate", wanted)
    assert ">valid<" in shown(visitor)


def test_names_cannot_inject_html(visitor: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    wanted = body(evil)
    wanted["spec"]["config"]["bucketName"] = evil
    wanted["spec"]["config"]["region"] = evil
    assert visitor.palette("POST", f"{LOCATIONS}/s3", wanted).status_code == 201
    page = shown(visitor)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("kind", ["s3", "gcp", "azure"])
def test_no_secret_is_shown(visitor: Visitor, kind: str) -> None:
    visitor.register(kind=kind)
    page = shown(visitor)
    credentials = body("x", kind)["spec"]["config"]["credentials"]
    secret = set(credentials) & {"secretKey", "jsonCredentials", "clientSecret", "accessKey"}
    assert secret
    assert not [name for name in secret if credentials[name] in page]
    assert visitor.env["PALETTE_API_KEY"] not in page
    assert visitor.sandbox.token not in page
