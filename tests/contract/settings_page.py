"""docs/settings.md, made of the tables: `python -m tests.contract.settings_page` writes it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from palette_backup_provider.core.namespace import Effect, Key, Namespace
from palette_backup_provider.doctor.clouds import CLOUDS
from palette_backup_provider.registry import NAMESPACES

PAGE = Path(__file__).parents[2] / "docs/settings.md"
TITLES = {"palette": "Our own"} | {cloud.namespace.word: cloud.name for cloud in CLOUDS}
*SHARED, LAST = (f"`{cloud.namespace.word}`" for cloud in CLOUDS)
INTRODUCTION = f"""\
# Settings

Set them with `pulumi config set KEY VALUE`, or as variables. Stack config wins over variables; of
several variables the first that is set counts. A list or a map is set with `--path`, as in
`pulumi config set --path 'palette:tags.team' storage`, or with `KEY[0]` for the first of a list.

The namespaces {", ".join(SHARED)} and {LAST} are those of Pulumi's own packages, and mean
the same here. What cannot be honoured is refused where ignoring it would act in another account or
without a guard. Of what else is ignored, a run says so once. In our own namespace an unknown key is
an error, in preview.

With [Pulumi ESC](https://www.pulumi.com/docs/esc/) give credentials as `environmentVariables` and
names as `pulumiConfig`. State keeps the config that a dynamic provider was given, secrets
encrypted. `pulumi refresh` and `pulumi destroy` use that of the last `pulumi up`, and a token in it
would have expired by then.

`docs/settings.md` is made of the tables in code: `python -m tests.contract.settings_page`.
"""
IGNORED = {
    Effect.REFUSED: "refused",
    Effect.WARNED: "told, and ignored",
    Effect.IDLE: "means nothing for what is made here",
}


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *map(_section, NAMESPACES)])


def _section(namespace: Namespace) -> str:
    honoured = [key for key in namespace.keys if key.effect is Effect.HONOURED]
    lines = [f"## {TITLES[namespace.word]}", "", *_table("or in the environment", honoured, _row)]
    ignored = [key for key in namespace.keys if key.effect is not Effect.HONOURED]
    if ignored:
        ignored.sort(key=lambda key: (list(IGNORED).index(key.effect), key.name))
        lines += ["", *_table("what becomes of it", ignored, _ignored_row)]
    return "\n".join([*lines, ""])


def _table(second: str, keys: Iterable[Key], row: Callable[[Key], str]) -> list[str]:
    return [f"| setting | {second} | |", "|---|---|---|", *map(row, keys)]


def _row(key: Key) -> str:
    variables = ", ".join(f"`{name}`" for name in key.variables)
    secret = " Set it with `--secret`." if key.secret else ""
    return f"| `{key.name}` | {variables} | {_cell(key.does)}{secret} |"


def _ignored_row(key: Key) -> str:
    unless = " or ".join(f"`{value}`" for value in key.harmless if value)
    what = IGNORED[key.effect] + (f", unless it is {unless}" if unless else "")
    return f"| `{key.name}` | {what} | {_cell(key.does)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
