import re
from typing import Any

import pytest
from pulumi import RunError
from pulumi.runtime import proto

from palette_backup_provider.core.errors import MissingSetting, ProviderError
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.mistakes import Mistake, Mistakes
from palette_backup_provider.plugin.config import settings
from palette_backup_provider.plugin.spelling import asked, spell, told
from tests.contract.errors_page import place
from tests.contract.messages import messages, refused_arguments
from tests.served import secret, struct


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("set force_destroy or existing_bucket", "set forceDestroy or existingBucket"),
        (
            "palette:apiKey is not set. Set it with `pulumi config set --secret palette:apiKey`",
            "palette-backup:apiKey is not set. Set it with `pulumi config set --secret "
            "palette-backup:apiKey` (or the property `apiKey` of an explicit provider)",
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
        ("set existing=True, name='nightly'", "set existing: true, name: 'nightly'"),
        ("set probe=False.", "set probe: false."),
        ("Correct project=, or", "Correct project, or"),
        ("with retire_after=0 besides", "with retireAfter: 0 besides"),
        ("set existing_user='it\\'s'", "set existingUser: 'it\\'s'"),
        ("Leave kms_key_arn=None", "Leave kmsKeyArn: null"),
        ("help(palette.BackupLocationArgs) names them all.", "docs/reference names them all."),
        ("https://host/?project=5&name=x", "https://host/?project=5&name=x"),
    ],
)
def test_what_python_writes_is_written_as_yaml_and_typescript_do(text: str, spelled: str) -> None:
    assert spell(text) == spelled


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("name: 'kms_key_arn' is not allowed", "name: 'kms_key_arn' is not allowed"),
        ('the server said "no access_key"', 'the server said "no access_key"'),
        ("the clusters' kms_key_arn isn't theirs", "the clusters' kmsKeyArn isn't theirs"),
        ("force_destroy of 'it\\'s force_destroy'", "forceDestroy of 'it\\'s force_destroy'"),
    ],
)
def test_what_is_quoted_stays_as_the_user_has_it(text: str, spelled: str) -> None:
    assert spell(text) == spelled


@pytest.mark.parametrize("native", [n for n, key in settings().items() if ":" in key.name])
def test_a_missing_setting_may_be_a_property_of_a_provider(native: str) -> None:
    with pytest.raises(MissingSetting) as error:
        Settings(lambda _: None, {}).require(*settings()[native].places)
    told_so = f"palette-backup:{native}` (or the property `{native}` of an explicit provider)"
    assert told_so in told(error.value)


@pytest.mark.parametrize(
    ("command", "property"),
    [
        ("palette:recover true", "recover"),
        ("--path 'palette:tags.KEY' VALUE", "tags"),
    ],
)
def test_what_is_set_with_a_command_may_be_a_property(command: str, property: str) -> None:
    spelled = spell(f"`pulumi config set {command}` has it.")
    assert spelled.endswith(f"` (or the property `{property}` of an explicit provider) has it.")


PYTHON = re.compile(r"\b[a-z_]+=(?!=)[\w'\[]|\b[a-z_]+=[ ,.;]|\b(True|False|None)\b|\bhelp\(")
SHOWN = [
    message.text
    for message in (*messages(), *refused_arguments())
    if place(message.path) != "the command"
]


def test_no_error_shows_python_to_other_languages() -> None:
    texts = [re.sub(r"<[\w ]+>", "'x'", text) for text in SHOWN]
    assert [text for text in texts if PYTHON.search(text)] != []
    assert [told for text in texts if PYTHON.search(told := spell(text))] == []


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
        "force_destroy: snapshotTags.user_name: needs snapshots: true",
        "force_destroy: bucketName, kmsKeyArn: these arguments need a bucket",
    ]


@pytest.mark.parametrize("kind", [ProviderError, RunError])
def test_other_deliberate_errors_are_told_as_a_whole(kind: type[Exception]) -> None:
    assert told(kind("set force_destroy=True")) == "set forceDestroy: true"


@pytest.mark.parametrize(
    "request_of_engine",
    [
        proto.CreateRequest(properties=struct({"name": "access_key"})),
        proto.CheckRequest(news=struct({"tags": {"a": [secret("access_key")]}})),
        proto.CheckRequest(urn="urn:pulumi:s::p::palette-backup:cloud:Thing::access_key"),
        proto.ConstructRequest(name="access_key"),
        proto.ConstructRequest(inputs=struct({"names": ["access_key"]})),
        proto.InvokeRequest(args=struct({"name": "access_key"})),
        proto.DeleteRequest(id="access_key"),
    ],
    ids=str,
)
def test_what_the_request_has_of_values_stays(request_of_engine: Any) -> None:
    text = "There is no access_key to use: set force_destroy."
    token = asked.set(request_of_engine)
    try:
        assert spell(text) == "There is no access_key to use: set forceDestroy."
        assert spell("access_key='a'") == "accessKey: 'a'"
    finally:
        asked.reset(token)
    assert spell(text) == "There is no accessKey to use: set forceDestroy."


def test_what_a_component_notes_is_spelled() -> None:
    news = struct({"__arguments": {"name": "bucket_name"}})
    token = asked.set(proto.CheckRequest(news=news))
    try:
        assert spell("leave bucket_name out") == "leave bucketName out"
    finally:
        asked.reset(token)
