"""Every way in which the clients call out, each as one call to a server on this machine."""

from pathlib import Path

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from tests.clouds import merged
from tests.unit.clients.caller import SECRET, Caller, settings


def palette(url: str, ca: str) -> object:
    return PaletteClient.connect(
        settings(palette_apiKey=SECRET, palette_host=url, palette_insecure="true")
    ).tenant()


CALLERS: dict[str, Caller] = {
    "palette": Caller(palette, fully=True, unpacks=True),
    **merged(__package__, "callers", "CALLERS"),
}
HOMES: dict[str, str] = merged(__package__, "callers", "HOMES")
"""Where the clouds' tools look for credentials, and find none."""
FIRST = [n for n, one in CALLERS.items() if one.bundles and not one.signs_in and not one.put]
"""Those of each client that call what it is there for."""
PROXIED = [name for name, caller in CALLERS.items() if caller.tls or caller.bundles]
"""Those that reach their server over TLS, as they reach a cloud."""


def called(
    name: str,
    port: int,
    ca: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    host: str = "127.0.0.1",
    tls: bool = False,
) -> object:
    """The call, made to that port of the host."""
    caller = CALLERS[name]
    url = f"{'https' if tls or caller.tls else 'http'}://{host}:{port}"
    for variable, value in (HOMES | caller.environment(url)).items():
        monkeypatch.setenv(variable, value)
    return caller.call(url, str(ca))
