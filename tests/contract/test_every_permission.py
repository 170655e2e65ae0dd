"""The documents that an operator is given are those by which a credential is judged."""

import pytest

from tests.contract.permissions import FOLDER, documents

DOCUMENTS = documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_made_of_its_table(name: str) -> None:
    found = (FOLDER / name).read_text()
    assert found == DOCUMENTS[name], "run: python -m tests.contract.permissions"
