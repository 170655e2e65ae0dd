"""What makes programs on AWS fast: what boto3 reads about services is read once, before they fork.

boto3 reads it for each new session, and our clients make a session for each identity. moto changes
what it reads: no process that moto runs in may keep it.
"""

from typing import Any

from botocore.loaders import Loader
from botocore.session import Session

IMPORTED = ("boto3",)
USED = ("ec2", "iam", "s3", "sts")
READING = ("list_available_services", "load_data_with_path", "load_service_model")


def hurry() -> None:
    """Have this process keep what it reads, and read now what clients of our services need."""
    for name in READING:
        setattr(Loader, name, _kept(getattr(Loader, name)))
    for service in USED:
        Session().create_client(service, "us-east-1")


def _kept(method: Any) -> Any:
    """A method of a loader, called once for all loaders of the same folders."""
    known: dict[Any, Any] = {}

    def told(loader: Loader, *asked: Any, **how: Any) -> Any:
        key = (*loader.search_paths, *asked, *how.items())
        if key not in known:
            known[key] = method(loader, *asked, **how)
        return known[key]

    return told
