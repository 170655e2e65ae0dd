"""Google Cloud."""

from collections.abc import Iterable

from palette_backup_provider.clients.gcp import settings
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.permissions import permissions
from palette_backup_provider.clients.gcp.rest import sdk
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.run import Run
from palette_backup_provider.doctor.cloud import Cloud
from palette_backup_provider.resources.gcp.storage.velero_check import unfit_for_velero
from palette_backup_provider.resources.palette.storage.gcp_storage import GcsStorage

DEFAULT_CREDENTIALS = Key(
    "", "What google-auth itself reads.", ("GOOGLE_APPLICATION_CREDENTIALS",), secret=True
)


def _unfit(run: Run, storage: GcsStorage) -> Iterable[str] | None:
    return unfit_for_velero(run.client(GcpClient), storage.bucket)


CLOUD = Cloud(
    word="gcp",
    name="Google Cloud",
    namespace=settings.NAMESPACE,
    sdk=sdk,
    module="google.auth",
    client=GcpClient,
    who=lambda client: f"project {client.project()}",
    keys=(settings.ACCESS_TOKEN, settings.CREDENTIALS, DEFAULT_CREDENTIALS),
    sign_in="sign in: `gcloud auth application-default login`, or set gcp:credentials",
    realms={"Google Cloud project": GcpClient.project},
    permissions=lambda client, _: permissions(client),
    tells="The project tells them: a role on one bucket or service account does not count.",
    storage=GcsStorage,
    skew=5,
    unfit=_unfit,
)
