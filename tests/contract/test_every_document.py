"""No accepted input gives a document that allows more than the objects that it names.

Names are good ones that were tampered with: patterns, variables of policies, look-alikes, encoded
characters, ends of paths and lines. What is refused allows nothing; what is accepted is judged by
the evaluators that the sandbox has of each cloud, on neighbours of what was named.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult
from pulumi import Output, RunError

from palette_backup_provider import aws, azure, minio
from palette_backup_provider.core.markers import AutoNamed, Derived
from palette_backup_provider.core.model import Prerequisite, fields, property_name
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.resources.gcp.iam import policy as iam_policy
from palette_backup_provider.sandbox.aws.resource_policy import Principal, judge
from palette_backup_provider.sandbox.azure.roles import Assignment, Definition
from palette_backup_provider.sandbox.gcp.policy import Policy
from tests.contract.samples import ARN, EMAIL, GUID, SAMPLES, NoClients
from tests.contract.test_every_input import INPUTS, OWNER, Input
from tests.contract.test_every_type import TYPES

PATTERNS = ["*", "?", "${aws:username}", "${*}"]
PIECES = [
    *("$", "{", "}", "%2A", "%2f", "%00"),
    *("\uff0a", "\u2217", "\uff1f", "\uff04{", "\uff41", "\u0663", "\u00b2"),  # look alike
    *("/", "//", "..", ".", ":", ",", "'", '"', "\\", "#", "[a-z]", "|", "^", "+", "@", "=", "-"),
    *("\n", "\r", "\t", "\0", " ", "\u00a0", "\u200b", "\u202e", "\ufeff", "é"),
    *("x" * 300, "root", "aws", "0", "123456789012", "allUsers", "user:", "arn:aws:s3:::"),
]
PATTERN = re.compile(r"[*?]|\$\{")
"""What stands for more than one name."""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
ACCOUNT, STRANGER = "123456789012", "210987654321"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POOL = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject"
GROUP = f"/subscriptions/{GUID}/resourceGroups/clusters"
quickly = settings(max_examples=150, derandomize=True, database=None, deadline=None)


@st.composite
def tampered(draw: Callable[..., Any], *good: str) -> str:
    """A good value, or one with something else at one or two places, or instead."""
    value: str = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, len(value)))
        piece = draw(st.sampled_from(PATTERNS) | st.sampled_from(PIECES) | TEXT)
        value = value[:start] + piece + value[draw(st.sampled_from([start, end])) :]
    return value


def neighbours(name: str) -> Iterator[str]:
    """Other names, that a pattern in `name` could stand for."""
    plain = re.sub(r"\$\{.*?\}|[*?]", "z", name) or "z"
    others = {"other", f"{plain}x", f"x{plain}", plain[:-1], plain[1:], plain.swapcase(), "*"}
    others |= {f"{plain[:i]}Z{plain[i + 1 :]}" for i in range(min(len(plain), 40))}
    yield from (one for one in others | {plain} if one != name and one.strip())


def made(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the function gives, or None where it refuses; then readably, by the argument's name."""
    try:
        return function(*args, **kwargs)
    except RunError as error:
        for line in str(error).split("\n"):
            assert re.match(rf"{function.__name__}: \w+(\.[^:]*)?: \S", line), line
            assert line.isprintable(), line
        return None


def permitted(document: Any, action: str, resource: str) -> bool:
    """Whether moto's IAM lets somebody with this policy do it.

    moto reads a pattern as a regular expression, so it is given the one that AWS means.
    """

    def meant(pattern: str) -> str:
        return re.escape(pattern).replace(r"\*", "*").replace(r"\?", ".")

    statements = [
        {**one, "Resource": [meant(each) for each in one["Resource"]]}
        for one in document["Statement"]
    ]
    policy = IAMPolicy(json.dumps({**document, "Statement": statements}))
    return bool(policy.is_action_permitted(action, resource) == PermissionResult.PERMITTED)


def allowed(
    statements: Sequence[Any], who: Principal, action: str, what: str, **facts: str
) -> bool:
    """Whether the sandbox's AWS lets them do it by a policy of a resource."""
    named = {key.replace("__", ":"): value for key, value in facts.items()}
    return judge(json.dumps({"Statement": statements}), who, action, what, named) == "Allow"


def somebody(arn: str) -> Principal:
    return Principal(arn, arn.split(":")[4])


STRANGERS = [
    somebody(arn)
    for arn in (
        f"arn:aws:iam::{STRANGER}:root",
        f"arn:aws:iam::{STRANGER}:user/velero",
        f"arn:aws:iam::{STRANGER}:role/velero",
        f"arn:aws:sts::{STRANGER}:assumed-role/velero/session",
    )
]


@quickly
@given(bucket=tampered("backups", "nightly-0a1b2c3d4e", "Old_Bucket.1"))
def test_access_on_aws_and_minio_is_on_one_bucket(bucket: str) -> None:
    for document in (made(aws.access_policy, bucket), made(minio.access_policy, bucket)):
        if document is None:
            continue
        assert "${" not in json.dumps(document)
        arn = f"arn:aws:s3:::{bucket}"
        assert all(permitted(document, action, f"{arn}/a") for action in OBJECTS)
        assert permitted(document, "s3:ListBucket", arn)
        assert not permitted(document, "s3:DeleteBucket", arn)
        for other in neighbours(bucket):
            there = f"arn:aws:s3:::{other}"
            assert not any(permitted(document, action, f"{there}/a") for action in OBJECTS), other
            assert not permitted(document, "s3:ListBucket", there), other


@quickly
@given(arn=tampered(KEY, KEY.replace("aws", "aws-us-gov", 1), KEY.replace("1234abcd", "mrk-12")))
def test_access_to_a_key_is_to_one_key(arn: str) -> None:
    document = made(aws.access_policy, "b", kms_key_arn=arn)
    if document is not None:
        assert permitted(document, "kms:Decrypt", arn)
        for other in neighbours(arn):
            assert not permitted(document, "kms:Decrypt", other), other


@quickly
@given(tags=st.dictionaries(tampered("backup", "team/x"), tampered("palette", "a b"), max_size=3))
def test_snapshots_are_of_volumes_with_all_the_tags(tags: dict[str, str]) -> None:
    document = made(aws.access_policy, "b", snapshots=True, snapshot_tags=tags)
    if document is None:
        return
    assert tags and "${" not in json.dumps(document)
    statements = [{"Principal": "*", **one} for one in document["Statement"]]
    volume, who = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-1", somebody(f"{ARN}:user/u")

    def snapshots(carried: dict[str, str]) -> bool:
        facts = {f"aws__ResourceTag/{name}": value for name, value in carried.items()}
        return allowed(statements, who, "ec2:CreateSnapshot", volume, **facts)

    assert snapshots(tags)
    assert not snapshots({})
    for name, value in tags.items():
        assert not snapshots({k: v for k, v in tags.items() if k != name})
        for other in neighbours(value):
            assert not snapshots({**tags, name: other}), other


PRINCIPALS = (
    ACCOUNT,
    *(f"{ARN}:{what}" for what in ("root", "role/velero", "user/a/b", "role/a+b=c,d.e@f_g")),
    f"arn:aws:sts::{ACCOUNT}:assumed-role/velero/session",
    f"arn:aws-us-gov:iam::{ACCOUNT}:role/velero",
)


@quickly
@given(principal=tampered(*PRINCIPALS, "*", "ec2.amazonaws.com", STRANGER[:11]))
def test_a_role_is_assumed_by_those_whom_it_names(principal: str) -> None:
    trust = made(aws.trust_policy, "1" * 12, "external", principals=[principal])
    if trust is None:
        return
    statements = trust["Statement"]
    (named,) = {one["Principal"]["AWS"] for one in statements[1:]}
    assert not PATTERN.search(named)
    account = named.split(":")[4]
    for who in STRANGERS:
        if who.account != account:
            assert not allowed(statements, who, "sts:AssumeRole", "")
    root = somebody(f"arn:aws:iam::{account}:root")
    assert allowed(statements, root, "sts:AssumeRole", "") == named.endswith(":root")
    if not named.endswith(":root"):
        assert allowed(statements, somebody(named), "sts:AssumeRole", "")
        for other in neighbours(named.rpartition("/")[2]):
            there = somebody(f"{named.rpartition('/')[0]}/{other}")
            if there.names.isdisjoint({named}):
                assert not allowed(statements, there, "sts:AssumeRole", "")


@quickly
@given(external=tampered("5f1e", "a+b=c,d.e@f:g/h-i"), account=tampered("1" * 12))
def test_palette_assumes_a_role_by_its_external_id_alone(external: str, account: str) -> None:
    trust = made(aws.trust_policy, account, external)
    if trust is None:
        return
    assert "${" not in json.dumps(trust)
    palette = somebody(f"arn:aws:iam::{account}:root")
    assume = "sts:AssumeRole", ""
    assert allowed(trust["Statement"], palette, *assume, sts__ExternalId=external)
    for other in (None, *neighbours(external)):
        facts = {} if other is None else {"sts__ExternalId": other}
        assert not allowed(trust["Statement"], palette, *assume, **facts)


EKS = f"{ARN}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C"


@quickly
@given(provider=tampered(EKS, f"{ARN}:oidc-provider/example.com"))
def test_velero_assumes_a_role_by_one_provider(provider: str) -> None:
    trust = made(aws.trust_policy, "1" * 12, "external", oidc_providers=[provider])
    if trust is None:
        return
    velero = trust["Statement"][1]
    assert velero["Principal"] == {"Federated": provider} and not PATTERN.search(provider)
    name = provider.partition(":oidc-provider/")[2]
    keys = [key for one in velero["Condition"].values() for key in one]
    assert {key.rpartition(":")[0] for key in keys} == {name}
    assert provider.count(":") == 5
    assert not any(allowed([velero], who, "sts:AssumeRole", "") for who in STRANGERS)


@quickly
@given(arn=tampered(*PRINCIPALS[1:]), bucket=tampered("backups"))
def test_what_owners_of_a_bucket_or_key_add_is_for_one_identity(arn: str, bucket: str) -> None:
    statements = made(aws.bucket_policy_for, arn, bucket)
    keys = made(aws.key_policy_for, arn)
    if statements is not None:
        there = f"arn:aws:s3:::{bucket}/a"
        assert not PATTERN.search(arn)
        for who in STRANGERS:
            assert who.account == somebody(arn).account or not any(
                allowed(statements, who, action, there) for action in OBJECTS
            )
        for other in neighbours(bucket):
            elsewhere = f"arn:aws:s3:::{other}/a"
            assert not allowed(statements, somebody(arn), "s3:GetObject", elsewhere)
    if keys is not None:
        for who in STRANGERS:
            assert who.account == somebody(arn).account or not allowed(keys, who, "kms:Decrypt", "")


MEMBERS = (f"serviceAccount:{EMAIL}", "user:a.b@example.com", "group:c@example.com", f"{POOL}/s")
EVERYBODY = ("user:z@example.com", "user:z@z.org", f"{POOL}/z", f"serviceAccount:z{EMAIL}")


@pytest.mark.parametrize("token", ["gcp:BucketAccess", "gcp:SnapshotAccess"])
def test_a_binding_on_google_cloud_is_for_one_member(token: str) -> None:
    @quickly
    @given(member=tampered(*MEMBERS, "allUsers", "allAuthenticatedUsers", "domain:example.com"))
    def bound(member: str) -> None:
        if not accepted(token, {"member": member}):
            return
        policy = Policy()
        policy.replace(iam_policy.grant({}, "roles/r", member))
        for who in {*EVERYBODY, *neighbours(member)} - {member}:
            if iam_policy.folded(who) != iam_policy.folded(member):
                assert list(policy.roles(who)) == [], who

    bound()


@pytest.mark.parametrize("token", ["azure:RoleAssignment", "azure:SnapshotRole"])
def test_a_role_on_azure_holds_at_one_place(token: str) -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/backups"

    @quickly
    @given(scope=tampered(GROUP, account, f"/subscriptions/{GUID}"))
    def holds(scope: str) -> None:
        if not accepted(token, {"scope": scope}):
            assert made(azure.role_definition, scope, "Reader and Data Access") is None
            return
        assert re.fullmatch(r"/(subscriptions)/[-0-9a-f]{36}(/.*)?", scope, re.IGNORECASE)
        given_at = Assignment("id", scope, GUID, GUID, {}, 0)
        role = Definition(GUID, {"assignableScopes": [scope]})
        *_, subscription = re.split("/", scope, maxsplit=2)
        places = {"/", "/subscriptions", f"/subscriptions/{GUID[::-1]}", f"{scope}x"}
        places |= {scope.rpartition("/")[0], f"/subscriptions/z{subscription}"}
        for place in places:
            assert not given_at.covers(place) and not role.can_be_given(place), place
        assert given_at.covers(f"{scope}/providers/a/b/c")

    holds()


@quickly
@given(role=tampered("Reader and Data Access", GUID))
def test_a_role_on_azure_is_one(role: str) -> None:
    found = made(azure.role_definition, GROUP, role)
    if found is not None:
        assert re.fullmatch(r"(/[\w.-]+){5}/[-0-9a-fA-F]{36}", found)


def accepted(token: str, given: dict[str, Any]) -> bool:
    lifecycle = Lifecycle(TYPES[token].handler, NoClients())
    (sample, *_) = SAMPLES[token]
    return not lifecycle.check({}, {**sample, **OWNER, **given}, set()).failures


TEXTS = [place for place in INPUTS if "identity" not in place.path and not place.secret]
FREE = {"document", "trust_policy", "policy_statements"}
"""Documents that the user writes as a whole: what they say is meant."""


REACHES = re.compile("arn:|/subscriptions/|projects/|serviceAccount:")


def reached(value: Any) -> Iterator[str]:
    """The ARNs, ids and members within what follows from inputs."""
    if isinstance(value, str) and REACHES.match(value):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from reached(inner)


@pytest.mark.parametrize("place", [p for p in TEXTS if not FREE & {*p.path}], ids=str)
def test_no_input_brings_a_pattern_into_what_follows_from_it(place: Input) -> None:
    derived = [
        property_name(place.lifecycle.state, f) for f in fields(place.lifecycle.state, Derived)
    ]

    def patterns(props: dict[str, Any], value: str = "") -> int:
        """How many there are in what is made of `value`; that a key is held is no ARN."""
        found = reached([props.get(name) for name in derived])
        return sum(len(PATTERN.findall(one)) for one in found if one != value)

    def checked(props: dict[str, Any]) -> Any:
        return place.lifecycle.check({}, props, set())

    usual = patterns(checked({**place.sample, **OWNER}).props)

    @settings(max_examples=10, derandomize=True, database=None, deadline=None)
    @given(tampered("nightly", "*", "a?", "${aws:username}", "/a/*/", GROUP))
    def follows(value: str) -> None:
        found = checked(place.holding(value))
        assert found.failures or patterns(found.props, value) <= usual

    follows()


BROUGHT = {
    token: kind
    for token, kind in TYPES.items()
    if issubclass(kind.handler.state_type, Prerequisite)
    and fields(kind.handler.state_type, AutoNamed)
}


REACHES_NOTHING = ("minio:Policy", "minio:User")
"""Their names are in no document: to MinIO, the pattern in one is a name like any other."""
PATTERNS = ["*", "a?", "${aws:username}", "a/b"]
UNSEEN = [" ", "a\nb", "a\u202eb"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (token, name)
        for token in BROUGHT
        for name in (*UNSEEN, *(() if token in REACHES_NOTHING else PATTERNS))
    ],
)
def test_what_is_brought_is_one(token: str, name: str) -> None:
    lifecycle = Lifecycle(BROUGHT[token].handler, NoClients())
    (field,) = fields(lifecycle.state, AutoNamed)
    (sample, *_) = SAMPLES[token]
    props = {**sample, **OWNER, "existing": True, field: name}
    (failure,) = lifecycle.check({}, props, set()).failures
    assert failure.path == field and failure.reason.isprintable()
    # in state it stays readable, and nothing judges it anew
    assert all(one.path != field for one in lifecycle.check(props, props, set()).failures)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (aws.access_policy, {}),
        (aws.bucket_policy_for, {"user_arn": f"{ARN}:user/u"}),
        (minio.access_policy, {}),
    ],
)
def test_an_output_is_told_what_to_do_with_it(function: Any, arguments: dict[str, str]) -> None:
    async def program() -> None:
        function(**arguments, bucket=Output.from_input("b"))

    with pytest.raises(RunError, match=r"bucket: is an Output, .* in its `apply`"):
        asyncio.run(program())
