"""What our own types have in common, whichever service they are for."""

from palette_backup_provider.review.preview import COMPONENTS, Props, is_ours, token_of
from palette_backup_provider.review.rules import Holder
from palette_backup_provider.review.wording import shown


def holder(noun: str, props: Props) -> Holder:
    """Storage of ours: it says itself whether a deletion takes all that it holds."""
    serves = props.get("__serves")
    own = props.get(
        "force_destroy", serves.get("force_destroy") if isinstance(serves, dict) else None
    )
    return Holder(
        noun,
        shown(props.get("name", "")),
        forced=own is True,
        why="force_destroy=True since the last `pulumi up`",
        kept=props.get("replace_with_data") == "retain",
    )


def in_python(type: str, inputs: Props) -> Props:
    """Inputs of a type by their names in Python, which the rules ask for.

    A stack that moves to the plugin or back has both spellings: one in state, one in the program.
    """
    if type.startswith(COMPONENTS) or not is_ours(type) or all(map(str.islower, inputs)):
        return inputs
    from palette_backup_provider.review.models import renamed  # imports Pulumi: half a second

    return renamed(token_of(type), inputs)
