"""A recognisable secret in every place that can hold one shows nowhere that a person sees."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from palette_backup_provider import registry
from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.clients.azure import AzureClient
from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core import secrets
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.model import Model, Secret, fields, key, recalled
from palette_backup_provider.core.retry import tell
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.properties import held
from tests.contract.test_every_type import nested

PLANTED = 'planted-Zm9v"\\\n-secret'
"""With what JSON and repr write in another way."""
SHOWN = (PLANTED, repr(PLANTED)[1:-1], json.dumps(PLANTED)[1:-1], "planted-Zm9v")


def places() -> Iterator[Any]:
    """Every field of every model that is marked secret, each model once."""
    models = {m: None for kind in registry.RESOURCES for m in nested(kind.handler.state_type)}
    for model in models:
        for name in sorted(fields(model, Secret)):
            where = f"{model.__module__.rpartition('.')[2]}.{model.__name__}.{name}"
            yield pytest.param(model, name, id=where)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())


def shows_nothing(*texts: object) -> None:
    for text in texts:
        for form in (str(text), repr(text)):
            assert not [shown for shown in SHOWN if shown in form]


@pytest.mark.parametrize(("model", "name"), list(places()))
def test_no_text_made_of_a_model_shows_it(
    model: type[Model], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    props = {key(model, name): PLANTED}
    state = recalled(model, props)
    shows_nothing(state, [state], {"state": state}, Created("id", state), held(model, props))
    for error in (ProviderError, NotFound):
        shows_nothing(error(f"refused {PLANTED}"), error(f"refused {props}"))
    shows_nothing(ApiError(json.dumps({"body": props}), status=500))
    shows_nothing(secrets.excerpt(f"<html>{PLANTED}</html>"))
    tell(f"waiting with {PLANTED}")
    shows_nothing(*capsys.readouterr())


@pytest.mark.parametrize(("model", "name"), list(places()))
def test_no_refusal_of_a_model_shows_it(model: type[Model], name: str) -> None:
    for wrong in (PLANTED, [PLANTED], {"a": PLANTED}):
        with pytest.raises(ValidationError) as refused:
            model.model_validate({key(model, name): wrong, "no_such_field": 1})
        shows_nothing(refused.value, *(found["msg"] for found in refused.value.errors()))


class Watched(dict[str, str]):
    """Settings, and which of them were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (PaletteClient, "palette:apiKey"),
        (PaletteClient, "PALETTE_API_KEY"),
        (AwsClient, "aws:secretKey"),
        (AwsClient, "aws:token"),
        (AwsClient, "AWS_SECRET_ACCESS_KEY"),
        (AzureClient, "azure-native:clientSecret"),
        (AzureClient, "ARM_CLIENT_SECRET"),
        (GcpClient, "gcp:accessToken"),
        (GcpClient, "gcp:credentials"),
        (MinioClient, "minio:minioPassword"),
        (MinioClient, "MINIO_PASSWORD"),
    ],
)
def test_no_setting_shows(client: Any, name: str) -> None:
    values = Watched({name: PLANTED})
    try:
        client.connect(Settings(values.get, values))
    except ProviderError as error:
        shows_nothing(error)
    else:
        if name in values.asked:  # what it does not read it cannot show
            shows_nothing(ProviderError(f"refused {PLANTED}"))
