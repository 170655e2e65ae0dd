"""Puts a sandbox together: Palette, the clouds asked for, and the settings that lead to them."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.access import Access
from palette_backup_provider.sandbox.control import control
from palette_backup_provider.sandbox.page import page
from palette_backup_provider.sandbox.palette import Palette
from palette_backup_provider.sandbox.proxy import Proxy
from palette_backup_provider.sandbox.server import Server
from palette_backup_provider.sandbox.store import PROJECTS, Store
from palette_backup_provider.sandbox.tls import LoopbackAuthority
from palette_backup_provider.sandbox.validation import Validation
from palette_backup_provider.sandbox.world import World

CLOUDS = ("aws", "minio", "gcp", "azure")
"""The clouds that a sandbox can run."""

REGION = "us-east-1"


class Sandbox:
    """A running sandbox. Use it as a context manager, or call `start` and `stop`."""

    def __init__(self, clouds: Iterable[str] = ("aws",), env_file: Path | None = None) -> None:
        self.clouds = tuple(dict.fromkeys(clouds))
        """The clouds it runs besides Palette."""
        if unknown := [cloud for cloud in self.clouds if cloud not in CLOUDS]:
            raise ProviderError(
                f"No sandbox for {', '.join(unknown)}; the clouds are: {', '.join(CLOUDS)}."
            )
        self.token = secrets.token_hex(16)
        """Opens the control routes."""
        self.env: dict[str, str] = {}
        """Every setting that a program needs; filled by `start`."""
        self.world = World()
        self.store = Store()
        self.access = Access(self.world.clock)
        self.validation = Validation(self.store)
        self.app = Flask(__name__, static_folder=None)
        """Palette's routes, and ours beside them."""
        self._env_file = env_file
        self._running = ExitStack()

    @property
    def url(self) -> str:
        """Where Palette is, without a trailing slash."""
        return self.env["PALETTE_HOST"]

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """An environment for a program: `base` without real clouds, and with this sandbox."""
        return env.cleared(base) | self.env

    def start(self) -> Self:
        """Start every server and write the settings."""
        with ExitStack() as starting:
            self._start(starting)
            self._running = starting.pop_all()
        return self

    def stop(self) -> None:
        """Stop every server and remove every file."""
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, running: ExitStack) -> None:
        folder = Path(tempfile.mkdtemp(prefix="palette-backup-sandbox-"))
        running.callback(shutil.rmtree, folder, ignore_errors=True)
        authority = LoopbackAuthority()
        ca_file = folder / "ca.pem"
        ca_file.touch(mode=0o600)
        ca_file.write_bytes(authority.pem)

        self.env = env.out_of_reach(folder / "nothing")
        resets = [self.world.reset, self.store.reset, self.validation.verdicts.clear]
        if "aws" in self.clouds:
            resets.append(self._start_aws(running))
        if "gcp" in self.clouds:
            resets.append(self._start_gcp(running, folder))
        if "azure" in self.clouds:
            resets.append(self._start_azure(running, authority, ca_file))
        if "minio" in self.clouds:
            resets.append(self._start_minio(running))

        palette = Palette(self.store, self.access, self.validation, self.app)

        def reset() -> None:
            for one in resets:
                one()

        self.app.register_blueprint(control(self.world, self.store, self.token, reset))
        self.app.register_blueprint(page(self.store, self.validation))
        server = Server(Proxy(palette, self.world), authority.server_context())
        running.callback(server.stop)
        # Answers that are held back would keep their threads waiting.
        running.callback(self.world.faults.plan, [])
        self.env |= {
            "PALETTE_HOST": server.url,
            "PALETTE_API_KEY": self.access.api_key,
            "PALETTE_CA_CERT": str(ca_file),
            "PALETTE_PROJECT": PROJECTS[0],
            "PALETTE_BACKUP_SANDBOX_TOKEN": self.token,
        }
        if self._env_file:
            env.write(self._env_file, self.env)
            running.callback(env.remove, self._env_file, self.token)

    def _start_aws(self, running: ExitStack) -> Callable[[], None]:
        # moto takes a while to import, and is not needed for Palette alone.
        from palette_backup_provider.sandbox.aws import Aws
        from palette_backup_provider.sandbox.aws_validate import AwsValidator

        aws = Aws()
        running.callback(aws.stop)
        server = Server(Proxy(aws, self.world))
        running.callback(server.stop)
        self.validation.validators["aws"] = AwsValidator(server.url, aws.palette)
        self.env |= {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": aws.admin.access_key,
            "AWS_SECRET_ACCESS_KEY": aws.admin.secret_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,  # botocore does not read AWS_REGION.
            "PALETTE_BACKUP_SANDBOX_OTHER_AWS_ACCESS_KEY_ID": aws.other.access_key,
            "PALETTE_BACKUP_SANDBOX_OTHER_AWS_SECRET_ACCESS_KEY": aws.other.secret_key,
        }
        return aws.reset

    def _start_gcp(self, running: ExitStack, folder: Path) -> Callable[[], None]:
        from palette_backup_provider.sandbox.gcp import PROJECT, Gcp
        from palette_backup_provider.sandbox.gcp_validate import GcpValidator

        gcp = self.gcp = Gcp(self.world.clock)
        server = Server(Proxy(gcp, self.world))
        running.callback(server.stop)
        self.validation.validators["gcp"] = GcpValidator(server.url)
        files = []
        for name, key in zip(("gcp.json", "gcp-other.json"), gcp.open(server.url), strict=True):
            files.append(folder / name)
            files[-1].touch(mode=0o600)
            files[-1].write_text(key, encoding="utf-8")
        self.env |= {
            "GOOGLE_APPLICATION_CREDENTIALS": str(files[0]),
            "GOOGLE_PROJECT": PROJECT,
            "GOOGLE_STORAGE_CUSTOM_ENDPOINT": f"{server.url}/storage/v1/",
            "GOOGLE_IAM_CUSTOM_ENDPOINT": f"{server.url}/v1/",
            "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT": f"{server.url}/v1/",
            "GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT": f"{server.url}/v1/",
            "PALETTE_BACKUP_SANDBOX_OTHER_GOOGLE_CREDENTIALS": str(files[1]),
        }
        return gcp.reset

    def _start_azure(
        self, running: ExitStack, authority: LoopbackAuthority, ca_file: Path
    ) -> Callable[[], None]:
        from palette_backup_provider.sandbox.azure import Azure
        from palette_backup_provider.sandbox.azure_validate import AzureValidator

        self.azure = Azure()
        servers = [
            Server(Proxy(service, self.world), authority.server_context())
            for service in (self.azure, self.azure.blobs)
        ]
        for server in servers:
            running.callback(server.stop)
        url, blob_url = (server.url for server in servers)
        self.azure.serve(url, blob_url)
        self.validation.validators["azure"] = AzureValidator(url, str(ca_file))
        prefixes = {
            "ARM": self.azure.operator,
            "PALETTE_BACKUP_SANDBOX_OTHER_ARM": self.azure.other,
        }
        for prefix, who in prefixes.items():
            self.env |= {
                f"{prefix}_TENANT_ID": who.tenant,
                f"{prefix}_SUBSCRIPTION_ID": who.subscription,
                f"{prefix}_CLIENT_ID": who.client_id,
                f"{prefix}_CLIENT_SECRET": who.client_secret,
            }
        self.env |= {
            "ARM_METADATA_HOSTNAME": url.removeprefix("https://"),
            "PALETTE_AZURE_CA_CERT": str(ca_file),
        }
        return self.azure.reset

    def _start_minio(self, running: ExitStack) -> Callable[[], None]:
        from palette_backup_provider.sandbox.minio import Minio
        from palette_backup_provider.sandbox.minio_build import find_minio

        minio = self.minio = Minio(find_minio(), self.world.clock)
        running.callback(minio.stop)
        server = Server(Proxy(minio, self.world))
        running.callback(server.stop)
        self.env |= {
            "MINIO_ENDPOINT": server.url,
            "MINIO_USER": minio.user,
            "MINIO_PASSWORD": minio.password,
            "MINIO_REGION": REGION,
        }
        return minio.reset
