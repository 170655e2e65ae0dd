"""Rules of types that have a policy document among their properties."""

from collections.abc import Iterator

from palette_backup_provider.review.policies.documents import (
    USUAL,
    document,
    everything,
    wider,
)
from palette_backup_provider.review.policies.statements import Dialect
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Rules
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import name


def documents(*properties: str, dialect: Dialect = USUAL, proof: str = "") -> Rules:
    """The rules of a type whose policies are in `properties`; `proof` as `Rules` has it."""

    def widens(old: Props, new: Props) -> Iterator[str]:
        for each in properties:
            if each in old or each in new:
                yield from wider(document(old.get(each), dialect), document(new.get(each), dialect))

    def on_everything(props: Props) -> Iterator[str]:
        for each in properties:
            yield from everything(document(props.get(each), dialect))

    return Rules(widens=widens, everything=on_everything, proof=proof)


def attached(*properties: str, limit: str = "") -> Rules:
    """The rules of a type that lists policies, or names one, in `properties`.

    `limit` is the property that names a policy which bounds them.
    """

    def widens(old: Props, new: Props) -> Iterator[str]:
        for each in properties:
            had, has = _several(old.get(each)), _several(new.get(each))
            for policy in has:
                if policy not in had or is_unknown(policy):
                    yield f"the policy {name(policy)} is attached"
        if limit and old.get(limit) and old.get(limit) != new.get(limit):
            yield f"the boundary {name(old[limit])} is gone or another"

    return Rules(widens=widens)


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
