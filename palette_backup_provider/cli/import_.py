"""`palette-backup import`: the program that brings what exists under management."""

import shlex
import subprocess
from collections.abc import Callable, Iterable
from typing import TextIO

import click

from palette_backup_provider.cli.program import Program, Setting
from palette_backup_provider.cli.scope import Scope, scoped
from palette_backup_provider.cli.terraform import Moved, moved
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.resources.palette.backup_location import State

SET = "First set what the program reads, in its folder (each command asks for the value):"
SET_ALREADY = "Set in the stack's config already: {}"
FORGET = "Once `pulumi up` has adopted them, have Terraform forget them:"
LEFT_OUT = "Left out: {} ({}). {}"
MANAGED = "{} ({}) is managed by {}: have it forgotten there first, by `pulumi state delete`."


@click.command("import")
@click.argument("uids", nargs=-1, metavar="[UID]...")
@click.option("--all", "every", is_flag=True, help="Every location that nothing manages yet.")
@click.option(
    "--terraform",
    "state",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Those in a Terraform state file (- reads it from standard input).",
)
@click.option(
    "--set-config",
    is_flag=True,
    help="Give the secrets in the Terraform state file to `pulumi config set --secret`.",
)
@scoped
def import_(
    open_scope: Callable[[], Scope],
    uids: tuple[str, ...],
    every: bool,
    state: TextIO | None,
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
        found = scope.location(uid)
        program.adopt(uid, found, scope.given, found.name)
        if owner := scope.owner(uid):
            managed.append(MANAGED.format(found.name, uid, owner))
    _say_settings(program, program.settings)
    program.notes += managed


def _adopt_all(scope: Scope, program: Program) -> None:
    left_out = []
    for uid, item in scope.listed.items():
        name = repr(item["metadata"]["name"])
        found = _found(scope, uid)
        if isinstance(found, str):
            left_out.append(LEFT_OUT.format(name, uid, found))
        elif owner := scope.owner(uid):
            left_out.append(LEFT_OUT.format(name, uid, f"{owner} manages it."))
        else:
            program.adopt(uid, found, scope.given, found.name)
    _say_settings(program, program.settings)
    program.notes += left_out


def _move(scope: Scope, program: Program, locations: list[Moved], set_config: bool) -> None:
    tenant = scope.tenant() if any(m.tenant for m in locations) else scope
    known: dict[Setting, str] = {}
    adopted, left_out = [], []
    for each in locations:
        where = tenant if each.tenant else scope
        found = _found(where, each.uid)
        if isinstance(found, str):
            left_out.append(LEFT_OUT.format(each.address, each.uid, found))
            continue
        needs = program.adopt(each.uid, found, where.given, each.name)
        known |= {n: each.secrets[n.field] for n in needs if n.field in each.secrets}
        adopted.append(each)
    if not adopted:
        raise ProviderError("\n".join(["Nothing can be adopted.", *left_out]))
    if set_config:
        for setting, value in known.items():
            _set(setting, value)
        program.notes.append(SET_ALREADY.format(", ".join(s.key for s in known) or "nothing"))
    _say_settings(program, [s for s in program.settings if not (set_config and s in known)])
    forget = [f"  terraform state rm {shlex.quote(m.address)}" for m in adopted]
    program.notes += [FORGET, *forget, *left_out]


def _found(scope: Scope, uid: str) -> State | str:
    """The location, or why it cannot be adopted. Where Palette does not tell, nothing can."""
    try:
        return scope.location(uid)
    except ProviderError as error:
        if getattr(error, "status", 404) != 404:
            raise
        return str(error)


def _say_settings(program: Program, settings: list[Setting]) -> None:
    if settings:
        program.notes += [SET, *(f"  {setting.command}" for setting in settings)]


def _set(setting: Setting, value: str) -> None:
    """Through standard input: an argument shows in lists of processes."""
    command = ["pulumi", "config", "set", "--secret", setting.key, "--non-interactive"]
    try:
        done = subprocess.run(command, input=value, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ProviderError("There is no `pulumi` on PATH to set the secrets with.") from None
    if done.returncode:
        raise ProviderError(f"`pulumi config set --secret {setting.key}` failed: {done.stderr}")
