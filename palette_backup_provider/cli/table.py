"""Rows of text for a person, or for another program."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence

import click
from rich.cells import cell_len

from palette_backup_provider.core.secrets import printable

GAP = "  "
NOTHING = "-"
"""In a cell that would be empty, so that programs which split at blanks count right."""

Row = Mapping[str, str]


def show(columns: Sequence[str], rows: Sequence[Row], optional: Sequence[str] = ()) -> None:
    """Print rows below the names of their columns. `optional` has columns, the most important
    first.

    In a terminal columns are aligned. Optional columns that do not fit are left out, so that no
    line is folded. Elsewhere every column is there, with tabs between them, which no cell holds.
    """
    cells = [{c: printable(row[c]) or NOTHING for c in columns} for row in rows]
    table = [{c: c.upper() for c in columns}, *cells]
    if not sys.stdout.isatty():
        click.echo("\n".join("\t".join(row.values()) for row in table))
        return
    shown = fitting(table, optional, shutil.get_terminal_size().columns)
    click.echo("\n".join(aligned(table, shown)))
    if left_out := [column for column in columns if column not in shown]:
        click.echo(f"Left out, as the terminal is narrow: {', '.join(left_out)}.", err=True)


def fitting(table: Sequence[Row], optional: Sequence[str], width: int) -> list[str]:
    """The columns that fit; those that are not optional do in any case."""
    taken = {column: _width(table, column) for column in table[0]}
    shown = {column for column in taken if column not in optional}
    for column in optional:
        if sum(taken[c] + len(GAP) for c in shown) + taken[column] <= width:
            shown.add(column)
    return [column for column in taken if column in shown]


def aligned(table: Sequence[Row], columns: Sequence[str]) -> Iterator[str]:
    """Each row as a line."""
    widths = {column: _width(table, column) for column in columns}
    for row in table:
        cells = (row[c] + " " * (width - cell_len(row[c])) for c, width in widths.items())
        yield GAP.join(cells).rstrip()


def _width(table: Sequence[Row], column: str) -> int:
    return max(cell_len(row[column]) for row in table)
