"""Failures of signing in on the real engine: one line, no traceback, nobody asked, a soon end."""

from pathlib import Path

import pytest

from tests.sandbox.components import ANY, COMPONENTS
from tests.sandbox.refusals import change, told
from tests.sandbox.service import services
from tests.sandbox.stack import Stack

LIFE = {life.cloud: life for life in reversed(COMPONENTS)}
"""A component of each cloud."""


@pytest.mark.parametrize("cloud", LIFE)
@pytest.mark.sampled
def test_a_file_beside_the_program_that_hides_a_package(
    stack: Stack, cloud: str, tmp_path: Path
) -> None:
    stack.program(LIFE[cloud].program)
    package = services()[cloud].package
    file, ran = stack.home / f"{package}.py", tmp_path / "ran"
    file.write_text(f"open({str(ran)!r}, 'a').write('again')\n")
    refused = stack.preview(ok=False)
    text = told(refused, f"{file} hides the package {package}, which is needed here. Rename")
    assert {line.partition(f"{file} hides")[2] for line in text.splitlines()} == {
        f" the package {package}, which is needed here. Rename it: Python looks in a "
        "program's own folder first."
    }
    assert not ran.exists()


@pytest.fixture(params=services())
def far_away(request: pytest.FixtureRequest, stack: Stack) -> Stack:
    """A stack whose service is at another host."""
    service = request.param
    stack.program(LIFE.get(service, ANY).program)
    change(stack, **services()[service].elsewhere)
    return stack


@pytest.mark.sampled
def test_a_dead_proxy_and_an_absent_ca(far_away: Stack) -> None:
    change(far_away, HTTPS_PROXY="http://127.0.0.1:9", https_proxy=None)
    refused = far_away.preview(ok=False)
    text = told(
        refused,
        ": cloud.example.com is asked through the proxy 127.0.0.1:9 ($HTTPS_PROXY), which cannot "
        "be used: Connection refused. Correct or unset $HTTPS_PROXY, or name cloud.example.com",
    )
    assert len(set(text.splitlines())) <= 2  # of resources that are previewed side by side
    change(far_away, REQUESTS_CA_BUNDLE="/no/such/ca.pem")
    refused = far_away.preview(ok=False)
    told(refused, "$REQUESTS_CA_BUNDLE: /no/such/ca.pem cannot be read: No such file or directory.")
