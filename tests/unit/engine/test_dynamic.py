import base64
import pickletools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import dill  # type: ignore[import-untyped]
import pytest
from pulumi import dynamic
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import UNKNOWN
from pulumi.runtime import rpc

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, Blocked, ProviderError
from palette_backup_provider.core.handler import Created, HalfMade
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.text import plain
from palette_backup_provider.engine import dynamic as adapter
from palette_backup_provider.engine import tokens
from palette_backup_provider.engine.checking import CheckResult
from palette_backup_provider.engine.dynamic import DynamicProvider, load
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.wire import write
from palette_backup_provider.registry import RESOURCES
from tests.contract.test_imports import SDKS
from tests.served import plain as plain_struct
from tests.unit.core.test_text import HOSTILE
from tests.unit.engine.fake import ACCOUNT, SECRET, TOKEN, Cloud, State, ThingHandler, run_of

FAKE = "palette_backup_provider.resources.fake"


@dataclass
class NoArgs:
    pass


class Thing(Resource[NoArgs], handler=ThingHandler):
    __module__ = f"{FAKE}.thing"


class Impostor:
    token = "palette:BackupLocation"


@pytest.fixture(autouse=True)
def fake_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(FAKE)
    module.__spec__ = ModuleSpec(FAKE, None)
    vars(module).update(Thing=Thing, Impostor=Impostor, helper=len)
    monkeypatch.setitem(sys.modules, FAKE, module)


@pytest.fixture
def provider(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> DynamicProvider:
    monkeypatch.setattr(adapter, "_run", run_of(cloud))
    return DynamicProvider(TOKEN, ThingHandler)


# what is written into state


def pickled() -> bytes:
    text: str = serialize_provider(DynamicProvider(TOKEN, ThingHandler))
    return base64.b64decode(text)


def test_a_pickled_provider_is_small_and_names_only_load() -> None:
    assert len(pickled()) <= 300
    strings = [arg for _, arg, _ in pickletools.genops(pickled()) if isinstance(arg, str)]
    assert strings == ["palette_backup_provider.engine.dynamic", "load", TOKEN]
    calls = [op.name for op, _, _ in pickletools.genops(pickled()) if "GLOBAL" in op.name]
    assert calls == ["STACK_GLOBAL"]


def test_a_pickled_provider_is_a_file_format() -> None:
    """Providers are in the state of every stack: this text must load for ever."""
    golden = (
        b"\x80\x04\x95D\x00\x00\x00\x00\x00\x00\x00\x8c&palette_backup_provider.engine.dynamic"
        b"\x94\x8c\x04load\x94\x93\x94\x8c\nfake:Thing\x94\x85\x94R\x94."
    )
    assert pickled() == golden
    loaded = dill.loads(golden)
    assert isinstance(loaded, DynamicProvider)
    assert (loaded.token, loaded.handler) == (TOKEN, ThingHandler)


@pytest.mark.parametrize(
    "token",
    [
        "os:System",
        "palette:../x",
        "../palette:BackupLocation",
        "fake.thing:Thing",
        "fake:helper",
        "fake:Impostor",
        "fake:Nothing",
        "fake:thing",
        "fake:Thing:more",
        "fake:Thing\n",
        "Thing",
        "",
    ],
)
def test_a_token_that_is_none_of_ours_is_refused(token: str) -> None:
    with pytest.raises(ProviderError, match="which this version of palette-backup-provider"):
        load(token)


def test_a_half_made_object_is_told_as_what_failed(provider: DynamicProvider, cloud: Cloud) -> None:
    half = State(region="eu", name="nightly")
    cloud.fails["create"] = HalfMade(Created("nightly", half), Blocked("full"))
    with pytest.raises(Blocked, match="full"):
        provider.create({"__owner": "o/p/s/nightly:ab12cd", "region": "eu", "name": "nightly"})


def test_a_broken_module_is_not_taken_for_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> Any:
        raise ModuleNotFoundError("No module named 'numpy'")

    monkeypatch.setattr(tokens, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="numpy"):
        load(TOKEN)


def test_every_type_is_loaded_without_an_sdk() -> None:
    every = [kind.token for kind in RESOURCES]
    code = (
        "import sys; from palette_backup_provider.engine.dynamic import load; "
        f"print(*[load(token).token for token in {every}]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, modules = map(str.split, done.stdout.splitlines())
    assert loaded == every
    assert not {*SDKS} & {*modules}


def test_the_pickle_is_no_secret() -> None:
    assert DynamicProvider.serialize_as_secret_always is False


# configure


CONFIG = {"cloud:region": "us", "palette:projct": "Default", "mine:own": "x"}


def test_the_first_configuration_serves_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_run", None)
    monkeypatch.setenv("CLOUD_REGION", "eu")
    for account in ("1111", "2222"):
        config = dynamic.Config({"cloud:account": account}, "mine")
        DynamicProvider(TOKEN, ThingHandler).configure(dynamic.ConfigureRequest(config))
    made = adapter._run
    assert isinstance(made, Run)
    assert made.client(Cloud).account == "1111"
    assert made.settings.get("cloud:region", "CLOUD_REGION") == "eu"


def test_the_keys_of_the_stack_are_told_but_for_the_project_s_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapter, "_run", None)
    config = dynamic.Config(CONFIG, "mine")
    DynamicProvider(TOKEN, ThingHandler).configure(dynamic.ConfigureRequest(config))
    made = adapter._run
    assert made is not None
    assert made.settings.keys == {"cloud:region", "palette:projct"}


def test_a_misspelt_key_of_ours_is_told_in_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_run", None)
    provider = DynamicProvider(TOKEN, ThingHandler)
    config = dynamic.Config(CONFIG, "mine")
    provider.configure(dynamic.ConfigureRequest(config))
    told = [failure.reason for failure in provider.check({}, NEWS).failures]
    assert told == [
        "palette:projct is no setting: do you mean palette:project? Correct or remove it "
        "(`pulumi config rm`)."
    ]


# the calls


DOOR = {"house": "9", "key": {"kind": "login", "user": "me", "password": SECRET}}
NEWS = {"__provider": "pickle", "__owner": "o/p/s/n:ab12cd", "region": "eu", "door": DOOR}


def test_the_life_of_a_thing_as_pulumi_calls_it(provider: DynamicProvider) -> None:
    checked = provider.check({}, {**NEWS, "days": 7.0, "identity": None})
    assert checked.failures == []
    assert checked.inputs["__provider"] == "pickle"
    made = provider.create(checked.inputs)
    assert made.outs is not None
    olds = {**made.outs, "__provider": "pickle"}
    same = provider.diff(made.id, olds, checked.inputs)
    assert (same.changes, same.replaces, same.delete_before_replace) == (False, [], False)
    moved = provider.check(checked.inputs, {**NEWS, "region": "us", "name": olds["name"]})
    found = provider.diff(made.id, olds, moved.inputs)
    assert (found.changes, found.replaces) == (None, ["region"])
    assert found.delete_before_replace is True
    longer = provider.check(checked.inputs, {**NEWS, "days": 8.0}).inputs
    updated = provider.update(made.id, olds, longer)
    assert updated.outs == {**made.outs, "days": 8}
    read = provider.read(made.id, olds)
    assert (read.id, read.outs) == (made.id, updated.outs)
    assert read.inputs is not None
    assert "token" not in read.inputs
    provider.delete(made.id, olds)
    gone = provider.read(made.id, olds)
    assert (gone.id, gone.outs, gone.inputs) == ("", {}, None)


def test_what_the_plugin_wrote_is_written_anew_without_a_call(
    provider: DynamicProvider, cloud: Cloud
) -> None:
    checked = provider.check({}, NEWS).inputs
    made = provider.create(checked)
    assert made.outs is not None
    theirs = plain_struct(write(State, made.outs))
    assert provider.check(theirs, NEWS).inputs == checked
    assert provider.diff(made.id, theirs, checked).changes is True
    cloud.calls.clear()
    assert provider.update(made.id, theirs, checked).outs == made.outs
    assert "update in 1111" not in cloud.calls
    longer = provider.check(checked, {**NEWS, "days": 8.0}).inputs
    # the engine would take each property of two words for another one, and replace for it
    assert provider.diff(made.id, theirs, longer).changes is True
    assert provider.update(made.id, theirs, longer).outs == {**made.outs, "days": 8}


def test_unknown_inputs_come_back_unknown(provider: DynamicProvider) -> None:
    key = {**DOOR["key"], "password": UNKNOWN}  # type: ignore[dict-item]
    news = {**NEWS, "region": UNKNOWN, "door": {**DOOR, "key": key}}
    checked = provider.check({}, news)
    assert checked.failures == []
    assert checked.inputs["region"] == checked.inputs["name"] == checked.inputs["arn"]
    assert checked.inputs["region"] == rpc.UNKNOWN
    assert checked.inputs["door"]["key"] == {**key, "password": rpc.UNKNOWN}
    assert "color" not in checked.inputs["door"]
    assert checked.inputs["__made_under"] == ACCOUNT


BROKEN: list[dict[str, Any]] = [
    {"days": SECRET},
    {"name": f"{SECRET}/{SECRET}"},
    {"region": [SECRET]},
    {"tags": SECRET},
    {"identity": SECRET},
    {"identity": {"profile": {"x": SECRET}}},
    {"door": SECRET},
    {"door": {**DOOR, "house": {"x": SECRET}}},
    {"door": {**DOOR, "key": {**DOOR["key"], "user": SECRET}}},  # type: ignore[dict-item]
    {"door": {**DOOR, "key": {**DOOR["key"], "kind": SECRET}}},  # type: ignore[dict-item]
    {"door": {**DOOR, "key": {**DOOR["key"], "password": [SECRET]}}},  # type: ignore[dict-item]
    {"door": {**DOOR, "key": {"kind": "badge", "number": SECRET}}},
    {"password": {"x": SECRET}},
    {"region": "moon"},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_failure_names_no_property_and_holds_no_secret(
    provider: DynamicProvider, broken: dict[str, Any]
) -> None:
    failures = provider.check({}, {**NEWS, "password": SECRET, **broken}).failures
    assert failures
    for failure in failures:
        assert failure.property == ""
        assert SECRET not in failure.reason
        assert failure.reason.startswith(next(iter(broken)))


def test_a_failure_is_one_line_that_steers_no_terminal(
    provider: DynamicProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = CheckResult({}, set(), [Invalid("name", f"no {HOSTILE}")])
    monkeypatch.setattr(Lifecycle, "check", lambda *_: told)
    (failure,) = provider.check({}, NEWS).failures
    assert failure.reason == f"name: no {plain(HOSTILE)}"


def test_a_failure_of_a_setting_has_no_path(
    provider: DynamicProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_run", run_of(**{"cloud:account": ""}))  # type: ignore[arg-type]
    (failure,) = provider.check({}, NEWS).failures
    assert failure.property == ""
    assert failure.reason.startswith("cloud:account is not set.")


# errors


@pytest.fixture
def pulumi_main(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Stands in for the module that Pulumi's provider process runs."""
    main: Any = ModuleType("__main__")
    main.__spec__ = ModuleSpec("pulumi.dynamic.__main__", None)
    main.traceback = sys.modules["traceback"]
    monkeypatch.setitem(sys.modules, "__main__", main)
    return iter([main])


def shown(main: Any, error: Exception) -> str:
    try:
        raise error
    except Exception:
        text: str = main.traceback.format_exc()
        return text


def test_an_error_of_ours_is_shown_as_its_text(pulumi_main: Iterator[Any]) -> None:
    main = next(pulumi_main)
    load(TOKEN)
    assert shown(main, Blocked("it holds objects")) == "it holds objects"
    remember("t0p-s3cret")
    assert shown(main, ApiError("no t0p-s3cret", status=403)) == "no [secret]"


def test_any_other_error_keeps_its_traceback_but_no_secret(pulumi_main: Iterator[Any]) -> None:
    main = next(pulumi_main)
    load(TOKEN)
    remember("t0p-s3cret")
    text = shown(main, ValueError("a bug with t0p-s3cret\x1b[31m and\x07 more"))
    assert text.startswith("Traceback (most recent call last):\n  File ")
    assert "test_dynamic.py" in text
    assert text.endswith("ValueError: a bug with [secret] and more\n")


def test_a_refused_token_is_shown_as_its_text_too(pulumi_main: Iterator[Any]) -> None:
    main = next(pulumi_main)
    with pytest.raises(ProviderError) as caught:
        load("os:System")
    assert shown(main, caught.value).startswith("The stack's state names")


def test_the_rest_of_traceback_is_left_alone(pulumi_main: Iterator[Any]) -> None:
    main = next(pulumi_main)
    load(TOKEN)
    assert main.traceback.print_exc is sys.modules["traceback"].print_exc


def test_a_process_is_set_up_once(
    pulumi_main: Iterator[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    watches: list[bool] = []
    monkeypatch.setattr(adapter, "watch_engine", lambda: watches.append(True))
    main = next(pulumi_main)
    adapter._set_up_process()
    replaced = main.traceback
    adapter._set_up_process()
    assert main.traceback is replaced and watches == [True]


def test_nothing_is_replaced_in_any_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    main: Any = ModuleType("__main__")
    main.__spec__ = ModuleSpec("somebody.else", None)
    monkeypatch.setitem(sys.modules, "__main__", main)
    load(TOKEN)
    assert not hasattr(main, "traceback")
