import pytest

from palette_backup_provider.plugin.spelling import spell


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("set force_destroy or existing_bucket", "set forceDestroy or existingBucket"),
        (
            "palette:apiKey is not set. Set it with `pulumi config set --secret palette:apiKey`",
            "palette-backup:apiKey is not set. Set it with "
            "`pulumi config set --secret palette-backup:apiKey`",
        ),
        ("aws:defaultTags.tags is not a map", "palette-backup:awsDefaultTags.tags is not a map"),
        ("azure-native:tenantId", "palette-backup:azureTenantId"),
    ],
)
def test_arguments_and_settings_are_those_of_the_schema(text: str, told: str) -> None:
    assert spell(text) == told
    assert spell(told) == told


@pytest.mark.parametrize(
    "text",
    [
        "palette-backup:apiKey and palette-backup list",
        "my_force_destroy, force_destroyed, a-force_destroy",
        "name and region",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert spell(text) == text
