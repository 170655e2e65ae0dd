"""What `pulumi up` would go by is read with `pulumi` itself, and what it prints stays unseen."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from palette_backup_provider.core.own_settings import API_KEY, HOST, PROJECT
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.clouds import BY_WORD, CLOUDS
from palette_backup_provider.doctor.opening import opened
from tests.terraform_made.states import SECRET_SIGNATURE

SECRET = "a-key-that-nobody-sees"
ENVIRONMENT = {"environmentVariables": {"PALETTE_HOST": "palette.example.com"}}
WRAPPED = {**SECRET_SIGNATURE, "plaintext": json.dumps(SECRET)}
CLOUD = CLOUDS[0].word
"""Any that doctor knows."""
Open = Callable[..., Case]


def resource(type: str, name: str, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::shop::{type}::{name}"
    return {"urn": urn, "type": type, "id": "1", "custom": True, "outputs": {}, **more}


STATE = {
    "deployment": {
        "resources": [
            resource("pulumi:pulumi:Stack", "shop-dev"),
            resource(f"pulumi-python:dynamic/{CLOUD}:Key", "key", outputs={"secret": WRAPPED}),
            resource(f"palette-backup:{CLOUD}:Bucket", "native"),
            resource("palette-backup:index:SomeBackupLocation", "component", custom=False),
            resource(f"{CLOUD}:storage/bucket:Bucket", "of-another-package"),
            resource(f"pulumi-python:dynamic/{CLOUD}:User", "read", external=True),
            resource(f"pulumi-python:dynamic/{CLOUD}:Policy", "replaced", delete=True),
        ]
    }
}
SAYS = {
    "stack --show-name": "acme/shop/dev",
    "config --json": json.dumps(
        {
            "palette:apiKey": {"value": SECRET, "secret": True},
            "palette:project": {"value": "Default", "secret": False},
            "shop:size": {"value": "3", "secret": False},
            "some:accounts": {"value": '["1"]', "objectValue": ["1"], "secret": False},
        }
    ),
    "stack export": json.dumps(STATE),
    "env open": json.dumps(ENVIRONMENT),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, in which commands are run."""
    home = tmp_path / "home"
    (home / "inner").mkdir(parents=True)
    monkeypatch.chdir(home / "inner")
    options = {"runtime": {"name": "python", "options": {"virtualenv": "venv"}}}
    (home / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "shop", **options}))
    config = {"palette:apiKey": {"secure": "v1:x"}}
    own = {"config": config, "environment": ["acme/palette"]}
    (home / "Pulumi.dev.yaml").write_text(yaml.safe_dump(own))
    monkeypatch.setenv("PALETTE_HOST", "other.example.com")
    return home


@pytest.fixture
def open_(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the case, with a `pulumi` that says what is given, or what is usual."""

    def open_(name: str | None = None, fails: str = "", **says: str) -> Case:
        program, log = tmp_path / "bin" / "pulumi", tmp_path / "log"
        told = {**SAYS, **{key.replace("_", " "): value for key, value in says.items()}}
        program.parent.mkdir(exist_ok=True)
        lines = [f'echo "$@" >> {log}']
        for number, (start, text) in enumerate(told.items()):
            file = tmp_path / f"says-{number}"
            file.write_text(text)
            lines.append(f'case "$*" in "{start}"*) cat {file}; exit;; esac')
        failing = f'case "$*" in "{fails}"*) echo "error: no stack selected" >&2; exit 255;; esac'
        lines.insert(1, failing if fails else "")
        program.write_text("\n".join(["#!/bin/sh", *lines]))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return opened(name, with_stack=True, timeout=20)

    return open_


def test_config_wins_over_environments_and_those_over_the_environment(open_: Open) -> None:
    case = open_()
    assert case.stack and case.stack.name == "acme/shop/dev"
    assert case.settings.get(*API_KEY.places) == SECRET
    assert case.settings.get(*HOST.places) == "palette.example.com"
    assert case.settings.keys == {"palette:apiKey", "palette:project", "some:accounts"}
    assert case.origin(API_KEY) == "palette:apiKey of Pulumi.dev.yaml"
    assert case.origin(PROJECT) == "palette:project of the environment acme/palette"
    assert case.origin(HOST) == "$PALETTE_HOST of the environment acme/palette"
    assert case.stack.virtualenv and case.stack.virtualenv.name == "venv"


def test_state_is_that_of_the_resources_which_the_stack_manages(open_: Open) -> None:
    case = open_()
    assert case.stack and [(one.token, one.name) for one in case.stack.resources] == [
        (f"{CLOUD}:Key", "key"),
        (f"{CLOUD}:Bucket", "native"),
    ]
    assert case.resources(CLOUD)[0].props == {"secret": SECRET}
    assert case.clouds == (CLOUD,)


def test_secrets_are_known_and_not_shown(open_: Open) -> None:
    case = open_()
    assert SECRET not in repr(case.stack)
    assert SECRET not in printable(f"it said {SECRET}")


def test_another_stack_is_asked_for_by_name(open_: Open, tmp_path: Path) -> None:
    open_("prod")
    calls = (tmp_path / "log").read_text().splitlines()
    asked = [call for call in calls if not call.startswith("env ")]
    assert len(asked) == 3 and all(
        call.endswith("--stack prod --non-interactive") for call in asked
    )


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"imports": ["acme/one", {"acme/two": {"merge": False}}]}, ("acme/one", "acme/two")),
        ({"values": {}}, ()),
        (None, ()),
    ],
)
def test_environments_are_named_in_several_ways(
    open_: Open, home: Path, environment: Any, names: tuple[str, ...]
) -> None:
    (home / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"environment": environment}))
    case = open_()
    assert case.stack and case.stack.environments == names
    if not names:
        assert case.origin(PROJECT) == "palette:project of Pulumi.yaml"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (
            {"fails": "stack --show-name"},
            "no stack selected. Select one with `pulumi stack select`",
        ),
        ({"fails": "config"}, "`pulumi config --json` failed: no stack selected"),
        ({"config_--json": "hello"}, "printed something else than a JSON object"),
        ({"stack_export": "[]"}, "printed something else than a JSON object"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    open_: Open, how: dict[str, str], says: str
) -> None:
    case = open_(**how)
    assert says in case.unread and "\n" not in case.unread and case.stack is None


def test_a_file_that_is_no_yaml(open_: Open, home: Path) -> None:
    (home / "Pulumi.dev.yaml").write_text("config: [")
    assert "Pulumi.dev.yaml cannot be read" in open_().unread


def test_a_line_that_is_no_yaml_is_named_and_not_quoted(open_: Open, home: Path) -> None:
    plain = "another-key-that-nobody-sees"
    (home / "Pulumi.dev.yaml").write_text(f"config:\n  palette:apiKey: !text {plain}\n")
    unread = open_().unread
    assert "Pulumi.dev.yaml cannot be read, in line 2" in unread
    assert plain not in unread


@pytest.mark.parametrize(
    ("file", "holds"),
    [
        ("Pulumi.dev.yaml", ["config"]),
        ("Pulumi.dev.yaml", {"config": 5}),
        ("Pulumi.dev.yaml", {"config": ["palette:apiKey"]}),
        ("Pulumi.dev.yaml", {"environment": [{}, None]}),
        ("Pulumi.dev.yaml", {"environment": {"imports": 5}}),
        ("Pulumi.yaml", None),
        ("Pulumi.yaml", {"runtime": 5}),
        ("Pulumi.yaml", {"runtime": {"options": "venv"}}),
        ("Pulumi.yaml", {"runtime": {"options": {"virtualenv": ["venv"]}}, "stackConfigDir": []}),
    ],
)
def test_what_a_file_holds_besides_is_left_to_pulumi(
    open_: Open, home: Path, file: str, holds: Any
) -> None:
    (home / file).write_text(yaml.safe_dump(holds))
    case = open_()
    assert case.stack and case.stack.name == "acme/shop/dev"


def test_a_stack_that_was_never_up(open_: Open) -> None:
    case = open_(stack_export=json.dumps({"deployment": None}), env_open="")
    assert case.stack and not case.stack.resources


def test_without_pulumi(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/no/such")
    assert "no `pulumi` on PATH" in opened(None, with_stack=True, timeout=1).unread


def test_a_pulumi_that_hangs(open_: Open, tmp_path: Path) -> None:
    open_()
    (tmp_path / "bin" / "pulumi").write_text("#!/bin/sh\nexec cat /dev/zero > /dev/null\n")
    assert "did not end within 0.2 s" in opened(None, with_stack=True, timeout=0.2).unread


def test_without_a_project_the_environment_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PALETTE_API_KEY", SECRET)
    case = opened(None, with_stack=True, timeout=1)
    assert (case.stack, case.unread) == (None, "")
    assert case.origin(API_KEY) == "$PALETTE_API_KEY"
    assert "no Pulumi.yaml here" in opened("dev", with_stack=True, timeout=1).unread


def signing_nobody_in() -> set[str]:
    """The variables that are settings of a cloud, and say nothing of who signs in."""
    settings = {name for one in CLOUDS for key in one.namespace.keys for name in key.variables}
    return settings - {name for one in CLOUDS for key in one.keys for name in key.variables}


def test_clouds_are_those_of_settings_else_of_extras(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert opened(None, with_stack=True, timeout=1).clouds == tuple(BY_WORD)
    for name in signing_nobody_in():
        monkeypatch.setenv(name, "x")
    *_, last = CLOUDS
    monkeypatch.setenv(last.keys[0].variables[0], "admin")
    assert opened(None, with_stack=True, timeout=1).clouds == (last.word,)
