"""A report with an analyst's own blocks: laid out, rendered through the gate, verified, and never beside own counts."""

from __future__ import annotations

import json
import re

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from rounds import FIRST, notebooks, params
from selectolax.lexbor import LexborHTMLParser

from commands import vgstats
from support import ROOT, read_page
from vgstats import VgstatsError, table, text
from vgstats.batch.execute import report_page
from vgstats.batch.layout import lay_out
from vgstats.batch.notebooks import notebook_texts
from vgstats.batch.plan import plan, read_batches
from vgstats.batch.verify import verify
from vgstats.page.exporter import NotCompleteError, PageRefusedError, ReportExporter
from vgstats.page.own_blocks import BESIDE_OWN_COUNTS
from vgstats.page.released import Controlled

OWN = """\
import pandas as pd
import vgstats as vg
mine = pd.read_csv({file!r})
vg.table(mine, caption='Möten med chefer', source='Egen uppföljning')"""
WORDS = "Ord som fyller sidan så att ingen kan ta den för tom, om än utan innehåll. " * 3


def page_with(controlled: Controlled | None, *shown: str) -> str:
    cells = [new_markdown_cell(f"# Sidan\n\n{WORDS}")]
    for html in shown:
        outputs = [new_output("display_data", data={"text/html": html})]
        cells.append(new_code_cell("vg.table(frame)", execution_count=1, outputs=outputs))
    told = {"controlled": controlled}
    return ReportExporter().from_notebook_node(new_notebook(cells=cells), told)[0]


def meetings(count: int) -> object:
    frame = pd.DataFrame({"År": [2023, 2024], "Möten": [18, count]})
    return table(frame, caption="Möten med chefer", source="Egen uppföljning")


def test_what_new_lays_out_is_rendered_verified_and_made_again_when_its_notebook_changes(tmp_path):
    notebooks(tmp_path / "notebooks")
    done = vgstats("new", "uppfoljning", "mitt", cwd=tmp_path)
    assert done.returncode == 0 and "Then: vgstats render params/mitt.yaml" in done.stdout
    assert vgstats("new", "uppfoljning", "mitt", cwd=tmp_path).returncode == 2  # never over a file
    rendering = ("render", "params/mitt.yaml", "--only", "18")
    assert vgstats(*rendering, cwd=tmp_path).returncode == 0
    (file,) = (tmp_path / "reports" / "mitt").glob("orebro*.html")
    page = read_page(file.read_text(encoding="utf-8"))
    boxes = page.select(".own-block")
    labels = [box.select_one(".own-label").get_text() for box in boxes]
    assert labels == [f"Analytikerns egen {one}" for one in ("text", "tabell", "figur")]
    assert all(box.select_one(".note cite").get_text() for box in boxes)
    assert boxes[2].select_one("figure table") and "svg" in boxes[2].img["src"]
    assert {one["value"] for one in boxes[1].select("data")} == {"18", "21", "25"}
    assert "notebook: mitt.ipynb" in page.select_one("pre.copy").get_text()
    assert vgstats("verify", file, cwd=tmp_path).returncode == 0
    own = tmp_path / "notebooks" / "mitt.ipynb"
    own.write_text(
        own.read_text(encoding="utf-8").replace("25 möten", "26 möten"), encoding="utf-8"
    )
    again = vgstats(*rendering, "--dry-run", "--explain", cwd=tmp_path)
    assert "to make, its notebook changed" in again.stdout
    told = vgstats("verify", file, cwd=tmp_path)
    assert told.returncode == 4 and "made with another notebook" in told.stdout


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A job with a table of one's own out of a file, the file, the folder of its notebook, and its page."""
    folder = tmp_path_factory.mktemp("own")
    file = folder / "mine.csv"
    file.write_text("År,Möten\n2023,18\n2024,25\n", encoding="utf-8")
    short = notebooks(folder / "notebooks", OWN.format(file=str(file)))
    (short / "uppfoljning.ipynb").rename(short / "egen.ipynb")
    (job,) = plan(params(folder, "20", more="notebook: egen.ipynb\n")).jobs
    return file, short, report_page(job, short)


def test_own_numbers_from_a_file_verify_until_it_changes_and_nothing_is_called_altered(own):
    file, short, page = own
    kept = file.read_text(encoding="utf-8")
    assert verify(page, short).confirmed and not verify(page, short).altered
    file.write_text(kept.replace("25", "29"), encoding="utf-8")
    try:
        found = verify(page, short)
        assert not found.altered and "the analyst's own" in found.reasons[0]
        assert ("25", "29") in [(one.in_file, one.again) for one in found.otherwise]
        rest = verify(page.replace("Dalarnas", "Uppsala", 1), short)
        assert (
            rest.altered and not rest.confirmed
        )  # what is not the analyst's own is still compared
    finally:
        file.write_text(kept, encoding="utf-8")


def test_an_altered_own_number_is_found_out(own, monkeypatch):
    _, short, page = own
    monkeypatch.setattr("vgstats.batch.verify.report_page", lambda *_: page)
    shown = re.search(r'<data value="25" data-fact="eget\|[^>]*>25</data>', page)
    assert shown
    other = shown[0].replace('value="25"', 'value="52"').replace(">25<", ">52<")
    found = verify(page.replace(shown[0], other), short)
    assert any((one.in_file, one.again) == ("52", "25") for one in found.altered)


@pytest.fixture(scope="module")
def control(register_job) -> Controlled:
    bundle = register_job.bundle
    return Controlled(bundle.observations, register_job.release, bundle.sources)


def test_own_numbers_and_figures_never_stand_beside_own_counts(control):
    block = meetings(25).html()
    assert "Möten" in page_with(None, block)
    with pytest.raises(NotCompleteError) as error:
        page_with(control, block)
    assert "cell 2 ('vg.table(frame)') shows numbers or a figure" in str(error.value)
    assert BESIDE_OWN_COUNTS in str(error.value)
    with pytest.raises(NotCompleteError, match="cell 2"):
        page_with(control, text("Av 23 var 12 kvar.", source="Egen").html())
    assert "arbetssätt" in page_with(control, text("Vi prövade ett nytt arbetssätt.").html())


def test_the_gate_itself_refuses_them_however_they_came_onto_the_page(control):
    page = LexborHTMLParser(page_with(None, meetings(25).html()))
    assert "'Möten med chefer' may not stand there" in next(control.faults(page))


FORGED = {
    "without its label": (
        lambda html: re.sub(r'<p class="own-label".*?</p>', "", html), "does not say that it is the analyst's",
    ),
    "without its source": (lambda html: re.sub(r"<cite>.*?</cite>", "", html), "does not say where its numbers"),
    "out of its box": (
        lambda html: html.replace('class="own-block"', 'class="part"'), "stands outside the blocks that say so",
    ),
    "as a number of vgstats": (
        lambda html: html.replace("eget|", "ohalsotal|", 1), "a number that is not the analyst's own",
    ),
    "twice": (lambda html: html * 2, "stands 2 times, word for word"),
    "as another's words": (lambda html: html.replace("Analytikerns egen tabell", "Regionens egen text"), "analyst's"),
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_a_block_that_is_not_what_it_says_is_refused(how):
    forge, says = FORGED[how]
    with pytest.raises(PageRefusedError, match=says):
        page_with(None, forge(meetings(25).html()))


def test_two_blocks_may_have_the_same_caption():
    page = page_with(None, meetings(25).html() + meetings(26).html())
    assert page.count("Möten med chefer") >= 2


WRONG = {
    "numbers in Markdown": (
        new_markdown_cell("Vi höll 25 möten."),
        r"cell 5 \('Vi höll 25 möten\.'\) says the number 25 in .*vg\.text\(\"",
    ),
    "print": (new_code_cell("print(3.4)"), r"cell 5 \('print\(3\.4\)'\) prints text, .*vg\.text\(\""),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_can_be_told_without_running_is_told_before_any_report_is_begun(tmp_path, what):
    cell, says = WRONG[what]
    book = nbformat.read(notebooks(tmp_path) / "uppfoljning.ipynb", as_version=4)
    book.cells.insert(4, cell)
    nbformat.write(book, tmp_path / "uppfoljning.ipynb")
    with pytest.raises(VgstatsError, match=says):
        notebook_texts(["uppfoljning"], tmp_path)


def test_a_call_that_fails_names_its_cell_and_the_way_in_the_summary(tmp_path):
    short = notebooks(tmp_path / "notebooks", "import vgstats as vg\nvg.text('Vi höll 25 möten')")
    done = vgstats(
        "render", params(tmp_path, "20"), "--out", tmp_path / "out", "--notebooks", short
    )
    assert done.returncode == 1
    assert "cell 5 ('import vgstats as vg'): vg.text: the number 25 in" in done.stderr
    assert 'Add source="..."' in done.stderr and "VgstatsError" not in done.stderr


def test_a_figure_that_the_report_does_not_read_is_refused_by_its_cell_with_what_to_add(tmp_path):
    asked = "import vgstats as vg\nvg.change('ohalsotal', 'kommun:1480', '2005-12', '2008-12')"
    short = notebooks(tmp_path / "notebooks", asked)
    (job,) = plan(params(tmp_path, "20")).jobs
    with pytest.raises(NotCompleteError) as error:
        report_page(job, short)
    assert "cell 5 ('import vgstats as vg') shows ohalsotal|kommun:1480|2005-12, which" in str(
        error.value
    )
    assert "measures: [ohalsotal]" in str(error.value) and "vg.table(vg.fig" in str(error.value)


def test_a_notebook_that_is_missing_or_of_no_notebooks_name_is_refused_in_words(tmp_path):
    short = notebooks(tmp_path / "notebooks")
    file = params(tmp_path, "20", more="notebook: uppfolning.ipynb\n")
    with pytest.raises(
        VgstatsError, match=r"Did you mean 'uppfoljning.ipynb'.*vgstats new uppfoljning"
    ):
        read_batches([file], notebooks=short, headings=True)
    file = params(tmp_path, "20", more="notebook: ../annan.ipynb\n")
    with pytest.raises(VgstatsError, match="beside this file or in the folder of notebooks"):
        read_batches([file], notebooks=short, headings=True)


def test_cells_and_parameters_of_ones_own_are_laid_out_before_the_last_part(tmp_path):
    cells = [new_markdown_cell("## Det jag såg"), new_code_cell("vg.text('Ord.')")]
    made = lay_out(
        "kommun", "min-vy", tmp_path, cells=cells, notebooks=ROOT / "notebooks",
        parameters={"kommun": "1880", "before": "2019-12", "after": "2024-12"},
    )  # fmt: skip
    sources = [cell.source for cell in nbformat.read(made.notebook, as_version=4).cells]
    place = sources.index("## Det jag såg")
    assert sources[place + 1 : place + 3] == ["vg.text('Ord.')", "## Om uppgifterna"]
    assert FIRST not in sources and "Egna avsnitt" not in "".join(sources)
    written = made.parameters.read_text(encoding="utf-8")
    assert "- '1880'" in written and "before: 2019-12" in written and "min-vy.ipynb" in written
    with pytest.raises(VgstatsError, match="is not overwritten"):
        lay_out("kommun", "min-vy", tmp_path, notebooks=ROOT / "notebooks")
    for name in ("../x", "x.ipynb", "uppfoljning"):
        with pytest.raises(VgstatsError, match="will not do as a name"):
            lay_out("kommun", name, tmp_path, notebooks=ROOT / "notebooks")
    with pytest.raises(VgstatsError, match="beside a region's own counts no number"):
        lay_out("sjukfall", "min2", tmp_path, notebooks=ROOT / "notebooks")
    beside_own_counts = lay_out("sjukfall", "min", tmp_path, notebooks=ROOT / "notebooks")
    assert "vg.table" not in beside_own_counts.notebook.read_text(encoding="utf-8")
    assert json.loads(made.notebook.read_text(encoding="utf-8"))["cells"][0]["source"]
