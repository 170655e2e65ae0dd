"""Errors of Google Cloud, each with the check that finds out more."""

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import PROJECTS
from tests.unit.clients.caller import settings
from tests.unit.clients.loopback import Reply


def gcp(url: str) -> object:
    keys = {"gcp_accessToken": "token", "gcp_project": "my-project"}
    client = GcpClient.connect(settings(**keys, gcp_resourceManagerCustomEndpoint=url))
    return client.call(PROJECTS, "GET", "/v1/projects/my-project")


POINTERS = [
    (gcp, None, "gcp.sign-in"),
    (gcp, Reply(401, {"error": {"message": "no"}}), "gcp.sign-in"),
    (gcp, Reply(403, {"error": {"message": "no"}}), "gcp.permissions"),
]
