"""How missing permissions are told, and what they are asked about."""

import pytest

from palette_backup_provider.core.permissions import EXAMPLE, Answer, Permissions, Statement
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Finding, Verdict, fault, good
from palette_backup_provider.doctor.permissions import line, name_to_ask_about
from palette_backup_provider.doctor.stack import Recorded, Stack

DOCUMENT = "docs/permissions/some.json"
STORE = Statement(DOCUMENT, ("s:Get", "s:Put", "s:Delete"), "Store")
USER = Statement(DOCUMENT, ("u:Make",), "User", only_for="Location", or_else="Role")
ROLE = Statement(DOCUMENT, ("r:GetIt", "r:Make"), "Role", only_for="StsLocation", or_else="User")
MANY = Statement("docs/permissions/other.yaml", tuple(f"m:{n}" for n in range(7)))


def told(*answers: Answer, about: str = "") -> Finding:
    return line(Permissions(answers, about))


def test_all_is_granted() -> None:
    assert told(Answer(STORE)) == good("all 3")


def test_a_statement_is_left_out() -> None:
    reading = Answer(ROLE, ("r:Make",))
    assert told(Answer(STORE), Answer(USER), reading, about="a bucket called b") == good(
        "all that is needed, of 6; without statement Role of docs/permissions/some.json, for "
        "StsLocation alone (asked about a bucket called b)"
    )


def test_of_two_that_stand_in_for_each_other_one_is_needed() -> None:
    found = told(Answer(USER, USER.actions), Answer(ROLE, ("r:Make",)))
    assert found == fault(
        "2 of 3 missing: u:Make, r:Make",
        "statements User and Role of docs/permissions/some.json",
    )


def test_a_long_list_is_cut() -> None:
    found = told(Answer(MANY, MANY.actions), Answer(STORE, ("s:Get",)))
    assert found.text == "8 of 10 missing: m:0, m:1, m:2, m:3, m:4, …"
    assert found.fix == f"docs/permissions/other.yaml and statement Store of {DOCUMENT}"


def test_what_is_missing_wins_over_what_is_not_told() -> None:
    unclear = Answer(STORE, unclear="Nobody says.")
    assert told(unclear).verdict is Verdict.WARNING
    assert told(unclear, Answer(USER, USER.actions), Answer(ROLE)).verdict is Verdict.WARNING
    assert told(unclear, Answer(MANY, ("m:0",))).verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("existing", "token", "name"),
    [
        (False, "some:Bucket", "team-nightly"),
        (True, "some:Bucket", EXAMPLE),
        (False, "some:Policy", EXAMPLE),
    ],
)
def test_the_stack_s_own_bucket_is_asked_about(existing: bool, token: str, name: str) -> None:
    bucket = Recorded(token, "id", "nightly", {"name": "team-nightly", "existing": existing})
    case = Case(Settings(lambda _: None, {}), Stack("dev", resources=(bucket,)))
    assert name_to_ask_about(case, "some") == name
