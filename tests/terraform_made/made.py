"""What each provider can make. Each has a module here, which is found."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.terraform_made.secrets import SECRET

FOLDER = Path(__file__).parent / "providers"
PROVIDERS: dict[str, ModuleType] = {
    path.stem: import_module(f"{__package__}.providers.{path.stem}")
    for path in sorted(FOLDER.glob("[!_]*.py"))
}
"""Each has `everything` and the `UNUSABLE` that it can make, the `body` of its request, `KIND` as
Palette calls it, whether the request has it (`TYPED`), what may be `LEFT_OUT` of its config, its
`SECRETS`, and how far `APART` samples are so that they are out of step with what alternates."""


@dataclass(frozen=True)
class Made:
    """One location; `attributes` are those of its state but `id`."""

    name: str
    provider: str
    attributes: dict[str, Any]

    @property
    def kind(self) -> str:
        """What Palette calls the provider."""
        return str(PROVIDERS[self.provider].KIND)

    @property
    def is_role(self) -> bool:
        """Whether Palette assumes a role, and holds no secret."""
        return any(s3["credential_type"] == "sts" for s3 in self.attributes.get("s3", []))

    @property
    def secrets(self) -> dict[str, str]:
        """What is secret of it, by the names of our arguments."""
        told = {} if self.is_role else PROVIDERS[self.provider].SECRETS
        return {name.removeprefix(f"{self.provider}_"): value for name, value in told.items()}

    @property
    def tenant(self) -> bool:
        return bool(self.attributes["context"] == "tenant")

    @property
    def body(self) -> dict[str, Any]:
        """The request: what is empty is left out, but for the path style, which never is."""
        provider = PROVIDERS[self.provider]
        spec: dict[str, Any] = {"config": _without_empty(provider.body(self.attributes))}
        if self.attributes["is_default"]:
            spec["isDefault"] = True
        if provider.TYPED:
            spec["type"] = self.provider
        return {"metadata": {"name": self.name}, "spec": spec}


def _without_empty(told: dict[str, Any]) -> dict[str, Any]:
    """As Go leaves out what is empty; false is a pointer here, and stays."""
    return {
        name: _without_empty(value) if isinstance(value, dict) else value
        for name, value in told.items()
        if value != ""
    }


def everything() -> list[Made]:
    """One of each combination of what may be said or left out."""
    return [
        Made(f"{name}-{number}", name, {"storage_provider": name, **attributes})
        for name, provider in PROVIDERS.items()
        for number, attributes in enumerate(provider.everything())
    ]


def unusable() -> dict[str, Made]:
    """By what Palette does not have of them: what it can make, and what nobody can use."""
    return {
        missing: Made(name, provider, {"storage_provider": provider, **attributes})
        for provider, module in PROVIDERS.items()
        for missing, (name, attributes) in module.UNUSABLE.items()
    }


def typed(key: str) -> str:
    """What a person types for the secret of that key of a stack's config."""
    values = {
        attribute.replace("_", "-").partition("-")[2]: value
        for provider in PROVIDERS.values()
        for attribute, value in provider.SECRETS.items()
    }
    return next((value for end, value in values.items() if key.endswith(end)), SECRET)
