"""Files that two people share: whole or not there, and as their umask and folder say."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vgstats.disclosure.ledger import Contents, Ledger
from vgstats.store import files
from vgstats.whole_files import write_whole


@pytest.fixture(params=[0o002, 0o022, 0o077], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_manifest_ledger_and_pages_may_be_read_and_written_as_the_umask_says(umask, tmp_path):
    files.replace(tmp_path, files.Manifest())
    Ledger(tmp_path / "a.ledger").write(Contents())
    write_whole(tmp_path / "page.html", "page")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys([files.MANIFEST, "a.ledger", "page.html"], 0o666 & ~umask)


def test_a_file_gets_the_group_of_a_folder_that_gives_its_own(tmp_path):
    if os.getuid() != 0:
        pytest.skip("only root may give a folder to another group")
    os.chown(tmp_path, -1, 12345)
    tmp_path.chmod(0o2775)
    assert write_whole(tmp_path / "page.html", "page").stat().st_gid == 12345
    assert write_whole(tmp_path / "lan" / "page.html", "page").stat().st_gid == 12345


def test_what_cannot_be_put_in_place_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = write_whole(tmp_path / "page.html", "old")

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held by another program", str(target))

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("vgstats.whole_files.time.sleep", lambda seconds: None)
    with pytest.raises(PermissionError):
        write_whole(file, "new")
    assert [f.read_text() for f in tmp_path.iterdir()] == ["old"]


def test_a_file_that_another_program_lets_go_of_is_replaced(tmp_path, monkeypatch):
    file = write_whole(tmp_path / "page.html", "old")
    replace, held = Path.replace, iter([True, True])

    def held_for_a_while(self: Path, target: Path) -> Path:
        if next(held, False):
            raise PermissionError(13, "held by another program", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_for_a_while)
    monkeypatch.setattr("vgstats.whole_files.time.sleep", lambda seconds: None)
    assert write_whole(file, "new").read_text() == "new"
