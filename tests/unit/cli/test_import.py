import ast
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palette_backup_provider.cli.moved import ACCEPTED, SECRETS
from palette_backup_provider.cli.program import Program
from palette_backup_provider.clients.palette.client import LOCATIONS
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.core.text import plain
from palette_backup_provider.engine.given import nested
from palette_backup_provider.resources import palette
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.run import Sandbox
from tests.terraform_made.made import Made, everything
from tests.unit.cli.conftest import KEYS, SECRET, Make, Run
from tests.unit.core.test_text import HOSTILE
from tests.unit.sandbox.visitor import body

NIGHTLY = """\
# First set what the program reads, in its folder (each command asks for the value):
#   pulumi config set --secret nightly-backups-secret-key
import pulumi
from palette_backup_provider import palette

config = pulumi.Config()

palette.BackupLocation(
    "nightly-backups",
    adopt="{uid}",
    name="Nightly \\"backups\\"",
    project="Default",
    storage=palette.S3(
        bucket="b",
        region="eu-west-1",
        credentials=palette.StaticCredentials(
            access_key="AKIAEXAMPLE",
            secret_key=config.require_secret("nightly-backups-secret-key"),
        ),
        force_path_style=True,
    ),
)
"""
WITH_URL = [kind for kind, one in palette.storage.KINDS.items() if "url" in one.model_fields]
TERRAFORM = "spectrocloud_backup_storage_location"


def test_the_program_that_adopts_a_location(run: Run, make: Make) -> None:
    uid = make('Nightly "backups"')
    assert run("import", uid).stdout == NIGHTLY.format(uid=uid)


@pytest.mark.parametrize("made", [made for made in everything() if made.is_role])
def test_a_role_needs_no_setting(run: Run, make: Make, sandbox: Sandbox, made: Made) -> None:
    uid = sandbox.store.create(None, made.kind, made.body).uid
    program = run("import", "--tenant", uid).stdout
    assert 'scope="tenant"' in program
    (s3,) = made.attributes["s3"]
    assert f'role_arn="{s3["arn"]}"' in program
    assert ("force_path_style" in program) is s3["s3_force_path_style"]
    assert "config" not in program.replace("AnyConfig", "")
    compile(program, "program", "exec")


@pytest.mark.parametrize("kind", palette.storage.KINDS)
def test_every_kind_of_storage(run: Run, make: Make, sandbox: Sandbox, kind: str) -> None:
    project = sandbox.store.projects["Default"]
    stored = sandbox.store.create(project, kind, body("nightly", kind))
    program = run("import", stored.uid).stdout
    compile(program, "program", "exec")
    assert "pulumi config set --secret nightly-" in program
    assert "a-secret-of" not in program
    (row,) = json.loads(run("list", "--json").stdout)
    assert row["bucket"] in ("some-bucket", "storage/container")


def test_everything_that_nothing_manages_yet(run: Run, make: Make) -> None:
    make("Same name")
    make("same-name")
    managed = make("ours", mark="org/proj/dev/nightly:ab12cd@0123456789")
    program = run("import", "--all").stdout
    compile(program, "program", "exec")
    assert program.count('    "same-name",\n') == 1
    assert '"same-name-2",' in program
    assert f"# Left out: 'ours' ({managed}). org/proj/dev/nightly manages it." in program
    assert (
        f"# ours ({managed}) is managed by org/proj/dev/nightly: " in run("import", managed).stdout
    )
    assert managed not in program.replace(f"({managed})", "")


def test_names_break_no_line_and_no_quotes(run: Run, make: Make) -> None:
    evil = 'a"\n)\nimport os  # \r\'""" {x} \\'
    uid = make(evil)
    made: list[Any] = []

    class Recorder:
        def __getattr__(self, name: str) -> Any:
            return lambda *_, **arguments: made.append(arguments)

    code = run("import", uid).stdout.split("\n\n", 2)[-1]
    exec(compile(code, "program", "exec"), {"palette": Recorder(), "config": Recorder()})
    assert [args["name"] for args in made if "name" in args] == [evil]


EVIL = [
    HOSTILE, "x\rimport os", "x\nimport os", "\x00", "x\u2028import os", "x\x0cimport os", "\\\n",
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_others_gets_out_of_a_comment(run: Run, make: Make, evil: str) -> None:
    uid = make(f"managed{evil}", mark=f"acme/shop/dev/{evil}:1@2")
    free = make(f"free{evil}")
    text = state(resource(f"a{evil}", instance(free)), resource(f"b{evil}", instance("0" * 24)))
    name = plain(evil).rstrip()
    ways: dict[tuple[str, ...], str] = {
        (uid,): f"managed{name} ({uid}) is",
        ("--all",): f"({uid}). acme/shop/dev/",
        ("--terraform", "-"): f".b{name}",
    }
    for way, says in ways.items():
        program = run("import", *way, input=text).stdout
        assert all(c.isprintable() or c == "\n" for c in program)
        code = [type(line).__name__ for line in ast.parse(program).body]
        assert set(code) <= {"Import", "ImportFrom", "Assign", "Expr"}
        assert code.count("Import") == program.count("\nimport") == 1
        assert any(says in line for line in program.splitlines() if line.startswith("# "))
    nothing = state(resource(evil, instance("0" * 24)))
    refused = run("import", "--terraform", "-", input=nothing, ok=False)
    assert all(c.isprintable() or c == "\n" for c in refused.output)
    assert len(refused.stderr.splitlines()) == 2


@given(st.text(st.characters(codec=None)))
@example("\u2028a\u2029b\x85c\x0bd\x1ce\ud800f\\\u2028")
def test_any_text_comes_through_a_program(text: str) -> None:
    storage = {"kind": "s3", "bucket": "b", "region": "eu-west-1", "ca_cert": text}
    keys = {"kind": "secret", "access_key": "AKIAEXAMPLE", "secret_key": SECRET}
    found = {"name": text, "labels": {text: text}, "storage": {**storage, "credentials": keys}}
    program = Program()
    program.adopt("uid", load_unchecked(BackupLocationState, found), {}, "nightly")
    told = {
        node.arg: ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(str(program).encode()))
        if isinstance(node, ast.keyword) and node.arg in ("name", "labels", "ca_cert")
    }
    assert told == {"name": text, "labels": {text: text}, "ca_cert": text}


def test_a_masked_key_is_asked_for(run: Run, make: Make) -> None:
    uid = make("masked", credentials={**KEYS, "accessKey": "AK****"})
    program = run("import", uid).stdout
    assert "pulumi config set masked-access-key\n" in program
    assert 'access_key=config.require("masked-access-key")' in program


@pytest.mark.parametrize("kind", WITH_URL)
@pytest.mark.parametrize(
    ("before", "kept"),
    [
        (f"https://user:{SECRET}@", "https://"),
        (f"https://user:{SECRET}/with@both@", "https://"),
        (f"https://user:?{SECRET}#@", "https://"),
        (f"HTTP://{SECRET}@", "HTTP://"),
        (f"//:{SECRET}@", "//"),
        (f"user:{SECRET}@", ""),
        (f"https://user:\n{SECRET}@", "https://"),
        ("https://", "https://"),
    ],
)
def test_a_password_in_a_url_is_left_out_and_said_to_be(
    run: Run, make: Make, sandbox: Sandbox, kind: str, before: str, kept: str
) -> None:
    made = body("nightly", kind)
    made["spec"]["config"]["s3Url"] = f"{before}s3.example.com:9000"
    uid = sandbox.store.create(sandbox.store.projects["Default"], kind, made).uid
    text = state(resource("nightly", instance(uid)))
    ways: list[tuple[str, ...]] = [(uid,), ("--all",), ("--terraform", "-")]
    for way in ways:
        program = run("import", *way, input=text).stdout
        assert f'url="{kept}s3.example.com:9000",' in program
        left_out = "# nightly: the URL that Palette has holds a user name or a password, "
        assert (left_out in program) is (before != kept)
        compile(program, "program", "exec")


@pytest.mark.parametrize("arguments", [[], ["--all", "0" * 24], ["--all", "--terraform", "-"]])
def test_one_thing_is_imported(run: Run, arguments: list[str]) -> None:
    assert "Give uids, or --all, or --terraform" in run("import", *arguments, ok=False).stderr


def test_an_unknown_uid(run: Run) -> None:
    refused = run("import", "0" * 24, ok=False).stderr
    assert f"lists no location {'0' * 24} in project Default" in refused


def every_args_class(hint: Any) -> set[type[Any]]:
    found = set(nested(hint))
    for one in set(found):
        for info in fields(one):
            found |= every_args_class(info.type)
    return found


def test_every_class_that_a_program_may_name_is_public() -> None:
    classes = every_args_class(palette.AnyStorageArgs)
    assert palette.S3 in classes
    for kind in classes:
        assert is_dataclass(kind)
        assert getattr(palette, kind.__name__) is kind


# Terraform


def state(*resources: dict[str, Any], version: int = 4) -> str:
    return json.dumps({"version": version, "resources": list(resources)})


def resource(name: str, *instances: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": TERRAFORM, "name": name, "instances": instances, **more}


def instance(uid: str, key: Any = None, **attributes: Any) -> dict[str, Any]:
    s3 = [{"credential_type": "secret", "access_key": "AKIAEXAMPLE", "secret_key": SECRET}]
    found = {"attributes": {"id": uid, "context": "project", "s3": s3, **attributes}}
    return found if key is None else {**found, "index_key": key}


def test_a_state_file_of_terraform(run: Run, make: Make, pulumi: Path) -> None:
    one, two, tenant = make("one"), make("two"), make("three", project=None)
    text = state(
        {"mode": "data", "type": TERRAFORM, "name": "looked_up", "instances": []},
        {"mode": "managed", "type": "some_bucket", "name": "b", "instances": [{}]},
        resource("nightly", instance(one, "a b"), instance(two, 0), module="module.x"),
        resource("all", instance(tenant, context="tenant", s3=[])),
    )
    program = run("import", "--terraform", "-", input=text).stdout
    compile(program, "program", "exec")
    assert '"nightly-a-b",' in program
    assert '"nightly-0",' in program
    assert f'adopt="{tenant}",\n    name="three",\n    scope="tenant"' in program
    assert "#   pulumi config set --secret nightly-0-secret-key\n" in program
    assert f"""#   terraform state rm 'module.x.{TERRAFORM}.nightly["a b"]'\n""" in program
    assert f"#   terraform state rm {TERRAFORM}.all\n" in program
    assert not pulumi.exists()


def test_what_palette_does_not_list_there_is_left_out(run: Run, make: Make, pulumi: Path) -> None:
    """A state file may span projects, by provider aliases, or hold what was deleted in Palette."""
    here, elsewhere, gone = make("one"), make("two", project=None), "0" * 24
    text = state(
        resource("nightly", instance(here), instance(elsewhere, "a b")),
        resource("all", instance(gone, context="tenant")),
    )
    program = run("import", "--terraform", "-", "--set-config", input=text).stdout
    compile(program, "program", "exec")
    assert program.count("adopt=") == 1 and f'adopt="{here}"' in program
    key = f'{TERRAFORM}.nightly["a b"]'
    for uid, address, where in (
        (elsewhere, key, "project Default"),
        (gone, f"{TERRAFORM}.all", "the tenant"),
    ):
        note = f"# Left out: {address} ({uid}). Palette lists no location {uid} in {where}. "
        (line,) = (line for line in program.splitlines() if line.startswith(note))
        assert "--project" in line and "it is gone" in line
    assert program.count("terraform state rm") == 1
    assert f"#   terraform state rm {TERRAFORM}.nightly\n" in program
    assert pulumi.read_text().count("config set") == 1


def test_a_state_file_of_which_nothing_can_be_adopted(run: Run, pulumi: Path) -> None:
    uids = "0" * 24, "1" * 24
    text = state(resource("nightly", *(instance(uid, i) for i, uid in enumerate(uids))))
    refused = run("import", "--terraform", "-", "--set-config", input=text, ok=False)
    assert "Nothing can be adopted.\n" in refused.stderr
    for i, uid in enumerate(uids):
        assert f"Left out: {TERRAFORM}.nightly[{i}] ({uid}). " in refused.stderr
    assert not refused.stdout and not pulumi.exists()


def test_a_palette_that_does_not_answer_leaves_nothing_out(
    run: Run, make: Make, sandbox: Sandbox
) -> None:
    text = state(resource("nightly", instance(make("one")), instance(make("two"), 0)))
    call = f"GET {LOCATIONS}/s3/{{uid}}"
    sandbox.conditions.faults.plan(
        [Fault(service="palette", call=call, fault="status", status=403)]
    )
    assert "403" in run("import", "--terraform", "-", input=text, ok=False).stderr


def test_what_terraform_is_still_to_destroy_is_no_location_of_its_own(run: Run, make: Make) -> None:
    now, before = make("one"), make("two")
    deposed = {**instance(before), "deposed": "0a1b2c3d"}
    text = state(resource("nightly", instance(now), deposed))
    program = run("import", "--terraform", "-", input=text).stdout
    assert before not in program and program.count("adopt=") == 1
    assert program.count("terraform state rm") == 1
    refused = run("import", "--terraform", "-", input=state(resource("a", deposed)), ok=False)
    assert f"has no {TERRAFORM}" in refused.stderr


def test_its_secrets_go_straight_into_the_stack_s_config(
    run: Run, make: Make, pulumi: Path
) -> None:
    uid, other = make("one"), make("two")
    text = state(resource("nightly", instance(uid)), resource("bare", instance(other, s3=[])))
    program = run("import", "--terraform", "-", "--set-config", input=text).stdout
    command = "config set --secret nightly-secret-key --non-interactive"
    assert pulumi.read_text() == f"{command}\n{SECRET}\n"
    assert "# Set in the stack's config already: nightly-secret-key\n" in program
    assert "#   pulumi config set --secret bare-secret-key\n" in program
    assert "#   pulumi config set --secret nightly-secret-key\n" not in program


def test_config_that_cannot_be_set(run: Run, make: Make, pulumi: Path) -> None:
    text = state(resource("nightly", instance(make("one"))))
    (pulumi.parent / "bin" / "pulumi").write_text("#!/bin/sh\ncat >&2\nexit 1\n")
    refused = run("import", "--terraform", "-", "--set-config", input=text, ok=False)
    assert (
        "nightly-secret-key could not be set with `pulumi config set`: [secret]. Correct"
        in refused.stderr
    )
    assert (
        "--set-config goes with --terraform"
        in run("import", "--set-config", "--all", ok=False).stderr
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "is not JSON. Give a Terraform state file of version 4"),
        (state(version=3), "is a Terraform state file of version 3, which is older"),
        ('{"encrypted_data": "x"}', "is an OpenTofu state that is encrypted"),
        (state(), f"has no {TERRAFORM}"),
        (state(resource("a", {"attributes": {}})), "is not as its provider writes it"),
        ("[" * 100_000, "is not JSON. Give a Terraform state file of version 4"),
    ],
)
def test_a_file_that_cannot_be_read(run: Run, text: str, says: str) -> None:
    assert says in run("import", "--terraform", "-", input=text, ok=False).stderr


BLOCKS = {attribute: block for block, attribute in SECRETS.values()}


@pytest.mark.parametrize("strange", [1795435200123, 1.5, True, "\ud800", ["x" * 20], {"a": ""}])
@pytest.mark.parametrize("place", ["id", "name", *BLOCKS])
@pytest.mark.parametrize("flags", [[], ["--set-config"]])
def test_a_value_that_terraform_writes_as_text(
    run: Run, make: Make, pulumi: Path, place: str, strange: Any, flags: list[str]
) -> None:
    more = {BLOCKS[place]: [{place: strange}]} if place in BLOCKS else {}
    uid, name = (strange if place == each else usual for each, usual in
                 (("id", make("one")), ("name", "nightly")))  # fmt: skip
    text = state(resource(name, instance(uid, **more)))
    refused = run("import", "--terraform", "-", *flags, input=text, ok=False)
    assert refused.stderr == (
        f"Error: <stdin>: a {TERRAFORM} is not as its provider writes it. {ACCEPTED}\n"
    )
    assert not refused.stdout and not pulumi.exists()


def test_an_empty_program() -> None:
    assert str(Program()) == "from palette_backup_provider import palette\n\n"


def test_the_sandbox_masks_what_is_secret(sandbox: Sandbox, make: Make) -> None:
    make("one")
    (location,) = sandbox.store.all()
    assert SECRET not in str(sandbox.store.masked(location))
