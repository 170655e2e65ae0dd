import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.aws.bucket import BucketHandler
from tests.unit.resources.aws.buckets import EVERYTHING, REGION, Buckets, create, refusal
from tests.unit.resources.stack import Clock, Killed, Stack, Thing


@pytest.fixture
def buckets() -> Stack:
    return Stack(BucketHandler)


def forced(thing: Thing) -> Thing:
    return Thing(thing.id, thing.inputs, {**thing.outputs, "force_destroy": True})


def test_a_name_just_freed_is_waited_for(s3: Buckets, buckets: Stack, bucket_clock: Clock) -> None:
    s3.answers["create_bucket"] = [refusal("OperationAborted", 409)] * 3
    create(buckets)
    assert s3.names() == ["nightly"]
    assert bucket_clock.now > 0


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("get_public_access_block", NotFound("There is no such bucket", code="NoSuchBucket")),
        ("put_public_access_block", refusal("OperationAborted", 409)),
        ("put_bucket_encryption", refusal("OperationAborted", 409)),
        ("put_bucket_lifecycle_configuration", NotFound("No such bucket", code="NoSuchBucket")),
    ],
)
def test_a_bucket_that_s3_does_not_know_everywhere_is_waited_for(
    s3: Buckets, buckets: Stack, bucket_clock: Clock, operation: str, answer: ApiError
) -> None:
    s3.answers[operation] = [answer] * 3
    made = create(buckets, **EVERYTHING)
    assert bucket_clock.now > 0
    found = buckets.refresh(made)
    assert found and found.outputs == made.outputs


@pytest.mark.parametrize("answer", ["BucketAlreadyExists", "403"])
def test_a_name_taken_by_another_account(s3: Buckets, buckets: Stack, answer: str) -> None:
    if answer == "403":
        s3.taken = {"nightly"}
    else:
        s3.answers["create_bucket"] = [refusal(answer, 409)]
    with pytest.raises(NotOwned, match=r"taken by another AWS account.*leave the name out"):
        create(buckets)


def test_a_user_without_any_permission_is_not_told_that_the_name_is_taken(
    s3: Buckets, buckets: Stack
) -> None:
    s3.answers["head_bucket"] = [refusal("403")]
    says = "User: u is not authorized to perform: s3:GetBucketTagging on resource: r because no "
    says += "identity-based policy allows the s3:GetBucketTagging action"
    s3.answers["get_bucket_tagging"] = [ApiError(says, status=403, code="AccessDenied")]
    with pytest.raises(ApiError, match=r"may not see whether there is.*no identity-based policy"):
        create(buckets)
    assert s3.names() == []


def test_a_bucket_of_another_stack_says_whose_it_is(s3: Buckets, buckets: Stack) -> None:
    s3.make("nightly")
    s3.tag("nightly", {MARK: "acme/shop/prod/nightly:0a1b2c@0123456789"})
    with pytest.raises(NotOwned, match=r"belongs to acme/shop/prod/nightly.*set existing=True"):
        create(buckets)


@pytest.mark.parametrize("region", ["us-east-1", REGION])
def test_a_bucket_without_a_mark_is_not_touched(s3: Buckets, buckets: Stack, region: str) -> None:
    s3.make("nightly", region)
    s3.tag("nightly", {"team": "y"})
    with pytest.raises(NotOwned, match=r"does not carry our mark.*existing=True, name='nightly'"):
        create(buckets, region=region)
    assert s3.tags("nightly") == {"team": "y"}
    assert not [call for call in s3.calls if call.startswith(("put", "create"))]


def test_a_bucket_in_another_region_is_told_so(s3: Buckets, buckets: Stack) -> None:
    s3.make("nightly", "us-west-2")
    with pytest.raises(NotOwned, match=f"in the region us-west-2 instead of {REGION}"):
        create(buckets)


def test_a_bucket_of_ours_that_holds_objects_is_not_adopted(s3: Buckets, buckets: Stack) -> None:
    create(buckets, tls_only=False)  # moto takes that statement for a denial of every call
    s3.put("nightly", "a", "b")
    with pytest.raises(Blocked, match=r"holds 2 objects.*existing=True, name='nightly'"):
        create(buckets)


@pytest.mark.parametrize("how", ["its state was lost", "it was an existing one until now"])
def test_a_bucket_of_ours_is_taken_over_with_all_it_holds(
    s3: Buckets, buckets: Stack, how: str
) -> None:
    create(buckets, tls_only=False)
    s3.put("nightly", "a", "b")
    if how == "its state was lost":
        made = create(Stack(BucketHandler, {"palette:recover": "true"}), tls_only=False)
    else:
        existing = buckets.create(existing=True, name="nightly", region=REGION)
        made = buckets.update(existing, name="nightly", region=REGION, tls_only=False)
    assert s3.tags("nightly")[MARK].endswith(made.outputs["__incarnation"])
    with pytest.raises(Blocked, match="holds 2 objects"):
        buckets.delete(made)


def test_adoption_gives_a_new_incarnation_and_delete_spares_it(s3: Buckets, buckets: Stack) -> None:
    first = create(buckets, tls_only=False)
    s3.put("nightly", f"{PROBE_PREFIX}1")  # probes are no content
    second = create(buckets, tls_only=False)
    assert first.outputs["__incarnation"] != second.outputs["__incarnation"]
    buckets.delete(forced(first))
    assert s3.names() == ["nightly"]
    buckets.delete(second)
    assert s3.names() == []


def test_a_bucket_made_by_a_call_whose_answer_was_lost_is_ours(s3: Buckets, buckets: Stack) -> None:
    create(buckets)
    s3.answers["head_bucket"] = [NotFound("not there yet")]
    made = create(buckets)
    assert s3.tags("nightly")[MARK].endswith(made.outputs["__incarnation"])


@pytest.mark.parametrize("when", ["die_before", "die_after"])
def test_a_run_killed_at_any_call_is_mended_by_the_next(
    s3: Buckets, buckets: Stack, when: str
) -> None:
    def make(name: str) -> Thing:
        s3.calls.clear()
        return create(buckets, **{**EVERYTHING, "name": name})

    make("first")
    make("whole")
    calls, rules = len(s3.calls), s3.rules("whole")
    for index in range(calls):
        setattr(s3, when, index)
        with pytest.raises(Killed):
            make(f"killed-{index}")
        setattr(s3, when, None)
        made = make(f"killed-{index}")
        assert buckets.refresh(made) == made
        assert s3.rules(made.id) == rules
    assert len(s3.names()) == 2 + calls
