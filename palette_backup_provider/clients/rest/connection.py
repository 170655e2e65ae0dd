"""Connections that keep to the deadline and the size of `clients.rest.deadline`.

requests and the clouds' SDKs all connect through urllib3, and some of their connections
 (to metadata services, with client certificates) cannot be given from outside.
So urllib3's pools get a class of connection that measures; `ConnectionCls` is their hook for it.
Nothing changes for who connects outside of `answering`.

An answer is read whole before any library sees it, so that none can wait for the rest of it.
"""

import io
import socket
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from palette_backup_provider.clients.rest.deadline import Call, current
from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.clients.rest.proxies import variable

UNPACKED = ("gzip", "x-gzip", "deflate", "br", "zstd")
"""The codings that urllib3 unpacks, some of them only where a package is installed for it."""
PIECE = 2**16
STEP = 2**20


def measure(*pools: Any) -> None:
    """Have these classes of urllib3's pools, and its own, make connections that measure."""
    socks = sys.modules.get("urllib3.contrib.socks")  # there if PySocks is
    more = (socks.SOCKSHTTPConnectionPool, socks.SOCKSHTTPSConnectionPool) if socks else ()
    for pool in (HTTPConnectionPool, HTTPSConnectionPool, *more, *pools):
        kind = pool.ConnectionCls
        if not issubclass(kind, _Measured):
            pool.ConnectionCls = type(kind.__name__, (_Measured, kind, _Whole), {})


class _Timed:
    """A socket whose every wait ends with the call."""

    __slots__ = ()

    def recv(self, *args: Any) -> bytes:
        content: bytes = _within(self, super().recv, args)  # type: ignore[misc]
        if call := current():
            call.receive(len(content))
        return content

    def recv_into(self, *args: Any) -> int:
        count: int = _within(self, super().recv_into, args)  # type: ignore[misc]
        if call := current():
            call.receive(count)
        return count

    def send(self, *args: Any) -> int:
        count: int = _within(self, super().send, args)  # type: ignore[misc]
        return count

    def sendall(self, *args: Any) -> None:
        _within(self, super().sendall, args)  # type: ignore[misc]


def _within(sock: Any, wait: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    call = current()
    if call is None:
        return wait(*args)
    usual = sock.gettimeout()
    sock.settimeout(call.left(usual))
    try:
        return wait(*args)
    except TimeoutError:
        call.left()
        raise
    finally:
        sock.settimeout(usual)


@cache
def _timed(kind: Any) -> type:
    return type(kind.__name__, (_Timed, kind), {"__slots__": ()})


def _take_over(sock: Any) -> None:
    """urllib3 and ssl make the sockets themselves, so they change their class afterwards."""
    if isinstance(sock, socket.socket) and not isinstance(sock, _Timed):
        kind: Any = type(sock)
        sock.__class__ = _timed(kind)


class _Measured:
    """In front of a class of urllib3's connections: the way there, and what is sent."""

    def connect(self: Any) -> None:
        if call := current():
            call.begin(self._tunnel_host or self.host, _proxy(self))
            self.timeout = call.left(self.timeout)
        super().connect()  # type: ignore[misc]
        _take_over(self.sock)  # after TLS it is another one

    def _new_conn(self) -> Any:
        with _through_proxy(self):
            sock = super()._new_conn()  # type: ignore[misc]
        _take_over(sock)
        return sock

    def _tunnel(self) -> None:
        with _through_proxy(self):
            super()._tunnel()  # type: ignore[misc]

    def _connect_tls_proxy(self, *args: Any) -> Any:
        sock = super()._connect_tls_proxy(*args)  # type: ignore[misc]
        _take_over(sock)
        return sock

    def putrequest(self: Any, method: str, url: str, *args: Any, **options: Any) -> None:
        if call := current():
            target = (urlsplit(url).hostname or "") if "://" in url else ""
            call.begin(target or self._tunnel_host or self.host, _proxy(self))
            if this_machine(target):  # by a library that takes its proxies from nobody
                raise call.refuse("is this machine, and is asked through no proxy: set NO_PROXY")
        super().putrequest(method, url, *args, **options)  # type: ignore[misc]


class _Whole(HTTPConnection):
    """Behind a class of urllib3's connections: the answer, before urllib3 looks at it."""

    def getresponse(self) -> HTTPResponse:
        answer = super().getresponse()
        if call := current():
            _forget_where(answer)
            try:
                _read_whole(answer, call)
            except BaseException:
                answer.close()
                raise
        return answer


@contextmanager
def _through_proxy(connection: Any) -> Iterator[None]:
    """Ends the call if the way to a proxy, or the proxy, fails: no library has to try again."""
    scheme = "https" if connection._tunnel_host else "http"
    try:
        yield
    except (OSError, HTTPError, HTTPException) as error:
        call = current()
        if call is None or call.error or not connection.proxy:
            raise
        root = error.__cause__ or error
        reason = (isinstance(root, OSError) and root.strerror) or str(root) or type(root).__name__
        raise call.no_proxy(variable(scheme), reason) from None


def _proxy(connection: Any) -> str:
    return connection.proxy.netloc or "" if connection.proxy else ""


def _forget_where(answer: Any) -> None:
    """A redirect to what is no address leads nowhere; urllib3 would fail on it, and try again."""
    if 300 <= answer.status < 400:
        try:
            parse_url(answer.headers.get("Location", ""))
        except LocationParseError:
            del answer.headers["Location"]


def _read_whole(answer: Any, call: Call) -> None:
    """Have `answer` hold its body in memory, and no word of how it came in pieces."""
    if answer.length == 0 or answer.isclosed():  # to a HEAD, with a length that has to stay
        return
    call.hold(answer.length or 0)
    content = b"".join(iter(lambda: answer.read(PIECE), b""))
    if answer.length:
        raise IncompleteRead(content, answer.length)
    for size in _unpacked(content, answer.headers.get("Content-Encoding", ""), call):
        call.left()
        call.hold(size)
    del answer.headers["Transfer-Encoding"], answer.headers["Content-Length"]
    answer.headers["Content-Length"] = str(len(content))
    answer.fp, answer.length, answer.chunked = io.BytesIO(content), len(content), False


def _unpacked(content: bytes, coding: str, call: Call) -> Iterator[int]:
    """The size of `content` unpacked, as it grows; nothing of it is kept."""
    codings = [each.strip().lower() for each in coding.split(",")]
    if not set(codings) & set(UNPACKED):
        return
    if len(codings) > 1 or codings[0] in ("br", "zstd"):
        raise call.refuse("gave an answer that is packed in a way that was not asked for")
    size = 0
    while content:
        unpack = zlib.decompressobj(_window(content, codings[0]))
        while content and not unpack.eof:
            try:
                size += len(unpack.decompress(content, STEP))
            except zlib.error:
                return  # not what it says it is: urllib3 tells
            content = unpack.unconsumed_tail
            yield size
        content = unpack.unused_data


def _window(content: bytes, coding: str) -> int:
    """zlib's name for the coding; `deflate` is with a header or, as some send it, without."""
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    with_header = content[0] & 15 == zlib.DEFLATED and int.from_bytes(content[:2]) % 31 == 0
    return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS
