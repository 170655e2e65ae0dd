"""What `import` prints is adopted without a change, for every location that Spectro Cloud's own
providers can have made, and from every form of what they leave behind."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from palette_backup_provider.cli.moved import Moved, moved
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.resources import palette
from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler
from palette_backup_provider.resources.palette.location.state import MARK
from palette_backup_provider.sandbox.palette.store import Location
from palette_backup_provider.sandbox.run import Sandbox
from tests.terraform_made import made as makes
from tests.terraform_made import states
from tests.terraform_made.made import Made
from tests.terraform_made.secrets import SECRET
from tests.unit.cli.conftest import Make, Run
from tests.unit.resources.stack import Stack

EVERYTHING = makes.everything()
S3 = next(made for made in EVERYTHING if "s3" in made.attributes)
FORMS: dict[str, Callable[[dict[str, Made]], dict[str, Any]]] = {
    "version 4": states.version_4,
    "show -json": states.shown,
    "stack export": states.bridged,
}


def register(sandbox: Sandbox, made: Made) -> Location:
    """By the very request that the provider sends."""
    where = None if made.tenant else sandbox.store.projects["Default"]
    return sandbox.store.create(where, made.kind, made.body)


class Config:
    """The stack's, with the secrets that `--set-config` puts there."""

    def require_secret(self, key: str) -> str:
        return makes.typed(key)

    def require(self, key: str) -> str:
        raise AssertionError(f"a person would have to know {key}")


def plain(args: Any) -> Any:
    """The properties that a program gives by its arguments."""
    if not is_dataclass(args):
        return args
    told = {info.name: plain(getattr(args, info.name)) for info in fields(args)}
    return {name: value for name, value in told.items() if value is not None}


class Written:
    """The module `palette`, whose resources are noted instead of declared."""

    def __init__(self) -> None:
        self.args: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(palette, name)

    def BackupLocation(self, resource_name: str, **args: Any) -> None:
        self.args.append(palette.BackupLocationArgs(**args))


@pytest.mark.parametrize("made", EVERYTHING, ids=lambda made: made.name)
def test_it_is_adopted_without_a_change(run: Run, make: Make, sandbox: Sandbox, made: Made) -> None:
    there = register(sandbox, made)
    state = json.dumps(states.version_4({there.uid: made}))
    program = run("import", "--terraform", "-", input=state).stdout
    written = Written()
    code = program.split("\n\n", 2)[-1] if "config =" in program else program.split("\n\n", 1)[-1]
    exec(compile(code, "program", "exec"), {"palette": written, "config": Config()})
    (args,) = written.args
    stack = Stack(BackupLocationHandler, environment=sandbox.env)
    given = {**plain(args), "probe": False, "palette_validate": False}
    assert not stack.reasons(**given)
    before = json.dumps(there.body["spec"], sort_keys=True)
    thing = stack.create(**given)
    assert thing.id == there.uid
    assert json.dumps(there.body["spec"], sort_keys=True) == before
    assert MARK in there.body["metadata"]["annotations"]
    refreshed = stack.refresh(thing)
    assert refreshed and not stack.differs(refreshed, **given)
    del given["adopt"]  # it means nothing any more
    assert not stack.differs(thing, **given) and not stack.reasons(thing.inputs, **given)


def test_every_combination_is_there() -> None:
    """Else the test above has nothing to ask."""
    s3 = [m.attributes["s3"][0] for m in EVERYTHING if "s3" in m.attributes]
    said: dict[str, set[Any]] = {name: {one[name] for one in s3} for name in s3[0]}
    assert said["s3_force_path_style"] == {True, False}
    assert said["credential_type"] == {"secret", "sts"}
    assert len(said["external_id"]) == len(said["s3_url"]) - 1 == 2
    assert {m.provider for m in EVERYTHING if m.tenant} == makes.PROVIDERS.keys()
    for name, provider in makes.PROVIDERS.items():
        configs = [m.body["spec"]["config"] for m in EVERYTHING if m.provider == name]
        for left_out in provider.LEFT_OUT:
            assert {left_out in config for config in configs} == {True, False}
    assert not any(made.body["spec"].get("useRestic") for made in EVERYTHING)


@pytest.mark.parametrize("missing", makes.unusable())
def test_what_nobody_can_use_is_left_out_with_the_reason(
    run: Run, make: Make, sandbox: Sandbox, missing: str
) -> None:
    made = makes.unusable()[missing]
    there = register(sandbox, made)
    state = json.dumps(states.version_4({there.uid: made}))
    refused = run("import", "--terraform", "-", input=state, ok=False).stderr
    assert re.search(rf"Palette has no (storage\.)?{missing} of it", refused), refused
    assert re.search(missing, run("import", there.uid, ok=False).stderr)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_the_same(run: Run, make: Make, sandbox: Sandbox, form: str) -> None:
    made = {register(sandbox, each).uid: each for each in EVERYTHING}
    text = json.dumps(FORMS[form](made))
    program = run("import", "--terraform", "-", input=text).stdout
    assert program.count("adopt=") == len(made)
    command = "pulumi state delete" if form == "stack export" else "terraform state rm"
    assert program.count(f"#   {command} ") == len(made)
    found = moved(io.BytesIO(text.encode()))
    assert {each.uid: each.tenant for each in found} == {u: m.tenant for u, m in made.items()}
    for each in found:
        assert each.secrets == made[each.uid].secrets
        assert not each.sealed


def read(state: Any) -> list[Moved]:
    return moved(io.BytesIO(json.dumps(state).encode()))


NIGHTLY = {"u" * 24: S3}


def test_the_addresses_of_modules_and_keys_are_those_of_terraform() -> None:
    one, two = read(states.shown({"1" * 24: EVERYTHING[0], "2" * 24: EVERYTHING[1]}))
    first, second = EVERYTHING[0].name, EVERYTHING[1].name
    assert one.forget == f"terraform state rm {states.TYPE}.{first}"
    key = f'module.x.{states.TYPE}.{second}["k 0"]'
    assert two.forget == f"terraform state rm '{key}'" and two.name == f"{second}-k 0"


def test_encrypted_secrets_of_a_stack_are_asked_for(run: Run, make: Make, sandbox: Sandbox) -> None:
    uid = register(sandbox, S3).uid
    export = json.dumps(states.bridged({uid: S3}, plain=False))
    program = run("import", "--terraform", "-", input=export).stdout
    assert f"#   pulumi config set --secret {S3.name}-secret-key\n" in program
    assert f"# The secrets of {S3.name} are encrypted in that export: " in program
    assert "--show-secrets" in program


def test_a_secret_that_is_wrapped_with_its_block_is_read_too() -> None:
    export = states.bridged(NIGHTLY)
    outputs = export["deployment"]["resources"][1]["outputs"]
    whole = {"plaintext": json.dumps(outputs["s3"])}
    outputs["s3"] = {**states.SECRET_SIGNATURE, **whole}
    assert read(export)[0].secrets == {"secret_key": SECRET}


@pytest.mark.parametrize("how", [{"delete": True}, {"external": True}])
def test_what_a_stack_does_not_manage_is_not_read(how: dict[str, bool]) -> None:
    export = states.bridged(NIGHTLY)
    export["deployment"]["resources"][1] |= how
    with pytest.raises(ProviderError, match="has no spectrocloud:index/"):
        read(export)


def test_what_is_protected_is_forgotten_by_force() -> None:
    export = states.bridged(NIGHTLY)
    export["deployment"]["resources"][1]["protect"] = True
    (one,) = read(export)
    assert one.forget.startswith("pulumi state delete --force urn:pulumi:dev::shop::spectrocloud:")


def test_what_terraform_is_still_to_destroy_is_shown_with_its_key() -> None:
    shown = states.shown(NIGHTLY)
    shown["values"]["root_module"]["resources"][0]["deposed_key"] = "0a1b2c3d"
    with pytest.raises(ProviderError, match=f"has no {states.TYPE}"):
        read(shown)


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_that_is_masked_is_none(form: str) -> None:
    """Older releases of the provider kept what Palette shows."""
    s3 = {**S3.attributes["s3"][0], "secret_key": "**********"}
    masked = replace(S3, attributes={**S3.attributes, "s3": [s3]})
    (one,) = read(FORMS[form]({"u" * 24: masked}))
    assert one.secrets == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_whatever_a_shell_writes_is_read(encoding: str) -> None:
    text = json.dumps(states.version_4(NIGHTLY), ensure_ascii=False)
    assert len(moved(io.BytesIO(text.encode(encoding)))) == 1


STRANGE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is not JSON"),
    "text": (b"# a program", "is not JSON"),
    "binary": (bytes(range(256)), "is not JSON"),
    "deep": (b"[" * 100_000, "is not JSON"),
    "list": (b"[]", "is JSON, but no state: it is a list"),
    "number": (b"4", "is JSON, but no state: it is a int"),
    "something else": (b"{}", "is JSON, but no state"),
    "no resources": (b'{"version": 4}', "is JSON, but no state"),
    "true for a version": (b'{"version": true}', "is JSON, but no state"),
    "older": (
        b'{"version": 3, "modules": []}',
        "is a Terraform state file of version 3, which is older",
    ),
    "newer": (
        b'{"version": 5, "resources": []}',
        "is a Terraform state file of version 5, which is newer",
    ),
    "newer shown": (
        b'{"format_version": "2.0", "values": {}}',
        "is a state of format 2.0, which is newer",
    ),
    "plan": (b'{"format_version": "1.2", "planned_values": {}}', "is a plan, and no state"),
    "encrypted": (
        b'{"serial": 1, "encrypted_data": "x"}',
        "is an OpenTofu state that is encrypted",
    ),
    "newer stack": (b'{"version": 9, "deployment": {}}', "is a Pulumi stack of version 9"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_file_that_cannot_be_read_is_named_with_what_can(
    run: Run, make: Make, tmp_path: Any, what: str
) -> None:
    content, says = STRANGE[what]
    path = tmp_path / "state.json"
    path.write_bytes(content)
    refused = run("import", "--terraform", str(path), ok=False).stderr
    assert len(refused.splitlines()) == 1 and f"Error: {path} {says}" in refused
    for form in ("terraform.tfstate", "terraform show -json", "tofu show -json", "stack export"):
        assert form in refused


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gone", ["id", "outputs", "attributes", "values", "type"])
def test_a_location_that_is_not_as_its_provider_writes_it(form: str, gone: str) -> None:
    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {name: without(one) for name, one in value.items() if name != gone}

    state = FORMS[form](NIGHTLY)
    broken = without(state)
    if broken != state:
        with pytest.raises(ProviderError, match=r"is not as its provider writes it|has no "):
            read(broken)
