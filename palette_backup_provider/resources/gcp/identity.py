"""Whose Google Cloud credentials a resource uses, as a program says it."""

from dataclasses import dataclass

from pulumi import Input


@dataclass(kw_only=True)
class Identity:
    """Credentials or a project of its own for one resource, so that one stack can span projects.

    A change that stays within the project changes nothing in Google Cloud; another project
    replaces the resource.

    Args:
        impersonate: The email of a service account to act as; the credentials of the process need
            the role `roles/iam.serviceAccountTokenCreator` on it. Default: none.
        project: The id of the project, 6 to 30 lower-case letters, digits and hyphens. Default: the
            stack's (`gcp:project`, else GOOGLE_PROJECT), else the one that the credentials name.
    """

    impersonate: Input[str] | None = None
    project: Input[str] | None = None
