"""The Google Cloud credentials that a resource uses."""

from dataclasses import dataclass
from typing import ClassVar

from pulumi import Input

from palette_backup_provider.clients.gcp import identity as gcp
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.core.model import Model


@dataclass(kw_only=True)
class Identity:
    """Credentials or a project of its own for one resource, so that one stack can span projects.

    A change that stays within the project changes nothing in Google Cloud; another project
    replaces the resource.

    Args:
        impersonate: The email of a service account to act as; the credentials of the process need
            the role `roles/iam.serviceAccountTokenCreator` on it. Default: none.
        project: The id of the project, 6 to 30 lower-case letters, digits and hyphens. Default: the
            stack's (`gcp:project`, else GOOGLE_PROJECT), else the project that the credentials
            name.
    """

    impersonate: Input[str] | None = None
    project: Input[str] | None = None


@dataclass(kw_only=True)
class GcpArgs:
    """What every resource on Google Cloud takes.

    Args:
        identity: The credentials that manage the resource. Default: those of the process.
            Credentials of the same project change nothing in Google Cloud. Those of another project
            replace the resource.
    """

    identity: Input[Identity] | None = None


class GcpState(Model):
    """The credentials that a resource on Google Cloud is managed with."""

    identity: gcp.Identity | None = None


class InProject:
    """A handler in a Google Cloud project."""

    realm: ClassVar[str] = "Google Cloud project"
    client: GcpClient

    def whoami(self) -> str:
        return self.client.project()
