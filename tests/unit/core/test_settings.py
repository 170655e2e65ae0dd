import json
from collections.abc import Mapping

import pytest

from palette_backup_provider.core.errors import BadSetting, MissingSetting
from palette_backup_provider.core.settings import SANDBOX, Settings


def settings(
    config: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    return Settings((config or {}).get, environment or {})


def test_config_wins_over_the_environment() -> None:
    both = settings({"palette:host": "config"}, {"PALETTE_HOST": "variable"})
    assert both.get("palette:host", "PALETTE_HOST") == "config"


def test_the_first_variable_that_is_set_counts() -> None:
    two = settings(environment={"A": "", "B": "b", "C": "c"})
    assert two.get("palette:x", "A", "B", "C") == "b"


def test_an_empty_value_is_none() -> None:
    assert settings({"palette:x": ""}).get("palette:x") is None


def test_a_missing_setting_names_every_place_to_put_it() -> None:
    with pytest.raises(MissingSetting) as caught:
        settings().require("palette:apiKey", "PALETTE_API_KEY", "OTHER", secret=True)
    assert str(caught.value) == (
        "palette:apiKey is not set. Set it with `pulumi config set --secret palette:apiKey` "
        "or $PALETTE_API_KEY or $OTHER."
    )
    with pytest.raises(MissingSetting, match="`pulumi config set palette:host`"):
        settings().require("palette:host")


def test_a_required_setting_that_is_there() -> None:
    assert settings({"palette:host": "h"}).require("palette:host") == "h"


@pytest.mark.parametrize(("text", "number"), [("0", 0.0), ("1.5", 1.5), ("120", 120.0)])
def test_seconds(text: str, number: float) -> None:
    assert settings({"palette:wait": text}).seconds("palette:wait", 9) == number


def test_seconds_have_a_default() -> None:
    assert settings().seconds("palette:wait", 9) == 9


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "2m", "1e999"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match=r"palette:wait is .* a number of seconds, 0 or more"):
        settings({"palette:wait": text}).seconds("palette:wait", 9)


@pytest.mark.parametrize(("text", "on"), [("true", True), ("1", True), ("False", False)])
def test_flag(text: str, on: bool) -> None:
    assert settings(environment={"FLAG": text}).flag("palette:flag", "FLAG") is on


def test_a_flag_is_off_unless_set() -> None:
    assert settings().flag("palette:flag") is False


def test_what_is_no_flag_is_refused() -> None:
    with pytest.raises(BadSetting, match="It takes true or false"):
        settings({"palette:flag": "yes"}).flag("palette:flag")


def test_a_map_holds_strings_whatever_was_written() -> None:
    value = json.dumps({"team": "backup", "cost": 7, "on": True})
    found = settings({"palette:tags": value}).mapping("palette:tags")
    assert found == {"team": "backup", "cost": "7", "on": "true"}
    assert settings().mapping("palette:tags") == {}


@pytest.mark.parametrize("text", ["[]", "team", '"x"', "7"])
def test_what_is_no_map_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match=r"pulumi config set --path 'palette:tags\.KEY' VALUE"):
        settings({"palette:tags": text}).mapping("palette:tags")


@pytest.mark.parametrize("blank", [" ", "\r", "\n", "\r\n", "\t"])
def test_what_surrounds_a_value_is_none_of_it(blank: str) -> None:
    config = {"some:region": f"{blank}eu-west-1{blank}", "some:profile": blank}
    settings = Settings(config.get, {"SOME_PROFILE": f"nightly{blank}", "SOME_REGION": "other"})
    assert settings.get("some:region", "SOME_REGION") == "eu-west-1"
    assert settings.get("some:profile", "SOME_PROFILE") == "nightly"
    assert settings.get("some:endpoint") is None


@pytest.mark.parametrize(("environment", "simulated"), [({SANDBOX: "1"}, True), ({}, False)])
def test_a_sandbox_is_known_by_its_variable(environment: dict[str, str], simulated: bool) -> None:
    assert Settings(lambda _: None, environment).simulated is simulated
