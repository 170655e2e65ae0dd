"""Rotation of an access key on the real engine: Palette's key works after every step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.aws.nightly import KEY, LOCATION, OLD, Nightly, nightly
from tests.sandbox.control import Control
from tests.sandbox.stack import PAST, Stack

__all__ = ["nightly"]


def test_a_changed_text_rotates_and_the_deadline_retires(nightly: Nightly) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("rotation", "one")
    assert nightly.planned() == {KEY: "update", OLD: "create", LOCATION: "update"}
    assert nightly.held() == old
    told = stack.up().text
    new = nightly.held()
    assert new[0] == stack.outputs()["key"] != old[0]
    assert f"rotated to {new[0]}. {old[0]} goes on working until " in told
    assert nightly.works(old)
    assert nightly.keys() == {old[0], new[0]}
    stack.unchanged()
    stack.refresh()
    stack.unchanged()
    stack.up("--expect-no-changes")

    stack.edit(KEY, retiring_until=PAST)
    assert f'- credential_id: "{old[0]}"' in stack.preview("--diff").text
    assert nightly.planned().keys() == {OLD}
    stack.up()
    assert nightly.held() == new
    assert nightly.keys() == {new[0]}
    assert not nightly.works(old)
    stack.unchanged()
    nightly.gone()


@pytest.mark.stress
def test_age_rotates_and_the_preview_tells_the_dates(nightly: Nightly) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("rotate_after", "90")
    stack.up()
    stack.unchanged()
    young = (datetime.now(UTC) - timedelta(days=89)).date().isoformat()
    stack.edit(KEY, made_on=young)
    stack.unchanged()

    aged = (datetime.now(UTC) - timedelta(days=90)).date().isoformat()
    stack.edit(KEY, made_on=aged)
    shown = stack.preview("--diff").text
    today = datetime.now(UTC).date()
    assert f'~ made_on       : "{aged}" => "{today.isoformat()}"' in shown
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert f'+ retiring_until: "{tomorrow}T' in shown
    assert set(nightly.planned()) == {KEY, OLD, LOCATION}
    stack.up()
    new = nightly.held()
    assert new != old
    assert nightly.works(old)
    stack.unchanged()
    nightly.gone()  # the old key too, ahead of its time


@pytest.mark.stress
def test_without_a_grace_period_the_next_run_removes_the_old_key(nightly: Nightly) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("retire_after", "0")
    stack.set("rotation", "one")
    assert "goes on working until the next `pulumi up` removes it" in stack.up().text
    assert nightly.held() != old
    assert nightly.works(old)
    stack.up()
    assert nightly.keys() == {nightly.held()[0]}
    stack.unchanged()
    nightly.gone()


def test_no_rotation_while_two_keys_exist(nightly: Nightly, aws: AwsInspector) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("rotation", "one")
    stack.up()
    new = nightly.held()
    stack.set("rotation", "two")
    refused = stack.preview(ok=False).errors
    assert old[0] in refused and new[0] in refused
    stack.set("rotation", "one")
    stack.edit(KEY, retiring_until=PAST)
    stack.up()

    iam = aws.client("iam")
    (user,) = aws.users()
    foreign = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    stack.set("rotation", "two")
    refused = stack.up(ok=False).errors
    assert foreign in refused and new[0] in refused
    assert nightly.keys() == {foreign, new[0]}
    assert nightly.held() == new
    iam.delete_access_key(UserName=user, AccessKeyId=foreign)
    stack.up()
    assert nightly.held() != new
    nightly.gone()


def test_a_protected_key_rotates_and_retires_all_the_same(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    options = "opts=pulumi.ResourceOptions(protect=True, retain_on_delete=True)"
    stack.program(
        f"""\
        user = aws.User("u", aws.UserArgs())
        aws.AccessKey("k", aws.AccessKeyArgs(user=user.name, rotation=config.get("r")), {options})
        """
    )
    stack.set("r", "one")
    stack.up()
    (user,) = aws.users()
    (first,) = aws.keys(user)
    stack.set("r", "two")
    stack.up()
    assert len(aws.keys(user)) == 2
    stack.edit(KEY, retiring_until=PAST)
    stack.up()
    assert len(aws.keys(user)) == 1
    assert first not in aws.keys(user)
    stack.unchanged()


@pytest.mark.stress
def test_a_program_that_rotates_no_more_ends_the_old_key(nightly: Nightly) -> None:
    stack = nightly.stack
    stack.set("rotation", "one")
    stack.up()
    stack.unset("rotation")
    assert len(nightly.keys()) == 2
    stack.up()
    assert nightly.keys() == {nightly.held()[0]}
    stack.unchanged()
    nightly.gone()


def test_a_forced_replacement_during_retirement_is_refused(nightly: Nightly) -> None:
    stack = nightly.stack
    stack.set("rotation", "one")
    stack.up()
    held: Any = nightly.held()
    assert held[0] in stack.up("--replace", stack.urn(KEY), ok=False).errors
    assert nightly.held() == held
    assert len(nightly.keys()) == 2
    stack.up()
    stack.edit(KEY, retiring_until=PAST)
    stack.up("--replace", stack.urn(KEY), ok=False)
    assert nightly.held() == held
    nightly.gone()
