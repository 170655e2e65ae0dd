"""Links to files beside docs/: on the site they lead to the repository."""

import re
from pathlib import Path

from sphinx.application import Sphinx

OUT = re.compile(r"(?<=\]\()((?:\.\./)+[^)#]*)")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("repository_url", "", "html")
    app.connect("source-read", _lead_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _lead_out(app: Sphinx, page: str, source: list[str]) -> None:
    folder = (app.srcdir / page).parent

    def led(link: re.Match[str]) -> str:
        target = (folder / link[1]).resolve()
        if target.is_relative_to(app.srcdir):
            return link[1]
        way = "tree" if target.is_dir() else "blob"
        return f"{app.config.repository_url}/{way}/main/{_within(target, app.srcdir.parent)}"

    source[0] = OUT.sub(led, source[0])


def _within(target: Path, checkout: Path) -> str:
    return target.relative_to(checkout.resolve()).as_posix()
