"""Locations on Azure, as Palette takes them."""

CONFIGS = {
    "azure": {
        "resourceGroup": "group",
        "containerName": "container",
        "storageName": "storage",
        "credentials": {
            "tenantId": "tenant",
            "clientId": "client",
            "clientSecret": "a-secret-of-azure",
            "subscriptionId": "subscription",
        },
    }
}
SECRETS = {"azure": "clientSecret"}
"""The field of the credentials that comes back masked, by kind."""
VALIDATED = (
    "/v1/clouds/azure/account/validate",
    {"tenantId": "t", "clientId": "c", "clientSecret": "s"},
)
"""The path of Palette's validate call, and a body."""
SUBJECT = "clientId"
"""The field of that body that says what the call is about."""
UNDESCRIBED = {
    "azure": "The description has it in no list of kinds, though its paths create such locations."
}
