"""What `pulumi new` copies: small, explained, and with no word that it would replace by mistake."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from palette_backup_provider.fleet.inventory import load
from palette_backup_provider.registry import NAMESPACES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").iterdir())
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
FILES = {".gitignore", "Pulumi.yaml", "README.md", "__main__.py", "requirements.txt"}
REPLACED = {"${PROJECT}", "${DESCRIPTION}"}
each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)


def about(template: Path) -> Any:
    return yaml.safe_load((template / "Pulumi.yaml").read_text())


@each
def test_it_has_these_files(template: Path) -> None:
    files = {path.name for path in template.iterdir()} - {"__pycache__"}
    assert files - {"fleet.yaml"} == FILES
    ignored = (template / ".gitignore").read_text().split()
    assert ignored == ["venv/", ".venv/", "__pycache__/", "*.pyc"]


@each
def test_nothing_is_replaced_by_mistake(template: Path) -> None:
    for path in template.iterdir():
        if path.is_file():
            found = re.findall(r"\$\{\w+\}", path.read_text())
            assert found == (
                [*sorted(REPLACED, reverse=True)]
                if path.suffix == ".yaml" and path.stem == "Pulumi"
                else []
            )


@each
def test_pulumi_takes_what_it_says(template: Path) -> None:
    said = about(template)
    assert said.keys() <= {"name", "description", "runtime", "config", "template"}
    assert said["runtime"] == "python", "pip, poetry or uv is the user's choice"
    assert said["template"].keys() == {"displayName", "description", "config", "quickstart"}
    known = {key.name for namespace in NAMESPACES for key in namespace.keys}
    for key, one in said["template"]["config"].items():
        assert key in known
        assert one.keys() <= {"description", "default", "secret"}
        assert isinstance(one.get("default", ""), str)
    for key, one in said.get("config", {}).items():
        assert ":" not in key and one.keys() == {"type", "default", "description"}


@each
def test_its_settings_are_explained_and_read(template: Path) -> None:
    said, readme = about(template), (template / "README.md").read_text()
    explained = set(re.findall(r"(?m)^\| `([\w:-]+)` \|", readme))
    assert explained == {*said.get("config", {}), *said["template"]["config"]}
    program = (template / "__main__.py").read_text()
    assert set(re.findall(r'config\.require\w*\("(\w+)"\)', program)) == {*said.get("config", {})}
    assert f"pulumi new {URLS['Repository']}/templates/{template.name}\n" in readme
    for page in re.findall(rf"{URLS['Repository']}/blob/main/([\w/.-]+)", readme):
        assert (ROOT / page).exists(), page


@each
def test_its_program_is_short(template: Path) -> None:
    program = (template / "__main__.py").read_text()
    assert len(program.splitlines()) <= 20
    assert not [one for one in ast.walk(ast.parse(program)) if isinstance(one, ast.If | ast.For)]


def test_the_inventory_and_its_examples_are_right(tmp_path: Path) -> None:
    text = (ROOT / "templates/backup-fleet/fleet.yaml").read_text()
    assert len(load(ROOT / "templates/backup-fleet/fleet.yaml").locations) == 1
    examples = re.sub(r"(?m)^#(   )", r" \1", text).replace("identities: {}", "identities:")
    (tmp_path / "fleet.yaml").write_text(examples)
    assert len(load(tmp_path / "fleet.yaml").locations) == 3


def test_inventories_in_the_docs_are_right(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/reuse.md").read_text(), re.DOTALL)
    found = [block for block in blocks if re.search(r"(?m)^projects:", block)]
    assert found
    for block in found:
        (tmp_path / "fleet.yaml").write_text(block)
        assert load(tmp_path / "fleet.yaml").locations
