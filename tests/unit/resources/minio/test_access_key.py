"""Access keys of a user, on the real server."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.core.policy_language import ARN
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.minio.access_key import AccessKeyHandler
from palette_backup_provider.resources.minio.retiring_key import RetiringKeyHandler
from palette_backup_provider.resources.minio.user import UserHandler
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.minio.test_user import key, signs_in
from tests.unit.resources.stack import Killed, Stack, Thing

DOCUMENTS = Path(__file__).parents[4] / "docs" / "permissions"
ALICE = {"user": "alice", "user_secret": "secret-of-alice"}


@pytest.fixture
def keys(
    stack_of: Callable[..., Stack], minio: MinioInspector, monkeypatch: pytest.MonkeyPatch
) -> Stack:
    """A stack with a key of alice, who has a policy."""
    monkeypatch.setattr(AccessKeyHandler, "patience", Patience(0))
    minio.admin("user_add", ALICE["user"], ALICE["user_secret"])
    minio.admin("attach_policy", ["readonly"], user="alice")
    return stack_of(AccessKeyHandler)


def there(minio: MinioInspector) -> set[str]:
    found = minio.admin("list_service_account", "alice").get("accounts") or []
    return {account["accessKey"] for account in found}


def rotated(keys: Stack, made: Thing) -> Thing:
    return keys.update(made, **ALICE, rotation="now")


def test_it_is_a_key_of_the_user_with_a_secret_of_its_own(
    keys: Stack, minio: MinioInspector
) -> None:
    made = keys.create(**ALICE)
    assert there(minio) == {made.id} and len(made.outputs["secret_access_key"]) == 40
    assert signs_in(minio, *key(made)) and signs_in(minio, *ALICE.values())
    assert not keys.differs(made, **ALICE)
    keys.delete(made)
    keys.delete(made)  # gone already
    assert there(minio) == set()


def test_a_rotation_keeps_the_old_key_until_it_is_retired(
    keys: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    first = keys.create(**ALICE)
    second = rotated(keys, first)
    assert signs_in(minio, *key(first)) and signs_in(minio, *key(second))
    assert second.outputs["previous"] == first.id
    old = stack_of(RetiringKeyHandler)
    old.delete(old.create(__told=first.id))
    assert there(minio) == {second.outputs["access_key_id"]}


def test_both_keys_go_when_it_is_deleted(keys: Stack, minio: MinioInspector) -> None:
    keys.delete(rotated(keys, keys.create(**ALICE)))
    assert there(minio) == set()


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has the process die before that operation, once."""
    admin, planned = MinioClient.admin, [""]

    def mortal(self: MinioClient, operation: str, *arguments: Any, **how: Any) -> Any:
        if operation == planned[-1]:
            planned.append("")
            raise Killed
        return admin(self, operation, *arguments, **how)

    monkeypatch.setattr(MinioClient, "admin", mortal)
    return planned.append


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has that operation repeated, as its first answer got lost."""
    admin = MinioClient.admin

    def repeats(repeated: str) -> None:
        def call(self: MinioClient, operation: str, *arguments: Any, **how: Any) -> Any:
            if operation == repeated:
                admin(self, operation, *arguments, **how)
            return admin(self, operation, *arguments, **how)

        monkeypatch.setattr(MinioClient, "admin", call)

    return repeats


@pytest.mark.parametrize("rotates", [False, True])
def test_what_an_interrupted_run_left_is_deleted_by_the_next(
    keys: Stack, minio: MinioInspector, dies: Callable[[str], None], rotates: bool
) -> None:
    first = keys.create(**ALICE) if rotates else None

    def make() -> Thing:
        return rotated(keys, first) if first else keys.create(**ALICE)

    dies("update_service_account")
    with pytest.raises(Killed):
        make()
    made = make()
    assert there(minio) == {made.outputs["access_key_id"], *([first.id] if first else [])}


def test_a_lost_key_that_is_gone_already_is_no_error(
    keys: Stack,
    minio: MinioInspector,
    dies: Callable[[str], None],
    twice: Callable[[str], None],
) -> None:
    dies("update_service_account")
    with pytest.raises(Killed):
        keys.create(**ALICE)
    twice("delete_service_account")
    made = keys.create(**ALICE)
    assert there(minio) == {made.id}


def test_a_key_that_was_handed_over_is_named_and_spared_until_its_resource_goes(
    keys: Stack, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    """Palette may hold it: where it refused every key since, or state was lost."""
    first = keys.create(**ALICE)
    lost = rotated(keys, first).outputs["access_key_id"]  # and its state got lost
    capsys.readouterr()
    second = rotated(keys, first)
    assert f"The user alice has credentials that this stack's state does not know: {lost}." in (
        capsys.readouterr().out
    )
    assert len(there(minio)) == 3
    another = keys.create(**ALICE)  # as a forced replacement does
    keys.delete(second)
    assert there(minio) == {another.id}


def test_keys_of_others_stay(
    keys: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    theirs = stack_of(AccessKeyHandler, owner="acme/shop/prod/weekly:0a1b2c").create(**ALICE)
    rotated(keys, keys.create(**ALICE))
    assert theirs.id in there(minio)


def test_one_switched_off_is_switched_on_again(keys: Stack, minio: MinioInspector) -> None:
    made = keys.create(**ALICE)
    minio.admin("update_service_account", access_key=made.id, status="off")
    seen = keys.refresh(made)
    assert seen and seen.outputs["status"] == "off"
    keys.update(seen, **ALICE)
    assert signs_in(minio, *key(made))


def test_another_secret_is_drift_and_set_back(keys: Stack, minio: MinioInspector) -> None:
    made = keys.create(**ALICE)
    minio.admin("update_service_account", access_key=made.id, secret_key="set-by-another-hand")
    seen = keys.refresh(made)
    assert seen and seen.outputs["status"] == "on, with another secret"
    mended = keys.update(seen, **ALICE)
    assert signs_in(minio, *key(made)) and key(mended) == key(made)
    assert keys.refresh(mended) == made


FEW = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"{ARN}few/*"]}
SOON = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"policy": {"Version": "2012-10-17", "Statement": [FEW]}}, {"policy_of_its_own": True}),
        ({"expiration": SOON}, {"expires": SOON}),
        ({"status": "off", "secret_key": "set-by-another-hand"}, {"status": "off"}),
    ],
)
def test_what_another_hand_changed_is_put_back_at_once(
    keys: Stack, minio: MinioInspector, change: dict[str, Any], seen: dict[str, Any]
) -> None:
    made = keys.create(**ALICE)
    minio.admin("update_service_account", access_key=made.id, **change)
    there = keys.refresh(made)
    assert there and there.inputs == {**made.inputs, **seen}
    mended = keys.update(there, **ALICE)
    assert keys.refresh(mended) == made and signs_in(minio, *key(made))


def test_one_that_is_gone_is_seen(keys: Stack, minio: MinioInspector) -> None:
    made = keys.create(**ALICE)
    minio.admin("delete_service_account", made.id)
    assert keys.refresh(made) is None


def test_a_user_without_a_policy_is_told_what_lacks(keys: Stack, minio: MinioInspector) -> None:
    minio.admin("user_add", "bob", "secret-of-bob")
    with pytest.raises(ProviderError, match="only a user with a policy"):
        keys.create(user="bob", user_secret="secret-of-bob")


def test_a_wrong_secret_is_refused_and_not_quoted(keys: Stack) -> None:
    with pytest.raises(ApiError, match="SignatureDoesNotMatch") as caught:
        keys.create(user="alice", user_secret="not-her-secret")
    assert "not-her-secret" not in str(caught.value)


@pytest.mark.parametrize("took_effect", [True, False])
def test_an_answer_that_got_lost(
    keys: Stack, minio: MinioInspector, monkeypatch: pytest.MonkeyPatch, took_effect: bool
) -> None:
    admin = MinioClient.admin

    def lossy(self: MinioClient, operation: str, *arguments: Any, **how: Any) -> Any:
        if operation != "add_service_account":
            return admin(self, operation, *arguments, **how)
        if took_effect:
            admin(self, operation, *arguments, **how)
        raise ApiError("the connection broke off", status=0)

    monkeypatch.setattr(MinioClient, "admin", lossy)
    if took_effect:
        made = keys.create(**ALICE)
        assert there(minio) == {made.id} and signs_in(minio, *key(made))
    else:
        with pytest.raises(ApiError, match="broke off"):
            keys.create(**ALICE)
        assert there(minio) == set()


def test_a_call_that_was_repeated_made_one_key(
    keys: Stack, minio: MinioInspector, twice: Callable[[str], None]
) -> None:
    twice("add_service_account")
    made = keys.create(**ALICE)
    assert there(minio) == {made.id} and signs_in(minio, *key(made))


def test_a_key_of_the_stack_does_not_keep_its_user(
    keys: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    users = stack_of(UserHandler)
    made = users.create(policies=["readonly"])
    keys.create(user=made.id, user_secret=made.outputs["secret_access_key"])
    users.delete(made)
    assert minio.users() == ["alice"]


def test_a_key_that_a_killed_run_left_does_not_keep_its_user(
    keys: Stack, stack_of: Callable[..., Stack], minio: MinioInspector, dies: Callable[[str], None]
) -> None:
    users = stack_of(UserHandler)
    made = users.create(policies=["readonly"])
    dies("update_service_account")
    with pytest.raises(Killed):
        keys.create(user=made.id, user_secret=made.outputs["secret_access_key"])
    users.delete(made)
    assert minio.users() == ["alice"]


def test_who_may_not_delete_a_key_is_told_that_it_goes_on_working(
    keys: Stack, minio: MinioInspector, running: Sandbox
) -> None:
    made = keys.create(**ALICE)
    policy = json.loads((DOCUMENTS / "minio.json").read_text())
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if "RemoveService" not in one]
    minio.admin("policy_add", "operator", policy=policy)
    minio.admin("user_add", "operator", "secret-of-the-operator")
    minio.admin("attach_policy", ["operator"], user="operator")
    who = {"MINIO_USER": "operator", "MINIO_PASSWORD": "secret-of-the-operator"}
    old = Stack(RetiringKeyHandler, environment={**running.env, **who}, owner=keys.owner)
    with pytest.raises(ProviderError, match="needs admin:RemoveServiceAccount"):
        old.delete(old.create(__told=made.id))
    assert there(minio) == {made.id}


def test_it_follows_its_resource_to_a_new_name(
    keys: Stack, stack_of: Callable[..., Stack], minio: MinioInspector
) -> None:
    made = keys.create(**ALICE)
    renamed = stack_of(AccessKeyHandler, owner="acme/renamed/dev/weekly:0a1b2c")
    renamed.update(made, **ALICE)
    (found,) = minio.admin("list_service_account", "alice")["accounts"]
    assert found["description"].startswith("acme/renamed/dev/weekly:0a1b2c@")


def test_the_age_of_a_key_is_the_day_it_was_made(keys: Stack) -> None:
    assert keys.create(**ALICE).outputs["made_on"] == datetime.now(UTC).date().isoformat()


def test_a_key_that_nobody_made_is_not_found(keys: Stack) -> None:
    with pytest.raises(NotFound):
        AccessKeyHandler(keys.lifecycle.run).revoke(None, "0" * 20)  # type: ignore[arg-type]
