"""Each red and each yellow line, made by just the fault that it tells."""

import re
import time
from pathlib import Path
from socket import socket

import pytest

from palette_backup_provider.core.errors import WrongIdentity
from palette_backup_provider.doctor.check import Verdict
from palette_backup_provider.doctor.checks import CHECKS
from palette_backup_provider.doctor.clouds import BY_WORD
from palette_backup_provider.doctor.examination import GRACE
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.tokens import handler_of
from tests.unit.doctor import cloud_faults, location_faults, machine_faults
from tests.unit.doctor.faults import FAULTS, Fault
from tests.unit.doctor.machine_faults import NEW
from tests.unit.doctor.ward import PLACES, Ward

ALWAYS_GOOD = {"location.clusters"}
"""It only tells."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_by_its_own_line(ward: Ward, fault: Fault) -> None:
    fault.spoil(ward)
    told = {one for one in ward.outcomes(fault.id) if one.is_bad}
    (line,) = (one for one in told if one.check.id == fault.id)
    assert line.verdict is fault.verdict
    assert fault.says in line.finding.text
    assert line.fix and not line.fix.endswith(".")
    assert "palette-backup doctor --only" not in f"{line.finding.text} {line.fix}"
    others = {one.check.id for one in told if one.verdict is Verdict.FAULT} - {fault.id}
    assert not others


@pytest.mark.parametrize("cloud", PLACES)
def test_nothing_is_told_where_everything_is_well(ward: Ward, tmp_path: Path, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.programs(tmp_path, pulumi=NEW, pulumi_language_python="", pulumi_language_python_exec="")
    told = ward.examine(*CHECKS)
    assert not [(one.check.id, one.finding) for one in told if one.is_bad]
    assert {check.id for check in CHECKS} - {one.check.id for one in told} == {"location.rotation"}


def test_every_check_has_a_fault() -> None:
    assert {fault.id for fault in FAULTS} == {check.id for check in CHECKS} - ALWAYS_GOOD
    assert machine_faults and cloud_faults and location_faults


def test_all_that_is_silent_takes_one_wait(ward: Ward) -> None:
    """Nothing answers, and nothing refuses: a listener that accepts no connection."""
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        for name, value in ward.sandbox.env.items():
            ward.patch.setenv(name, re.sub(r"127\.0\.0\.1:\d+", address, value))
        ward.changes["timeout"] = 1.0
        begun = time.monotonic()
        told = {one.check.id: one for one in ward.examine(*CHECKS)}
        assert time.monotonic() - begun < 3 * (1.0 + GRACE)
    for id in ("palette.reachable", *(f"{word}.sign-in" for word in BY_WORD)):
        assert told[id].verdict is Verdict.FAULT, told[id]
    assert told["location.registered"].finding.text == "palette.reachable is red"


@pytest.mark.parametrize(
    "token", ["palette:BackupLocation", *(each.TOKEN for each in cloud_faults.OF_CLOUDS.values())]
)
def test_another_account_names_the_check(ward: Ward, token: str) -> None:
    ward.record(token, "id", __made_under="another", name="n")
    lifecycle = Lifecycle(handler_of(token), ward.case().run)
    with pytest.raises(WrongIdentity) as told:
        lifecycle.read("id", ward.resources[0].props)
    (named,) = re.findall(r"doctor --only ([\w.-]+)` finds out more\.$", str(told.value))
    (line,) = (one for one in ward.outcomes(named) if one.check.id == named)
    assert line.verdict is Verdict.FAULT and "another" in line.finding.text
