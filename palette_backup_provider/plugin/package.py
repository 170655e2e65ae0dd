"""What the plugin serves: every resource, every component, and the schema of both."""

import json
from functools import cached_property
from importlib.metadata import version

from pulumi import Inputs, ResourceOptions
from pulumi.provider import ConstructResult, Provider

from palette_backup_provider.core.namespace import Key
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.schema import SchemaTypes, Spec
from palette_backup_provider.plugin.config import settings
from palette_backup_provider.plugin.functions import native_function
from palette_backup_provider.plugin.spelling import spell

DISTRIBUTION = "palette-backup-provider"
REPOSITORY = "https://github.com/palette-backup-provider/palette-backup-provider"


class Package(Provider):
    """The package `palette-backup`. Its schema is made when it is asked for: few calls need it."""

    def __init__(self) -> None:
        self.version: str = version(DISTRIBUTION)

    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        from palette_backup_provider.plugin.components import construct  # many need none

        return construct(resource_type, name, inputs, options)

    @cached_property
    def schema(self) -> str:  # type: ignore[override]
        return json.dumps(schema(self.version))


def schema(number: str) -> Spec:
    """The schema, of a version of that number."""
    from palette_backup_provider.components.component import every_component
    from palette_backup_provider.registry import FUNCTIONS, RESOURCES

    types = SchemaTypes(RESOURCES, spell)
    resources = {f"{PACKAGE}:{kind.token}": types.resource(kind) for kind in RESOURCES}
    components = {kind._token: types.component(kind) for kind in every_component()}
    functions = {
        native_function(name): types.function(function) for name, function in FUNCTIONS.items()
    }
    config = {name: _variable(types, key) for name, key in settings().items()}
    return {
        "name": PACKAGE,
        # an SDK is named by it; else Pulumi takes its own name, or the owner of a Git address
        "namespace": REPOSITORY.split("/")[-2],
        "version": number,
        "displayName": "Palette Backup",
        "description": "Backup locations for Spectro Cloud Palette, with all that they need.",
        "keywords": ["pulumi", "palette", "spectro cloud", "velero", "backup", "category/cloud"],
        "homepage": REPOSITORY,
        "repository": REPOSITORY,
        "license": "Apache-2.0",
        "config": {"variables": config},
        "provider": {"inputProperties": config},
        "types": types.found,
        "resources": {**resources, **components},
        "functions": functions,
        "language": {
            "csharp": {"respectSchemaVersion": True},
            "go": {
                "respectSchemaVersion": True,
                "generateResourceContainerTypes": True,
                "importBasePath": f"{REPOSITORY.removeprefix('https://')}/sdk/go/palettebackup",
            },
            "nodejs": {"respectSchemaVersion": True},
            "python": {"respectSchemaVersion": True, "pyproject": {"enabled": True}},
        },
    }


def _variable(types: SchemaTypes, key: Key) -> Spec:
    """A setting."""
    description = spell(key.does)
    if key.variables:
        variables = ", ".join(f"`{variable}`" for variable in key.variables)
        description = f"{description} In the environment: {variables}."
    told: Spec = types.of(key.takes)
    return {**told, "description": description, **({"secret": True} if key.secret else {})}
