"""HTTP servers on loopback, one thread a connection, that can drop a connection the hard way."""

import logging
import socket
import ssl
import struct
import threading
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

HOST = "127.0.0.1"

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def reset_on_close(environ: WSGIEnvironment) -> None:
    """Have the connection of this request end in a TCP reset instead of an orderly end."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Say nothing: requests carry keys, and calls are counted by the proxy."""

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """The application ended the connection: wait for no further request on it."""
        self.close_connection = True


class _LoopbackServer(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def shutdown_request(self, request: Any) -> None:
        """End a connection, without the farewell when it is to be reset."""
        linger = request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET_ON_CLOSE))
        if linger == _RESET_ON_CLOSE:
            self.close_request(request)
        else:
            super().shutdown_request(request)


class Server:
    """Serves one WSGI application on a free port of 127.0.0.1 until `stop`."""

    def __init__(self, app: WSGIApplication, context: ssl.SSLContext | None = None) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = _LoopbackServer(HOST, 0, app, handler=_Handler)
        if context:
            # The handshake is left to the connection's own thread: done in accept(), one client
            # that connects and says nothing would block all others.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self._server.ssl_context = context
        scheme = "https" if context else "http"
        self.url = f"{scheme}://{HOST}:{self._server.server_port}"
        """Where it listens, without a trailing slash."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.daemon = True
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
