"""`palette-backup import`: the program that adopts an existing location."""

import subprocess
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, BinaryIO

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.moved import Moved, moved
from palette_backup_provider.cli.program import Program, Setting, absent
from palette_backup_provider.cli.scope import Scope, scoped
from palette_backup_provider.core.errors import ProviderError, sentence
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.resources.palette.location.state import BackupLocationState

SET = "First set what the program reads, in its folder (each command asks for the value):"
SET_ALREADY = "Set in the stack's config already: {}"
FORGET = "Once `pulumi up` has adopted them, have {} forget them:"
SEALED = (
    "The secrets of {} are encrypted in that export: `pulumi stack export --show-secrets` tells "
    "them, too."
)
NOT_THERE = (
    "Palette has no {} of it, and no program can say so. Give it one where it is managed today."
)
LEFT_OUT = "Left out: {} ({}). {}"
MASKED = ("secretKey", "jsonCredentials", "clientSecret")
"""What Palette masks of every location."""
MANAGED = "{} ({}) is managed by {}: have it forgotten there first, by `pulumi state delete`."


@click.command(
    "import",
    epilog=examples(
        "palette-backup import UID > __main__.py",
        "palette-backup import --all --project Default > __main__.py",
        "palette-backup import --terraform terraform.tfstate --set-config > __main__.py",
        "terraform state pull | palette-backup import --terraform - > __main__.py",
    ),
)
@click.argument("uids", nargs=-1, metavar="[UID]...")
@click.option("--all", "every", is_flag=True, help="Every location that nothing manages yet.")
@click.option(
    "--terraform",
    "state",
    type=click.File("rb"),
    metavar="FILE",
    help="Those in a state of Spectro Cloud's Terraform or Pulumi provider: a Terraform state "
    "file, or what `terraform show -json`, `tofu show -json` or `pulumi stack export` prints (- "
    "reads it from standard input).",
)
@click.option(
    "--set-config",
    is_flag=True,
    help="Give the secrets in that state to `pulumi config set --secret`.",
)
@scoped
def import_(
    open_scope: Callable[[], Scope],
    uids: tuple[str, ...],
    every: bool,
    state: BinaryIO | None,
    set_config: bool,
) -> None:
    """Print the program that adopts backup locations as they are.

    It is what Palette tells, but for the secrets, which it takes from the stack's config. The first
    `pulumi up` changes nothing in Palette. Secrets are never printed.
    """
    if [bool(uids), every, state is not None].count(True) != 1:
        raise click.UsageError("Give uids, or --all, or --terraform FILE.")
    if set_config and not state:
        raise click.UsageError("--set-config goes with --terraform: only there are the secrets.")
    locations = moved(state) if state else []  # read first: standard input holds it, or the key
    scope, program = open_scope(), Program()
    if state:
        _move(scope, program, locations, set_config)
    elif every:
        _adopt_all(scope, program)
    else:
        _adopt(scope, program, uids)
    click.echo(str(program), nl=False)


def _adopt(scope: Scope, program: Program, uids: Iterable[str]) -> None:
    managed = []
    for uid in uids:
        location = scope.location(uid)
        if why := _unsayable(scope, uid, location):
            raise ProviderError(f"{location.name} ({uid}) cannot be adopted. {why}")
        program.adopt(uid, location, scope.given, location.name)
        if owner := scope.owner(uid):
            managed.append(MANAGED.format(location.name, uid, owner))
    _say_settings(program, program.settings)
    program.notes += managed


def _adopt_all(scope: Scope, program: Program) -> None:
    left_out = []
    for uid, item in scope.listed.items():
        name = repr(item["metadata"]["name"])
        outcome = _found(scope, uid)
        if isinstance(outcome, str):
            left_out.append(LEFT_OUT.format(name, uid, outcome))
        elif owner := scope.owner(uid):
            left_out.append(LEFT_OUT.format(name, uid, f"{owner} manages it."))
        else:
            program.adopt(uid, outcome, scope.given, outcome.name)
    _say_settings(program, program.settings)
    program.notes += left_out


def _move(scope: Scope, program: Program, locations: list[Moved], set_config: bool) -> None:
    tenant = scope.tenant() if any(m.tenant for m in locations) else scope
    secrets: dict[Setting, str] = {}
    adopted, left_out = [], []
    for each in locations:
        where = tenant if each.tenant else scope
        outcome = _found(where, each.uid)
        if isinstance(outcome, str):
            left_out.append(LEFT_OUT.format(each.address, each.uid, outcome))
            continue
        needs = program.adopt(each.uid, outcome, where.given, each.name)
        secrets |= {n: each.secrets[n.field] for n in needs if n.field in each.secrets}
        adopted.append(each)
    if not adopted:
        lines = ["Nothing can be adopted.", *map(printable, left_out)]
        raise click.ClickException("\n".join(lines))
    if set_config:
        for setting, value in secrets.items():
            _set(setting, value)
        program.notes.append(SET_ALREADY.format(", ".join(s.key for s in secrets) or "nothing"))
    _say_settings(program, [s for s in program.settings if not (set_config and s in secrets)])
    for tool, those in groupby(adopted, lambda each: each.forget.partition(" ")[0]):
        who = "Terraform" if tool == "terraform" else "the stack that they are in"
        program.notes += [FORGET.format(who), *(f"  {each.forget}" for each in those)]
    if sealed := [each.name for each in adopted if each.sealed]:
        program.notes.append(SEALED.format(", ".join(sealed)))
    program.notes += left_out


def _found(scope: Scope, uid: str) -> BackupLocationState | str:
    """The location, or why it cannot be adopted. Where Palette does not tell, nothing can."""
    try:
        location = scope.location(uid)
    except ProviderError as error:
        if getattr(error, "status", 404) != 404:
            raise
        return str(error)
    return _unsayable(scope, uid, location) or location


def _unsayable(scope: Scope, uid: str, location: BackupLocationState) -> str | None:
    """Why no program can say what Palette has. What Palette masks, a person knows."""
    missing = list(absent(location.storage))
    if not missing or _masks(scope.config(uid, location.storage.kind)):
        return None
    return NOT_THERE.format(" and no ".join(missing))


def _masks(value: Any) -> bool:
    """Whether a part of it is masked that is no secret."""
    if isinstance(value, dict):
        return any(_masks(one) for name, one in value.items() if name not in MASKED)
    return isinstance(value, str) and "*" in value


def _say_settings(program: Program, settings: list[Setting]) -> None:
    if settings:
        program.notes += [SET, *(f"  {setting.command}" for setting in settings)]


def _set(setting: Setting, value: str) -> None:
    """Through standard input: an argument shows in lists of processes."""
    command = ["pulumi", "config", "set", "--secret", setting.key, "--non-interactive"]
    try:
        done = subprocess.run(command, input=value, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ProviderError(
            "There is no `pulumi` on PATH to set the secrets with. Install it, or leave out "
            "--set-config and set them yourself."
        ) from None
    if done.returncode:
        raise ProviderError(
            f"The secret {setting.key} could not be set with `pulumi config set`: "
            f"{sentence(done.stderr)} Correct that, or leave out --set-config and set it yourself."
        )
