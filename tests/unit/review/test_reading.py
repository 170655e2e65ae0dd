"""Which files are previews, and what is said of one that is none."""

import json
from typing import Any

import pytest

from palette_backup_provider.review.reading import NoPreview, preview
from tests.unit.review.golden import FOLDER
from tests.unit.review.sample import digest, step

EVENTS = next(FOLDER.glob("of_other_packages/*.jsonl")).read_text()
NO_PREVIEW = {
    "": "p.json: it is empty",
    " \n": "p.json: it is empty",
    "error: no stack": "p.json:1:1: the preview is cut off, or is no JSON",
    '{\n "steps": [': "p.json:2:12: the preview is cut off, or is no JSON",
    '{"a": 1}': "p.json:1: this is no preview",
    "[]": "p.json:1: this is no preview",
    '"steps"': "p.json:1: this is no preview",
    '{"steps": {}}\n{"steps": []}': "p.json:1: this is no preview",
    '{"steps": {"op": "same"}}': "p.json: after 0 steps it is not as a preview is",
    '{"steps": [{"op": "same"}]}': "p.json: after 0 steps it is not as a preview is",
    '{"steps": [{"op": "same", "urn": ""}, 5]}': "p.json: after 1 steps it is not as a preview is",
    '{"steps": [{"op": "", "urn": "", "newState": {"inputs": "x"}}]}': "p.json: after 0 steps it",
    "\n".join(EVENTS.splitlines()[:4]): "p.json: it ends before the preview does",
    EVENTS[:-90]: ": the preview is cut off, or is no JSON",
    '{"sequence": 0}\n{"resourcePreEvent": 5}': "p.json:2: this is no event of a preview",
    "[" * 100_000: "p.json:1: it is nested too deeply",
}


SUCCEEDED = {"summaryEvent": {"result": "succeeded"}}


def events(*told: dict[str, Any]) -> str:
    """A stream of events."""
    return "\n".join(json.dumps({"sequence": n, **event}) for n, event in enumerate(told))


@pytest.mark.parametrize("text", NO_PREVIEW, ids=range(len(NO_PREVIEW)))
def test_what_is_no_preview_is_told_by_file_and_line(text: str) -> None:
    with pytest.raises(NoPreview) as error:
        preview("p.json", text)
    assert NO_PREVIEW[text] in str(error.value)


def test_a_newer_engine_may_say_more() -> None:
    whole = json.loads(digest(step("shelve", "some:Bucket", {"a": 1}, {"a": 2}, news=[1])))
    found = preview("p.json", json.dumps({**whole, "news": {}, "diagnostics": None}))
    assert [one.op for one in found.steps] == ["same", "shelve"]
    assert not found.failed


def test_a_digest_and_events_say_the_same() -> None:
    changed = step("update", "some:Bucket", {"versioning": True}, {"versioning": False})
    meta: dict[str, Any] = {"op": "update", "urn": changed["urn"]}
    meta |= {"old": changed["oldState"], "new": changed["newState"]}
    lines = events({"resourcePreEvent": {"metadata": meta}}, SUCCEEDED)
    assert preview("p", lines).steps == preview("p", digest(changed)).steps[1:]


def test_policies_are_told() -> None:
    violated = {"policyPackName": "acme", "policyName": "tls", "message": "TLS 1.2 is the least."}
    told = [
        {"policyEvent": {**violated, "enforcementLevel": "mandatory"}},
        {"policyEvent": {**violated, "enforcementLevel": "advisory"}},
        SUCCEEDED,
    ]
    found = preview("p", events(*told))
    assert found.failed
    assert [(one.severity, one.text) for one in found.said] == [
        ("error", "policy acme/tls: TLS 1.2 is the least."),
        ("warning", "policy acme/tls: TLS 1.2 is the least."),
    ]
