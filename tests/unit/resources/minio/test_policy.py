import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from palette_backup_provider.core.errors import Blocked, NotOwned
from palette_backup_provider.core.policy_language import ARN
from palette_backup_provider.resources.minio.iam.policy_documents import access_policy, same
from palette_backup_provider.resources.minio.policy import PolicyHandler
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.stack import Stack

DOCUMENT = access_policy("backups")


@pytest.fixture
def policies(stack_of: Callable[..., Stack]) -> Stack:
    return stack_of(PolicyHandler)


def test_minio_gives_back_the_document_that_was_asked_for(
    policies: Stack, minio: MinioInspector
) -> None:
    made = policies.create(document=DOCUMENT)
    assert minio.admin("policy_info", made.id)["ID"].startswith(f"{policies.owner}@")
    refreshed = policies.refresh(made)
    assert refreshed and refreshed.inputs == made.inputs
    assert not policies.differs(refreshed, document=DOCUMENT)
    policies.delete(made)
    assert minio.policies() == []


NEIGHBOURS = ["nightly-a", "nightly-b", "nightly-aa", "nightlyxa", "nightly", "x-nightly-a"]


@pytest.mark.parametrize(
    ("resource", "reached"),
    [
        (None, NEIGHBOURS[:1]),
        ("nightly-?", NEIGHBOURS[:2]),  # so the server takes patterns for what they are
        ("nightly-*", NEIGHBOURS[:3]),
    ],
)
def test_the_server_lets_it_into_one_bucket(
    minio: MinioInspector, resource: str | None, reached: list[str]
) -> None:
    document = access_policy(NEIGHBOURS[0])
    if resource:
        document = json.loads(json.dumps(document).replace(NEIGHBOURS[0], resource))
    minio.admin("policy_add", "velero", policy=document)
    minio.admin("user_add", "velero", "secret-of-velero")
    minio.admin("attach_policy", ["velero"], user="velero")
    for name in NEIGHBOURS:
        minio.s3().create_bucket(Bucket=name)

    def reaches(name: str) -> bool:
        try:
            minio.s3(("velero", "secret-of-velero")).put_object(Bucket=name, Key="a", Body=b"")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            return False
        return True

    assert [name for name in NEIGHBOURS if reaches(name)] == reached


def test_the_document_has_the_guides_half_without_ec2() -> None:
    actions = {a for s in DOCUMENT["Statement"] for a in s["Action"]}
    guide = {"GetObject", "DeleteObject", "PutObject", "AbortMultipartUpload"}
    guide |= {"ListMultipartUploadParts", "ListBucket"}
    assert actions == {f"s3:{action}" for action in guide} | {"s3:GetBucketLocation"}


def test_order_means_nothing_and_all_else_does() -> None:
    one = {"Statement": {"Effect": "Allow", "Action": "s3:A", "Resource": ["b", "a"]}}
    other = {"Statement": [{"Resource": ["a", "b"], "Action": ["s3:A"], "Effect": "Allow"}]}
    assert same(one, other)
    assert not same(one, {"Statement": [{**other["Statement"][0], "Effect": "Deny"}]})


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ({"Action": "ec2:DescribeVolumes", "Resource": f"{ARN}b"}, "there is no EC2"),
        ({"Action": "s3:GetObject", "Resource": "*"}, "the resource * is not allowed"),
    ],
)
def test_what_minio_would_refuse_is_refused_in_preview(
    policies: Stack, statement: dict[str, Any], says: str
) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    assert says in policies.reasons(document=document)
    assert "has no Statement" in policies.reasons(document={"Version": "2012-10-17"})
    assert "holds 'ID': a policy takes" in policies.reasons(document={**DOCUMENT, "ID": "x"})


def test_somebody_elses_policy_is_not_replaced(policies: Stack, minio: MinioInspector) -> None:
    minio.admin("policy_add", "theirs", policy=DOCUMENT)
    with pytest.raises(NotOwned, match="set existing=True, name='theirs'"):
        policies.create(name="theirs", document=access_policy("other"))
    assert same(minio.admin("policy_info", "theirs"), DOCUMENT)


def test_an_update_changes_the_document_in_place(policies: Stack, minio: MinioInspector) -> None:
    made = policies.create(document=DOCUMENT)
    changed = policies.update(made, document=access_policy("other"))
    assert f"{ARN}other" in str(minio.admin("policy_info", made.id))
    again = policies.create(document=DOCUMENT)  # a run that died, reclaimed
    policies.delete(changed)
    assert minio.policies() == [again.id]


def test_a_document_that_was_changed_is_put_back(policies: Stack, minio: MinioInspector) -> None:
    made = policies.create(document=DOCUMENT)
    changed = access_policy("other")
    minio.admin("policy_add", made.id, policy=changed)
    seen = policies.refresh(made)
    assert seen and same(seen.inputs["document"], changed)
    policies.update(seen, document=DOCUMENT)
    assert policies.refresh(made) == made
    assert minio.admin("policy_info", made.id)["ID"].startswith(f"{policies.owner}@")


def test_a_policy_that_is_gone_is_gone(policies: Stack, minio: MinioInspector) -> None:
    made = policies.create(document=DOCUMENT)
    minio.admin("policy_remove", made.id)
    assert policies.refresh(made) is None
    policies.delete(made)


def test_a_policy_in_use_is_not_deleted(policies: Stack, minio: MinioInspector) -> None:
    made = policies.create(document=DOCUMENT)
    minio.admin("user_add", "theirs", "their-secret")
    minio.admin("attach_policy", [made.id], user="theirs")
    with pytest.raises(Blocked, match="the user theirs"):
        policies.delete(made)
    assert minio.policies() == [made.id]


def test_a_policy_to_bring_must_be_there(policies: Stack, minio: MinioInspector) -> None:
    missing = policies.reasons(name="theirs", existing=True, document=DOCUMENT)
    assert "There is no policy theirs" in missing
    minio.admin("policy_add", "theirs", policy=DOCUMENT)
    policies.delete(policies.create(name="theirs", existing=True, document=DOCUMENT))
    assert minio.policies() == ["theirs"]
