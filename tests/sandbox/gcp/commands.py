"""The commands of Google Cloud's own tool in the documentation, and their options."""

from collections.abc import Callable

JUDGES: dict[str, Callable[[list[str]], None]] = {}
FOREIGN = {
    "gcloud auth application-default login": set[str](),
    "gcloud iam roles create": {"--project", "--file"},
    "gcloud projects add-iam-policy-binding": {"--member", "--role"},
}
