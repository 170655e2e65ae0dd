"""The sandbox of the folder above, for somebody who calls AWS in it."""

import pytest

from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import Visitor


@pytest.fixture
def visitor(visitor: Visitor) -> AwsVisitor:
    """Somebody with the settings of a sandbox that nobody has used yet."""
    return AwsVisitor(visitor.sandbox)
