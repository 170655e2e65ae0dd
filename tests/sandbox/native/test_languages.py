"""The examples in TypeScript, Go and Java, unchanged, where the host of the language is found.

A released Pulumi has these hosts beside its CLI; the modules that an engine is built from here do
not have them.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import COMMAND, install
from tests.sandbox.stack import Stack
from tests.sandbox.test_examples import EXAMPLES

NEEDS = {
    "go": ("pulumi-language-go", "go"),
    "java": ("pulumi-language-java", "mvn"),
    "typescript": ("pulumi-language-nodejs", "npm"),
}
"""The commands that an example needs besides `pulumi`."""
PROGRAMS = ("index.ts", "main.go", "src/main/java/App.java")
"""Where an example has its program."""
EXPLICIT = {
    "go": {
        "nightly, err :=": """ours, err := backup.NewProvider(ctx, "ours", &backup.ProviderArgs{
            Project: pulumi.String("team-a"), Quiet: pulumi.Bool(true),
            Tags: pulumi.StringMap{"of": pulumi.String("ours")},
        })
        if err != nil { return err }
        nightly, err :=""",
        "pulumi.Int(90),\n\t\t})": "pulumi.Int(90),\n\t\t}, pulumi.Provider(ours))",
    },
    "java": {
        "import java": "import com.palettebackupprovider.palettebackup.*;\nimport java",
        "var nightly": """var ours = new Provider("ours", ProviderArgs.builder()
                .project("team-a").quiet(true).tags(Map.of("of", "ours")).build());
            var nightly""",
        ".build());\n\n": """.build(),
                com.pulumi.resources.ComponentResourceOptions.builder().providers(ours).build());

""",
    },
    "typescript": {
        "const nightly": """const ours = new backup.Provider("ours", {
            project: "team-a", quiet: true, tags: { of: "ours" },
        });
        const nightly""",
        "});\n\nexport": "}, { provider: ours });\n\nexport",
    },
}
"""How the program of an example gets a provider of its own."""


@pytest.mark.stress
@pytest.mark.parametrize("example", sorted(NEEDS))
def test_it_runs_unchanged(
    example: str, new_stack: Callable[..., Stack], control: Control, tmp_path: Path
) -> None:
    folder = EXAMPLES / example
    stack = new_stack(project=yaml.safe_load((folder / "Pulumi.yaml").read_text())["name"])
    plugin = install(tmp_path / "plugin")
    path = os.pathsep.join((str(plugin), stack.environment["PATH"]))
    for command in NEEDS[example]:
        if not shutil.which(command, path=path):
            pytest.skip(f"there is no `{command}` on PATH; a released Pulumi has its hosts")
    stack.environment = {**stack.environment, "PATH": path}
    shutil.copytree(folder, stack.home, dirs_exist_ok=True)

    stack.run("package", "add", str(plugin / COMMAND))
    stack.preview()
    assert not control.locations()
    stack.up()
    (location,) = control.locations()
    (program,) = (one for name in PROGRAMS for one in stack.home.glob(name))
    assert [location["kind"]] == [
        each.kind for each in COMPONENTS if f"{each.name}(" in program.read_text()
    ]
    assert stack.outputs()["uid"] == location["uid"]
    stack.settled()

    program.write_text(program.read_text().replace('"storage"', '"platform"'))
    assert {step["op"] for step in stack.steps().values()} == {"update"}
    stack.up()
    stack.settled()

    for before, after in EXPLICIT[example].items():
        text = program.read_text()
        assert before in text
        program.write_text(text.replace(before, after))
    stack.up()
    (moved,) = control.locations()
    assert moved["project"] not in ("", location["project"])
    (bucket,) = (one for one in stack.state()["resources"] if one["type"].endswith(":Bucket"))
    assert bucket["outputs"]["tags"] == {"of": "ours", "team": "platform"}
    stack.settled()
    stack.destroy()
    assert not control.locations()
