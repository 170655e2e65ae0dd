"""What the schema says of types that nothing of ours has yet."""

from palette_backup_provider.engine.schema import SchemaTypes


def test_a_choice_of_plain_types_offers_each() -> None:
    def retained(hours: int | str | None = None) -> bool:
        raise NotImplementedError

    spec = SchemaTypes((), str).function(retained)
    choice = {"oneOf": [{"type": "integer"}, {"type": "string"}]}
    assert spec["inputs"] == {"properties": {"hours": choice}, "required": []}
