"""What somebody else changes by the consoles of Palette and of every cloud."""

from dataclasses import dataclass
from typing import Any

import pytest

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.core.settings import Settings
from tests.sandbox.component import Component
from tests.sandbox.control import Control


@dataclass(frozen=True)
class OtherOperator:
    """Somebody with the operator's credentials, and the settings that lead everywhere."""

    env: dict[str, str]
    control: Control

    def inspector(self, component: Component) -> Any:
        """What looks at the cloud of a component."""
        return component.inspector(self.env)

    def change(self, component: Component) -> None:
        """Change what that component made, in its cloud and in Palette, in as many ways as can be
        put back."""
        component.change(self.inspector(component))
        (location,) = self.control.locations()
        body = location["body"]
        body["metadata"]["labels"] = {"changed": "by-hand"}
        body["spec"]["isDefault"] = not location["isDefault"]
        config = body["spec"]["config"]
        if "s3ForcePathStyle" in config:
            config["s3ForcePathStyle"] = not config["s3ForcePathStyle"]
        self._location("PUT", location, body)

    def back_up(self, component: Component) -> None:
        """Leave a backup where that component keeps them."""
        (location,) = self.control.locations()
        component.back_up(self.inspector(component), location)

    def unregister(self) -> None:
        """Delete the location in Palette."""
        (location,) = self.control.locations()
        self._location("DELETE", {**location, "kind": "s3"})

    def _location(self, method: str, location: dict[str, Any], body: Any = None) -> None:
        palette = PaletteClient.connect(Settings(lambda _: None, self.env))
        where = palette.project_uid(location["project"])
        path = f"{LOCATIONS}/{location['kind']}/{location['uid']}"
        palette.call(method, path, body, project=where)


@pytest.fixture
def other(env: dict[str, str], control: Control) -> OtherOperator:
    return OtherOperator(env, control)
