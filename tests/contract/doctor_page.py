"""docs/doctor.md, made of the table of checks: `python -m tests.contract.doctor_page` writes it."""

from itertools import groupby
from pathlib import Path

from palette_backup_provider.cli.doctor import CODES, SIGNS
from palette_backup_provider.doctor.check import Check
from palette_backup_provider.doctor.checks import AREAS, CHECKS

PAGE = Path(__file__).parents[2] / "docs/doctor.md"
INTRODUCTION = """\
# Doctor

`palette-backup doctor` finds what keeps `pulumi up`, or backups, from working. Run it in the
program's folder:

```bash
palette-backup doctor
palette-backup doctor --only palette.key     # one check, and the red ones that it stands on
palette-backup doctor --strict --json        # for CI: yellow fails, too
```

It goes by the settings of the selected stack, ESC environments included, as `pulumi up` would
have them. Each line says where its setting comes from. Without a `Pulumi.yaml`, or with
`--no-stack`, the environment counts alone. Settings and state are held in memory, and no secret
is shown.

Nothing is changed. The credential of a location is tried on its bucket as every `pulumi up` tries
it: an object is written, read, listed and deleted.

Checks that do not build on each other are asked at once, each for `--timeout` seconds, 5 without
the option. All together end within three times as long. A check that builds on a red check is not
asked, so the first red line is the cause.
"""
ENDING = """\
`docs/doctor.md` is made of the table in code: `python -m tests.contract.doctor_page`.
"""


def page() -> str:
    """The whole page."""
    signs = [f"- {sign} {meaning}" for sign, meaning in SIGNS.items()]
    codes = [f"- {code}: {meaning}" for code, meaning in CODES.items()]
    areas = [_area(area, list(checks)) for area, checks in groupby(CHECKS, lambda one: one.area)]
    parts = (INTRODUCTION, "\n".join(signs), "Exit codes:", "\n".join(codes), *areas, ENDING)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _area(area: str, checks: list[Check]) -> str:
    return "\n\n".join([f"## {AREAS[area]}", *map(_section, checks)])


def _section(check: Check) -> str:
    stands = f"- Stands on: {', '.join(map(_link, check.needs))}." if check.needs else ""
    lines = [
        f'<a id="{check.id}"></a>',
        "",
        f"### `{check.id}`",
        "",
        check.asks,
        "",
        f"- Why it would not be good: {check.cause}",
        f"- What to do: {check.fix}.",
        stands,
    ]
    return "\n".join(lines).rstrip("\n")


def _link(id: str) -> str:
    return f"[`{id}`](#{id})"


if __name__ == "__main__":
    PAGE.write_text(page())
