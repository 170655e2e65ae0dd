"""A CA of the tests, and this machine's certificate by it."""

import ssl
from datetime import datetime
from pathlib import Path

import trustme


class Authority:
    """A CA, and a server certificate it issued."""

    def __init__(self, folder: Path, ends: datetime | None = None, host: str = "127.0.0.1") -> None:
        ca = trustme.CA()
        self.text = ca.cert_pem.bytes().decode()
        self.path = folder / "ca.pem"
        self.path.write_text(self.text)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(host, not_after=ends).configure_cert(self.server)
