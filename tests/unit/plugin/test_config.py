import json
import os
from typing import Any

import pytest
from pulumi.runtime import proto
from pulumi.runtime.rpc import UNKNOWN

from palette_backup_provider.core.namespace import Effect
from palette_backup_provider.core.own_settings import NATIVE, QUIET
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.owner import Urn
from palette_backup_provider.engine.registration import CONFIG
from palette_backup_provider.plugin.config import PluginConfiguration, native_name, settings
from palette_backup_provider.registry import NAMESPACES
from tests.served import bare, plain, secret, struct

LOCATION = Urn("urn:pulumi:stack::project::palette-backup:palette:BackupLocation::nightly")
URN = "urn:pulumi:stack::project::pulumi:providers:palette-backup::default_0_1_0"


def checked(news: Any, olds: Any = None, urn: str = URN) -> Any:
    request = proto.CheckRequest(urn=urn, news=struct(news), olds=struct(olds or {}))
    return PluginConfiguration().check(request)


SECRET = next(n for n, key in settings().items() if key.secret and n != "apiKey")
"""The secret of a cloud."""
NAMES = [key.name.partition(":")[2] for key in settings().values()]
OURS, THEIRS = next(
    (native, name)
    for native, name in zip(settings(), NAMES, strict=True)
    if name != native and NAMES.count(name) == 1
)
"""A setting by its name here, and by that which it has in the namespace of its cloud alone."""


def configured(args: Any, id: str = "") -> Any:
    return PluginConfiguration().configure(proto.ConfigureRequest(args=struct(args), id=id))


@pytest.mark.parametrize(
    ("key", "native"),
    [
        ("palette:apiKey", "apiKey"),
        ("some:region", "someRegion"),
        ("some-native:subscriptionId", "someSubscriptionId"),
        ("some:someServer", "someServer"),
    ],
)
def test_a_key_says_which_cloud_it_is_of(key: str, native: str) -> None:
    assert native_name(key) == native


def test_each_key_that_is_honoured_is_found_by_its_name() -> None:
    for namespace in NAMESPACES:
        for key in namespace.keys:
            if key.effect is Effect.HONOURED and key is not NATIVE:
                assert settings()[native_name(key.name)] is key


def test_no_two_settings_have_one_name() -> None:
    names = [native_name(key.name) for namespace in NAMESPACES for key in namespace.keys]
    assert len(names) == len({*names})
    assert len(settings()) > 50


def test_settings_are_found_by_the_keys_of_the_registry() -> None:
    run, _ = configured({"apiKey": secret("k3y"), "tags": {"team": "platform"}, "insecure": True})
    found: Settings = run.settings
    assert found.get("palette:apiKey") == "k3y"
    assert found.mapping("palette:tags") == {"team": "platform"}
    assert found.flag("palette:insecure") is True
    assert "palette:tags" in found.keys
    assert found.environment is os.environ


FREE = [n for n, key in settings().items() if not key.secret and key is not QUIET]
"""The settings that a test may give any value: a secret is remembered, and `quiet` read at once."""


@pytest.mark.parametrize("name", FREE)
def test_each_setting_is_text_a_number_a_list_or_a_map(name: str) -> None:
    def found(value: Any) -> Settings:
        settings: Settings = configured({name: value})[0].settings
        return settings

    key = settings()[name].name
    assert found("some text").get(key) == found('"some text"').get(key) == "some text"
    assert found('"no" more').get(key) == '"no" more'
    assert found('"true"').flag(key) is found("true").flag(key) is found(True).flag(key) is True
    assert found(7).seconds(key, 1) == 7
    assert found(["1", "2"]).items(key) == ["1", "2"]
    assert found('{"inner": {"a": "b"}}').mapping(f"{key}.inner") == {"a": "b"}
    assert found(None).get(key) is None


@pytest.mark.parametrize("name", [name for name, key in settings().items() if key.secret])
def test_the_quotes_of_a_secret_are_its_own(name: str) -> None:
    key = settings()[name].name
    assert configured({name: secret('"a-pa55w0rd"')})[0].settings.get(key) == '"a-pa55w0rd"'


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("apKey", "palette-backup:apKey is no setting: do you mean palette-backup:apiKey? "),
        (THEIRS, f"palette-backup:{THEIRS} is no setting: do you mean palette-backup:{OURS}? "),
        ("zzzzzzzz", "palette-backup:zzzzzzzz is no setting. "),
    ],
)
def test_a_key_that_is_none_is_refused(name: str, told: str) -> None:
    (failure,) = checked({name: "s3cr3t", "apiKey": "x"}).failures
    assert failure.property == ""
    assert failure.reason == f"{told}Correct or remove it (`pulumi config rm`)."


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("apKey", "apKey is no setting: do you mean apiKey? "),
        (THEIRS, f"{THEIRS} is no setting: do you mean {OURS}? "),
        ("zzzzzzzz", "zzzzzzzz is no setting. "),
    ],
)
def test_a_property_of_an_explicit_provider_is_told_as_one(name: str, told: str) -> None:
    urn = URN.replace("::default", "::theirs")
    (failure,) = checked({name: "s3cr3t"}, urn=urn).failures
    assert failure.reason == f"{told}Correct or remove this property of the provider."


def test_what_pulumi_adds_is_let_through() -> None:
    assert list(checked({"version": "0.1.0", "pluginDownloadURL": "x"}).failures) == []


def test_secrets_are_sealed_in_the_provider_s_own_state() -> None:
    kept = checked({"apiKey": "k3y", SECRET: secret("pw"), "host": "h"}).inputs
    assert plain(kept)["apiKey"] == "k3y"
    assert bare(kept).keys() == {"host"}


@pytest.mark.parametrize(
    ("provider", "lineage"),
    [("12345678-9abc-4def-8123-456789abcdef", "p123456789abc4de"), (UNKNOWN, None), ("", None)],
)
def test_the_lineage_is_of_the_provider_resource(provider: str, lineage: str | None) -> None:
    _, origin = configured({}, provider)
    assert origin.marked(LOCATION, {}, {}).get("__lineage") == lineage


def test_the_organization_can_be_told() -> None:
    run, origin = configured({"organization": "acme"})
    assert origin.marked(LOCATION, {}, {})["__owner"].startswith("acme/project/stack/")
    assert run.settings.keys == frozenset()


@pytest.mark.parametrize("name", [n for n, key in settings().items() if key is not QUIET])
def test_what_the_user_made_secret_is_cleared_from_errors(name: str) -> None:
    hidden = f"of {name}, which is secret"
    configured({name: secret(hidden)})
    configured({name: {"inner": secret(f"in {hidden}")}})
    configured({name: secret(json.dumps({"inner": f"text {hidden}"}))})
    configured({name: secret(json.dumps(f"quoted {hidden}"))})
    for value in (hidden, f"in {hidden}", f"text {hidden}", f"quoted {hidden}"):
        assert cleared(f"refused: {value}!") == "refused: [secret]!"


def test_config_handed_over_as_one_secret_stays_readable() -> None:
    configured({CONFIG: secret(json.dumps({"palette:project": "a project of a program"}))})
    assert cleared("a project of a program") == "a project of a program"


@pytest.mark.parametrize(
    ("password", "config"),
    [
        ("a-pa55word", {SECRET: secret("a-pa55word")}),
        ("an0ther-one", {CONFIG: secret(json.dumps({settings()[SECRET].name: "an0ther-one"}))}),
    ],
)
def test_secret_settings_are_cleared_from_errors(password: str, config: Any) -> None:
    configured(config)
    assert cleared(f"refused: {password}") == "refused: [secret]"
