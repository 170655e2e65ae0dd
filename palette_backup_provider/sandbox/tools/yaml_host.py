"""Finds Pulumi's language host for YAML for the tests, or builds one from Go modules.

Pulumi ships it with the engine; the modules that an engine is built from here do not have it.

`python -m palette_backup_provider.sandbox.tools.yaml_host` prints where it is.
"""

from pathlib import Path

from palette_backup_provider.sandbox.tools.go_program import GoProgram, find
from palette_backup_provider.sandbox.tools.step import show

YAML_HOST = GoProgram(
    command="pulumi-language-yaml",
    called="language host for YAML",
    module="github.com/pulumi/pulumi-yaml",
    version="v1.38.1",
    hash="h1:FquTa8vjvKXreiBHDmuUD9jaZc5y0WXYvRYey+Wrzd4=",
    sums="pulumi-language-yaml.sum",
    go="1.25.11",
    takes="about two minutes",
    package="/cmd/pulumi-language-yaml",
)


def find_yaml_host() -> Path:
    """The host of this machine."""
    return find(YAML_HOST)


if __name__ == "__main__":
    show(find_yaml_host)
