"""What a running sandbox gives to its clouds."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import WSGIApplication

from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.proxy import Proxy, Service
from palette_backup_provider.sandbox.proxy.server import Server
from palette_backup_provider.sandbox.proxy.tls import LoopbackAuthority


@dataclass(frozen=True)
class Host:
    """A place for the servers and files of a sandbox."""

    folder: Path
    """Its files; they are deleted as it stops."""
    conditions: Conditions
    authority: LoopbackAuthority
    running: ExitStack
    """What is called as it stops, in reverse order."""

    @property
    def ca_file(self) -> Path:
        """The certificate of the authority."""
        return self.folder / "ca.pem"

    def serve(self, service: Service, *, tls: bool = False) -> str:
        """The URL of a new server for a service, behind the fault proxy."""
        context = self.authority.server_context() if tls else None
        return self._started(Server(Proxy(service, self.conditions), context))

    def serve_undisturbed(self, app: WSGIApplication) -> str:
        """The URL of a new server for what is no service: nothing is counted or broken there."""
        return self._started(Server(app))

    def _started(self, server: Server) -> str:
        self.running.callback(server.stop)
        return server.url

    def write(self, name: str, content: bytes) -> Path:
        """A new file that only its owner can read."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        return path
