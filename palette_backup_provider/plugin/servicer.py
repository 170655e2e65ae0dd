"""Serves the engine: each call in a thread, errors with the status that they have for Pulumi.

It is built on the servicer of Pulumi's SDK, which serves components. That has no calls about single
resources. The SDK's experimental class has them, but leaves out old inputs and the text of errors.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi import RunError
from pulumi.provider.server import ProviderServicer
from pulumi.runtime import proto
from pulumi.runtime.proto import status_pb2

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.core.stopping import stop
from palette_backup_provider.engine.native import InitFailed, NativeProvider
from palette_backup_provider.engine.owner import Origin
from palette_backup_provider.engine.tracebacks import shown
from palette_backup_provider.plugin.config import PluginConfiguration
from palette_backup_provider.plugin.log import urn
from palette_backup_provider.plugin.package import Package
from palette_backup_provider.plugin.spelling import asked, spell, told
from palette_backup_provider.plugin.supported import demand_supported

T = TypeVar("T")
DETAILS = "grpc-status-details-bin"
"""Where gRPC has what an error says besides its text."""
THREADS = 64
"""More calls than the engine makes at once: four a processor, by default."""


class Servicer(ProviderServicer):
    """Answers for the resources of one provider resource, to the engine at an address."""

    def __init__(self, engine: str, configuration: PluginConfiguration) -> None:
        super().__init__(Package(), [], engine)
        self._configuration = configuration
        self._threads = ThreadPoolExecutor(THREADS, "call")
        # Configure sets both. To start, no setting is read: it might be wrong, and told to nobody
        self._run, self._origin = Run(Settings(lambda _: None, os.environ)), Origin()

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        return await self._in_thread(request, context, lambda: self._configuration.check(request))

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        """Whatever changes, the resources stay: another account is told in their own check. The
        engine compares the config itself, and configures the provider anew if it differs."""
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_UNKNOWN)

    async def Configure(self, request: Any, context: Any) -> Any:
        def configured() -> tuple[Run, Origin]:
            demand_supported(self.engine_address)
            return self._configuration.configure(request)

        self._run, self._origin = await self._in_thread(request, context, configured)
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    async def Construct(self, request: Any, context: Any) -> Any:
        asked.set(request)
        try:
            return await self._construct(request, context)  # `Construct` would quote any error
        except Exception as error:
            await self._refuse(context, error)

    async def Invoke(self, request: Any, context: Any) -> Any:
        def answer() -> Any:
            from palette_backup_provider.plugin.functions import call  # many call none

            return proto.InvokeResponse(**{"return": call(request.tok, request.args, self._run)})

        return await self._in_thread(request, context, answer)

    async def Cancel(self, request: Any, context: Any) -> Any:
        """The user asked the run to end: what is made is told, and nothing waits any more."""
        stop()
        return Empty()

    async def Check(self, request: Any, context: Any) -> Any:
        return await self._asked(request, context, NativeProvider.check)

    async def Diff(self, request: Any, context: Any) -> Any:
        return await self._asked(request, context, NativeProvider.diff)

    async def Create(self, request: Any, context: Any) -> Any:
        return await self._asked(request, context, NativeProvider.create)

    async def Read(self, request: Any, context: Any) -> Any:
        return await self._asked(request, context, NativeProvider.read)

    async def Update(self, request: Any, context: Any) -> Any:
        return await self._asked(request, context, NativeProvider.update)

    async def Delete(self, request: Any, context: Any) -> Any:
        await self._asked(request, context, NativeProvider.delete)
        return Empty()

    async def _asked(
        self, request: Any, context: Any, ask: Callable[[NativeProvider, Any], T]
    ) -> T:
        def answer() -> T:
            urn.set(request.urn)
            provider = NativeProvider(request.urn, self._run, self._origin, spell)
            return ask(provider, request)

        return await self._in_thread(request, context, answer)

    async def _in_thread(self, request: Any, context: Any, call: Callable[[], T]) -> T:
        asked.set(request)
        run = asyncio.get_running_loop().run_in_executor
        try:
            return await run(self._threads, copy_context().run, call)
        except Exception as error:
            await self._refuse(context, error)

    async def _refuse(self, context: Any, error: BaseException) -> NoReturn:
        """End the call with an error. UNKNOWN alone would say that state may be wrong."""
        deliberate = isinstance(error, ProviderError | RunError)
        text = told(error) if deliberate else shown(error)
        code = grpc.StatusCode.FAILED_PRECONDITION if deliberate else grpc.StatusCode.UNKNOWN
        if isinstance(error, InitFailed):
            code = grpc.StatusCode.UNKNOWN
            status = status_pb2.Status(code=code.value[0], message=text)
            detail = proto.ErrorResourceInitFailed()
            detail.CopyFrom(error.detail)
            detail.reasons[:] = map(spell, detail.reasons)
            status.details.add().Pack(detail)
            context.set_trailing_metadata(((DETAILS, status.SerializeToString()),))
        await context.abort(code, text)
        raise AssertionError  # abort raises
