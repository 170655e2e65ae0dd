"""The folder of programs we run: private, whole, and safe to share between our own processes."""

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from palette_backup_provider.sandbox.tools.cache import Cache, UnsafeFolder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "home" / "palette-backup")


def fill(folder: Path) -> None:
    (folder / "program").write_text("new")


def silent(_: str) -> None:
    """Takes progress that the test does not look at."""


def never(folder: Path) -> None:
    raise AssertionError(f"{folder} must not be filled")


def test_a_new_cache_is_for_its_owner_only(cache: Cache) -> None:
    cache.make("tool-v1", fill, silent)
    assert stat.S_IMODE(cache.root.stat().st_mode) == 0o700
    assert cache.root.stat().st_uid == os.getuid()


def test_a_cache_that_others_could_read_is_closed_to_them(cache: Cache) -> None:
    cache.root.mkdir(parents=True, mode=0o755)
    cache.find("tool-v1")
    assert stat.S_IMODE(cache.root.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
def test_a_cache_that_others_could_write_is_refused(cache: Cache, mode: int) -> None:
    (cache.root / "tool-v1").mkdir(parents=True)
    cache.root.chmod(mode)
    with pytest.raises(UnsafeFolder, match="written by other users"):
        cache.find("tool-v1")
    with pytest.raises(UnsafeFolder, match="written by other users"):
        cache.make("tool-v1", fill, silent)


def test_a_cache_of_another_user_is_refused(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.root.mkdir(parents=True, mode=0o700)
    someone_else = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: someone_else)
    with pytest.raises(UnsafeFolder, match="belongs to another user"):
        cache.find("tool-v1")


@pytest.fixture
def elsewhere(cache: Cache, tmp_path: Path) -> Path:
    """A folder that the cache is a link to."""
    folder = tmp_path / "elsewhere"
    folder.mkdir(mode=0o700)
    cache.root.parent.mkdir()
    cache.root.symlink_to(folder)
    return folder


def test_a_link_to_a_folder_of_ones_own_is_followed(cache: Cache, elsewhere: Path) -> None:
    elsewhere.chmod(0o755)
    assert cache.make("tool-v1", fill, silent) == elsewhere / "tool-v1" == cache.find("tool-v1")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700


def test_what_was_checked_is_used_wherever_the_link_leads_then(
    cache: Cache, elsewhere: Path, tmp_path: Path
) -> None:
    (tmp_path / "trap").mkdir(mode=0o777)

    def fill_while_the_link_moves(folder: Path) -> None:
        cache.root.unlink()
        cache.root.symlink_to(tmp_path / "trap")
        fill(folder)

    made = cache.make("tool-v1", fill_while_the_link_moves, silent)
    assert (made, [*(tmp_path / "trap").iterdir()]) == (elsewhere / "tool-v1", [])


def test_a_link_to_what_others_could_write_is_refused(cache: Cache, elsewhere: Path) -> None:
    elsewhere.chmod(0o770)
    with pytest.raises(UnsafeFolder, match="elsewhere can be written by other users"):
        cache.find("tool-v1")


@pytest.mark.parametrize("theirs", ["palette-backup", "elsewhere"])
def test_a_link_of_or_to_another_user_is_refused(
    cache: Cache, elsewhere: Path, theirs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Path.lstat

    def lstat(path: Path) -> object:
        found = look(path)
        return SimpleNamespace(st_uid=found.st_uid + (path.name == theirs))

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(UnsafeFolder, match=f"{theirs} belongs to another user"):
        cache.find("tool-v1")


def test_what_is_no_folder_is_refused_with_the_reason(cache: Cache, elsewhere: Path) -> None:
    elsewhere.rmdir()
    with pytest.raises(UnsafeFolder, match="palette-backup is a link to no folder"):
        cache.find("tool-v1")
    elsewhere.touch()
    with pytest.raises(UnsafeFolder, match="palette-backup is a link to no folder"):
        cache.find("tool-v1")
    with pytest.raises(UnsafeFolder, match="elsewhere is not a folder"):
        Cache(elsewhere).find("tool-v1")
    with pytest.raises(UnsafeFolder, match="elsewhere is not a folder"):
        Cache(elsewhere / "palette-backup").find("tool-v1")


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises(UnsafeFolder, match=r"cannot be made: Read-only file system\. Correct"):
        cache.find("tool-v1")


def test_what_is_made_is_found_and_not_made_again(cache: Cache) -> None:
    assert cache.find("tool-v1") is None
    made = cache.make("tool-v1", fill, silent)
    assert cache.find("tool-v1") == made
    assert cache.make("tool-v1", never, silent) == made


def test_nothing_appears_before_it_is_whole(cache: Cache) -> None:
    def look_while_filling(folder: Path) -> None:
        fill(folder)
        assert cache.find("tool-v1") is None

    cache.make("tool-v1", look_while_filling, silent)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_fill_leaves_nothing(cache: Cache, error: type[BaseException]) -> None:
    def break_off(folder: Path) -> None:
        fill(folder)
        raise error

    with pytest.raises(error):
        cache.make("tool-v1", break_off, silent)
    assert [path.name for path in cache.root.iterdir()] == ["lock"]
    assert (cache.make("tool-v1", fill, silent) / "program").read_text() == "new"


def test_what_a_killed_process_left_is_swept_away(cache: Cache) -> None:
    leftover = cache.root / ".unfinished-abc" / "bin"
    leftover.mkdir(parents=True)
    (leftover / "program").write_text("half")
    made = cache.make("tool-v1", fill, silent)
    assert (made / "program").read_text() == "new"
    assert not leftover.parent.exists()


def test_what_cannot_be_swept_away_yet_is_left_to_the_next_run(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step of a killed run writes while the folder is removed, which is then not empty."""
    leftover = cache.own() / ".unfinished-abc"
    leftover.mkdir()
    remove = os.rmdir

    def written_to_meanwhile(path: str, **options: int) -> None:
        (leftover / "late").touch()
        remove(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", written_to_meanwhile)
        made = cache.make("tool-v1", fill, silent)
    assert (made / "program").read_text() == "new"
    assert leftover.exists()
    cache.make("tool-v2", fill, silent)
    assert not leftover.exists()


def test_a_second_process_waits_and_takes_what_the_first_made(cache: Cache) -> None:
    first = cache.make("other", fill, silent).parent
    waits = threading.Event()
    with (first / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(
            target=cache.make, args=("tool-v1", never, lambda _: waits.set()), daemon=True
        )
        second.start()
        assert waits.wait(10)
        (cache.root / "tool-v1").mkdir()
    second.join(10)
    assert not second.is_alive()


def test_the_convention_for_caches_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Cache.of_user({}).root == tmp_path / ".cache" / "palette-backup"
    assert Cache.of_user({"XDG_CACHE_HOME": "/elsewhere"}).root == Path("/elsewhere/palette-backup")


@pytest.mark.parametrize(("mode", "safe"), [(0o700, True), (0o777, False)])
def test_scripts_are_told_the_folder_if_it_is_safe(tmp_path: Path, mode: int, safe: bool) -> None:
    root = tmp_path / "palette-backup"
    root.mkdir()
    root.chmod(mode)
    done = subprocess.run(
        [sys.executable, "-m", "palette_backup_provider.sandbox.tools.cache"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode == 0) is safe
    assert done.stdout == (f"{root}\n" if safe else "")
    assert safe or "written by other users" in done.stderr


@pytest.mark.parametrize("script", ["newest-python", "official"])
def test_scripts_keep_environments_in_that_folder(script: str) -> None:
    text = (Path(__file__).parents[4] / ".ci" / script).read_text()
    assert "$(.venv/bin/python -m palette_backup_provider.sandbox.tools.cache)" in text
    assert "$1" not in text.replace('"python3.$1"', "").replace("versions/3.$1", "")
