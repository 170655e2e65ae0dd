"""SimulatePrincipalPolicy: what IAM says that the policies of a user, group or role allow.

AWS's answer has more, such as the statements that matched. What a request may ask for beyond the
policies themselves is refused by its name.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from moto.core.exceptions import SignatureDoesNotMatchError
from moto.iam.access_control import IAMRequest
from moto.iam.exceptions import NotFoundException
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.identity import Decision, decide, documents, holders
from palette_backup_provider.sandbox.aws.refusals import refusal
from palette_backup_provider.sandbox.aws.resource_policy import Principal, open_conditions

OPERATION = "SimulatePrincipalPolicy"
_KNOWN = re.compile(
    r"Action|Version|PolicySourceArn|MaxItems|Marker|(ActionNames|ResourceArns)\.member\.\d+"
)
_ENTITY = re.compile(r"arn:[\w-]+:iam::\d{12}:(user|group|role)/.+")
_PAGE = 100
_STRICTEST: tuple[Decision, ...] = ("explicitDeny", "implicitDeny", "allowed")


def answer(call: Call, request: Request) -> Response:
    """The decisions on all actions and resources that are asked for."""
    try:
        headers = dict(request.headers)
        body = request.get_data()
        IAMRequest(
            call.account, request.method, request.path, call.form, body, headers, OPERATION
        ).check_signature()
    except SignatureDoesNotMatchError:
        message = "The request signature we calculated does not match the signature you provided."
        return refusal(call, "SignatureDoesNotMatch", message)
    if strange := sorted(name for name in call.form if not _KNOWN.fullmatch(name)):
        message = f"This sandbox does not know {strange[0]} of {OPERATION}."
        return refusal(call, "NotImplemented", message, 501)
    source, resources = call.form.get("PolicySourceArn", ""), _listed(call, "ResourceArns")
    if not _ENTITY.fullmatch(source):
        message = f"Invalid Entity Arn: {source} does not clearly define entity type and name."
        return refusal(call, "InvalidInput", message, 400)
    for each in resources:
        if each != "*" and each.count(":") < 5:
            message = f"ResourceNames are not in a valid ARN format: {each}."
            return refusal(call, "InvalidInput", message, 400)
    if not _exists(call, source):
        kind, *_, name = source.rpartition(":")[2].split("/")
        message = f"The {kind} with name {name} cannot be found."
        return refusal(call, "NoSuchEntity", message, 404)
    return _page(call, [*_results(call, source, resources)])


def _exists(call: Call, arn: str) -> bool:
    """Whether something has that name and that path."""
    try:
        return str(next(holders(call.iam, arn)).arn) == arn
    except NotFoundException:
        return False


def _results(call: Call, source: str, resources: list[str]) -> Iterator[str]:
    who = Principal(source, call.account)
    for action in _listed(call, "ActionNames"):
        decisions = {on: decide(call.iam, who, action, on) for on in resources or ["*"]}
        strictest = next(one for one in _STRICTEST if one in decisions.values())
        single = "".join(
            f"<member><EvalResourceName>{escape(on)}</EvalResourceName>"
            f"<EvalResourceDecision>{decision}</EvalResourceDecision>"
            f"{_missing(call, who, action, on)}</member>"
            for on, decision in decisions.items()
            if on != "*"
        )
        specific = f"<ResourceSpecificResults>{single}</ResourceSpecificResults>"
        yield (
            f"<member><EvalActionName>{escape(action)}</EvalActionName>"
            f"<EvalDecision>{strictest}</EvalDecision>"
            f"{specific if single else _missing(call, who, action, '*')}</member>"
        )


def _missing(call: Call, who: Principal, action: str, on: str) -> str:
    """The keys that a real call would have to decide by."""
    keys = {
        key
        for document in documents(call.iam, who.arn)
        for key in open_conditions(document, who, action, on)
    }
    members = "".join(f"<member>{escape(key)}</member>" for key in sorted(keys))
    return f"<MissingContextValues>{members}</MissingContextValues>"


def _page(call: Call, results: list[str]) -> Response:
    start, size = int(call.form.get("Marker", "0")), int(call.form.get("MaxItems", str(_PAGE)))
    end = start + size
    more = f"<Marker>{end}</Marker>" if len(results) > end else ""
    text = (
        f'<{OPERATION}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<{OPERATION}Result><IsTruncated>{str(bool(more)).lower()}</IsTruncated>{more}"
        f"<EvaluationResults>{''.join(results[start:end])}</EvaluationResults>"
        f"</{OPERATION}Result></{OPERATION}Response>"
    )
    return Response(text, content_type="text/xml")


def _listed(call: Call, name: str) -> list[str]:
    """The members of a list in the query protocol."""
    return [value for key, value in call.form.items() if key.startswith(f"{name}.member.")]
