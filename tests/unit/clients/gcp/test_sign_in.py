"""What signs nobody in to Google Cloud is one readable line."""

import os
from pathlib import Path

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.rest import sign_in as signin
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.signing_in import SOON, one_line

pytestmark = pytest.mark.usefixtures("nothing_to_sign_in_with")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"type": "nonsense"}', None])
def test_a_file_of_google_s_that_holds_no_credentials_is_one_line(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key.json"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    text = one_line(GcpClient.connect(Settings(lambda _: None, {})).project)
    assert text.startswith("Application Default Credentials: ")
    assert "or set GOOGLE_APPLICATION_CREDENTIALS to the path of a key" in text


def test_a_file_that_never_ends_ends_the_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(pipe))
    monkeypatch.setattr(signin, "SECONDS", SOON)
    text = one_line(GcpClient.connect(Settings(lambda _: None, {})).project)
    assert f"Google sign-in: nothing came of it within {SOON:g} s. Sign in with `gcloud" in text
    with open(pipe, "w"):  # who waits for it goes on
        pass
