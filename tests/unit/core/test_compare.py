from typing import Annotated, Any, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator

from palette_backup_provider.core import secrets
from palette_backup_provider.core.compare import (
    LONGEST,
    Change,
    Invalid,
    changes,
    replaces_at,
    violations,
)
from palette_backup_provider.core.markers import Computed, Replaces, Sensitive, Unchangeable
from palette_backup_provider.core.model import Model, Owned, matches


class Key(Model):
    kind: Literal["key"] = "key"
    id: str
    secret: Sensitive[str]


class Role(Model):
    kind: Literal["role"] = "role"
    arn: str


class Machine(Model):
    kind: Annotated[Literal["machine"], Replaces()] = "machine"


class Storage(Model):
    bucket: Unchangeable[str]
    url: str | None = None
    style: Literal["path", "host"] = "path"
    credentials: Annotated[Key | Role | Machine, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _url_or_host(self) -> Self:
        if self.style == "host" and self.url is None:
            raise ValueError("style 'host' takes a url")
        return self


class Scope(Model):
    project: str = ""
    seen: Annotated[str, Computed()] = ""


class State(Owned):
    name: Annotated[str, matches("[a-z]+", "only a-z")]
    storage: Storage
    scope: Annotated[Scope, Replaces()] = Scope()
    days: Annotated[int, Field(ge=1)] = 30
    tags: dict[str, Annotated[str, Field(max_length=5)]] = Field(default_factory=dict)
    token: Annotated[str, Computed()] = ""


GOOD: dict[str, Any] = {
    "name": "nightly",
    "storage": {
        "bucket": "b",
        "credentials": {"kind": "key", "id": "i", "secret": "s3cr3t-s3cr3t"},
    },
}


def found(props: dict[str, Any], *unknown: str) -> list[Invalid]:
    return list(violations(State, {**GOOD, **props}, set(unknown)))


def storage(**props: Any) -> dict[str, Any]:
    return {"storage": {**GOOD["storage"], **props}}


def without(path: str) -> dict[str, Any]:
    if path == "storage.bucket":
        return {"storage": {k: v for k, v in GOOD["storage"].items() if k != "bucket"}}
    return storage(credentials={"kind": "key", "id": "i"})


def test_good_inputs_are_not_refused() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("props", "path", "reason"),
    [
        ({"name": "A"}, "name", "'A' is not allowed: only a-z"),
        ({"days": 0}, "days", "must be greater than or equal to 1"),
        (
            {"dayz": 1},
            "dayz",
            "is not a property of this resource: correct its name, or leave it out",
        ),
        ({"tags": {"a.b": "too long"}}, "tags.a.b", "String should have at most 5 characters"),
        (without("storage.bucket"), "storage.bucket", "is required"),
        (without("secret"), "storage.credentials.secret", "is required"),
        (storage(style="x"), "storage.style", "must be 'path' or 'host'"),
        (storage(style="host"), "storage", "style 'host' takes a url"),
        (
            storage(credentials={"kind": "x"}),
            "storage.credentials",
            "must be 'key', 'role', 'machine'",
        ),
        (storage(credentials={"id": "i"}), "storage.credentials", "needs 'kind'"),
        (
            storage(credentials={"kind": "role", "arn": "a", "x": 1}),
            "storage.credentials.x",
            "is not a property of this resource: correct its name, or leave it out",
        ),
    ],
)
def test_a_refusal_has_the_user_s_path_and_a_reason(
    props: dict[str, Any], path: str, reason: str
) -> None:
    assert found(props) == [Invalid(path, reason)]


def test_a_rule_of_a_chosen_model_is_told_without_pydantic_s_tag() -> None:
    class Strict(Model):
        kind: Literal["strict"] = "strict"

        @model_validator(mode="after")
        def _never(self) -> Self:
            raise ValueError("never fits")

    class Choice(Model):
        inner: Annotated[Strict | Role, Field(discriminator="kind")]

    props = {"inner": {"kind": "strict"}}
    assert list(violations(Choice, props, set())) == [Invalid("inner", "never fits")]


@pytest.mark.parametrize(
    ("props", "unknown"),
    [
        (without("storage.bucket"), "storage.bucket"),
        (without("secret"), "storage.credentials.secret"),
        (without("secret"), "storage.credentials"),
        (without("secret"), "storage"),
    ],
)
def test_what_is_not_known_is_not_judged(props: dict[str, Any], unknown: str) -> None:
    assert found(props, unknown) == []


def test_a_rule_about_parts_waits_for_all_of_them() -> None:
    assert found(storage(style="host"), "storage.url") == []
    assert found(storage(style="host"), "name") != []


@pytest.mark.parametrize(
    ("props", "unknown", "path", "reason"),
    [
        (storage(credentials={}), "storage.credentials.id", "storage.credentials", "needs 'kind'"),
        (storage(credentials={}), "storage.url", "storage.credentials", "needs 'kind'"),
        (storage(url={}), "storage.url.a", "storage.url", "must be text"),
        (storage(url={}), "storage.url.kind", "storage.url", "must be text"),
        (storage(style={}), "storage.style.a", "storage.style", "must be 'path' or 'host'"),
        ({"days": {}}, "days.a", "days", "must be a whole number"),
    ],
)
def test_what_its_parts_cannot_mend_does_not_wait_for_them(
    props: dict[str, Any], unknown: str, path: str, reason: str
) -> None:
    assert found(props, unknown) == [Invalid(path, reason)]


@pytest.mark.parametrize("unknown", ["storage.credentials.kind", "storage.credentials", "storage"])
def test_a_kind_that_is_not_known_is_awaited(unknown: str) -> None:
    assert found(storage(credentials={"id": "i"}), unknown, "storage.credentials.secret") == []


def test_an_unknown_kind_is_refused_although_parts_are_unknown() -> None:
    bad = storage(credentials={"kind": "x"})
    assert [f.path for f in found(bad, "storage.credentials.secret")] == ["storage.credentials"]


def test_a_like_named_sibling_is_judged() -> None:
    assert found({"name": "A"}, "nam") != []
    assert found({"dayz": 1}, "day", "days") != []


@given(st.dictionaries(st.sampled_from(["name", "days", "tags", "storage"]), st.just(object())))
def test_no_refusal_quotes_the_model_s_secret(broken: dict[str, Any]) -> None:
    assert not any("s3cr3t" in f"{f.path} {f.reason}" for f in found(broken))


def state(**props: Any) -> State:
    return State.model_validate({**GOOD, **props})


def test_equal_states_do_not_differ() -> None:
    assert list(changes(state(), state())) == []


def test_what_only_the_api_tells_is_no_change() -> None:
    assert list(changes(state(token="a", __incarnation="x"), state())) == []
    assert list(changes(state(scope={"seen": "a"}), state())) == []


@pytest.mark.parametrize(
    ("props", "change"),
    [
        ({"days": 7}, Change("days", False, False)),
        ({"tags": {"a": "b"}}, Change("tags", False, False)),
        ({"__owner": "o"}, Change("__owner", False, True)),
        ({"__made_under": "1"}, Change("__made_under", True, True)),
        (storage(bucket="other"), Change("storage.bucket", True, False)),
        (storage(url="u"), Change("storage.url", False, False)),
        (
            storage(credentials={"kind": "role", "arn": "a"}),
            Change("storage.credentials", False, False),
        ),
        (
            storage(credentials={"kind": "machine"}),
            Change("storage.credentials", True, False),
        ),
        ({"scope": {"project": "p"}}, Change("scope.project", True, False)),
    ],
)
def test_a_change_and_what_it_means(props: dict[str, Any], change: Change) -> None:
    assert list(changes(state(), state(**props))) == [change]


def test_changes_come_in_the_order_of_the_fields() -> None:
    other = state(days=7, tags={"a": "b"}, name="other", __owner="o")
    assert [c.path for c in changes(state(), other)] == ["__owner", "name", "days", "tags"]


@pytest.mark.parametrize(
    ("path", "fixed"),
    [
        ("storage.bucket", True),
        ("scope", True),
        ("scope.project", True),
        ("__made_under", True),
        ("storage", False),
        ("storage.url", False),
        ("days", False),
        ("tags.a", False),
        ("nothing", False),
    ],
)
def test_where_a_change_replaces(path: str, fixed: bool) -> None:
    assert replaces_at(state(), path) is fixed


def test_a_reason_is_short_and_holds_no_part_of_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())
    secret = "S3cr3t" * 100
    secrets.remember(secret)
    (one,) = found({"name": f"{secret}{'X' * 100_000}"})
    assert one.path == "name" and len(one.reason) <= LONGEST + 1
    assert one.reason.startswith("'[secret]XXX") and one.reason.endswith("only a-z")
    assert "S3cr3t" not in one.reason
