"""Policies of earlier releases on AWS: they no longer allow snapshots by themselves."""

from collections.abc import Mapping
from typing import Any

from tests.sandbox.earlier_release import EarlierRelease


class Earlier(EarlierRelease):
    def judge(self, type: str, step: Mapping[str, Any]) -> None:
        if type == "aws:Policy":
            (snapshots, *others) = step["oldState"]["inputs"]["document"]["Statement"]
            assert "ec2:CreateSnapshot" in snapshots["Action"]
            assert step["newState"]["inputs"]["document"]["Statement"] == others
