"""Keywords, Args and a dict mean the same to every resource and component, and so do mistakes."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass, replace
from typing import Any, get_args

import pytest
from pulumi import ComponentResource, Output, ResourceOptions, RunError

import palette_backup_provider
from palette_backup_provider import palette, registry
from palette_backup_provider.engine.given import args_type_of
from palette_backup_provider.resources.palette.storage import KINDS
from tests.contract import keywords
from tests.contract.recorded import recorded
from tests.contract.samples import SAMPLES
from tests.contract.test_every_argument import REQUIRED, values
from tests.contract.test_every_component import COMPONENTS

Sample = dict[str, Any]
OTHER = palette.StaticCredentials(access_key="s3cr3t", secret_key="s3cr3t")


def arguments_of(component: Any) -> Sample:
    """A value for every argument, but those for existing objects; what nests is a dict."""
    found: Sample = {}
    for field in fields(args_type_of(component)):
        if not field.name.startswith("existing_"):
            value: Any = REQUIRED.get(field.name, values(component, field.name)[0])
            found[field.name] = asdict(value) if hasattr(value, "__dataclass_fields__") else value
    return found


CALLED: dict[str, Any] = {
    **{kind.token.replace(":", "."): kind for kind in registry.RESOURCES},
    **COMPONENTS,
}
GOOD: dict[str, list[Sample]] = {
    name: SAMPLES[name.replace(".", ":")] if "." in name else [arguments_of(kind)]
    for name, kind in CALLED.items()
}
each_class = pytest.mark.parametrize("name", CALLED)


def as_args(kind: Any, sample: Mapping[str, Any]) -> Any:
    """Args made by hand, those that nest too."""
    made = dict(sample)
    for field in fields(kind):
        if isinstance(value := sample.get(field.name), dict):
            for inner in classes(field.type):
                told = inner.__dataclass_fields__.get("kind")
                if told is None or told.default == value.get("kind", told.default):
                    made[field.name] = as_args(inner, value)
    return kind(**made)


def classes(annotation: Any) -> set[Any]:
    if isinstance(annotation, type) and is_dataclass(annotation):
        return {annotation}
    return {one for part in get_args(annotation) for one in classes(part)}


def with_outputs(args: Any) -> Any:
    """The same Args with an Output in place of each that nests."""
    inner = {field.name: getattr(args, field.name) for field in fields(args)}
    outputs = {
        name: Output.from_input(with_outputs(one))
        for name, one in inner.items()
        if is_dataclass(one)
    }
    return replace(args, **outputs)


Way = Callable[[str, ResourceOptions], object]


def ways(name: str, sample: Sample) -> dict[str, Way]:
    kind = CALLED[name]
    args = as_args(args_type_of(kind), sample)
    return {
        "by-keywords": lambda made, opts: kind(made, opts=opts, **sample),
        "by-keywords-after-options": lambda made, opts: kind(made, opts, **sample),
        "by-args": lambda made, opts: kind(made, args, opts),
        "by-args-with-a-name": lambda made, opts: kind(made, args=args, opts=opts),
        "by-dict": lambda made, opts: kind(made, sample, opts),
        "by-dicts-in-args": lambda made, opts: kind(made, args_type_of(kind)(**sample), opts),
        "by-outputs-of-args": lambda made, opts: kind(made, with_outputs(args), opts),
    }


def within(make: Way) -> Callable[[str], object]:
    """A program that makes it in a component of the same name, under which it is recorded."""
    return lambda name: make(name, ResourceOptions(parent=ComponentResource("test:Way", name)))


@each_class
def test_each_way_asks_for_the_same(name: str) -> None:
    for sample in GOOD[name]:
        asked = recorded({way: within(make) for way, make in ways(name, sample).items()})
        assert asked["by-args"]
        for way in ways(name, sample):
            assert asked[way] == asked["by-args"], way


@each_class
def test_what_is_optional_may_all_be_left_out(name: str) -> None:
    must = {field.name for field in fields(args_type_of(CALLED[name])) if required(field)}
    given = {key: value for key, value in GOOD[name][0].items() if key in must}
    plain = within(lambda made, opts: CALLED[name](made, opts=opts, **given))
    assert recorded({"with-little": plain})["with-little"]


def required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


@each_class
def test_its_signature_is_short_and_names_its_args(name: str) -> None:
    kind = CALLED[name]
    signature = inspect.signature(kind)
    assert list(signature.parameters) == ["resource_name", "args", "opts", "keywords"]
    assert inspect.get_annotations(kind.__init__)["args"] is args_type_of(kind)
    assert len(str(signature)) < 250
    for args in {args_type_of(kind), *inner_args(args_type_of(kind))}:
        shown = inspect.signature(args)
        assert list(shown.parameters) == sorted(
            (field.name for field in fields(args)),
            key=lambda one: not required(args.__dataclass_fields__[one]),
        )
        assert len(str(shown)) < 900


def inner_args(args: Any) -> set[Any]:
    return {one for field in fields(args) for one in classes(field.type)}


def test_the_keywords_are_those_of_the_args() -> None:
    for file, text in keywords.files():
        assert file.read_text() == text, "run: python -m tests.contract.keywords"


@each_class
def test_its_dict_has_a_type_that_is_exported(name: str) -> None:
    room, _, _ = name.rpartition(".")
    where = getattr(palette_backup_provider, room) if room else palette_backup_provider
    for args in {args_type_of(CALLED[name]), *inner_args(args_type_of(CALLED[name]))}:
        home = where
        if ".resources." in args.__module__:
            home = getattr(palette_backup_provider, args.__module__.split(".")[2])
        typed = getattr(home, f"{args.__name__}Dict")
        assert {f.name for f in fields(args)} == typed.__required_keys__ | typed.__optional_keys__
        assert f"{args.__name__}Dict" in home.__all__


def refused(name: str, *given: Any, **given_by_name: Any) -> list[str]:
    """The lines that refuse it, each about one argument; the last says where it was called."""
    with pytest.raises(RunError) as caught:
        CALLED[name]("nightly", *given, **given_by_name)
    *lines, place = str(caught.value).splitlines()
    line = inspect.getsourcelines(refused)[1] + 3
    assert re.fullmatch(rf"\(.*test_every_way\.py, line {line}\)", place)
    assert "s3cr3t" not in str(caught.value)
    assert all(each.startswith("nightly: ") for each in lines)
    return [each.removeprefix("nightly: ") for each in lines]


def misspelt(argument: str) -> str:
    return argument + argument[-1]


def places(sample: Any, args: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """The paths of the dicts in a sample, and the Args that each stands for."""
    yield path, args
    for field in fields(args):
        if isinstance(value := sample.get(field.name), dict):
            for inner in classes(field.type):
                told = inner.__dataclass_fields__.get("kind")
                if told is None or told.default == value.get("kind", told.default):
                    yield from places(value, inner, (*path, field.name))


def changed(sample: Sample, path: tuple[str, ...], **more: Any) -> Sample:
    """`sample` with more at that path."""
    if not path:
        return {**sample, **more}
    return {**sample, path[0]: changed(sample[path[0]], path[1:], **more)}


def without(sample: Sample, path: tuple[str, ...], key: str) -> Sample:
    if not path:
        return {name: value for name, value in sample.items() if name != key}
    return {**sample, path[0]: without(sample[path[0]], path[1:], key)}


def spelled(name: str, args: Any) -> str:
    """What a message calls what takes these arguments."""
    if args is args_type_of(CALLED[name]):
        return name
    return f"{args.__module__.split('.')[2]}.{args.__name__}"


@each_class
def test_a_misspelt_argument_is_told_with_what_was_meant(name: str) -> None:
    for sample in GOOD[name]:
        for path, args in places(sample, args_type_of(CALLED[name])):
            for field in fields(args):
                if field.name == "kind":
                    continue
                wrong = changed(
                    without(sample, path, field.name), path, **{misspelt(field.name): "s3cr3t"}
                )
                told = ".".join([*path, misspelt(field.name)])
                says = f"{told}: is no argument of {spelled(name, args)}. Did you mean "
                for lines in (refused(name, **wrong), refused(name, wrong)):
                    assert lines == [f"{says}{field.name}?"]
                if path:
                    assert refused(name, args_type_of(CALLED[name])(**wrong)) == [
                        f"{says}{field.name}?"
                    ]


@each_class
def test_an_argument_that_nothing_is_like_is_told_with_where_all_are(name: str) -> None:
    args = args_type_of(CALLED[name])
    shown = f"{args.__module__.split('.')[2]}.{args.__name__}" if "." in name else args.__name__
    assert refused(name, **GOOD[name][0], qqqq="s3cr3t") == [
        f"qqqq: is no argument of {name}. help({shown}) names them all."
    ]


@each_class
def test_what_must_be_given_is_asked_for(name: str) -> None:
    for sample in GOOD[name]:
        for path, args in places(sample, args_type_of(CALLED[name])):
            for field in filter(required, fields(args)):
                told = ".".join([*path, field.name])
                assert refused(name, without(sample, path, field.name)) == [f"{told}: is required."]


@each_class
def test_arguments_are_given_in_one_way_only(name: str) -> None:
    sample = GOOD[name][0]
    args = as_args(args_type_of(CALLED[name]), sample)
    (twice, *_) = sample or {"qqqq": 1}
    says = f"{twice}: is a keyword beside `args`. Give all arguments in one way."
    for whole in (args, sample):
        assert refused(name, whole, **{twice: "s3cr3t"}) == [says]


@each_class
def test_args_of_another_class_are_refused_by_name(name: str) -> None:
    for other in (OTHER, "s3cr3t", ["s3cr3t"]):
        if not isinstance(other, args_type_of(CALLED[name])):
            (line,) = refused(name, other)
            args = args_type_of(CALLED[name]).__name__
            assert re.fullmatch(
                rf"args: must be (\w+\.)?{args} or a dict of its arguments, and is "
                rf"(palette\.StaticCredentials|str|list)\.",
                line,
            )


@each_class
def test_nested_args_of_another_class_are_refused_by_name(name: str) -> None:
    sample = GOOD[name][0]
    for path, args in places(sample, args_type_of(CALLED[name])):
        for field in fields(args):
            if classes(field.type) and not path:
                (line,) = refused(name, {**sample, field.name: OTHER})
                assert re.fullmatch(
                    rf"{field.name}: must be [\w. ]+, and is palette\.StaticCredentials\.", line
                )


@each_class
def test_options_that_are_none_are_refused(name: str) -> None:
    assert refused(name, GOOD[name][0], {"protect": "s3cr3t"}) == [
        "opts: must be pulumi.ResourceOptions, and is dict."
    ]


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_argument_of_another_cloud_is_told_with_the_component_that_has_it(name: str) -> None:
    own = {field.name for field in fields(args_type_of(COMPONENTS[name]))}
    having: dict[str, list[str]] = {}
    for other, kind in COMPONENTS.items():
        for field in fields(args_type_of(kind)):
            having.setdefault(field.name, []).append(other)
    assert having.keys() - own
    for argument in having.keys() - own:
        assert refused(name, **GOOD[name][0], **{argument: "s3cr3t"}) == [
            f"{argument}: is an argument of {' and '.join(having[argument])}, not of {name}."
        ]


def test_a_kind_of_storage_that_is_not_known_is_told_with_those_that_are() -> None:
    name = "palette.BackupLocation"
    known = f"storage.kind: must be {' or '.join(KINDS)}."
    for storage in ({}, {"kind": 3}, {"kind": "s3cr3t-and-long"}):
        assert refused(name, storage=storage) == [known]
    assert refused(name, storage={"kind": "S33"}) == [f"{known} Did you mean s3?"]
