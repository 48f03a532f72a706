"""What lies in a batch's folder: every output known, and none that says more than is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rounds import entries, made, notebooks, params, render

from support import read_page, words
from vgstats.batch import manifest
from vgstats.catalogue import areas

FILE = "dalarnas-lan-2019-12-2024-12.html"


@pytest.fixture
def folder(before) -> Path:
    """The folder of three reports that are made, as PDFs too."""
    return before


@pytest.fixture(autouse=True)
def pretended_pdf(monkeypatch):
    """A PDF in no time: what one looks like is tested where it is made."""
    monkeypatch.setattr("vgstats.batch.execute.pdf_of", lambda page: b"%PDF" + page[:80].encode())
    monkeypatch.setattr("vgstats.batch.execute.not_ua", lambda: "")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:50])


HARM = {"deleted": Path.unlink, "cut": cut, "altered": lambda file: file.write_bytes(b"%PDF other")}


@pytest.mark.parametrize("harm", HARM)
def test_an_output_that_was_harmed_is_made_again_and_no_other(setting, folder, harm):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    HARM[harm](folder / FILE.replace("html", "pdf"))
    assert made(render(*setting, "--to", "pdf")) == {"20"}
    HARM[harm](folder / "index.html")
    done = render(*setting, "--to", "pdf")
    assert made(done) == set() and done.returncode == 0
    assert (
        b"Inneh" in (folder / "index.html").read_bytes()
        or b"</html>" in (folder / "index.html").read_bytes()
    )
    assert {file.name for file in folder.iterdir()} == set(before)


def test_page_one_alone_is_a_file_of_its_own_that_the_run_warns_of_where_it_is_too_long(
    setting, folder, monkeypatch
):
    monkeypatch.setattr("vgstats.batch.execute.sheets", lambda data: 2)
    done = render(*setting, "--only", "20", "--to", "page-one")
    assert made(done) == {"20"} and done.returncode == 0
    assert (folder / FILE.replace(".html", "-sida-1.pdf")).read_bytes().startswith(b"%PDF")
    assert not (folder / FILE.replace("html", "pdf")).exists(), "an older PDF of the whole report"
    assert (
        "Note: some/dalarnas-lan-2019-12-2024-12.html: its first page takes 2 sheets" in done.stderr
    )
    assert made(render(*setting, "--only", "20", "--to", "page-one")) == set()
    assert made(render(*setting, "--only", "20", "--to", "pdf", "--to", "page-one")) == {"20"}
    names = {FILE, FILE.replace(".html", ".pdf"), FILE.replace(".html", "-sida-1.pdf")}
    assert set(entries(folder)["20"]["outputs"]) == names


def test_another_version_of_what_prints_makes_what_is_printed_again_and_no_page_alone(
    setting, folder, monkeypatch
):
    monkeypatch.setattr("vgstats.batch.round.printing_versions", lambda: {"weasyprint": "999"})
    assert made(render(*setting)) == set()
    done = render(*setting, "--only", "20", "--to", "pdf", "--explain")
    assert made(done) == {"20"}
    assert "a package that it is printed with has another version" in done.stdout
    assert made(render(*setting, "--only", "20", "--to", "pdf")) == set()


def test_a_page_whose_figures_are_read_anew_and_are_the_same_keeps_what_its_pdf_was_printed_with(
    setting, folder
):
    file = folder / manifest.NAME
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line.get("key", {}).update(files="of another store")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert made(render(*setting)) == set()
    assert entries(folder)["20"]["key"]["files"] != "of another store"
    assert made(render(*setting, "--to", "pdf")) == set()


def test_a_run_says_that_its_pdfs_are_not_pdf_ua(setting, monkeypatch):
    monkeypatch.setattr("vgstats.batch.execute.not_ua", lambda: "printed by x, not PDF/UA")
    done = render(*setting, "--to", "pdf")
    (note,) = [line for line in done.stderr.splitlines() if line.startswith("Note:")]
    assert note.endswith(": printed by x, not PDF/UA") and note.count("some/") == 3


def test_an_index_that_stands_is_not_written_again(setting, folder):
    before = (folder / "index.html").stat().st_mtime_ns
    render(*setting)
    assert (folder / "index.html").stat().st_mtime_ns == before


def test_a_page_that_is_up_to_date_keeps_its_pdf_and_a_new_page_loses_the_old_one(setting, folder):
    assert made(render(*setting)) == set()
    assert (folder / FILE.replace("html", "pdf")).exists()
    assert made(render(*setting, "--force", "--only", "some/20")) == {"20"}
    assert not (folder / FILE.replace("html", "pdf")).exists()
    assert "dalarnas-lan-2019-12-2024-12.pdf" not in (folder / "index.html").read_text(
        encoding="utf-8"
    )
    assert made(render(*setting, "--to", "pdf")) == {"20"}


def test_a_county_that_is_taken_out_leaves_the_index_and_is_named_until_it_is_cleaned_away(
    setting, folder, tmp_path
):
    params(tmp_path, "09", "23")
    done = render(*setting)
    assert made(done) == set()
    assert "dalarnas-lan-2019" not in (folder / "index.html").read_text(encoding="utf-8")
    assert (
        "1 reports that" in done.stderr
        and "dalarnas-lan-2019-12-2024-12.html, dalarnas-lan-2019-12-2024-12.pdf" in done.stderr
    )
    assert (folder / FILE).exists()
    (folder / "dalarnas-lan-2019-12-2024-12.pdf").write_bytes(b"with a person's notes")
    cleaned = render(*setting, "--clean")
    assert not (folder / FILE).exists()
    assert (folder / "dalarnas-lan-2019-12-2024-12.pdf").exists() and "Kept: " in cleaned.stderr
    assert "ask for any more" not in render(*setting).stderr


def test_a_report_made_under_its_new_name_is_not_left_beside_its_former_self(setting, folder):
    """Versions before called a report by its code; what somebody wrote in such a file is kept."""
    former = {
        FILE: "20-2019-12-2024-12.html",
        FILE.replace("html", "pdf"): "20-2019-12-2024-12.pdf",
        "gotlands-lan-2019-12-2024-12.html": "09-2019-12-2024-12.html",
    }
    text = (folder / "manifest.jsonl").read_text(encoding="utf-8")
    for name, before in former.items():
        (folder / name).rename(folder / before)
        text = text.replace(f'"{name}"', f'"{before}"')
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")
    (folder / "20-2019-12-2024-12.pdf").write_bytes(b"with a person's notes")
    done = render(*setting, "--only", "20")
    assert made(done) == {"20"} and "removed 1 files" in done.stdout
    assert (folder / FILE).exists() and not (folder / "20-2019-12-2024-12.html").exists()
    assert (folder / "20-2019-12-2024-12.pdf").exists() and "Kept: " in done.stderr
    assert (folder / "09-2019-12-2024-12.html").exists(), "its report has not been made anew"
    assert made(render(*setting)) == {"09"}
    assert not (folder / "09-2019-12-2024-12.html").exists()
    assert set(entries(folder)) == {"09", "20", "23"}


def test_a_run_of_some_reports_calls_none_of_the_others_old(setting, folder):
    assert "any more" not in render(*setting, "--only", "some/20", "--clean").stderr
    assert len(entries(folder)) == 3


def test_a_report_that_cannot_be_made_is_in_the_index_with_its_periods_and_its_reason(
    setting, tmp_path
):
    notebooks(tmp_path / "notebooks", "assert False, 'never'")
    done = render(*setting)
    assert done.returncode == 1
    index = read_page((tmp_path / "out" / "some" / "index.html").read_text(encoding="utf-8"))
    assert "0 av 3 rapporter är gjorda" in words(index.main)
    assert "Dalarnas län, december 2019 och december 2024" in words(index.main)
    links = {a["href"] for a in index.main.find_all("a")}
    assert {
        f"{areas.slug(f'lan:{lan}')}-2019-12-2024-12.fel.html" for lan in ("09", "20", "23")
    } <= links


def test_a_report_that_cannot_be_made_again_is_called_older(setting, folder, tmp_path):
    notebooks(tmp_path / "notebooks", "assert lan != '20', 'not now'")
    assert render(*setting).returncode == 1
    index = read_page((folder / "index.html").read_text(encoding="utf-8"))
    text = words(index.main)
    assert "2 av 3 rapporter är gjorda" in text
    assert "1 kunde inte göras om och finns kvar från en tidigare gång" in text
    assert "kunde inte göras om, den här är äldre" in text
    notebooks(tmp_path / "notebooks", "well = 'again'")
    render(*setting)
    assert not list(folder.glob("*.fel.html"))


def test_a_report_that_was_not_begun_is_counted_and_named(setting, tmp_path):
    render(*setting, "--only", "some/20")
    index = read_page((tmp_path / "out" / "some" / "index.html").read_text(encoding="utf-8"))
    assert "1 av 3 rapporter är gjorda" in words(index.main)
    assert "Jämtlands län, december 2019 och december 2024" in words(index.main)
    assert "inte gjord" in words(index.main)


def test_a_manifest_of_version_0_1_0_is_read():
    """Of the commit cf3b498, when a page was all that a line knew of."""
    folder = Path(__file__).parent / "of_version_0_1_0"
    (entry,) = manifest.read(folder).values()
    assert list(entry.outputs) == ["14-2005-12-2008-12.html"] and entry.has(manifest.PDF) == ""
    assert entry.faults(folder) == []
