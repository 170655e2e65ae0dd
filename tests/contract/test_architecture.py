"""docs/architecture.md is true: its picture is that of the imports, and what it names is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import grimp
import pytest

from tests.contract.pages import LINK, NAMED, ROOT, anchors, missing, rows, section

PAGE = ROOT / "docs/architecture.md"
TOP = "palette_backup_provider"
FRONT = "package"
"""What the picture calls the top of the package, which is in none of its rooms."""
ROOM = re.compile(r'^ *(\w+)\["(\w+)')
ARROW = re.compile(r"^ *(\w+) --> (\w+(?: & \w+)*)$")
WALKS = ("A storage argument", "A mark", "A due rotation")
QUESTIONS = "Where do I find …"
LONGEST = 250
"""Lines that a file of the package has at most: a longer one has two subjects."""
Arrow = tuple[str, str]


@dataclass(frozen=True)
class Picture:
    """Rooms and arrows, each with the line of the page that draws it."""

    rooms: dict[str, int]
    arrows: dict[Arrow, int]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom, also inside of functions and for types alone."""
    return grimp.build_graph(TOP, cache_dir=None)


def room(module: str) -> str:
    """`core` of palette_backup_provider.core.errors."""
    return ".".join(module.split(".")[1:2]) or FRONT


def drawn() -> Picture:
    """What the page draws."""
    found = Picture({}, {})
    inside = False
    for number, line in enumerate(PAGE.read_text().splitlines(), 1):
        inside = line == "```mermaid" or (inside and line != "```")
        if inside and (named := ROOM.match(line)):
            assert named[1] == named[2], f"{PAGE.name}:{number}: a room has two names"
            found.rooms[named[1]] = number
        elif inside and (arrow := ARROW.match(line)):
            found.arrows.update(((arrow[1], to), number) for to in arrow[2].split(" & "))
    return found


def imported(graph: grimp.ImportGraph) -> dict[Arrow, str]:
    """Every arrow between two rooms, with an import that is a reason for it."""
    return {
        (room(module), room(other)): f"{module} imports {other}"
        for module in sorted(graph.modules)
        for other in sorted(graph.find_modules_directly_imported_by(module))
        if room(module) != room(other)
    }


def wrong(picture: Picture, graph: grimp.ImportGraph) -> Iterator[str]:
    """How the picture differs from the imports, each with the line to change."""
    rooms, arrows = {room(module) for module in graph.modules}, imported(graph)
    last = max([*picture.rooms.values(), *picture.arrows.values()])
    for name in sorted(rooms - picture.rooms.keys()):
        yield f"{PAGE.name}:{last}: add the room {name}"
    for name in sorted(picture.rooms.keys() - rooms):
        yield f"{PAGE.name}:{picture.rooms[name]}: delete the room {name}: the package has none"
    for a, b in sorted(arrows.keys() - picture.arrows.keys()):
        near = [line for (start, _), line in picture.arrows.items() if start == a]
        yield f"{PAGE.name}:{max(near, default=last)}: add {a} --> {b}: {arrows[a, b]}"
    for a, b in sorted(picture.arrows.keys() - arrows.keys()):
        line = picture.arrows[a, b]
        yield f"{PAGE.name}:{line}: delete {a} --> {b}: no module of {a} imports one of {b}"


def test_the_picture_is_that_of_the_imports(graph: grimp.ImportGraph) -> None:
    told = "\n".join(wrong(drawn(), graph))
    assert not told, told


def test_what_is_wrong_with_a_picture_is_told_by_its_line(graph: grimp.ImportGraph) -> None:
    rooms = dict.fromkeys(map(room, graph.modules), 5)
    arrows = dict.fromkeys(imported(graph), 6)
    assert not list(wrong(Picture(rooms, arrows), graph))
    without = {arrow: line for arrow, line in arrows.items() if arrow != ("engine", "core")}
    (told,) = wrong(Picture(rooms, without), graph)
    assert re.fullmatch(r"architecture\.md:6: add engine --> core: \S+ imports \S+", told)
    more = Picture({**rooms, "cellar": 7}, {**arrows, ("core", "engine"): 8})
    assert list(wrong(more, graph)) == [
        "architecture.md:7: delete the room cellar: the package has none",
        "architecture.md:8: delete core --> engine: no module of core imports one of engine",
    ]


def test_the_adapter_is_known_to_the_engine_alone(graph: grimp.ImportGraph) -> None:
    knowing = graph.find_modules_that_directly_import(f"{TOP}.engine.dynamic")
    assert {room(module) for module in knowing} == {"engine"}


def test_what_the_page_names_is_there() -> None:
    told = "\n".join(missing(PAGE))
    assert not told, told


@pytest.mark.parametrize("walk", WALKS)
def test_each_step_of_a_walk_names_its_place(walk: str) -> None:
    (title,) = re.findall(rf"(?m)^## ({walk}.*)$", PAGE.read_text())
    steps = rows(section(PAGE, title))
    assert [step[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    for number, where, what in steps:
        named = NAMED.findall(where)
        assert named and all(name for _, name in named), f"{walk}, step {number}"
        assert what


def test_each_question_is_answered_with_a_place() -> None:
    answers = rows(section(PAGE, QUESTIONS))
    assert len(answers) >= 7
    for question, first, _ in answers:
        assert NAMED.search(first), question


@pytest.mark.parametrize("start", ["README.md", ".github/CONTRIBUTING.md"])
def test_a_reader_is_led_here(start: str) -> None:
    page = ROOT / start
    links = LINK.findall(page.read_text())
    assert PAGE in {(page.parent / target).resolve() for target, _ in links}
    assert {heading for _, heading in links if heading} <= anchors(PAGE)


def test_no_file_of_the_package_is_too_long() -> None:
    files = {path: len(path.read_text().splitlines()) for path in (ROOT / TOP).rglob("*.py")}
    assert {path.name: lines for path, lines in files.items() if lines > LONGEST} == {}
