"""A server, or a library, that quotes all it was sent and all it knows: nothing of a secret is in
what the person at the terminal reads. Each cloud's folder asks it of every way to sign in.
"""

import os
import traceback
from collections.abc import Callable
from functools import partial

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.core import secrets
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.cloud import Cloud
from palette_backup_provider.doctor.clouds import CLOUDS
from tests.clouds import in_each_folder, merged
from tests.unit.clients.echo import Echo, refusal
from tests.unit.core.echoes import shown

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_palette(echo: Echo) -> None:
    key = "Vh7+key/of==the&tests<b>Zm9vYmFy"
    echo.knows = [key]
    client = PaletteClient.connect(
        Settings({"palette:apiKey": key, "palette:host": echo.url}.get, {})
    )
    assert "Denied" in refusal(lambda: client.call("POST", "/v1/x", {"key": key}), key)


def asked(cloud: Cloud, settings: Settings) -> object:
    """A call that tells who is signed in."""
    return cloud.who(cloud.client.connect(settings))


PASSWORD = "pa55/of+the&proxy"
CONFIG = {"palette:apiKey": "Vh7-key-of-the-tests"} | merged(__package__, "addressed", "CONFIG")
NOBODY = f"mallory7:{PASSWORD}@127.0.0.1:1"
ASKS: dict[str, Callable[[Settings], object]] = {
    "palette": lambda settings: PaletteClient.connect(settings).tenant(),
    **{cloud.word: partial(asked, cloud) for cloud in CLOUDS},
}
ADDRESSES = {"palette": ("PALETTE_HOST", "palette:host")} | {
    cloud: each.ADDRESSES for cloud, each in in_each_folder(__package__, "addressed").items()
}
"""Where addresses are set, by client."""


@pytest.mark.parametrize("client", ASKS)
@pytest.mark.parametrize("proxy", [f"http://{NOBODY}", NOBODY, f"http://x:p%40{PASSWORD}@y z"])
def test_the_password_of_a_proxy_is_in_no_error(
    monkeypatch: pytest.MonkeyPatch, client: str, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    quotes_no_password(monkeypatch, client, merged(__package__, "addressed", "ELSEWHERE"))


@pytest.mark.parametrize("scheme", ["https://", "http://", ""])
@pytest.mark.parametrize(
    ("client", "name"),
    [(client, name) for client, names in ADDRESSES.items() for name in names],
)
def test_the_password_in_an_address_is_in_no_error(
    monkeypatch: pytest.MonkeyPatch, client: str, name: str, scheme: str
) -> None:
    more = {}
    if ":" in name:
        more = {name: f"{scheme}{NOBODY}"}
    else:
        monkeypatch.setenv(name, f"{scheme}{NOBODY}")
    quotes_no_password(monkeypatch, client, more)


def quotes_no_password(monkeypatch: pytest.MonkeyPatch, client: str, more: dict[str, str]) -> None:
    monkeypatch.setattr(http, "TRIES", 1)
    for cloud in in_each_folder(__package__, "addressed").values():
        cloud.asked_once(monkeypatch)
    with pytest.raises(Exception) as caught:  # what is no error of ours is shown cleared, too
        ASKS[client](Settings({**CONFIG, **more}.get, os.environ))
    said = secrets.cleared("".join(traceback.format_exception(caught.value)))
    assert shown(PASSWORD, said) == [] and "of+the&proxy" not in said, said


def test_a_service_is_named_without_its_userinfo() -> None:
    assert str(http.Service("Palette", "https://me:pa55@host:1", "", "")) == "Palette at host:1"
