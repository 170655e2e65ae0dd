"""What `pulumi stack export` prints."""

import json
from typing import Any

SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
"""The property by which an object says what kind of value it is, and its value for a secret. The
SDK has them too, but who reads an export need not wait for the SDK to be imported."""


def opened(value: Any, sealed: list[str]) -> Any:
    """A value without the wrapping of its secrets; what is encrypted is left out, and noted."""
    if isinstance(value, list):
        return [opened(item, sealed) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) != SECRET:
        return {name: opened(item, sealed) for name, item in value.items()}
    if "plaintext" in value:
        return opened(json.loads(value["plaintext"]), sealed)
    sealed.append(str(value.get("ciphertext")))
    return None
