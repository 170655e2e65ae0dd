"""The plugin's process: it serves one engine, and ends after it."""

import asyncio
import os
import signal
import threading
from contextlib import suppress

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from palette_backup_provider.core.packages import import_shared
from palette_backup_provider.core.progress import show_with
from palette_backup_provider.core.stopping import stop
from palette_backup_provider.engine.registration import serve_natively
from palette_backup_provider.engine.warning import spell_with
from palette_backup_provider.engine.watch import watch_engine
from palette_backup_provider.plugin.config import PluginConfiguration
from palette_backup_provider.plugin.log import EngineLog
from palette_backup_provider.plugin.servicer import Servicer
from palette_backup_provider.plugin.spelling import spell

GRACE = 10.0
"""Seconds that calls may go on after the engine is gone: what they make is to bear its mark."""


def run(engine: str) -> None:
    """Serve the engine at that address until it ends this process."""
    import_shared()
    watch_engine(_end)
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))  # threads would hold this process
    asyncio.run(_serve(engine))


async def _serve(engine: str) -> None:
    with suppress(NotImplementedError):  # on Windows a signal wakes the loop by itself
        # the engine ends its plugins so, and kills them 5 s later: a loop that waits must hear it
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, os._exit, 0)
    log = EngineLog(engine)
    show_with(lambda message: log.show(spell(message)))
    spell_with(spell)
    serve_natively()
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    servicer = Servicer(engine, PluginConfiguration())
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


def _end(code: int) -> None:
    """End the process after the engine. Waits end; a call under way may come to its end."""
    stop()
    threading.Event().wait(GRACE)
    os._exit(code)
