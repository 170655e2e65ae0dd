"""Every call that is made has a shape for its answer, and there is none for a call that is not."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import botocore.session
import minio
import pytest
from botocore import xform_name

import palette_backup_provider
from palette_backup_provider.clients.aws import answers as aws_answers
from palette_backup_provider.clients.aws import iam_answers, s3_answers
from palette_backup_provider.clients.azure import answers as azure_answers
from palette_backup_provider.clients.azure import graph_answers, sign_in_answers
from palette_backup_provider.clients.gcp import answers as gcp_answers
from palette_backup_provider.clients.minio import answers as minio_answers
from palette_backup_provider.clients.palette import answers as palette_answers
from palette_backup_provider.clients.rest.answers import UNREAD, Routes, Shape, _adapter, checked
from palette_backup_provider.core.errors import UnreadableAnswer

PACKAGE = Path(palette_backup_provider.__file__).parent
MODULES = (
    azure_answers,
    sign_in_answers,
    gcp_answers,
    graph_answers,
    iam_answers,
    minio_answers,
    palette_answers,
    s3_answers,
)
ROUTES = {
    "ARM": azure_answers.ARM,
    "Graph": graph_answers.GRAPH,
    "sign-in": sign_in_answers.SIGN_IN,
    "metadata host": sign_in_answers.METADATA,
    "Google": gcp_answers.ROUTES,
    "Palette": palette_answers.ROUTES,
}


def words(*paths: str) -> set[str]:
    """Every text in these files, with `{self.kind}` in one taken for each kind."""
    files = [f for path in paths for f in sorted(PACKAGE.glob(path)) if "answers" not in f.name]
    return {word for file in files for word in _words(ast.parse(file.read_text()))}


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and "self.kind" in ast.unparse(node):
            for kind in ("user", "role"):
                yield ast.unparse(node)[2:-1].replace("{self.kind}", kind)


def operations(service: str) -> set[str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name) for name in model.operation_names}


@pytest.mark.parametrize("service", ["iam", "s3", "sts"])
def test_of_aws(service: str) -> None:
    called = words(
        "resources/aws/**/*.py",
        "clients/aws/client.py",
        "clients/aws/permissions.py",
        "resources/palette/storage/aws_s3.py",
    )
    known = {name.split(":")[1] for name in aws_answers.OPERATIONS if name.startswith(service)}
    assert known == called & operations(service)


def test_of_any_store_that_speaks_s3() -> None:
    assert s3_answers.STORES.keys() == words("clients/aws/trial.py") & operations("s3")


def test_of_minio() -> None:
    called = words(
        "resources/minio/**/*.py", "clients/minio/*.py", "resources/palette/storage/minio.py"
    )
    for shapes, client in (
        (minio_answers.S3, minio.Minio),
        (minio_answers.ADMIN, minio.MinioAdmin),
    ):
        assert shapes.keys() == called & {name for name in dir(client) if name[0] != "_"}


@pytest.mark.parametrize("routes", ROUTES.values(), ids=ROUTES)
def test_a_call_has_one_shape(routes: Routes) -> None:
    """However its names are spelt; whether a call has any is told when it is made."""
    for call in routes.shapes:
        method, path = call.replace("{scope*}", "/subscriptions/s").split()
        path = path.replace("{", "n-").replace("}", "")
        fitting = [p for p, _ in routes._patterns if p.fullmatch(f"{method} {path.upper()}")]
        assert len(fitting) == 1, call


def test_a_field_that_may_be_absent_has_a_type() -> None:
    """A class that has the name of a field would be lost to it."""
    for module in MODULES:
        shapes = [s for s in vars(module).values() if isinstance(s, type) and issubclass(s, Shape)]
        for shape in shapes:
            for name, field in shape.model_fields.items():
                assert field.annotation not in (None, type(None)), f"{shape.__name__}.{name}"


def test_every_shape_can_be_asked() -> None:
    tables: list[Mapping[str, Any]] = [routes.shapes for routes in ROUTES.values()]
    tables += [aws_answers.OPERATIONS, s3_answers.STORES, minio_answers.S3, minio_answers.ADMIN]
    for shape in (shape for table in tables for shape in table.values() if shape is not UNREAD):
        assert _adapter(shape).core_schema


MAY_BE_EMPTY = {
    "s3:head_bucket": "an answer without a body",
    "s3:get_bucket_versioning": "never set",
    "s3:delete_objects": "what was not deleted is listed again",
    "put_object": "not versioned",
    "list_objects_v2": "of any store; what was written is not in it",
    "get_policy_entities": "for a message only",
    "list_objects": "minio-py reads it",
    "remove_objects": "minio-py reads it",
}
"""Calls of which an answer without anything that we know is a right one."""


def test_what_is_no_answer_does_not_pass_for_an_empty_one() -> None:
    """Else a policy is written without what others have in it, or what is full is deleted."""
    tables: list[Mapping[str, Any]] = [routes.shapes for routes in ROUTES.values()]
    tables += [aws_answers.OPERATIONS, s3_answers.STORES, minio_answers.S3, minio_answers.ADMIN]
    passed = set()
    for call, shape in (pair for table in tables for pair in table.items()):
        if shape is not UNREAD:
            with suppress(UnreadableAnswer):
                checked({"garbled": None}, shape, "API", call)
                passed.add(call)
    assert passed <= MAY_BE_EMPTY.keys()
