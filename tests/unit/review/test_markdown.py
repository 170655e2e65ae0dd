"""The comment: nothing of a preview becomes Markdown, HTML, a mention or a reference."""

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from palette_backup_provider.core.text import plain as without_control
from palette_backup_provider.review.demands import LOCATION
from palette_backup_provider.review.markdown import code, escaped, markdown
from tests.unit.review.kinds import HOLDERS
from tests.unit.review.sample import INSIDE, component, reported, step

HOSTILE = [
    "`",
    "``` ```",
    "a`b``c",
    "| a | b |",
    "<script>alert(1)</script>",
    "<!-- -->",
    "-->",
    "@octocat",
    "#123",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "**bold**",
    "\n\n# heading",
    "\x1b[31mred",
    "https://evil.example",
    "a\\",
    "\\`",
    "</details>",
    "~~~\n",
    " ",
    "&lt;",
]
OUTSIDE_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("where", ["name", "value", "key", "error", "statement", "title"])
def test_what_comes_from_outside_stays_text(text: str, where: str) -> None:
    def given(place: str, otherwise: str) -> str:
        return text if place == where else otherwise

    statement = {"Effect": "Allow", "Action": given("statement", "s3:Get"), "Resource": "*"}
    steps = [
        step(
            "update",
            "some:Policy",
            {"document": {"Statement": []}},
            {"document": {"Statement": [statement]}, given("key", "x"): given("value", "y")},
            name=given("name", "nightly"),
        ),
        step("delete", HOLDERS[0], {"name": given("value", "b"), "force_destroy": True}),
    ]
    errors = [{"severity": "error", "message": given("error", "boom")}]
    report = reported(*steps, diagnostics=errors)
    comment = markdown([report], title=given("title", "Backup locations"))
    plain = markdown([reported(*steps, diagnostics=errors)]) if where == "title" else None
    html = rendered(comment)
    outside = OUTSIDE_CODE.sub("", html)
    for sign in ("@octocat", "#123", "evil.example</a", "<img", "<script", "<a "):
        assert sign not in outside.replace("@<!-- -->", "").replace("#<!-- -->", "")
    assert outside.count("<details>") == outside.count("</details>") == 1
    assert outside.count("<h3>") == 1 and "<h1>" not in outside
    assert "<strong>bold" not in outside
    assert outside.count("<ul>") == 2 and "<table" not in outside
    assert outside.count("<li>") == len(report.findings) + len(report.rows)
    if where == "name":
        shown = [
            unescape(one).strip() for one in re.findall(r"<code>(.*?)</code>", html, re.DOTALL)
        ]
        assert without_control(text).strip() in shown
    assert plain is None or plain.startswith("<!-- palette-backup diff stack=lab/dev -->\n")


def test_a_code_span_says_the_same() -> None:
    for text in ("a", "`", "a`b", "``", "a``b`c"):
        (found,) = re.findall(r"<code>(.*?)</code>", rendered(f"x {code(text)} y"))
        assert found.strip() == text
    assert escaped("a_b@c #1") == "a\\_b@<!-- -->c #<!-- -->1"


def many(count: int) -> list[dict[str, object]]:
    untried = {"probe": False, "labels": {"team": "x" * 50}}
    return [
        step("update", LOCATION, {"probe": True}, untried, name=f"n{number:04}")
        for number in range(count)
    ]


def test_a_long_comment_keeps_what_has_to_be_decided() -> None:
    report = reported(*many(400))
    whole = markdown([report], limit=10**9)
    assert len(whole) > 60000 and "<details>" in whole
    short = markdown([report])
    assert len(short) <= 60000 and "<details>" not in short
    assert "Left out, as the comment would be too long: every property" in short
    assert short.count("**Protection weakens**") == 400
    shorter = markdown([report], limit=20000)
    assert len(shorter) <= 20000 and "400 components" in shorter
    for number in range(400):
        assert f"`n{number:04}`" in shorter


def test_several_stacks_are_one_comment() -> None:
    comment = markdown([reported(*many(1)), reported()], link="https://ci.example/1?a=b")
    assert comment.startswith("<!-- palette-backup diff stack=lab/dev,lab/dev -->\n")
    assert comment.count("### ") == 2
    assert "nothing changes" in comment
    assert comment.endswith("[The whole preview](<https://ci.example/1?a=b>)\n")


def test_a_component_is_a_row_with_what_is_in_it() -> None:
    inside = [
        step("create", type, None, {"name": "n"}, parent=INSIDE)
        for type in ("some:Bucket", "some:User")
    ]
    comment = markdown([reported(component("create"), *inside)])
    assert "- 🆕 create `nightly` `SomeBackupLocation`: bucket, user" in comment
