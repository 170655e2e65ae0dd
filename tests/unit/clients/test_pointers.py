"""An error that doctor can find out more about names the check, and there is that check."""

from collections.abc import Callable

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.core.errors import ApiError, ProviderError, without_pointers
from palette_backup_provider.doctor.checks import CHECKS
from tests.clouds import in_some_folders
from tests.unit.clients.caller import settings
from tests.unit.clients.loopback import CLOSED, Reply, serve

Call = Callable[[str], object]


def palette(url: str) -> object:
    return PaletteClient.connect(settings(palette_apiKey="key", palette_host=url)).tenant()


CASES: list[tuple[Call, Reply | None, str]] = [
    (palette, None, "palette.reachable"),
    (palette, Reply(401, {"code": "ResourceNotFound", "message": "x"}), "palette.key"),
    (palette, Reply(403, {"code": "OperationForbidden", "message": "x"}), "palette.create"),
    *(
        case
        for cloud in in_some_folders(__package__, "pointers").values()
        for case in cloud.POINTERS
    ),
]
"""A call to the server at a URL, its answer, none of a server that is not there, and the check."""


@pytest.mark.parametrize(("call", "reply", "check"), CASES)
def test_an_error_names_the_check(call: Call, reply: Reply | None, check: str) -> None:
    with serve() as server, pytest.raises(ProviderError) as told, answering("it", seconds=0.4):
        server.otherwise = reply or Reply()
        call(server.url if reply else CLOSED)
    text = str(told.value)
    assert text.endswith(f" `palette-backup doctor --only {check}` finds out more.")
    assert check in {one.id for one in CHECKS}
    assert "doctor" not in without_pointers(text)


def test_a_check_is_named_once() -> None:
    error = ApiError("It failed", status=403).see("palette.create").see("palette.key")
    assert str(error).count("doctor") == 1
