"""The regions of Azure, and how it writes their names."""

AZURE = tuple(
    """
    australiacentral australiaeast australiasoutheast brazilsouth canadacentral canadaeast
    centralindia centralus eastasia eastus eastus2 francecentral germanywestcentral israelcentral
    italynorth japaneast japanwest koreacentral koreasouth mexicocentral northcentralus northeurope
    norwayeast polandcentral qatarcentral southafricanorth southcentralus southeastasia southindia
    spaincentral swedencentral switzerlandnorth uaenorth uksouth ukwest westcentralus westeurope
    westindia westus westus2 westus3
    """.split()  # noqa: SIM905
)


def normalized(location: str) -> str:
    """A location as Azure keeps it."""
    return location.replace(" ", "").lower()
