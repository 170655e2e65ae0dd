import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from minio import crypto, minioadmin

from palette_backup_provider.core.errors import ApiError, Blocked, NotOwned
from palette_backup_provider.resources.minio.iam.policy_documents import access_policy
from palette_backup_provider.resources.minio.user import UserHandler
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.stack import Stack, Thing


@pytest.fixture
def users(stack_of: Callable[..., Stack]) -> Stack:
    return stack_of(UserHandler)


def key(thing: Thing) -> tuple[str, str]:
    return thing.outputs["access_key_id"], thing.outputs["secret_access_key"]


def signs_in(minio: MinioInspector, user: str, secret: str) -> bool:
    return minio.signs_in(user, secret)


def test_a_server_reads_what_the_library_itself_seals(
    minio: MinioInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minioadmin, "encrypt", crypto.encrypt)
    minio.admin("user_add", "weekly", "a-secret-of-it")
    assert signs_in(minio, "weekly", "a-secret-of-it")


def test_its_name_and_secret_are_a_key(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    assert re.fullmatch(r"weekly-[0-9a-f]{10}", made.id)
    assert len(made.outputs["secret_access_key"]) == 40
    assert signs_in(minio, *key(made))
    assert not users.differs(made)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"secret_key": "7777777"}, "secret_key: has 7 characters; MinIO takes 8 to 40"),
        ({"secret_key": "x" * 41}, "secret_key: has 41 characters"),
        ({"name": "ab"}, "3 to 64"),
        ({"name": "a=b"}, "3 to 64"),
        ({"policies": ["a,b"]}, "no comma"),
        ({"name": "existing", "existing": True}, "is required for an existing user"),
    ],
)
def test_what_minio_would_refuse_is_refused_in_preview(
    users: Stack, given: dict[str, object], says: str
) -> None:
    assert says in users.reasons(**given)


def test_a_secret_that_is_refused_is_not_quoted(users: Stack) -> None:
    assert "sevench" not in users.reasons(secret_key="sevench")


def test_the_secret_of_somebody_elses_user_is_never_reset(
    users: Stack, minio: MinioInspector
) -> None:
    minio.admin("user_add", "theirs", "their-secret")
    with pytest.raises(NotOwned, match="set existing=True, name='theirs'"):
        users.create(name="theirs", secret_key="another-secret")
    assert signs_in(minio, "theirs", "their-secret")


def test_a_user_that_an_interrupted_run_left_is_taken_over(
    users: Stack, minio: MinioInspector
) -> None:
    lost = users.create()
    found = users.create()
    assert found.id == lost.id
    assert signs_in(minio, *key(found)) and not signs_in(minio, *key(lost))
    users.delete(lost)  # speaks of a user that is there no more
    assert minio.users() == [found.id]
    users.delete(found)
    assert minio.users() == []


def test_another_resource_does_not_take_it_over(
    users: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    made = users.create()
    other = stack_of(UserHandler, owner="acme/shop/prod/weekly:ffffff")
    with pytest.raises(NotOwned):
        other.create(name=made.id)
    assert signs_in(minio, *key(made))


def test_a_user_in_use_is_not_taken_over(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    minio.admin("attach_policy", ["readwrite"], user=made.id)
    with pytest.raises(NotOwned, match="the policy readwrite"):
        users.create()
    assert signs_in(minio, *key(made))


def test_a_given_secret_changes_in_place(users: Stack, minio: MinioInspector) -> None:
    made = users.create(secret_key="the-first-one")
    assert key(made)[1] == "the-first-one"
    changed = users.update(made, secret_key="the-second-one")
    assert signs_in(minio, *key(changed)) and key(changed)[1] == "the-second-one"
    kept = users.update(changed)  # no longer given: the one in force stays
    assert key(kept) == key(changed)


def test_policies_come_and_go_and_those_of_others_stay(users: Stack, minio: MinioInspector) -> None:
    minio.admin("policy_add", "ours", policy=access_policy("a"))
    minio.admin("policy_add", "more", policy=access_policy("b"))
    made = users.create(policies=["ours"])
    minio.admin("attach_policy", ["readonly"], user=made.id)
    refreshed = users.refresh(made)
    assert refreshed and not users.differs(refreshed, policies=["ours"])
    users.update(made, policies=["more"])
    assert minio.admin("user_info", made.id)["policyName"] == "more,readonly"
    with pytest.raises(Blocked, match="the policy readonly"):
        users.delete(made)


def test_a_policy_that_another_hand_attached_first_is_no_error(
    users: Stack, minio: MinioInspector
) -> None:
    minio.admin("policy_add", "ours", policy=access_policy("a"))
    made = users.create()
    minio.admin("attach_policy", ["ours"], user=made.id)
    made = users.update(made, policies=["ours"])
    assert minio.admin("user_info", made.id)["policyName"] == "ours"
    minio.admin("detach_policy", ["ours"], user=made.id)
    users.update(made, policies=[])
    assert not minio.admin("user_info", made.id).get("policyName")


def test_a_disabled_user_is_drift_and_enabled_again(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    minio.admin("user_disable", made.id)
    drifted = users.refresh(made)
    assert drifted and users.differs(drifted)
    users.update(drifted)
    assert signs_in(minio, *key(made))


def test_the_group_of_a_user_is_its_mark(
    users: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    made = users.create()
    (group,) = minio.groups()
    assert group.startswith("palette-backup-") and group.endswith(made.outputs["__incarnation"])
    assert minio.admin("user_info", made.id)["memberOf"] == [group]
    renamed = stack_of(UserHandler, owner="acme/shop/prod/weekly:0a1b2c").update(made)
    (now,) = minio.groups()
    assert now != group
    users.delete(renamed)
    assert minio.nothing_left()


def test_a_user_of_another_state_is_left_alone(users: Stack, minio: MinioInspector) -> None:
    made = users.create(__lineage="202611281a2b3c4d")
    with pytest.raises(NotOwned, match=r"of this stack \(begun on 2026-11-28\) made it"):
        users.create(__lineage="202612019f8e7d6c")
    assert signs_in(minio, *key(made))
    other = replace(made, outputs={**made.outputs, "__lineage": "x", "__incarnation": "y"})
    with pytest.raises(NotOwned, match=r"by its mark .* held by another state of this stack"):
        users.delete(other)
    assert minio.users() == [made.id]


def test_a_user_that_lost_its_mark_is_marked_again(users: Stack, minio: MinioInspector) -> None:
    made = users.create(__lineage="202611281a2b3c4d")
    (group,) = minio.groups()
    minio.admin("group_remove", group, [made.id])
    seen = users.refresh(made)
    assert seen and seen.outputs["held_by"] == "nobody, as its mark is gone"
    users.update(seen, __lineage="202611281a2b3c4d")
    assert users.refresh(made) == made and minio.groups() == [group]


def test_without_a_mark_a_user_goes_by_its_secret(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    (group,) = minio.groups()
    minio.admin("group_remove", group, [made.id])
    minio.admin("group_remove", group)
    assert users.refresh(made) == made  # by earlier code, which marked none
    minio.admin("user_add", made.id, "set-by-another-hand")
    with pytest.raises(NotOwned, match="has another secret than this state's"):
        users.delete(made)
    minio.admin("user_disable", made.id)
    with pytest.raises(NotOwned, match="is disabled and bears no mark"):
        users.delete(made)
    minio.admin("user_add", *key(made))
    users.delete(made)
    assert minio.nothing_left()


def test_one_disabled_and_given_another_secret_is_mended_at_once(
    users: Stack, minio: MinioInspector
) -> None:
    made = users.create()
    minio.admin("user_add", made.id, "set-by-another-hand")
    minio.admin("user_disable", made.id)
    seen = users.refresh(made)
    assert seen and seen.outputs["status"] == "disabled"
    users.update(seen)
    assert signs_in(minio, *key(made)) and users.refresh(made) == made


def test_our_policy_that_was_detached_is_attached_again(
    users: Stack, minio: MinioInspector
) -> None:
    minio.admin("policy_add", "ours", policy=access_policy("a"))
    minio.admin("policy_add", "more", policy=access_policy("b"))
    made = users.create(policies=["more", "ours"])
    minio.admin("detach_policy", ["ours"], user=made.id)
    seen = users.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "policies": ["more"]}
    users.update(seen, policies=["more", "ours"])
    assert users.refresh(made) == made


def test_another_secret_is_drift_and_set_back(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    minio.admin("user_add", made.id, "set-by-another-hand")
    seen = users.refresh(made)
    assert seen and seen.outputs["status"] == "enabled, with another secret"
    mended = users.update(seen)
    assert signs_in(minio, *key(made)) and key(mended) == key(made)
    assert users.refresh(mended) == made


def test_the_group_that_a_killed_run_emptied_goes_with_the_user(
    users: Stack, minio: MinioInspector
) -> None:
    made = users.create()
    (mark,) = minio.admin("group_list")
    minio.admin("group_remove", mark, [made.id])
    users.delete(made)
    assert minio.nothing_left()


def test_a_user_that_is_gone_is_gone(users: Stack, minio: MinioInspector) -> None:
    made = users.create()
    minio.admin("user_remove", made.id)
    assert users.refresh(made) is None
    users.delete(made)


def test_an_existing_user_is_tried_and_left_alone(users: Stack, minio: MinioInspector) -> None:
    minio.admin("user_add", "theirs", "their-secret")
    wrong = users.reasons(name="theirs", existing=True, secret_key="wrong-secret")
    assert "does not get in with the secret key given" in wrong
    existing = users.create(name="theirs", existing=True, secret_key="their-secret")
    users.delete(existing)
    assert signs_in(minio, "theirs", "their-secret")


def test_a_user_does_not_bring_itself(users: Stack) -> None:
    made = users.create(name="ours", secret_key="secret-of-ours")
    for secret in ({}, {"secret_key": "secret-of-ours"}):
        reasons = users.reasons(made.inputs, name="ours", existing=True, **secret)
        assert "made ours" in reasons and "Leave existing out" in reasons
    assert not users.reasons(name="ours", existing=True, secret_key="secret-of-ours")


def test_root_is_no_user_to_make(users: Stack, minio: MinioInspector) -> None:
    with pytest.raises(ApiError):
        users.create(name=minio._env["MINIO_USER"])


@pytest.mark.parametrize(
    ("name", "secret"), [("theirs", "0123456789abcdef" * 4), ("ab/c*d?", "eight-or-more")]
)
def test_name_and_secret_of_an_existing_user_are_its_owner_s_business(
    users: Stack, minio: MinioInspector, name: str, secret: str
) -> None:
    minio.admin("user_add", name, secret)
    existing = users.create(name=name, secret_key=secret, existing=True)
    assert existing.outputs["access_key_id"] == name
    assert not users.differs(existing, name=name, secret_key=secret, existing=True)
    wrong = users.reasons(name=name, secret_key="another-secret", existing=True)
    assert "does not get in with the secret key given" in wrong
