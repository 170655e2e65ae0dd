"""The recorded previews, and the comments that they become.

The comments are written anew by `python -m tests.unit.review`. The previews are the engine's: see
tests/sandbox/test_recorded_previews.py. Those in `of_other_packages` are written by hand, after the
engine's schema, as no package of Pulumi's runs here.
"""

from pathlib import Path

from palette_backup_provider.review.markdown import markdown
from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import report

FOLDER = Path(__file__).parent / "previews"
RECORDED = sorted([*FOLDER.glob("*.json"), *FOLDER.glob("of_other_packages/*.jsonl")])


def comment(file: Path) -> str:
    """The comment on one preview."""
    return markdown([report(preview(file.name, file.read_text()))])


def kept(file: Path) -> Path:
    """Where the comment on that preview is kept."""
    return file.with_suffix(".md")
