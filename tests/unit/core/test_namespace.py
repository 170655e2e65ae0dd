"""What is told of settings that have no effect."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import palette_backup_provider
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.namespace import Effect, Key, Namespace
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.registry import NAMESPACES

CLOUD = Namespace(
    "cloud",
    (
        Key("cloud:region", "Where.", ("CLOUD_REGION",)),
        Key("cloud:zone", "Nothing is in a zone.", effect=Effect.IDLE),
        Key("cloud:slow", "Nothing is slow.", effect=Effect.WARNED, harmless=("false",)),
        Key("cloud:guard", "Do without.", ("CLOUD_GUARD",), effect=Effect.REFUSED),
    ),
    idle=r"\w+Endpoint",
)
UNREAD = [key for each in NAMESPACES for key in each.keys if key.effect is not Effect.HONOURED]
SOURCES = sorted(Path(palette_backup_provider.__file__).parent.rglob("*.py"))


def settings(
    config: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    return Settings((config or {}).get, environment or {}, frozenset(config or {}))


def test_what_must_not_be_ignored_is_refused_wherever_it_is_set() -> None:
    for one in (settings({"cloud:guard": "x"}), settings(environment={"CLOUD_GUARD": "x"})):
        with pytest.raises(BadSetting, match=r"^cloud:guard is set, and is not .* Do without\.$"):
            CLOUD.validate(one)


def test_what_is_ignored_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"cloud:slow": "true", "cloud:regoin": "x", "cloud:zone": "z", "cloud:aEndpoint": "e"}
    CLOUD.validate(settings({**given, "other:slow": "x", "cloud:region": "r"}))
    assert capsys.readouterr().out.splitlines() == [
        "Settings without effect on what is made here: cloud:slow (Nothing is slow); "
        "cloud:regoin is no setting: do you mean cloud:region?"
    ]


def test_what_asks_for_what_is_done_anyhow_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    CLOUD.validate(settings({"cloud:slow": "False", "cloud:zone": "z"}))
    assert not capsys.readouterr().out


def test_a_key_that_is_like_no_other_is_told_without_a_guess() -> None:
    with pytest.raises(BadSetting, match=r"^cloud:qqqqq is no setting\. Correct or remove it"):
        CLOUD.demand_known(settings({"cloud:qqqqq": "x", "cloud:region": "r"}))


@pytest.mark.parametrize("key", UNREAD, ids=lambda key: key.name)
def test_a_key_without_effect_is_told_as_its_table_says(
    key: Key, capsys: pytest.CaptureFixture[str]
) -> None:
    (namespace,) = [each for each in NAMESPACES if key in each.keys]
    if key.effect is Effect.REFUSED:
        with pytest.raises(BadSetting, match=f"^{key.name} is set, and is not honoured here"):
            namespace.validate(settings({key.name: "something"}))
    else:
        namespace.validate(settings({key.name: "something"}))
        assert (key.name in capsys.readouterr().out) is (key.effect is Effect.WARNED)
    for value in key.harmless:
        namespace.validate(settings({key.name: value}))
        assert not capsys.readouterr().out


def test_a_key_stands_in_one_table_under_its_namespace() -> None:
    names = [key.name for each in NAMESPACES for key in each.keys]
    assert len(names) == len(set(names))
    for each in NAMESPACES:
        assert all(key.name.startswith(f"{each.word}:") for key in each.keys)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_code_reads_a_setting_that_no_table_has(path: Path) -> None:
    """Whatever is read as text, and not by way of a table."""
    read = r'\.(?:get|flag|seconds|mapping|items|value|require|number)\(\s*"([\w-]+:\w+)'
    marked = r'(?:FromSetting|Patience)\([^"]*"([\w-]+:\w+)'
    text = path.read_text()
    known = {key.name for each in NAMESPACES for key in each.keys}
    words = {each.word for each in NAMESPACES}
    found = {*re.findall(read, text), *re.findall(marked, text)}
    assert {name for name in found if name.partition(":")[0] in words} <= known
