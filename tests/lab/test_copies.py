"""The working folder of `vgstats lab` has copies of the notebooks, and what an analyst changed stays as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support import ROOT
from vgstats import shipped
from vgstats.errors import VgstatsError
from vgstats.lab.copies import copy_notebooks


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The notebooks that come along, of which there may be newer ones."""
    folder = tmp_path / "ours"
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / "utforska.ipynb", folder)
    return folder


def newer(ours: Path, text: str) -> None:
    (ours / "utforska.ipynb").write_text(text, encoding="utf-8")


def test_the_notebooks_that_come_along_are_copied_and_stay_as_they_are(tmp_path):
    before = {file: file.read_bytes() for file in shipped.notebooks().iterdir()}
    copied = copy_notebooks(tmp_path / "arbete")
    assert {file.name for file in copied.written} >= {"utforska.ipynb", "uppfoljning.ipynb"}
    (tmp_path / "arbete" / "utforska.ipynb").write_text("mine", encoding="utf-8")
    assert {file: file.read_bytes() for file in shipped.notebooks().iterdir()} == before


def test_a_copy_that_was_not_changed_is_renewed_and_nothing_is_said_twice(tmp_path, ours):
    folder = tmp_path / "arbete"
    copy_notebooks(folder, ours)
    assert copy_notebooks(folder, ours).written == []
    newer(ours, "two")
    assert copy_notebooks(folder, ours).written == [folder / "utforska.ipynb"]
    assert (folder / "utforska.ipynb").read_text(encoding="utf-8") == "two"


def test_a_copy_that_was_changed_stays_and_a_newer_one_is_laid_beside_it_once(tmp_path, ours):
    folder = tmp_path / "arbete"
    copy_notebooks(folder, ours)
    mine = folder / "utforska.ipynb"
    mine.write_text("mine", encoding="utf-8")
    again = copy_notebooks(folder, ours)
    assert again.written == again.beside == []  # it was made from the notebook that there is
    newer(ours, "two")
    beside = folder / "utforska-ny.ipynb"
    assert copy_notebooks(folder, ours).beside == [beside]
    assert mine.read_text(encoding="utf-8") == "mine"
    assert beside.read_text(encoding="utf-8") == "two"
    assert copy_notebooks(folder, ours).beside == []
    beside.write_text("mine too", encoding="utf-8")
    newer(ours, "three")
    assert [file.name for file in copy_notebooks(folder, ours).beside] == ["utforska-ny-2.ipynb"]
    assert beside.read_text(encoding="utf-8") == "mine too"


def test_a_newer_one_that_was_thrown_away_does_not_come_back(tmp_path, ours):
    folder = tmp_path / "arbete"
    copy_notebooks(folder, ours)
    (folder / "utforska.ipynb").write_text("mine", encoding="utf-8")
    newer(ours, "two")
    copy_notebooks(folder, ours)
    (folder / "utforska-ny.ipynb").unlink()
    assert copy_notebooks(folder, ours).beside == []


def test_a_file_of_that_name_that_was_not_laid_there_is_not_overwritten(tmp_path, ours):
    folder = tmp_path / "arbete"
    folder.mkdir()
    (folder / "utforska.ipynb").write_text("mine", encoding="utf-8")
    (folder / ".vgstats-kopior.json").write_text("{ broken", encoding="utf-8")
    copy_notebooks(folder, ours)
    assert (folder / "utforska.ipynb").read_text(encoding="utf-8") == "mine"
    assert (folder / "utforska-ny.ipynb").is_file()


def test_the_notebooks_themselves_are_no_working_folder():
    with pytest.raises(
        VgstatsError, match=r"which stay as they are\. Name another folder, such as arbete"
    ):
        copy_notebooks(shipped.notebooks())
