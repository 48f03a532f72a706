"""The command line: exit codes, no tracebacks, nothing half-written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from rounds import COMMAND, notebooks

from commands import vgstats
from support import ROOT, read_page, table_rows
from vgstats.catalogue import data_files
from vgstats.catalogue.data_files import data_folder

PARAMS = """\
report: uppfoljning
lan: ["01", "09"]
before: "2005-12"
after: "2008-12"
intervention: sjukskrivningsmiljarden-2006-2008
"""


@pytest.fixture
def params(tmp_path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(PARAMS, encoding="utf-8")
    return file


def test_check_lists_the_jobs_and_makes_nothing(params, tmp_path):
    done = vgstats("check", params, cwd=tmp_path)
    assert done.returncode == 0
    assert "two/stockholms-lan-2005-12-2008-12.html: uppfoljning, Stockholms län" in done.stdout
    assert "2 reports, all valid" in done.stdout
    assert {p.name for p in tmp_path.iterdir()} == {"two.yaml"}


def test_render_makes_the_reports_and_an_index(params, tmp_path):
    done = vgstats("render", params, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "out" / "two"
    assert {p.name for p in folder.iterdir()} == {
        ".vgstats.lock",
        "stockholms-lan-2005-12-2008-12.html",
        "gotlands-lan-2005-12-2008-12.html",
        "index.html",
        "manifest.jsonl",
    }
    rows = table_rows(read_page((folder / "index.html").read_text("utf-8")), "rapporter")
    assert rows["Stockholms län"][:2] == ["29 297", "\N{MINUS SIGN}27,7 %"]
    assert rows["Gotlands län"][-1].startswith("minskade; ")
    for name, slug in (("Stockholms län", "stockholms-lan"), ("Gotlands län", "gotlands-lan")):
        page = read_page((folder / f"{slug}-2005-12-2008-12.html").read_text("utf-8"))
        assert name in page.h1.get_text()


def test_a_mistake_ends_with_one_message_and_no_file(params, tmp_path):
    params.write_text(PARAMS.replace('"01"', "01"), encoding="utf-8")
    for name in ("check", "render"):
        done = vgstats(name, params, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith(f"Error: {params}, line 2: 01 is read as a number")
        assert "Traceback" not in done.stderr
        assert {p.name for p in tmp_path.iterdir()} == {"two.yaml"}


def test_two_batches_with_one_name_are_refused(params, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(params, other)
    done = vgstats("check", params, other / "two.yaml")
    assert done.returncode == 2 and "would share a folder" in done.stderr


def test_a_command_starts_without_a_grammar_that_nothing_of_it_uses():
    code = (
        "import sys, vgstats.cli.rendering; print('nbformat' in sys.modules, 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_command_starts_without_what_only_another_one_needs():
    heavy = (
        "scipy.special",
        "requests",
        "statsmodels",
        "matplotlib",
        "openpyxl",
        "vgstats.cases.intake",
        "vgstats.cases.keeping",
    )
    code = f"import sys, vgstats.cli; print(*({{*{heavy}}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_missing_notebook_is_named_before_anything_runs(params, tmp_path):
    done = vgstats("render", params, "--notebooks", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "no notebook" in done.stderr and "--notebooks" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_report_that_fails_is_one_line_and_the_others_are_kept(params, tmp_path):
    notebook = nbformat.read(ROOT / "notebooks" / "uppfoljning.ipynb", as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("assert lan != '09', 'no Gotland today'"))
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "uppfoljning.ipynb")
    done = vgstats(
        "render", params, "--notebooks", tmp_path / "notebooks", "--out", tmp_path / "out"
    )
    assert done.returncode == 1
    assert 'Failed: two/gotlands-lan-2005-12-2008-12.html: cell 3 ("' in done.stderr
    assert "no Gotland today (AssertionError)" in done.stderr
    assert "Traceback" not in done.stderr
    names = {p.name for p in (tmp_path / "out" / "two").iterdir()}
    assert names == {
        ".vgstats.lock",
        "stockholms-lan-2005-12-2008-12.html",
        "gotlands-lan-2005-12-2008-12.fel.html",
        "index.html",
        "manifest.jsonl",
    }
    index = read_page((tmp_path / "out" / "two" / "index.html").read_text("utf-8"))
    assert table_rows(index, "inte-gjorda")["Gotlands län, december 2005 och december 2008"] == [
        "kunde inte göras"
    ]
    why = read_page(
        (tmp_path / "out" / "two" / "gotlands-lan-2005-12-2008-12.fel.html").read_text("utf-8")
    )
    assert "lan: 09" in why.get_text() or "lan: '09'" in why.get_text()
    assert "no Gotland today" in why.find_all("pre")[-1].get_text()


def test_a_folder_that_cannot_be_written_to_is_named_before_anything_runs(params, tmp_path):
    (tmp_path / "file").touch()
    done = vgstats("render", params, "--out", tmp_path / "file")
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: --out: reports cannot be written to {tmp_path / 'file'}")
    assert "Traceback" not in done.stderr


def test_a_folder_with_brackets_in_its_name_is_just_a_folder(params, tmp_path):
    params.write_text(PARAMS.replace('["01", "09"]', '["09"]'), encoding="utf-8")
    short = notebooks(tmp_path / "notebooks")
    done = vgstats("render", params, "--notebooks", short, "--out", tmp_path / "a[red]{b}[/c]")
    assert done.returncode == 0, done.stderr
    assert "a[red]{b}[/c]" in done.stdout
    assert (tmp_path / "a[red]{b}[/c]" / "two" / "index.html").is_file()


DAMAGE = {
    "missing": lambda content: None,
    "truncated": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "not text": lambda content: b"\xff\xfe\x00" * 100,
    "one digit changed": lambda content: content.replace(b"1", b"2", 1),
}


@pytest.fixture
def own_data(monkeypatch, tmp_path):
    """A copy of the bundled files, which the package reads instead, knowing nothing of them yet."""
    folder = tmp_path / "data"
    shutil.copytree(Path(str(data_folder())), folder)
    monkeypatch.setattr(data_files, "data_folder", lambda: folder)
    data_files._checksums.cache_clear()
    yield folder
    data_files._checksums.cache_clear()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("published/vg_uppfoljning_2006_2008.csv", damage) for damage in DAMAGE),
        ("published/fk_pagaende_sjukfall_2005_2025.csv", "missing"),
        ("sources.csv", "truncated"),
        ("measures.yaml", "truncated"),
        ("law_changes.yaml", "empty"),
        ("agreements.yaml", "missing"),
        ("geography/kommuner.csv", "truncated"),
        ("SHA256SUMS", "missing"),
        ("SHA256SUMS", "not text"),
        ("SHA256SUMS", "truncated"),
    ],
)
def test_a_broken_bundled_file_is_named(name, damage, own_data):
    file = own_data / name
    content = DAMAGE[damage](file.read_bytes())
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    done = vgstats("check", ROOT / "params" / "vg-2006-2008.yaml")
    assert done.returncode == 2, done.stdout
    if name == "SHA256SUMS" and damage == "truncated":
        assert done.stderr.startswith("Error: The bundled file ")
    else:
        assert done.stderr.startswith(f"Error: The bundled file {file} is ")
        assert ("missing" if damage == "missing" else "broken") in done.stderr
    assert "Restore" in done.stderr or "restore" in done.stderr


def test_a_package_of_which_every_file_is_broken_still_starts_and_says_so(tmp_path):
    shutil.copytree(Path(str(data_folder())).parent, tmp_path / "vgstats")
    for file in (tmp_path / "vgstats" / "data").rglob("*.*"):
        file.write_bytes(file.read_bytes()[:-9])
    done = subprocess.run(
        [*COMMAND, "check", str(ROOT / "params" / "vg-2006-2008.yaml")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert (
        done.stderr.startswith(f"Error: The bundled file {tmp_path}") and "is broken" in done.stderr
    )
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("made_once")
def test_verify_says_whether_a_report_was_altered(vg_file, tmp_path):
    done = vgstats("verify", vg_file)
    assert done.returncode == 0, done.stderr
    assert "as it was made, and its figures have not been revised" in done.stdout
    altered = tmp_path / "altered.html"
    html = vg_file.read_text(encoding="utf-8")
    altered.write_text(html.replace(">36,8</data>", ">36,7</data>"), encoding="utf-8")
    done = vgstats("verify", altered)
    assert done.returncode == 1
    assert "(ohalsotal|lan:14|2008-12): 36,7 -> 36,8" in done.stdout


def test_verify_of_something_else_is_a_users_mistake(index_file, tmp_path):
    for file in (index_file, tmp_path / "none.html"):
        done = vgstats("verify", file)
        assert done.returncode == 2
        assert done.stderr.startswith("Error: ") and "Traceback" not in done.stderr


def test_pdf_stands_beside_the_report_and_the_index_links_to_both(pdf_tools, params, tmp_path):
    params.write_text(PARAMS.replace('["01", "09"]', '["09"]'), encoding="utf-8")
    short = notebooks(tmp_path / "notebooks")
    out = tmp_path / "out"
    done = vgstats("render", params, "--notebooks", short, "--out", out, "--to", "pdf")
    assert done.returncode == 0, done.stderr
    folder = out / "two"
    assert (folder / "gotlands-lan-2005-12-2008-12.pdf").read_bytes().startswith(b"%PDF-1.7")
    index = read_page((folder / "index.html").read_text(encoding="utf-8"))
    links = {a["href"] for a in index.find_all("a")}
    assert {"gotlands-lan-2005-12-2008-12.html", "gotlands-lan-2005-12-2008-12.pdf"} <= links
