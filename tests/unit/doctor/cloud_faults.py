"""Faults of the clouds: the same questions of each."""

import sys
from functools import partial

from palette_backup_provider.doctor import clouds
from tests.clouds import in_each_folder
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward

OF_CLOUDS = in_each_folder(f"{__package__}.clouds", "faults")


def without_sdk(ward: Ward, word: str) -> None:
    ward.patch.setitem(sys.modules, clouds.BY_WORD[word].module, None)


def ignored_setting(ward: Ward, word: str) -> None:
    ward.config[f"{clouds.BY_WORD[word].namespace.word}:nonsense"] = "x"


def signed_out(ward: Ward, word: str) -> None:
    for name in OF_CLOUDS[word].SIGNED_IN_BY:
        ward.patch.delenv(name)


def elsewhere(ward: Ward, word: str) -> None:
    ward.record(OF_CLOUDS[word].TOKEN, "id", **{"__made_under": "another"})


for _word in clouds.BY_WORD:
    for _mark, _key, _says, _spoil in (
        (red, "extra", "is not installed", without_sdk),
        (yellow, "settings", ":nonsense is no setting", ignored_setting),
        (red, "sign-in", OF_CLOUDS[_word].SIGNED_OUT, signed_out),
        (red, "account", " another, and these credentials in ", elsewhere),
    ):
        spoil = partial(_spoil, word=_word)
        spoil.__name__ = _spoil.__name__  # type: ignore[attr-defined]
        _mark(f"{_word}.{_key}", _says)(spoil)
