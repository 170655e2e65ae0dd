import pytest

from palette_backup_provider.core import errors
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    MissingExtra,
    NotFound,
    ProviderError,
    sentence,
)
from palette_backup_provider.core.secrets import remember


def test_every_error_is_a_provider_error_and_is_drawn_in_the_tree() -> None:
    classes = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(classes) > 8
    for kind in classes:
        assert issubclass(kind, ProviderError)
        assert kind.__name__ in (errors.__doc__ or "")


def test_a_text_is_cleared_as_it_is_made() -> None:
    remember("Tr0ub4dor&3")
    error = ApiError("refused Tr0ub4dor&3", status=403)
    assert str(error) == "refused [secret]"
    assert "Tr0ub4dor" not in repr(error)


def test_what_only_this_error_may_not_show_is_cleared_from_it() -> None:
    error = ProviderError("the value open-sesame-12 is refused")
    assert str(error.without("open-sesame-12")) == "the value [secret] is refused"


@pytest.mark.parametrize(
    ("text", "ended"),
    [("Access Denied", "Access Denied."), ("Gone.", "Gone."), ("Why? ", "Why?"), ("cut…", "cut…")],
)
def test_what_others_wrote_is_ended_once(text: str, ended: str) -> None:
    assert sentence(text) == ended


@pytest.mark.parametrize(
    ("status", "unclear"), [(0, True), (400, False), (409, False), (499, False), (500, True)]
)
def test_only_silence_and_server_errors_leave_the_outcome_open(status: int, unclear: bool) -> None:
    assert ApiError("x", status=status).unclear is unclear


def test_an_api_error_carries_status_and_code() -> None:
    error = NotFound("gone", code="NoSuchBucket")
    assert (error.status, error.code) == (404, "NoSuchBucket")
    assert ApiError("x", status=400).code == ""


def test_a_refused_key_is_not_an_absent_object() -> None:
    assert not isinstance(ApiKeyRejected("x", status=404), NotFound)


def test_a_missing_extra_says_what_to_run() -> None:
    text = str(MissingExtra("some", "some-sdk"))
    assert text == ("some-sdk is not installed. Run: pip install 'palette-backup-provider[some]'")
