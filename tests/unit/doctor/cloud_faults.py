"""Faults of the clouds: the same questions of all four."""

import sys
from functools import partial

from palette_backup_provider.doctor import clouds
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward

TOKENS = {
    "aws": "aws:Bucket",
    "gcp": "gcp:Bucket",
    "azure": "azure:ResourceGroup",
    "minio": "minio:Bucket",
}
SIGNED_OUT: dict[str, tuple[tuple[str, ...], str]] = {
    "aws": (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "Unable to locate credentials"),
    "gcp": (("GOOGLE_APPLICATION_CREDENTIALS",), "default credentials were not found"),
    "azure": (("ARM_CLIENT_SECRET",), "Azure did not let us sign in"),
    "minio": (("MINIO_ENDPOINT",), "minio:minioServer is not set"),
}


def without_sdk(ward: Ward, word: str) -> None:
    ward.patch.setitem(sys.modules, clouds.BY_WORD[word].module, None)


def ignored_setting(ward: Ward, word: str) -> None:
    ward.config[f"{clouds.BY_WORD[word].namespace.word}:nonsense"] = "x"


def signed_out(ward: Ward, word: str) -> None:
    for name in SIGNED_OUT[word][0]:
        ward.patch.delenv(name)


def elsewhere(ward: Ward, word: str) -> None:
    ward.record(TOKENS[word], "id", **{"__made_under": "another"})


for _word in clouds.BY_WORD:
    for _mark, _key, _says, _spoil in (
        (red, "extra", "is not installed", without_sdk),
        (yellow, "settings", ":nonsense is no setting", ignored_setting),
        (red, "sign-in", SIGNED_OUT[_word][1], signed_out),
        (red, "account", " another, and these credentials in ", elsewhere),
    ):
        spoil = partial(_spoil, word=_word)
        spoil.__name__ = _spoil.__name__  # type: ignore[attr-defined]
        _mark(f"{_word}.{_key}", _says)(spoil)
