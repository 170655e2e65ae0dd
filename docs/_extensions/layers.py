"""The picture of the layers, drawn from its Mermaid text as an SVG that needs no network.

An arrow that follows from others is drawn faintly, so that the layers are seen.
"""

import re
from html import escape
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

BOX = re.compile(r'(?m)^ *(\w+)\["([^"]+)"\]$')
ARROWS = re.compile(r"(?m)^ *(\w+) --> (.+)$")
WIDTH, HEIGHT, GAP, ROW = 210, 58, 26, 112
LINE = 32
"""Letters that fit on a line of a box."""
Arrow = tuple[str, str]


class Picture(NamedTuple):
    """Boxes with what they say, and arrows between them."""

    boxes: dict[str, str]
    arrows: list[Arrow]


class Mermaid(SphinxDirective):
    """A flowchart of boxes and arrows."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        caption = "<figcaption>A faint arrow follows from the others.</figcaption>"
        return [nodes.raw("", f"<figure>{svg(read(text))}{caption}</figure>", format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def read(text: str) -> Picture:
    """The picture that the text describes."""
    arrows = [(a, b) for a, others in ARROWS.findall(text) for b in others.split(" & ")]
    return Picture(dict(BOX.findall(text)), arrows)


def levels(picture: Picture) -> dict[str, int]:
    """The row of each box: below all that lead to it. Of a circle the later arrow counts not."""
    found: dict[str, int] = {}
    down = _downward(picture)

    def level(box: str) -> int:
        if box not in found:
            found[box] = 1 + max((level(a) for a, b in down if b == box), default=-1)
        return found[box]

    return {box: level(box) for box in picture.boxes}


def _downward(picture: Picture) -> list[Arrow]:
    """The arrows without those that lead back to a box that was drawn before."""
    order = list(picture.boxes)
    back = {(b, a) for a, b in picture.arrows if order.index(a) < order.index(b)}
    return [arrow for arrow in picture.arrows if arrow not in back]


def implied(picture: Picture) -> set[Arrow]:
    """The arrows that follow from others: there is a longer way too."""
    down = _downward(picture)

    def reached(box: str) -> set[str]:
        return {b for a, b in down if a == box for b in (b, *reached(b))}

    return {
        (a, b) for a, b in down if any(b in reached(c) for one, c in down if one == a and c != b)
    }


def svg(picture: Picture) -> str:
    """The picture as an SVG element."""
    rows: dict[int, list[str]] = {}
    for box, level in levels(picture).items():
        rows.setdefault(level, []).append(box)
    width = max(len(row) for row in rows.values()) * (WIDTH + GAP)
    place = {
        box: (width * (2 * number + 1) / (2 * len(row)), level * ROW + HEIGHT / 2 + 4)
        for level, row in rows.items()
        for number, box in enumerate(row)
    }
    faint = implied(picture)
    lines = [
        _arrow(*place[a], *place[b], "implied" if (a, b) in faint else "direct")
        for a, b in sorted(picture.arrows, key=lambda arrow: arrow not in faint)
    ]
    boxes = [_box(*place[box], text) for box, text in picture.boxes.items()]
    height = (len(rows) - 1) * ROW + HEIGHT + 8
    return (
        f'<svg class="layers" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape("; ".join(f"{a} imports {b}" for a, b in picture.arrows))}">'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{''.join([*lines, *boxes])}</svg>"
    )


def _arrow(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    half = HEIGHT / 2 if y < to_y else -HEIGHT / 2
    start, end = y + half, to_y - half
    middle = (start + end) / 2
    curve = f"M{x:g} {start:g}C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {end:g}"
    return f'<path class="{kind}" d="{curve}" marker-end="url(#head)"/>'


def _box(x: float, y: float, text: str) -> str:
    title, _, rest = text.partition(": ")
    lines = _wrapped(rest)
    top = y - 6 * len(lines)
    written = "".join(
        f'<text x="{x:g}" y="{top + 14 + 13 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<rect x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" '
        f'rx="6"/><text class="title" x="{x:g}" y="{top:g}">{escape(title)}</text>{written}'
    )


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
