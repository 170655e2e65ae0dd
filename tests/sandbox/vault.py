"""A Vault that opens the keys of stacks at once.

A passphrase becomes a key in a million rounds, in each `pulumi` command anew. Tests ask nothing of
passphrases, and Pulumi encrypts state with a key of Vault's in the same way.
"""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes

URL, KEY = "hashivault://tests", "b3BlbmVkIGJ5IHRlc3Rz"
SECRETS = f"secretsprovider: {URL}\nencryptedkey: {KEY}\n"
"""How the file of a stack says that a key of Vault opens its secrets."""
PROVIDER = {"type": "cloud", "state": {"url": URL, "encryptedkey": KEY}}
"""How state says it."""


class _Transit(BaseHTTPRequestHandler):
    """Decrypts every key to the same one, as the transit engine of Vault answers."""

    protocol_version = "HTTP/1.1"
    key = b64encode(token_bytes(32)).decode()

    def do_PUT(self) -> None:
        answer = json.dumps({"data": {"plaintext": self.key}}).encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest shows what tests print."""


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """The environment of commands whose stacks have `SECRETS`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Transit) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield {"VAULT_ADDR": f"http://127.0.0.1:{server.server_port}", "VAULT_TOKEN": "tests"}
        finally:
            server.shutdown()
            thread.join()
