"""What a preview knows of the outputs of a resource that is updated.

The engine tells a preview no output of an update that is no input, so whatever takes one would be
shown as changing to something unknown. The provider process knows better: it has compared that
resource before. So each of our resources notes which output of which other one a property is, and
check puts in what is coming.

Nor does the engine tell a preview of an output that check left out of the inputs, for it has its
default. The program knows better there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi import Output
from pulumi.runtime import rpc

from palette_backup_provider.core.run import Planned
from palette_backup_provider.engine.properties import Props

FROM = "__from"
SECRET = {rpc._special_sig_key: rpc._special_secret_sig}


def otherwise(output: Output[Any], fallback: Output[Any]) -> Output[Any]:
    """`output`, or `fallback` while it is unknown."""

    async def known() -> bool:
        return await output.is_known() or await fallback.is_known()

    async def value() -> Any:
        return await (output if await output.is_known() else fallback).future(with_unknowns=True)

    return Output(output.resources(), value(), known(), output.is_secret())


async def sources(outputs: Iterable[tuple[list[str], Output[Any]]]) -> dict[str, list[str]]:
    """Owner and name of the output that stands at each path, where it is one of ours."""
    origins = {}
    for path, output in outputs:
        for resource in await output.resources():
            owner = vars(resource).get("_owner")
            name = next((n for n, value in vars(resource).items() if value is output), None)
            if owner and name:
                origins[".".join(path)] = [str(await owner.future()), name]
    return origins


def fill_planned(
    news: Props, planned: Mapping[str, Mapping[str, Planned]]
) -> tuple[Props, dict[str, Any]]:
    """`news` with what is coming in the place of what is unknown, and the secrets among that."""
    whole = {name: value for name, value in news.items() if name != FROM}
    sealed = {}
    for path, (owner, name) in (news.get(FROM) or {}).items():
        if output := planned.get(owner, {}).get(name):
            before = whole
            whole = _put(whole, path.split("."), output.value)
            if output.secret and whole != before:
                sealed[path] = {**SECRET, "value": output.value}
    return whole, sealed


def reseal(props: Props, sealed: Mapping[str, Any]) -> Props:
    """`props` with those secrets, which the engine would take for plain text otherwise."""
    for path, secret in sealed.items():
        props = _put(props, path.split("."), secret, known=True)
    return props


def _put(props: Any, steps: list[str], value: Any, *, known: bool = False) -> Any:
    """`props` with that value where there is something unknown, or something `known`."""
    if not steps:
        return value if known or rpc.contains_unknowns(props) else props
    first, *rest = steps
    if not isinstance(props, dict) or first not in props:
        return props
    return {**props, first: _put(props[first], rest, value, known=known)}
