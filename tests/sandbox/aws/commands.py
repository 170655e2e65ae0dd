"""The commands of AWS's own tool in the documentation."""

from botocore import xform_name
from botocore.session import get_session


def _judge(words: list[str]) -> None:
    """Fails if the tool would not take these words."""
    service, operation, *rest = words
    model = get_session().get_service_model(service)
    (known,) = [one for one in model.operation_names if xform_name(one, "-") == operation]
    shape = model.operation_model(known).input_shape
    assert shape
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    assert given <= {xform_name(member, "-") for member in shape.members}
    assert given >= {xform_name(member, "-") for member in shape.required_members}


JUDGES = {"aws": _judge}
FOREIGN: dict[str, set[str]] = {}
