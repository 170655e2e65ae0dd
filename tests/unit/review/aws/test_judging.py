"""What a change of AWS's policies means."""

from tests.unit.review.sample import step, told
from tests.unit.review.test_judging import WEAKENS, WIDENS

STATEMENT = {
    "Sid": "A",
    "Effect": "Allow",
    "Principal": {"AWS": "123456789012"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::b/*",
}


def test_a_statement_of_our_own_is_told_by_what_it_protects() -> None:
    own = {**STATEMENT, "Sid": "PaletteBackupTlsOnly", "Effect": "Deny"}
    plain = step("update", "aws:Bucket", {"policy": [own]}, {"tls_only": False, "policy": []})
    assert told(plain) == [(WEAKENS, "orange")]


def test_access_widens_by_a_policy_an_attachment_or_a_boundary() -> None:
    wide = {**STATEMENT, "Action": "s3:*"}
    assert told(step("update", "aws:Bucket", {"policy": [STATEMENT]}, {"policy": [wide]})) == [
        (WIDENS, "orange")
    ]
    assert told(step("update", "aws:Bucket", {"policy": [wide]}, {"policy": [STATEMENT]})) == []
    assert told(step("update", "aws:User", {"policies": []}, {"policies": ["arn:x"]}))
    assert told(step("update", "aws:User", {"permissions_boundary": "arn:x"}, {"policies": []}))
    assert told(step("delete", "aws:s3/bucketPolicy:BucketPolicy", {"policy": [STATEMENT]})) == []
    denial = {**STATEMENT, "Effect": "Deny"}
    assert told(step("delete", "aws:s3/bucketPolicy:BucketPolicy", {"policy": [denial]}))
