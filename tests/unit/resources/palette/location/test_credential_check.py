"""How a wait for a fresh credential ends, asked of every kind of storage."""

from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.palette.location.credential_check import _remedy
from palette_backup_provider.resources.palette.storage import KINDS

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@each_kind
def test_a_credential_that_stays_unknown_may_be_gone(kind: Any) -> None:
    assert kind.unknown
    for code in kind.unknown:
        for last in (
            ApiError("no", status=403, code=code),
            ApiError(f"Palette refused it: {code}: no", status=400),
        ):
            assert "`pulumi refresh` finds out" in _remedy(kind, last)


@each_kind
def test_one_that_is_known_and_refused_is_told_what_it_needs(kind: Any) -> None:
    told = _remedy(kind, ApiError("denied", status=403, code="AccessDenied"))
    assert told == kind.needs and told.endswith(".") and "pulumi refresh" not in told
