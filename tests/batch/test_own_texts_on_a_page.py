"""A region's own agreement and words, from the file beside a parameter file to a page, and when it changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from rounds import notebooks, render
from selectolax.lexbor import LexborHTMLParser

from commands import vgstats
from support import ROOT, SECTIONS, cell_text, read_page, table_rows, words
from vgstats.batch.plan import plan
from vgstats.page.numbers_on_page import unaccounted, unaccounted_beside_own_counts
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.store.store import Store

PRACTICE = ROOT / "params" / "ovning"
TOLD = (
    "from vgstats.sections import actions, goals, money, remarks, sources\ngoals(report)",
    "actions(report)",
    "money(report)",
    "remarks(report)",
    "sources(report)",
)


def short_notebooks(folder: Path) -> Path:
    """The cells that tell of an agreement, under headings as in the whole notebook."""
    file = notebooks(folder, *TOLD) / "uppfoljning.ipynb"
    whole = nbformat.read(file, as_version=4)
    whole.cells[4:4] = [new_markdown_cell("## Vad gjordes?\n\n### Insatser")]
    nbformat.write(whole, file)
    return folder


@pytest.fixture
def place(tmp_path):
    """The worked example in a folder of its own, beside a report that reads none of it."""
    shutil.copytree(PRACTICE, tmp_path / "params")
    text = (PRACTICE / "egen-overenskommelse.yaml").read_text(encoding="utf-8")
    plain = text.partition("own:")[0].replace('"13"', '"14"')
    (tmp_path / "params" / "annan.yaml").write_text(plain, encoding="utf-8")
    return tmp_path


def test_an_own_agreement_goes_from_its_file_to_a_page_and_is_made_again_when_it_changes(place):
    short, store = short_notebooks(place / "notebooks"), ("--store", place / "store")
    options = ("--out", place, "--notebooks", short, *store)
    texts = place / "params" / "texter"
    files = [place / "params" / name for name in ("egen-overenskommelse.yaml", "annan.yaml")]
    own = [texts / "koordinering.yaml", texts / "koordinering.csv"]
    vgstats("import", *own, *store, "--publisher", "Region X")
    done = render(*files, *options)
    assert done.returncode == 0, done.stderr
    file = place / "egen-overenskommelse" / "hallands-lan-2015-12-2018-12.html"
    page = read_page(file.read_text(encoding="utf-8"))
    text = words(page)
    for said in (
        "Uppföljning av påhittad överenskommelse om koordinering",
        "Regionens egna ord",
        "Koordinatorerna kom på plats tidigare än vi hade trott.",
        "Projektledningen (påhittad)",
        "Planen och dess bilaga anger inte lika många vårdcentraler.",
        "Medel till koordinering (påhittat), 2018: 7,5 miljoner kronor.",
    ):
        assert said in text, said
    goals = list(table_rows(page, "mal").values())
    assert [row[:2] for row in goals] == [
        ["22,8 dagar i december 2018", "Ja"],
        ["42 personer 2018", "Ja"],
    ]
    assert table_rows(page, "insatser")["En koordinator på varje vårdcentral"][0] == (
        "42 koordinatorer och 7,5 miljoner kronor"
    )
    (plan_source,) = [one for one in page.find_all("li") if one.get_text().startswith("Planen: ")]
    assert cell_text(plan_source) == "Planen: En påhittad plan för koordinering i vården, 2016."
    assert plan_source.a["href"] == "https://example.org/plan.pdf"
    assert words(plan_source.find_previous("p")) == "Övriga källor:"
    verified = vgstats("verify", file, "--notebooks", short, *store)
    assert verified.returncode == 0 and "as it was made" in verified.stdout

    lines, elsewhere = page.find("pre").get_text(), place / "elsewhere"
    shutil.copytree(texts, elsewhere)
    (elsewhere / "koordinering.yaml").rename(elsewhere / "overenskommelse.yaml")
    (elsewhere / "rapport.yaml").write_text(lines, encoding="utf-8")
    checked = vgstats("check", elsewhere / "rapport.yaml", "--store", place / "new")
    assert checked.returncode == 0, lines + checked.stderr

    assert "2 reports, all up to date." in render(*files, *options).stdout
    text = own[0].read_text(encoding="utf-8")
    own[0].write_text(text.replace("tidigare än", "senare än"), encoding="utf-8")
    again = render(*files, *options, "--explain")
    assert (
        "egen-overenskommelse/hallands-lan-2015-12-2018-12.html: made, its figures changed"
        in again.stdout
    )
    assert "annan/vastra-gotalands-lan-2015-12-2018-12.html: up to date" in again.stdout
    assert "senare än vi hade trott" in file.read_text(encoding="utf-8")
    verified = vgstats("verify", file, "--notebooks", short, *store)
    assert verified.returncode == 0 and "as it was made" in verified.stdout

    elsewhere = vgstats("verify", file, "--notebooks", short, "--store", place / "another")
    assert elsewhere.returncode == 2 and "an agreement, a unit or a measure" in " ".join(
        elsewhere.stderr.split()
    )


def test_a_page_verifies_against_the_texts_that_it_was_made_of(place):
    short, store = short_notebooks(place / "notebooks"), ("--store", place / "store")
    params = place / "params" / "egen-overenskommelse.yaml"
    assert render(params, "--out", place, "--notebooks", short, *store).returncode == 0
    own = place / "params" / "texter" / "koordinering.yaml"
    own.write_text(own.read_text(encoding="utf-8").replace("tidigare än", "senare än"), "utf-8")
    assert vgstats("import", own, *store).returncode == 0
    file = place / "egen-overenskommelse" / "hallands-lan-2015-12-2018-12.html"
    verified = vgstats("verify", file, "--notebooks", short, *store)
    assert "as it was made" in verified.stdout, verified.stdout + verified.stderr


def test_numbers_in_own_words_pass_as_the_writers_and_never_beside_own_figures(place):
    own = place / "params" / "texter" / "koordinering.yaml"
    text = own.read_text(encoding="utf-8")
    for old, new in (
        ("på plats tidigare", "på plats på 43 ställen tidigare"),
        ("lika många vårdcentraler", "lika många, 44 och 45"),
        ("Utbildning i försäkringsmedicin", "Utbildning, 46 tillfällen"),
        ("{koordinatorer} koordinatorer", "{koordinatorer} av 47 koordinatorer"),
        ("minst {target}", "minst {target} eller helst 48"),
        ("testable: Ja.", "testable: Ja, 49 gånger."),
        ("de flesta vårdcentraler", "50 vårdcentraler"),
        ("name: Påhittad överenskommelse", "name: Påhittad överenskommelse 51"),
        ("som ordnar", "51 som ordnar"),
    ):
        text = text.replace(old, new, 1)
    own.write_text(text, encoding="utf-8")
    params = place / "params" / "egen-overenskommelse.yaml"
    (job,) = plan(params, Store(place / "store")).jobs
    report = Uppfoljning(job.parameters, job.bundle)
    names = ("goals", "answer", "actions", "remarks", "sources")
    shown = [report.title(), *(SECTIONS[name](report) for name in names)]
    html = "".join(block.html() for block in shown)
    page = LexborHTMLParser(f"<main>{html}</main>")
    assert list(unaccounted(page)) == []
    refused = " ".join(unaccounted_beside_own_counts(page, set()))
    assert [n for n in range(43, 52) if str(n) not in refused] == []


def test_the_worked_example_with_its_figures_makes_a_whole_report(place):
    texts, store = place / "params" / "texter", ("--store", place / "store")
    own = (texts / "koordinering.yaml", texts / "koordinering.csv")
    assert vgstats("import", *own, *store, "--publisher", "Region X").returncode == 0
    done = render(place / "params" / "egen-overenskommelse.yaml", "--out", place, *store)
    assert done.returncode == 0, done.stderr
