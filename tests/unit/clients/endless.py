"""A server on a free loopback port whose answers do not end, each kind in its own way."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

LARGE = 33 * 2**20
PAUSE = 0.02
"""Seconds from one byte to the next; no wait for a byte is ever long."""
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def _packed(coding: str, content: bytes) -> bytes:
    head = f"Content-Encoding: {coding}\r\nContent-Length: {len(content)}\r\n\r\n"
    return OK + head.encode() + content


DRIPS: dict[str, tuple[bytes, bytes]] = {
    "status": (b"HTTP/1.1 200 ", b"O"),
    "early answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": (OK + b"X-Header: ", b"x"),
    "body": (OK + b"Content-Length: 9999\r\n\r\n{", b" "),
    "body without a length": (OK + b"\r\n{", b" "),
    "chunks": (CHUNKED + b"1\r\n{\r\n", b"1\r\n \r\n"),
    "chunk header": (CHUNKED + b"1;", b"x"),
    "silence": (OK + b"Content-Length: 9999\r\n\r\n{", b""),
    "trailers": (CHUNKED + b"0\r\n", b"X-Trailer: x\r\n"),
}
"""What comes first, and what then comes byte by byte, for ever; nothing, if it is empty."""
FLOODS: dict[str, tuple[bytes, bytes]] = {
    "length": (OK + b"Content-Length: 99999999999\r\n\r\n", b""),
    "length of a chunk": (CHUNKED + b"fffffffff\r\n", b" " * 2**16),
    "flood": (OK + b"\r\n", b" " * 2**16),
    "flood of chunks": (CHUNKED, b"10000\r\n" + b" " * 2**16 + b"\r\n"),
    "gzip": (_packed("gzip", gzip.compress(bytes(LARGE), 1)), b""),
    "gzip in parts": (_packed("gzip", gzip.compress(bytes(LARGE // 2), 1) * 3), b""),
    "deflate": (_packed("deflate", zlib.compress(bytes(LARGE), 1)), b""),
    "deflate without a header": (_packed("deflate", zlib.compress(bytes(LARGE), 1)[2:-4]), b""),
}
"""What comes first, and what then comes at once, for ever."""


class Endless:
    """The server: `opening` is sent as it is, `then` again and again."""

    def __init__(self, opening: bytes, then: bytes, pause: float, put: bytes) -> None:
        self.opening, self.then, self.pause, self.put = opening, then, pause, put
        self.closing = threading.Event()

    def answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            asked = b""
            while b"\r\n\r\n" not in asked:
                if not (more := connection.recv(2**16)):
                    return  # it asked nothing, and left
                asked += more
            if self.put and asked.startswith(b"PUT"):
                connection.sendall(self.put)
                return
            connection.sendall(self.opening)
            while self.then and not self.closing.is_set():
                for piece in self._pieces():
                    connection.sendall(piece)
                    if self.pause and self.closing.wait(self.pause):
                        return
            if self.pause:
                self.closing.wait(10)
            # Closed with a request half read, a connection is reset, and what was sent may be lost.
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(2**16):
                pass

    def _pieces(self) -> list[bytes]:
        return (
            [self.then[at : at + 1] for at in range(len(self.then))] if self.pause else [self.then]
        )


@contextmanager
def serving(
    opening: bytes,
    then: bytes,
    pause: float = 0,
    tls: ssl.SSLContext | None = None,
    put: bytes = b"",
) -> Iterator[int]:
    """The port of the server; a `put` is what is answered to PUT instead."""
    server = Endless(opening, then, pause, put)
    threads: list[threading.Thread] = []

    def started(work: Callable[..., None], *arguments: object) -> None:
        threads.append(threading.Thread(target=work, args=arguments))
        threads[-1].start()

    def accept(listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            if server.closing.is_set():
                connection.close()
                return
            connection.settimeout(10)
            started(handle, connection)

    def handle(connection: socket.socket) -> None:
        try:
            server.answer(tls.wrap_socket(connection, server_side=True) if tls else connection)
        except OSError:
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        started(accept, listener)
        try:
            yield port
        finally:
            server.closing.set()
            socket.create_connection(("127.0.0.1", port)).close()
            for thread in threads:
                thread.join()
