"""A CA's file is read as OpenSSL reads it: comments may be in any language and any encoding."""

from collections.abc import Callable
from pathlib import Path

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.trust import certificates
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import Settings
from tests.clouds import merged
from tests.unit.clients import __name__ as CLIENTS
from tests.unit.clients.authority import Authority
from tests.unit.clients.caller import SECRET
from tests.unit.clients.loopback import Reply, serve

COMMENTS = {
    "utf-8": "# Zertifizierungsstelle für Köln\n".encode(),
    "latin-1": "# Zertifizierungsstelle für Köln\n".encode("latin-1"),
    "byte order mark": b"\xef\xbb\xbf",
}


def palette(url: str, ca: str) -> object:
    config = {"palette:apiKey": SECRET, "palette:host": url, "palette:caCert": ca}
    return PaletteClient.connect(Settings(config.get, {})).tenant()


def palette_text(url: str, ca: str) -> object:
    return palette(url, Path(ca).read_bytes().decode("utf-8", "replace"))


TRUSTING: dict[str, Callable[[str, str], object]] = {
    "palette": palette,
    "palette text": palette_text,
    **merged(CLIENTS, "callers", "TRUSTING"),
}
"""Calls to a server at a URL, whose CA is in a file at a path."""


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("way", TRUSTING)
def test_a_comment_in_any_language(way: str, comment: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.path.write_bytes(COMMENTS[comment] + authority.path.read_bytes())
    with serve(authority.server) as server:
        server.on("GET /v1/users/info", Reply(200, {"tenantUid": "t"}))
        xml = {"Content-Type": "application/xml", "Connection": "close"}
        server.otherwise = Reply(403, "<Error><Code>AccessDenied</Code></Error>", xml)
        try:
            TRUSTING[way](server.url, str(authority.path))
        except ApiError as error:
            assert error.status == 403
        assert server.requests


@pytest.mark.parametrize("value", ["", "für Köln", "-----BEGIN CERTIFICATE-----\nü\n"])
def test_what_holds_no_certificate_is_told(value: str) -> None:
    with pytest.raises(ValueError, match="is not a PEM certificate"):
        certificates(value)
