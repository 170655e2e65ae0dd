"""docs/errors.md, made of the errors in code: `python -m tests.contract.errors_page` writes it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from palette_backup_provider.core import errors
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.doctor.advice import DOING, END
from tests.contract.clouds import NAMES
from tests.contract.messages import Message, messages, module_of, refused_arguments
from tests.contract.sentences import PACKAGE, ROOT

PAGE = ROOT / "docs/errors.md"
PLACES = {
    **NAMES,
    "palette": "Palette",
    "cli": "the command",
    "doctor": "the command",
    "fleet": "the command",
    "review": "the command",
}
"""What a folder or the first word of a module is about, the innermost that is known."""
ANYWHERE = "anywhere"
ORDER = (ANYWHERE, "Palette", *NAMES.values(), "the command")
INTRODUCTION = """\
# Errors

Every error says what failed, why, and what to do, in this order. Look for yours by its words:
{these} stand for what differs from run to run. What others wrote is quoted as it is, without
secrets. The texts are those of a program in Python. By the plugin they have the names of the
schema, and `force_destroy=True` reads `forceDestroy: true`.

| error | it means | in general |
|---|---|---|
"""
FOOTER = """
`docs/errors.md` is made of the errors in code: `python -m tests.contract.errors_page`.
"""
TO_DO = re.compile(
    rf"({'|'.join(DOING.split())})\b|(If|In|Or|To|It takes) |.*\b(needs?|have to|has to)\b|"
    r"<(advice|does|fix|how|reach|region|trust|way|way out)>"
)
"""How a sentence begins that says what to do, or has it."""
TAKES = re.compile(r"[:;.] |\b(must|needs?|required|takes)\b")
"""What stands before, or in, what an argument takes."""
ARGUMENTS = """
## Refused arguments

The preview says what is wrong behind the name of the argument, and what the argument takes. Nothing
was changed. Correct the argument in the program.
"""


class Row(NamedTuple):
    """An error in two parts."""

    failed: str
    """What failed, and why."""
    to_do: str


def row(text: str) -> Row:
    """`text`, at its first sentence that says what to do."""
    sentences = END.split(text)
    at = next((n for n, one in enumerate(sentences) if TO_DO.match(one)), len(sentences))
    return Row(" ".join(sentences[:at]), " ".join(sentences[at:]))


def kinds() -> list[type[ProviderError]]:
    """The classes of errors, the general ones last."""
    found = [one for one in vars(errors).values() if isinstance(one, type)]
    ours = [one for one in found if issubclass(one, ProviderError)]
    return sorted(ours, key=lambda kind: kind in (errors.ApiError, ProviderError))


def described(kind: type[ProviderError]) -> Row:
    """What an error of that class means, and what to do in general: its docstring has both."""
    meaning, _, to_do = (kind.__doc__ or "").partition("\n\n")
    return Row(" ".join(meaning.split()), " ".join(to_do.split()))


def place(path: Path) -> str:
    """What the module is about."""
    words = [re.split(r"[_.]", part)[0] for part in path.relative_to(PACKAGE).parts]
    return next((PLACES[word] for word in reversed(words) if word in PLACES), ANYWHERE)


def family(message: Message) -> type[ProviderError]:
    """The class in `core/errors.py` that the error is of."""
    return next(one for one in message.kind.__mro__ if one.__module__ == errors.__name__)


def advice() -> Iterator[tuple[str, str, str]]:
    """Place, what is said there, and what to do: the tables of the clients."""
    for path in sorted((PACKAGE / "clients").rglob("*.py")):
        table = getattr(module_of(path), "ADVICE", {})
        for said, to_do in table.items():
            yield place(path), said if isinstance(said, str) else ", ".join(said), to_do


def page() -> str:
    """The whole page."""
    lines = [INTRODUCTION.rstrip()]
    for kind in kinds():
        link = f"[{kind.__name__}](#{kind.__name__.lower()})"
        lines.append(_line(link, *described(kind)))
    for kind in kinds():
        lines += ["", f"## {kind.__name__}", "", _shown(described(kind).failed)]
        for where in ORDER:
            said = {
                row(message.text)
                for message in messages()
                if family(message) is kind and place(message.path) == where
            }
            if said:
                lines += ["", f"### {kind.__name__}: {where}", "", *_table(sorted(said))]
            advised = [(_code(code), does) for there, code, does in advice() if there == where]
            if kind is errors.ApiError and advised:
                lines += ["", "| what is said in it | what to do |", "|---|---|"]
                lines += [_line(*each) for each in advised]
    lines.append(ARGUMENTS.rstrip())
    for where in ORDER:
        told = {one.text for one in refused_arguments() if place(one.path) == where}
        if told:
            lines += ["", f"### Refused arguments: {where}", "", "| behind the name |", "|---|"]
            lines += [_line(text) for text in sorted(told)]
    return "\n".join([*lines, FOOTER])


def _table(rows: list[Row]) -> list[str]:
    return ["| what failed, and why | what to do |", "|---|---|", *(_line(*each) for each in rows)]


def _line(*cells: str) -> str:
    return f"| {' | '.join(map(_shown, cells))} |"


def _code(said: str) -> str:
    return ", ".join(f"`{one}`" for one in said.split(", "))


def _shown(text: str) -> str:
    """`text` as Markdown, with links to the other pages."""
    text = re.sub(r"<([\w ]+)>", r"{\1}", text).replace("|", "\\|").replace("*", "\\*")
    text = re.sub(r"<(/?\w+)>", r"{\1}", text)
    return re.sub(r"`?docs/([\w-]+)\.md`?", r"[\1](\1.md)", text)


if __name__ == "__main__":
    PAGE.write_text(page())
