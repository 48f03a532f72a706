"""A folder to work in: laid out, used from outside the project, and never at the cost of what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version

import vgstats as vg
from commands import vgstats
from vgstats import shipped
from vgstats.catalogue import areas


def test_init_lays_out_a_folder_says_what_it_wrote_and_what_comes_next(tmp_path):
    done = vgstats("init", "a/min mapp", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "a" / "min mapp"
    assert {one.name for one in folder.iterdir()} == {"notebooks", "params", "reports"}
    files = [one for one in shipped.params().rglob("*") if one.is_file()]
    for file in files:
        there = folder / "params" / file.relative_to(shipped.params())
        assert there.read_bytes() == file.read_bytes()
    assert f"{len(files)} files written." in done.stdout
    line = re.search(
        r"Next: .*?\n  cd (.*)\n  vgstats (check .*)\n  vgstats render (.*)", done.stdout
    )
    assert line[1] == '"a/min mapp"'
    checked = vgstats(*line[2].split(), cwd=folder)
    assert checked.returncode == 0 and "1 report, all valid." in checked.stdout
    assert line[3] == line[2].split()[1]


def test_init_overwrites_nothing_and_writes_what_is_not_there(tmp_path):
    vgstats("init", tmp_path)
    mine, gone = (tmp_path / "params" / "eget" / name for name in ("mitt-lan.yaml", "ord.md"))
    mine.write_text("mine", encoding="utf-8")
    gone.unlink()
    done = vgstats("init", tmp_path)
    assert done.returncode == 0 and mine.read_text(encoding="utf-8") == "mine" and gone.is_file()
    assert "1 files written; " in done.stdout and f"  written: {gone}\n" in done.stdout


def test_a_folder_that_cannot_be_had_is_told_in_one_message(tmp_path):
    (tmp_path / "params").write_text("a file", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "params"):
        done = vgstats("init", folder)
        assert done.returncode == 2 and done.stderr.startswith("Error: ")
        assert "Name a folder" in done.stderr


def test_the_example_of_own_agreement_and_words_is_valid_and_marked_as_made_up(tmp_path):
    vgstats("init", tmp_path)
    folder = tmp_path / "params" / "eget"
    file = folder / "mitt-lan.yaml"
    text = file.read_text(encoding="utf-8")
    codes = re.findall(r"\b(\d\d) ([A-ZÅÄÖ]\w+(?: Götaland)?)[,\n]", text)
    assert [f"lan:{code}" for code, _ in codes] == areas.lan()
    assert all(areas.name(f"lan:{code}").startswith(name) for code, name in codes)
    own = re.sub(
        r"^# (publisher|contact|own|intervention|words):", r"\1:", text, flags=re.MULTILINE
    )
    assert own.count("\n# ") == text.count("\n# ") - 5
    file.write_text(own, encoding="utf-8")
    done = vgstats("check", file, "--store", tmp_path / "store", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("overenskommelse.yaml", "ord.md"):
        words = (folder / name).read_text(encoding="utf-8")
        assert "PÅHITTA" in words and "(påhittad)" in words


def test_the_version_is_the_installed_one_whichever_way_it_is_asked_for(tmp_path):
    assert vg.__version__ == version("vgstats")
    assert vgstats("--version").stdout == f"vgstats {vg.__version__}\n"
    asked_for_nothing = vgstats()
    assert asked_for_nothing.returncode == 2
    assert "Usage: " in asked_for_nothing.stdout + asked_for_nothing.stderr
    done = subprocess.run(
        [sys.executable, "-m", "vgstats", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"vgstats {vg.__version__}\n"
