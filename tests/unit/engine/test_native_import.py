"""`pulumi import`, as the engine asks a plugin for it: a read by id alone, then a check."""

from typing import Any

import grpc
import pytest
from pulumi.runtime import proto

from palette_backup_provider.core.errors import NotImportable
from tests.served import LINEAGE, check, plain, struct, urn_of
from tests.unit.engine.fake import ACCOUNT, TOKEN, Cloud, State, ThingHandler

URN = urn_of(TOKEN)
THEIRS = State(region="eu", name="theirs", arn=f"arn:{ACCOUNT}:theirs", days=7)


def looked_up(stub: Any, id: str) -> Any:
    return stub.Read(proto.ReadRequest(urn=URN, id=id))


def test_an_imported_object_is_unchanged_in_the_next_preview(stub: Any, cloud: Cloud) -> None:
    cloud.objects["theirs"] = THEIRS
    read = looked_up(stub, "theirs")
    told = plain(read.properties)
    assert read.id == "theirs"
    assert (told["__lineage"], told["__made_under"]) == (LINEAGE, ACCOUNT)
    imported = check(stub, TOKEN, plain(read.inputs))
    assert list(imported.failures) == []
    program = {"region": "eu", "name": "theirs", "days": 7}
    given = check(stub, TOKEN, program, plain(read.inputs)).inputs
    asked = proto.DiffRequest(urn=URN, id=read.id, olds=read.properties, news=given)
    assert stub.Diff(asked).changes == proto.DiffResponse.DIFF_NONE


def test_what_another_stack_holds_is_refused_by_the_next_preview(stub: Any, cloud: Cloud) -> None:
    cloud.objects["theirs"] = THEIRS.model_copy(update={"held_by": "o/p/other/nightly"})
    read = looked_up(stub, "theirs")
    assert plain(read.properties)["days"] == 7
    program = {"region": "eu", "name": "theirs", "days": 7}
    given = check(stub, TOKEN, program, plain(read.inputs)).inputs
    asked = proto.DiffRequest(urn=URN, id=read.id, olds=read.properties, news=given)
    with pytest.raises(grpc.RpcError, match="theirs is held by o/p/other/nightly"):
        stub.Diff(asked)


def test_what_is_not_there_is_told_so(stub: Any) -> None:
    assert looked_up(stub, "nothing").id == ""
    asked = proto.ReadRequest(urn=URN, id="nothing", properties=struct({"region": "eu"}))
    assert stub.Read(asked).id == ""


def test_what_cannot_be_imported_says_why(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def locate(_: Any, id: str) -> Any:
        raise NotImportable(f"{id} cannot be imported: its secret is shown once.")

    monkeypatch.setattr(ThingHandler, "locate", locate)
    with pytest.raises(grpc.RpcError, match="key cannot be imported") as raised:
        looked_up(stub, "key")
    assert raised.value.code() is grpc.StatusCode.FAILED_PRECONDITION
