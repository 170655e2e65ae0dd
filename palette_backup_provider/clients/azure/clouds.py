"""Where the Azure clouds are: their sign-in, Azure Resource Manager (ARM) and Microsoft Graph.

The public cloud and the two sovereign ones are known. Any other (Azure Stack, the sandbox) tells
its addresses itself, at `azure-native:metadataHost`.
"""

from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.errors import ApiError, BadSetting

METADATA = "/metadata/endpoints?api-version=2022-09-01"


@dataclass(frozen=True)
class Cloud:
    """One Azure cloud; addresses are scheme and host."""

    name: str
    """What Palette calls it (`clientCloud`)."""
    official: str
    """What Azure, and Palette's validate call, calls it."""
    login: str
    arm: str
    graph: str

    @classmethod
    def from_metadata(cls, known: "Cloud", answer: Any) -> "Cloud":
        """The cloud as a metadata host describes it."""
        try:
            (entry,) = [cloud for cloud in answer if cloud["name"] == ALIASES[known.name]]
            return cls(
                known.name,
                known.official,
                entry["authentication"]["loginEndpoint"].rstrip("/"),
                entry["resourceManager"].rstrip("/"),
                entry["microsoftGraphResourceId"].rstrip("/"),
            )
        except (KeyError, ValueError):
            raise ApiError(
                f"azure-native:metadataHost does not describe the cloud {known.official}. Correct "
                f"it, or azure-native:environment.",
                status=0,
            ) from None


PUBLIC = Cloud(
    "public",
    "AzurePublicCloud",
    "https://login.microsoftonline.com",
    "https://management.azure.com",
    "https://graph.microsoft.com",
)
GOVERNMENT = Cloud(
    "azure-government",
    "AzureUSGovernmentCloud",
    "https://login.microsoftonline.us",
    "https://management.usgovcloudapi.net",
    "https://graph.microsoft.us",
)
CHINA = Cloud(
    "azure-china",
    "AzureChinaCloud",
    "https://login.chinacloudapi.cn",
    "https://management.chinacloudapi.cn",
    "https://microsoftgraph.chinacloudapi.cn",
)
CLOUDS = {cloud.name: cloud for cloud in (PUBLIC, GOVERNMENT, CHINA)}
ALIASES = {
    "public": "AzureCloud",
    "azure-government": "AzureUSGovernment",
    "azure-china": "AzureChinaCloud",
}
"""What metadata hosts call them."""
ENVIRONMENTS = {"public": PUBLIC, "usgovernment": GOVERNMENT, "china": CHINA}
"""By the values of `azure-native:environment`."""
ALSO = {
    **{ALIASES[cloud.name].lower(): cloud for cloud in CLOUDS.values()},
    **{cloud.official.lower(): cloud for cloud in CLOUDS.values()},
}
"""By what Azure's own tools have in `AZURE_ENVIRONMENT`."""


def environment(value: str) -> Cloud:
    """The cloud that the setting names."""
    named = {**ENVIRONMENTS, **ALSO}.get(value.lower())
    if named is None:
        raise BadSetting(
            f"azure-native:environment is {value!r}. It takes {', '.join(ENVIRONMENTS)}."
        )
    return named
