import pytest

from palette_backup_provider.plugin.config import settings
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
        *(
            (f"{key.name}.tags is not a map", f"palette-backup:{native}.tags is not a map")
            for native, key in settings().items()
            if ":" in key.name
        ),
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
