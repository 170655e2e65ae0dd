"""`palette-backup diff`: what a reviewer of a preview has to decide."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click

from palette_backup_provider.cli.help import examples, terms
from palette_backup_provider.review.as_json import as_json
from palette_backup_provider.review.markdown import markdown
from palette_backup_provider.review.masking import Mask
from palette_backup_provider.review.preview import Preview
from palette_backup_provider.review.reading import NoPreview, preview
from palette_backup_provider.review.report import FAILS, Report, report
from palette_backup_provider.review.text import text

FAILED, NO_PREVIEW, MET = 1, 2, 3
"""Exit codes, as `CODES` says. A preview that failed is told before what --fail-on forbids."""
CODES = {
    "0": "the preview is shown",
    "1": "the preview itself failed; it is shown, with its errors",
    "2": "a file holds no preview, or the command is wrong; nothing is shown",
    "3": "something of --fail-on is the case; the preview is shown",
}
HELP = f"""Show what a reviewer of a preview has to decide.

FILE is what `pulumi preview --json` or `pulumi refresh --preview-only --json` prints, or the stream
of its events. Without FILE, or with -, it is read from standard input. Nothing is called, and no
setting is needed.

Exit codes:

{terms(CODES)}
"""


@click.command(
    "diff",
    help=HELP,
    epilog=examples(
        "pulumi preview --json | palette-backup diff",
        "palette-backup diff --fail-on deletes-backups,widens-access preview.json",
        "palette-backup diff --public --format markdown stacks/*.json > comment.md",
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "text", "json"]),
    help="Default: text on a terminal, else markdown.",
)
@click.option(
    "--fail-on",
    metavar="CLASS,…",
    callback=lambda _, __, value: _classes(value),
    help=f"Exit 3 if one of these is the case: {', '.join(FAILS)}.",
)
@click.option("--title", metavar="TEXT", default="Backup locations", help="What the heading says.")
@click.option(
    "--link",
    metavar="URL",
    default="",
    callback=lambda _, __, value: _url(value),
    help="Where the whole preview is.",
)
@click.option("--public", is_flag=True, help="Mask the ids of accounts, tenants, keys and uids.")
@click.option(
    "--max-chars",
    type=click.IntRange(min=1000),
    default=60000,
    show_default=True,
    help="Of markdown: details go first, then components, and never what has to be decided.",
)
@click.option("--quiet-when-unchanged", is_flag=True, help="Print nothing if nothing changes.")
def diff(
    files: tuple[str, ...],
    form: str | None,
    fail_on: tuple[str, ...],
    title: str,
    link: str,
    public: bool,
    max_chars: int,
    quiet_when_unchanged: bool,
) -> None:
    """As `HELP` says."""
    try:
        with without_collection():
            previews = [_read(file) for file in files or ("-",)]
    except NoPreview as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(NO_PREVIEW)
    reports = [report(one) for one in previews]
    met = list(dict.fromkeys(condition for one in reports for condition in one.meets(fail_on)))
    form = form or ("text" if sys.stdout.isatty() else "markdown")
    if not (quiet_when_unchanged and all(one.quiet for one in reports)):
        shown = _shown(reports, form, title, link, max_chars, met)
        click.echo(Mask(previews)(shown) if public else shown, nl=False)
    if any(one.failed for one in reports):
        sys.exit(FAILED)
    if met:
        click.echo(f"--fail-on: {', '.join(met)}", err=True)
        sys.exit(MET)


@contextmanager
def without_collection() -> Iterator[None]:
    """Nothing of a preview is garbage, and looking for some is a third of the time to read it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _shown(
    reports: list[Report], form: str, title: str, link: str, limit: int, met: list[str]
) -> str:
    if form == "json":
        return as_json(reports, met)
    if form == "text":
        return text(reports, title=title, link=link)
    return markdown(reports, title=title, link=link, limit=limit)


def _read(file: str) -> Preview:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise NoPreview(f"{file}: {error.strerror}. Correct the path.") from None
    try:
        return preview("standard input" if file == "-" else file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NoPreview(f"{file}: it is no text in UTF-8. Save it as such.") from None


def _classes(value: str | None) -> tuple[str, ...]:
    classes = tuple(part.strip() for part in (value or "").split(",") if part.strip())
    for word in classes:
        if word not in FAILS:
            raise click.BadParameter(f"{word!r} is none of {', '.join(FAILS)}.")
    return classes


def _url(value: str) -> str:
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise click.BadParameter(f"{value!r} begins with neither https:// nor http://.")
    return value
