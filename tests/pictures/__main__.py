"""All pictures of docs/pictures: `make pictures`. Without Chromium those of terminals alone."""

import sys
from pathlib import Path

from tests.browser import missing
from tests.pictures import comments, page, terminals

FOLDER = Path(__file__).parents[2] / "docs/pictures"


def main() -> None:
    """Writes them anew, and says what it cannot write."""
    FOLDER.mkdir(exist_ok=True)
    terminals.write(FOLDER)
    if reason := missing():
        sys.exit(f"The pictures of pages stay as they are: {reason}")
    page.write(FOLDER)
    if reason := comments.missing():
        sys.exit(f"The pictures of comments stay as they are: {reason}")
    comments.write(FOLDER)


if __name__ == "__main__":
    main()
