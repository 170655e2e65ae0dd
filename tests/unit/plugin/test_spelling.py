import pytest
from pulumi import RunError

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.engine.mistakes import Mistake, Mistakes
from palette_backup_provider.plugin.config import settings
from palette_backup_provider.plugin.spelling import spell, told


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


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("name: 'kms_key_arn' is not allowed", "name: 'kms_key_arn' is not allowed"),
        ('the server said "no access_key"', 'the server said "no access_key"'),
        ("the clusters' kms_key_arn isn't theirs", "the clusters' kmsKeyArn isn't theirs"),
        ("force_destroy of 'it\\'s force_destroy'", "forceDestroy of 'it\\'s force_destroy'"),
        ("--path 'palette:tags.KEY'", "--path 'palette-backup:tags.KEY'"),
    ],
)
def test_what_is_quoted_stays_as_the_user_has_it(text: str, spelled: str) -> None:
    assert spell(text) == spelled


def test_names_that_the_user_wrote_stay() -> None:
    error = Mistakes(
        "force_destroy",
        [
            Mistake("", "is no argument. Did you mean kms_key_arn?", "kms_key_arn"),
            Mistake("snapshot_tags", "needs snapshots=True", "user_name"),
            Mistake("bucket_name, kms_key_arn", "these arguments need a bucket"),
        ],
        ["(program.py, line 7)"],
    )
    assert told(error).split("\n") == [
        "force_destroy: kms_key_arn: is no argument. Did you mean kmsKeyArn?",
        "force_destroy: snapshotTags.user_name: needs snapshots=True",
        "force_destroy: bucketName, kmsKeyArn: these arguments need a bucket",
    ]


@pytest.mark.parametrize("kind", [ProviderError, RunError])
def test_other_deliberate_errors_are_told_as_a_whole(kind: type[Exception]) -> None:
    assert told(kind("set force_destroy=True")) == "set forceDestroy=True"
