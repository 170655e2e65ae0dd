"""Previews, as files hold them: the digest of `pulumi preview --json`, or a stream of events."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.review.own import in_python
from palette_backup_provider.review.preview import Preview, Said, Side, Step, Urn

HOW = (
    "It takes what `pulumi preview --json` prints, or its stream of events "
    "(PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true)."
)
_DIGEST = {"steps", "diagnostics", "changeSummary"}
_FAILED = ("failed", "errored")


class NoPreview(ProviderError):
    """A file holds something else."""


def preview(source: str, text: str) -> Preview:
    """The preview in the file `source`, whose contents are `text`. Raise NoPreview for another."""
    if not text.strip():
        raise NoPreview(
            f"{source}: it is empty. A preview that fails before it begins prints nothing. Look at "
            f"what `pulumi preview` says on standard error."
        )
    values = list(_values(source, text))
    first = values[0][1]
    if isinstance(first, dict) and "sequence" in first:
        return _of_events(source, values)
    if len(values) == 1 and isinstance(first, dict) and _DIGEST & first.keys():
        return _of_digest(source, first)
    raise NoPreview(f"{source}:{values[0][0]}: this is no preview. {HOW}")


def _values(source: str, text: str) -> Iterator[tuple[int, Any]]:
    """Each JSON value of a text, and the line that it begins in."""
    decoder, at, line, counted = json.JSONDecoder(), 0, 1, 0
    while True:
        while at < len(text) and text[at] in " \t\r\n\ufeff":
            at += 1
        if at == len(text):
            return
        line += text.count("\n", counted, at)
        counted = at
        try:
            value, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            where = f"{source}:{error.lineno}:{error.colno}"
            why = f"the preview is cut off, or is no JSON ({error.msg})"
            raise NoPreview(f"{where}: {why}. {HOW}") from None
        except RecursionError:
            raise NoPreview(f"{source}:{line}: it is nested too deeply. {HOW}") from None
        yield line, value
        at = end


def _of_digest(source: str, whole: Mapping[str, Any]) -> Preview:
    steps: list[Step] = []
    diagnostics: list[Said] = []
    try:
        for one in _all(whole, "steps"):
            steps.append(_step(one, one.get("oldState"), one.get("newState")))
        diagnostics += map(_said, _all(whole, "diagnostics"))
    except (TypeError, AttributeError, KeyError):
        where = f"{source}: after {len(steps)} steps"
        raise NoPreview(f"{where} it is not as a preview is. {HOW}") from None
    failed = any(one.severity == "error" for one in diagnostics)
    return Preview(
        source, tuple(steps), tuple(diagnostics), _counts(whole.get("changeSummary")), failed
    )


def _of_events(source: str, values: Iterable[tuple[int, Any]]) -> Preview:
    steps: list[Step] = []
    diagnostics: list[Said] = []
    summary: Mapping[str, Any] | None = None
    for line, event in values:
        try:
            if body := event.get("resourcePreEvent"):
                meta = body["metadata"]
                steps.append(_step(meta, meta.get("old"), meta.get("new")))
            elif body := event.get("diagnosticEvent"):
                if not body.get("ephemeral") and body.get("severity") != "debug":
                    diagnostics.append(_said(body))
            elif body := event.get("policyEvent"):
                diagnostics.append(_violation(body))
            elif body := event.get("errorEvent"):
                diagnostics.append(Said("error", str(body.get("error", ""))))
            elif body := event.get("summaryEvent"):
                summary = body
        except (TypeError, AttributeError, KeyError):
            raise NoPreview(f"{source}:{line}: this is no event of a preview. {HOW}") from None
    if summary is None:
        raise NoPreview(f"{source}: it ends before the preview does: it has no summaryEvent. {HOW}")
    failed = summary.get("result") in _FAILED or any(
        diagnostic.severity == "error" for diagnostic in diagnostics
    )
    counts = _counts(summary.get("resourceChanges"))
    return Preview(source, tuple(steps), tuple(diagnostics), counts, failed)


def _all(whole: Mapping[str, Any], name: str) -> list[Any]:
    items = whole.get(name) or []
    if not isinstance(items, list):
        raise TypeError(name)
    return items


def _step(meta: Mapping[str, Any], old: Any, new: Any) -> Step:
    reasons = meta.get("replaceReasons") or meta.get("keys") or ()
    urn = Urn(str(meta["urn"]))
    return Step(str(meta["op"]), urn, _side(urn, old), _side(urn, new), tuple(reasons))


def _side(urn: Urn, state: Mapping[str, Any] | None) -> Side | None:
    if not state:
        return None
    inputs = state.get("inputs") or {}
    if not isinstance(inputs, Mapping):
        raise TypeError("inputs")
    return Side(
        in_python(urn.types[-1], inputs),
        str(state.get("parent") or ""),
        str(state.get("id") or ""),
        bool(state.get("protect")),
        bool(state.get("retainOnDelete")),
        inputs if urn.by_plugin else None,
    )


def _said(diagnostic: Mapping[str, Any]) -> Said:
    severity = str(diagnostic.get("severity", "info")).removeprefix("info#")
    text = str(diagnostic.get("message", "")).removeprefix(f"{severity}: ").strip()
    return Said(severity, text, str(diagnostic.get("urn") or ""))


def _violation(event: Mapping[str, Any]) -> Said:
    severity = "error" if event.get("enforcementLevel") == "mandatory" else "warning"
    rule = f"{event.get('policyPackName', '')}/{event.get('policyName', '')}"
    text = f"policy {rule}: {event.get('message', '')}".strip()
    return Said(severity, text, str(event.get("resourceUrn") or ""))


def _counts(value: Any) -> Mapping[str, int]:
    counts = value if isinstance(value, Mapping) else {}
    return {str(op): n for op, n in counts.items() if isinstance(n, int)}
