"""The review knows every type of ours that holds backups, or is a credential, or grants access."""

from typing import Any

import pytest

from palette_backup_provider.core.holding import Holding, Retainable
from palette_backup_provider.core.rotation.credential import CredentialHandler
from palette_backup_provider.registry import RESOURCES
from palette_backup_provider.review.services import NONE, rules_of

BY_TOKEN = {kind.token: kind for kind in RESOURCES}
GRANTS = {"policy", "document", "policies", "permissions", "role", "trust_policy"}
"""Properties that say what somebody may do."""


class Read(dict[str, Any]):
    """Inputs that note which properties are asked for."""

    def __init__(self) -> None:
        super().__init__({"name": "n"})
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("token", BY_TOKEN)
def test_a_rule_asks_for_properties_that_there_are(token: str) -> None:
    rules, read = rules_of(token), Read()
    rules.guards(read)
    list(rules.widens(read, read))
    list(rules.everything(read))
    if rules.holder:
        rules.holder(read)
    model = BY_TOKEN[token].handler.state_type
    there = set(model.model_fields) | {info.alias for info in model.model_fields.values()}
    others = {"roleDefinitionId", "principalId", "assignableScopes"}  # as Pulumi's package has it
    assert read.asked <= there | others | {"force_destroy"}


@pytest.mark.parametrize("token", BY_TOKEN)
def test_a_type_has_the_rules_that_its_model_asks_for(token: str) -> None:
    handler, rules = BY_TOKEN[token].handler, rules_of(token)
    assert (rules.holder is not None) == issubclass(handler.state_type, Retainable)
    assert bool(rules.credential) == issubclass(handler, CredentialHandler)
    if rules.holder:
        assert rules.taggable == bool({"tags", "labels"} & handler.state_type.model_fields.keys())
    if issubclass(handler.state_type, Holding):
        assert rules.guards({"name": "n"})
    if GRANTS & handler.state_type.model_fields.keys():
        assert rules.widens is not NONE.widens
