"""Every call that is made has a shape for its answer, and there is none for a call that is not."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from palette_backup_provider.clients.palette import answers as palette_answers
from palette_backup_provider.clients.rest.answers import UNREAD, Routes, Shape, _adapter, checked
from palette_backup_provider.core.errors import UnreadableAnswer
from tests.contract.clouds import in_each_folder, merged

OF_CLOUDS = in_each_folder("answers").values()
MODULES = (palette_answers, *(module for cloud in OF_CLOUDS for module in cloud.MODULES))
ROUTES: dict[str, Routes] = merged("answers", "ROUTES") | {"Palette": palette_answers.ROUTES}


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
    tables += [table for cloud in OF_CLOUDS for table in getattr(cloud, "TABLES", ())]
    for shape in (shape for table in tables for shape in table.values() if shape is not UNREAD):
        assert _adapter(shape).core_schema


def test_what_is_no_answer_does_not_pass_for_an_empty_one() -> None:
    """Else a policy is written without what others have in it, or what is full is deleted."""
    tables: list[Mapping[str, Any]] = [routes.shapes for routes in ROUTES.values()]
    tables += [table for cloud in OF_CLOUDS for table in getattr(cloud, "TABLES", ())]
    passed = set()
    for call, shape in (pair for table in tables for pair in table.items()):
        if shape is not UNREAD:
            with suppress(UnreadableAnswer):
                checked({"garbled": None}, shape, "API", call)
                passed.add(call)
    assert passed <= merged("answers", "MAY_BE_EMPTY").keys()
