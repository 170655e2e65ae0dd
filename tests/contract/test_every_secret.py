"""A recognisable secret in every place that can hold one shows nowhere that a person sees."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from palette_backup_provider import registry
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core import secrets
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import Secret
from palette_backup_provider.core.model import Model, fields, load_unchecked, property_name
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.clouds import CLOUDS
from palette_backup_provider.engine.properties import load_state
from palette_backup_provider.engine.tracebacks import Traceback
from tests.contract.test_every_input import INPUTS, Input, each_input
from tests.contract.test_every_type import nested
from tests.unit.core.echoes import FORMS, shown

PLANTED = 'planted-Zm9v"\\\n-secret'
"""With what JSON and repr write in another way."""
SHOWN = (PLANTED, repr(PLANTED)[1:-1], json.dumps(PLANTED)[1:-1], "planted-Zm9v")
ECHOED = 'pl4nted/Zm9v+YmFy&YmF6<cXV4>"Y29ycGU'
"""With what most forms spell in another way."""


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
    props = {property_name(model, name): PLANTED}
    state = load_unchecked(model, props)
    shows_nothing(state, [state], {"state": state}, Created("id", state), load_state(model, props))
    for error in (ProviderError, NotFound):
        shows_nothing(error(f"refused {PLANTED}"), error(f"refused {props}"))
    shows_nothing(ApiError(json.dumps({"body": props}), status=500))
    shows_nothing(secrets.excerpt(f"<html>{PLANTED}</html>"))
    announce(f"waiting with {PLANTED}")
    shows_nothing(*capsys.readouterr())


@pytest.mark.parametrize(("model", "name"), list(places()))
def test_no_text_shows_it_in_any_form(
    model: type[Model], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    load_unchecked(model, {property_name(model, name): ECHOED})
    for first, second in (*((form, "plain") for form in FORMS), *PAIRS):
        echo = FORMS[second](FORMS[first](ECHOED))
        announce(f"waiting: {echo}")
        texts = (
            str(ProviderError(f"refused {echo}")),
            str(ApiError(f'{{"message": "no {echo}"}}', status=403)),
            secrets.excerpt(f"<html>{echo}</html>"),
            capsys.readouterr().out,
            _traceback(echo),
        )
        for text in texts:
            assert shown(ECHOED, text) == [], (first, second, text)


PAIRS = (("Go's JSON", "percent"), ("JSON", "base64"), ("percent", "HTML"), ("base64", "JSON"))


def _traceback(text: str) -> str:
    """What Pulumi shows of a bug of ours."""
    try:
        raise KeyError(text)
    except KeyError:
        return Traceback().format_exc()


@each_input
def test_no_refusal_shows_what_was_given_as_a_secret(place: Input) -> None:
    """In whatever field, or in what is above it, as the program says where it gave one."""
    wholes = [list(place.path[:depth]) for depth in range(1, len(place.path) + 1)]
    for value, whole in product((ECHOED, [ECHOED], {"a": ECHOED}), wholes):
        props = {**place.holding(value), "__sealed": [whole]}
        for failure in place.lifecycle.check({}, props, set()).failures:
            assert shown(ECHOED, failure.reason) == [], failure
        assert shown(ECHOED, str(ProviderError(f"refused {ECHOED}"))) == []


@pytest.mark.parametrize("place", [place for place in INPUTS if place.in_credential], ids=str)
def test_no_refusal_quotes_what_stands_beside_a_secret(place: Input) -> None:
    """The secret and the id of a key are mixed up now and then."""
    for value in (f"{ECHOED} ", f" {ECHOED}", f"{ECHOED}\n"):
        for failure in place.lifecycle.check({}, place.holding(value), set()).failures:
            assert shown(ECHOED, failure.reason) == [], failure


@pytest.mark.parametrize(("model", "name"), list(places()))
def test_no_refusal_of_a_model_shows_it(model: type[Model], name: str) -> None:
    for wrong in (PLANTED, [PLANTED], {"a": PLANTED}):
        with pytest.raises(ValidationError) as refused:
            model.model_validate({property_name(model, name): wrong, "no_such_field": 1})
        shows_nothing(refused.value, *(found["msg"] for found in refused.value.errors()))


class Watched(dict[str, str]):
    """Settings, and which of them were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


CLIENTS = {cloud.namespace.word: cloud.client for cloud in CLOUDS} | {"palette": PaletteClient}


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (CLIENTS[namespace.word], place)
        for namespace in registry.NAMESPACES
        for key in namespace.keys
        if key.secret
        for place in key.places
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
