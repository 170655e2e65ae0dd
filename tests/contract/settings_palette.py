"""What each of our own settings does."""

import re
from typing import Any

import pytest
from pulumi import dynamic

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core import progress
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.markers import AutoNamed
from palette_backup_provider.core.model import fields
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import SECRET, cleared
from palette_backup_provider.doctor.clouds import CLOUDS
from palette_backup_provider.engine import dynamic as adapter
from palette_backup_provider.engine import registration
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.together import HOW_TO_LEAVE_IT
from palette_backup_provider.registry import RESOURCES
from palette_backup_provider.resources.palette.location.credential_check import is_deep_refresh
from tests.contract.settings_case import Case, shows, whole


def client(case: Case) -> PaletteClient:
    case.config("palette:apiKey", "the-key-of-somebody") if case.key.name != "palette:apiKey" else 0
    return PaletteClient.connect(case.settings)


@shows("palette:apiKey")
def api_key(case: Case) -> None:
    case.set("the-key-of-mine")
    assert client(case)._key == "the-key-of-mine"
    assert cleared("the-key-of-mine") == SECRET


@shows("palette:host")
def host(case: Case) -> None:
    case.set("palette.example.com")
    assert client(case)._http.service.url == "https://palette.example.com"


@shows("palette:project")
def project(case: Case) -> None:
    case.set("Default")
    assert client(case).default_project == "Default"


@shows("palette:caCert")
def ca_cert(case: Case) -> None:
    case.set("/no/such/file")
    with pytest.raises(BadSetting, match="palette:caCert: /no/such/file cannot be read"):
        client(case)


@shows("palette:insecure")
def insecure(case: Case) -> None:
    case.config("palette:host", "http://palette.example.com")
    with pytest.raises(BadSetting, match="over plain http"):
        client(case)
    case.set("true")
    assert client(case)._http.service.url == "http://palette.example.com"


@shows("palette:recover")
def recover(case: Case) -> None:
    case.set("true")
    handlers = [one.handler for one in RESOURCES if one.handler.client_type is not PaletteClient]
    assert all(handler(Run(case.settings)).reclaims_in_use for handler in handlers)


@shows("palette:storageStays")
def storage_stays(case: Case) -> None:
    case.set("true")
    assert case.settings.flag(*case.key.places)
    assert f"{case.key.variables[0]}=true" in HOW_TO_LEAVE_IT


@shows("palette:deepRefresh")
def deep_refresh(case: Case) -> None:
    assert not is_deep_refresh(case.settings)
    case.set("true")
    assert is_deep_refresh(case.settings)


WAITS = {f"palette:{cloud.word}Wait": cloud.storage for cloud in CLOUDS}


@shows(*WAITS)
def wait(case: Case) -> None:
    case.set("7.5")
    state = WAITS[case.key.name].model_construct()
    assert state.patience_of(case.settings).budget == 7.5
    assert state.patience.budget == float(case.key.does.rsplit(maxsplit=1)[-1].rstrip("."))


@shows("palette:quiet")
def quiet(case: Case) -> None:
    case.patch.setattr(progress, "_quiet", False)
    case.patch.setattr(adapter, "_run", None)
    case.set("true")
    config = {key: str(case.settings.config(key)) for key in case.settings.keys}
    DynamicProvider(RESOURCES[0].token, RESOURCES[0].handler).configure(
        dynamic.ConfigureRequest(dynamic.Config(config, "project"))
    )
    assert progress._quiet


@shows("palette:native")
def native(case: Case) -> None:
    case.set("true")
    case.patch.setattr(registration, "get_config", lambda key: case.settings.get(key))
    assert registration.is_native()
    case.unset()
    assert not registration.is_native()


@shows("palette:tags")
def tags(case: Case) -> None:
    case.set({"team": "backup"})
    tagged = [kind for kind in RESOURCES if "tags" in kind.handler.state_type.model_fields]
    assert tagged
    for kind in tagged:
        assert whole(case, kind, tags={"a": "b"})["tags"] == {"team": "backup", "a": "b"}


@shows("palette:namePrefix")
def name_prefix(case: Case) -> None:
    case.set("acme-")
    for kind in RESOURCES:
        state: Any = kind.handler.state_type
        for field in fields(state, AutoNamed):
            assert re.match("acme[-_]?nightly", whole(case, kind)[field])
