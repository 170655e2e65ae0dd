"""An engine that is too old is one readable error, and not what becomes of a call it lacks."""

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.packages import OLDEST

AT_MOST = 5.0
"""Seconds to wait for the engine's answer."""
OLDER = (grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED)
"""How an engine refuses the range, and how one refuses the call that it does not know. Any other
error says nothing of its version."""


def demand_supported(address: str) -> None:
    """Raise ProviderError if the engine at that address is older than what this package needs."""
    oldest = ".".join(map(str, OLDEST))
    question = engine_pb2.RequirePulumiVersionRequest(pulumi_version_range=f">={oldest}.0")
    with grpc.insecure_channel(address) as channel:
        try:
            engine_pb2_grpc.EngineStub(channel).RequirePulumiVersion(question, timeout=AT_MOST)
        except grpc.RpcError as error:
            if error.code() not in OLDER:
                return
            raise ProviderError(
                f"This Pulumi is older than {oldest}, the first that palette-backup-provider works "
                f"with (`pulumi version`). Install a newer one: https://www.pulumi.com/docs/install."
            ) from None
