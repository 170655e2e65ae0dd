"""How Sphinx makes a site of these pages: `make docs`."""

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]

project = PROJECT["name"]
version = release = PROJECT["version"]
html_title = project
language = "en"
extensions = ["myst_parser", "layers", "repository"]
exclude_patterns = ["_*", "installation-configuration.md"]  # and the pages of Pulumi's registry
nitpicky = True
smartquotes = False  # it makes one dash of the two of an option

myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
myst_enable_extensions = ["deflist"]
repository_url = PROJECT["urls"]["Repository"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "source_repository": repository_url,
    "source_branch": "main",
    "source_directory": "docs/",
}
