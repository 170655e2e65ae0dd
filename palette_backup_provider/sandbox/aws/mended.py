"""The gaps of moto that are mended while a sandbox with AWS runs."""

from contextlib import ExitStack
from typing import Any

from moto import backends, settings
from moto.iam.access_control import (
    IAMRequest,
    IAMRequestBase,
    PermissionResult,
    S3IAMRequest,
)
from moto.moto_server import werkzeug_app
from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend


def mended() -> ExitStack:
    """Mends moto, in the whole process, until this is closed."""
    mending = ExitStack()

    def put(owner: Any, name: str, value: Any) -> None:
        mending.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, value)

    put(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
    put(werkzeug_app, "DISABLE_GLOBAL_CORS", True)
    # Each call would list moto's folder for this, and ask of each file whether it is a folder.
    modules = [*backends.list_of_moto_modules()]
    put(backends, "list_of_moto_modules", lambda: modules)
    # What policies allow on S3 and in IAM is judged in front of moto (rules.py), never by it.
    # On S3 it asks for actions that AWS does not know, and for none where a setting is read.
    # In IAM it asks for any resource at all.
    put(S3IAMRequest, "check_action_permitted", lambda *_: None)
    put(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    # Likewise on EC2 (ec2.py), of which it knows neither resources nor tags.
    asked = IAMRequest.check_action_permitted
    put(
        IAMRequest,
        "check_action_permitted",
        lambda self, arn: None if self._service in ("ec2", "iam") else asked(self, arn),
    )
    # A folder of which all is deleted is none.
    listed = S3Backend.list_objects
    put(
        S3Backend,
        "list_objects",
        lambda self, bucket, *how, **more: _live(listed(self, bucket, *how, **more), bucket),
    )
    put(IAMRequestBase, "_check_role_trust_relationship", lambda *_: True)
    return mending


def _live(listing: Any, bucket: FakeBucket) -> Any:
    """What moto lists, without the folders of which every object is deleted."""
    objects, folders, *rest = listing
    there = [name for name, key in bucket.keys.items() if not isinstance(key, FakeDeleteMarker)]
    kept = [folder for folder in folders if any(name.startswith(folder) for name in there)]
    return objects, kept, *rest
