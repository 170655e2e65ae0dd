"""What is wrong with a location on MinIO is told in preview, with what to do about it."""

from typing import Any

import pytest

from tests.sandbox.control import Control
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROGRAM = 'MinioBackupLocation("weekly", MinioBackupLocationArgs({}))'
STORAGE = """\
palette.BackupLocation("weekly", palette.BackupLocationArgs({}storage=palette.Minio(
    bucket="there", url="{}",
    credentials=palette.StaticCredentials(access_key="somebody", secret_key="never-printed"))))
"""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('secret_key="sevench"', "secret_key: has 7 characters; MinIO takes 8 to 40"),
        ('url="https://minio.example.com:9001/browser"', "Is it the console's"),
        ('bucket_name="Bad_Name"', "3 to 63 lower-case letters"),
        ('existing_bucket="nowhere"', "There is no bucket nowhere on "),
        ('existing_policy="nothing"', "There is no policy nothing on "),
        ('existing_user="nobody"', "secret_key: is required for an existing user"),
        ('user_name="a", existing_user="b"', "user_name: needs a user made here"),
        (
            'existing_bucket="b", tags={"a": "b"}, force_destroy=True',
            "force_destroy, tags: these arguments need a bucket made here",
        ),
        ('existing_bucket="b*"', "existing_bucket: 'b*' is not allowed: *, ? and ${...} stand for"),
    ],
)
@pytest.mark.sampled
def test_inputs(
    stack: Stack, control: Control, minio: MinioInspector, arguments: str, says: str
) -> None:
    stack.program(PROGRAM.format(arguments))
    text = stack.preview(ok=False).text
    assert says in text and "sevench" not in text
    assert minio.nothing_left() and not control.locations()


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"MINIO_PASSWORD": "wrong-password"}, "Correct the password (secret key)."),
        ({"MINIO_USER": "nobody"}, "that the user (access key) is enabled"),
        ({"MINIO_ENDPOINT": None}, "minio:minioServer is not set"),
        ({"MINIO_ENDPOINT": "127.0.0.1:1"}, "Connection refused"),
        ({"MINIO_ENDPOINT": "tls"}, "does not speak TLS at this port"),
    ],
)
@pytest.mark.sampled
def test_settings(
    stack: Stack, control: Control, minio: MinioInspector, variables: dict[str, Any], says: str
) -> None:
    here = stack.environment["MINIO_ENDPOINT"]
    over_tls = {"tls": here.replace("http:", "https:")}
    change(stack, **{k: over_tls.get(v, v) for k, v in variables.items()})
    stack.program(PROGRAM.format(""))
    told(stack.preview(ok=False), says)
    assert minio.nothing_left() and not control.locations()


def test_an_endpoint_that_only_palette_reaches(stack: Stack, control: Control) -> None:
    stack.program(STORAGE.format("", "http://127.0.0.1:1"))
    told(stack.up(ok=False), "If only Palette and its clusters can reach it, set probe=False")
    assert not control.locations()
    stack.program(STORAGE.format("probe=False, ", "http://127.0.0.1:1"))
    stack.up()
    assert len(control.locations()) == 1
    stack.destroy()
