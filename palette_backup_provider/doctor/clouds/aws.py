"""AWS."""

from collections.abc import Iterable

from palette_backup_provider.clients.aws import settings
from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.permissions import permissions
from palette_backup_provider.clients.aws.session import sdk
from palette_backup_provider.core.run import Run
from palette_backup_provider.doctor.cloud import ASKED_BY_NAME, Cloud
from palette_backup_provider.resources.aws.s3.velero_check import unfit_for_velero
from palette_backup_provider.resources.palette.storage.aws_s3 import S3Storage


def _unfit(run: Run, storage: S3Storage) -> Iterable[str] | None:
    if not storage.known_to_palette:
        return None
    return unfit_for_velero(run.client(AwsClient), storage.bucket, storage.region)


CLOUD = Cloud(
    word="aws",
    name="AWS",
    namespace=settings.NAMESPACE,
    sdk=sdk,
    module="boto3",
    client=AwsClient,
    who=AwsClient.arn,
    keys=(settings.ACCESS_KEY, settings.WEB_IDENTITY, settings.PROFILE),
    sign_in="sign in: `aws sso login`, $AWS_PROFILE, or `pulumi config set aws:profile`",
    realms={"AWS account": AwsClient.account},
    permissions=permissions,
    tells=f"IAM simulates the policies of the user or role. {ASKED_BY_NAME}",
    storage=S3Storage,
    skew=15,
    unfit=_unfit,
)
