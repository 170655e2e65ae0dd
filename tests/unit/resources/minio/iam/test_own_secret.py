"""The end of a secret of a user's own that others have had, on the real server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.core.errors import Blocked
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.rotation.retired import EMPTY
from palette_backup_provider.resources.minio.access_key import AccessKeyHandler
from palette_backup_provider.resources.minio.retiring_secret import RetiringSecretHandler
from palette_backup_provider.resources.minio.user import UserHandler
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.minio.test_user import key, signs_in
from tests.unit.resources.stack import Stack, Thing

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ONLY = {"keys_only": True}


class Own:
    """A user whose secret others have, and what ends it, on one clock."""

    def __init__(self, stack_of: Callable[..., Stack]) -> None:
        self.now = NOW
        self.users = stack_of(UserHandler, now=lambda: self.now)
        self.ends = stack_of(RetiringSecretHandler, now=lambda: self.now)
        self.keys = stack_of(AccessKeyHandler)

    def beside(self, user: Thing) -> dict[str, str]:
        """What the program gives to what ends the secret."""
        told = user.outputs
        return {
            "__told": told["retired"],
            "__told_until": told["retiring_until"],
            "old_secret_key": told["old_secret_key"],
            "secret_key": told["secret_access_key"],
        }

    def key(self, user: Thing) -> Thing:
        told = user.outputs
        return self.keys.create(
            user=user.id,
            user_secret=told["secret_access_key"],
            old_user_secret=told["old_secret_key"],
        )


@pytest.fixture
def own(stack_of: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch) -> Own:
    monkeypatch.setattr(AccessKeyHandler, "patience", Patience(0))
    return Own(stack_of)


def test_a_secret_that_nobody_had_is_not_retired(own: Own, minio: MinioInspector) -> None:
    made = own.users.create(**ONLY)
    assert not own.users.differs(made, **ONLY)
    assert made.outputs["retiring_until"] == made.outputs["retired"] == ""
    stands = own.ends.create(**own.beside(made))
    assert stands.id == EMPTY and stands.outputs["credential_id"] is None
    own.ends.delete(stands)
    assert signs_in(minio, *key(made))


def test_a_secret_that_others_had_works_until_its_end_and_then_no_more(
    own: Own, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    made = own.users.create(policies=["readonly"])
    old = key(made)
    retired = own.users.update(made, policies=["readonly"], **ONLY)
    assert retired.outputs["retiring_until"] == "2026-11-29T12:00Z"
    told = capsys.readouterr().out
    assert "goes on working until 2026-11-29T12:00Z" in told
    stands = own.ends.create(**own.beside(retired))
    assert signs_in(minio, *old) and not signs_in(minio, *key(retired))
    assert own.users.refresh(retired) == retired
    first = own.key(retired)

    own.now += timedelta(hours=24)
    assert not own.users.differs(retired, policies=["readonly"], **ONLY)
    over = retired
    props = own.ends.check(stands.inputs, **own.beside(over))
    found = own.ends.lifecycle.diff(stands.id, stands.outputs, props, set())
    assert found.replaces == ["credential_id"]
    assert signs_in(minio, *old)
    own.ends.delete(stands)
    assert (
        not signs_in(minio, *old) and signs_in(minio, *key(over)) and signs_in(minio, *key(first))
    )
    told = capsys.readouterr().out
    assert f"this run ends the own secret of the user {made.id}, unless" in told
    assert old[1] not in told
    second = own.key(over)
    assert signs_in(minio, *key(second))
    seen = own.users.refresh(over)
    assert seen and seen.inputs == over.inputs and seen.outputs["old_secret_key"] == ""
    assert not own.users.differs(seen, policies=["readonly"], **ONLY)


def test_while_the_end_is_not_reached_keys_can_be_made_and_nothing_drifts(
    own: Own, minio: MinioInspector
) -> None:
    """The run that was to end it failed: Palette may have the secret still."""
    made = own.users.create(policies=["readonly"])
    retired = own.users.update(made, policies=["readonly"], **ONLY)
    own.now += timedelta(hours=24)
    over = retired
    seen = own.users.refresh(over)
    assert seen == over and not own.users.differs(over, policies=["readonly"], **ONLY)
    assert signs_in(minio, *key(own.key(over)))
    assert signs_in(minio, *key(made))
    own.users.delete(over)
    assert minio.users() == []


def test_an_end_that_was_cut_off_is_made_again(own: Own, minio: MinioInspector) -> None:
    made = own.users.create()
    retired = own.users.update(made, **ONLY)
    stands = own.ends.create(**own.beside(retired))
    own.ends.delete(stands)
    own.ends.delete(stands)
    assert signs_in(minio, *key(retired)) and not signs_in(minio, *key(made))
    minio.admin("user_remove", made.id)
    own.ends.delete(stands)
    assert minio.users() == []


def test_the_end_spares_a_secret_that_came_after(own: Own, minio: MinioInspector) -> None:
    made = own.users.create()
    retired = own.users.update(made, **ONLY)
    stands = own.ends.create(**own.beside(retired))
    given = own.users.update(retired, secret_key="the-programs-own", **ONLY)
    assert given.outputs["retiring_until"] == ""
    own.ends.delete(stands)
    assert signs_in(minio, made.id, "the-programs-own")


def test_the_end_spares_the_old_secret_where_the_program_gives_it_again(
    own: Own, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"secret_key": "the-programs-own", **ONLY}
    made = own.users.create(**given)
    retired = own.users.update(made, **ONLY)
    stands = own.ends.create(**own.beside(retired))
    back = own.users.update(retired, **given)
    props = own.ends.check(stands.inputs, **own.beside(back))
    found = own.ends.lifecycle.diff(stands.id, stands.outputs, props, set())
    assert found.replaces == ["credential_id"]
    own.ends.create(**own.beside(back))
    own.ends.delete(stands)
    assert signs_in(minio, made.id, "the-programs-own")
    there = own.users.refresh(back)
    assert there and there.outputs == back.outputs
    told = capsys.readouterr().out
    assert "has the secret again that was to end" in told and "is dead" not in told


def test_a_preview_need_not_know_the_secret_yet(own: Own) -> None:
    retired = own.users.update(own.users.create(), **ONLY)
    stands = own.ends.create(**own.beside(retired))
    news = {**own.beside(retired), "__owner": own.ends.owner}
    del news["secret_key"]
    assert not own.ends.lifecycle.check(stands.inputs, news, {"secret_key"}).failures


def test_the_end_waits_for_a_user_that_is_disabled(own: Own, minio: MinioInspector) -> None:
    made = own.users.create()
    stands = own.ends.create(**own.beside(own.users.update(made, **ONLY)))
    minio.admin("user_disable", made.id)
    with pytest.raises(Blocked, match="is disabled"):
        own.ends.delete(stands)


@pytest.mark.parametrize(("hours", "which"), [(1, "old_secret_key"), (24, "secret_access_key")])
def test_what_another_hand_set_is_put_back(
    own: Own, minio: MinioInspector, hours: int, which: str
) -> None:
    made = own.users.create()
    retired = own.users.update(made, **ONLY)
    own.now += timedelta(hours=hours)
    minio.admin("user_add", made.id, "set-by-another-hand")
    seen = own.users.refresh(retired)
    assert seen and seen.outputs["status"] == "enabled, with another secret"
    own.users.update(seen, **ONLY)
    assert signs_in(minio, made.id, retired.outputs[which])


def test_a_secret_that_the_program_gives_stays_and_that_is_told(
    own: Own, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    made = own.users.create(secret_key="the-programs-own")
    kept = own.users.update(made, secret_key="the-programs-own", **ONLY)
    assert kept.outputs["retiring_until"] == ""
    assert "Its own secret goes on working, as secret_key gives it" in capsys.readouterr().out
    taken_out = own.users.update(kept, **ONLY)
    assert taken_out.outputs["retiring_until"] and signs_in(minio, made.id, "the-programs-own")
    own.ends.delete(own.ends.create(**own.beside(taken_out)))
    assert signs_in(minio, *key(taken_out)) and not signs_in(minio, *key(made))


def test_a_changed_time_moves_the_end(own: Own) -> None:
    retired = own.users.update(own.users.create(), **ONLY)
    longer = own.users.update(retired, retire_after=48, **ONLY)
    assert longer.outputs["retiring_until"] == "2026-11-30T12:00Z"
    assert longer.outputs["old_secret_key"] == retired.outputs["old_secret_key"]


def test_keys_that_others_gave_to_the_user_are_named(
    own: Own, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    made = own.users.create(policies=["readonly"], **ONLY)
    own.key(made)
    own.users.refresh(made)
    assert "does not know" not in capsys.readouterr().out
    own.keys.lifecycle.run.client(MinioClient).of(
        Identity(url=minio._env["MINIO_ENDPOINT"], user=key(made)[0], password=key(made)[1])
    ).admin("add_service_account", access_key="theirs", secret_key="secret-of-theirs")
    own.users.refresh(made)
    assert f"The user {made.id} has credentials that" in (told := capsys.readouterr().out)
    assert "does not know: theirs." in told
    with pytest.raises(Blocked, match="the access key theirs"):
        own.users.delete(made)
