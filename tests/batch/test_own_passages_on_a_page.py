"""A region's own words, from a Markdown file to their place on a page, and what happens when they change."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from rounds import notebooks, render
from selectolax.lexbor import LexborHTMLParser

from commands import vgstats
from support import read_page, words
from vgstats.blocks.blocks import OWN_WORDS_TYPE
from vgstats.blocks.own_text import OwnText
from vgstats.catalogue.texts import ASSESSMENT, Passage
from vgstats.page.exporter import NotCompleteError, PageRefusedError, ReportExporter
from vgstats.page.numbers_on_page import unaccounted, unaccounted_beside_own_counts
from vgstats.page.own_words import own_words_faults

PARAMS = """\
report: uppfoljning
lan: ["13", "14"]
before: "2019-12"
after: "2024-12"
"""
TEXT = (
    f"# {ASSESSMENT}\n\nDet gick bra på 43 ställen.\n\n"
    "# Hallands län\n\n## Vad hände?\n\nHär gick det bäst.\n\n## Insatser\n\nVi gjorde 44 saker.\n"
)


def short_notebooks(folder):
    """Cells under headings, two of them in one cell, and one under which nothing stands but own words."""
    file = notebooks(folder, "changes(report)") / "uppfoljning.ipynb"
    whole = nbformat.read(file, as_version=4)
    whole.cells[4:4] = [new_markdown_cell("## Vad hände?\n\n### Förändringar")]
    whole.cells[-1:-1] = [new_markdown_cell("### Insatser"), new_markdown_cell("## Om uppgifterna")]
    nbformat.write(whole, file)
    return folder


def test_own_words_stand_under_their_headings_and_a_changed_text_makes_exactly_its_reports_again(
    tmp_path,
):
    short, store = short_notebooks(tmp_path / "notebooks"), ("--store", tmp_path / "store")
    text, file, plain = tmp_path / "egna.md", tmp_path / "med.yaml", tmp_path / "utan.yaml"
    text.write_text(TEXT, encoding="utf-8")
    file.write_text(PARAMS + "words: egna.md\n", encoding="utf-8")
    plain.write_text(PARAMS, encoding="utf-8")
    options = ("--out", tmp_path, "--notebooks", short, *store)
    done = render(file, plain, *options)
    assert done.returncode == 0 and "unknown parameter" not in done.stderr, done.stderr
    page = tmp_path / "med" / "hallands-lan-2019-12-2024-12.html"
    said = words(read_page(page.read_text(encoding="utf-8")))
    order = [said.index(piece) for piece in (
        "Det gick bra på 43 ställen.", "Här gick det bäst.", "Vi gjorde 44 saker.")]  # fmt: skip
    headings = [said.rindex(piece) for piece in ("Vad hände?", "Insatser")]
    assert order == sorted(order) and headings[0] < order[1] < headings[1] < order[2]
    assert "words: egna.md" in said
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    assert tree.css_first(".front h2.front + .own-words") is not None
    assert [h.text() for h in tree.css(".depth h2, .depth h3")][-2:] == [
        "Insatser",
        "Om uppgifterna",
    ]
    other = (tmp_path / "med" / "vastra-gotalands-lan-2019-12-2024-12.html").read_text(
        encoding="utf-8"
    )
    assert "43 ställen" in other and "gick det bäst" not in other and ">Insatser<" not in other
    assert (
        "own-words"
        not in (tmp_path / "utan" / "hallands-lan-2019-12-2024-12.html")
        .read_text("utf-8")
        .partition("<body>")[2]
    )

    assert "4 reports, all up to date." in render(file, plain, *options).stdout
    text.write_text(TEXT.replace("44 saker", "45 saker"), encoding="utf-8")
    again = render(file, plain, *options, "--explain", "--dry-run")
    assert "med/hallands-lan-2019-12-2024-12.html: to make, its figures changed" in again.stdout
    assert again.stdout.count(": up to date") == 3

    assert vgstats("import", text, *store).returncode == 0
    verified = vgstats("verify", page, "--notebooks", short, *store)
    told = " ".join(verified.stdout.split())
    assert verified.returncode == 3, told
    assert "own words under Insatser: Vi gjorde 44 saker. -> Vi gjorde 45 saker." in told
    html = page.read_text(encoding="utf-8")
    page.write_text(html.replace("gick det bäst", "gick det sämst"), encoding="utf-8")
    altered = vgstats("verify", page, "--notebooks", short, *store)
    assert altered.returncode == 1 and "sämst" in altered.stdout


def box(
    text: str = "Vi gjorde 44 saker, och tre kvinnor kom.",
    section: str = "Insatser",
    **more: object,
) -> str:
    return OwnText(Passage(file="egna.md", section=section, text=text, **more)).html()


def page_of(*cells, carried: dict[str, str] | None = None) -> str:
    filler = "Ord som fyller sidan så att ingen kan ta den för tom, om än utan innehåll. " * 2
    data = {"text/html": f"<h1>Sidan</h1><p>{filler}</p>", OWN_WORDS_TYPE: carried or {}}
    title = new_code_cell("x", execution_count=1, outputs=[new_output("display_data", data=data)])
    return ReportExporter().from_notebook_node(new_notebook(cells=[title, *cells]), {})[0]


def cell(html: str):
    return new_code_cell(
        "x", execution_count=1, outputs=[new_output("display_data", data={"text/html": html})]
    )


def test_words_that_a_cell_shows_are_not_shown_again():
    html = page_of(
        new_markdown_cell("## Insatser"),
        cell("<p>Vi</p>"),
        cell(box()),
        carried={"Insatser": box()},
    )
    assert html.count('class="own-words"') == 1
    html = page_of(new_markdown_cell("## Insatser"), cell("<p>Vi</p>"), carried={"Insatser": box()})
    assert html.index("<p>Vi</p>") < html.index('class="own-words"')


def test_words_whose_heading_the_notebook_lacks_are_told():
    with pytest.raises(
        NotCompleteError, match=r"no heading of the notebook\. Did you mean 'Insatser'"
    ):
        page_of(new_markdown_cell("## Insatser"), cell("<p>x</p>"), carried={"Insatserna": box()})


def test_numbers_are_let_through_in_own_words_and_nowhere_beside_them():
    assert "44 saker" in page_of(cell(box()))
    with pytest.raises(PageRefusedError, match="44 saker"):
        page_of(cell(f"{box('Vi')}<p>Vi gjorde 44 saker.</p>"))
    with pytest.raises(PageRefusedError, match="label of own words without own words and 1 more"):
        page_of(cell(box().replace("own-words", "table")))
    picture = {"bild.png": "data:image/jpeg;base64,/9j/4AAQSkZJRg=="}
    assert "<img" in page_of(
        cell(box("![En trappa med 4 steg uppåt, ritad för hand](bild.png)", pictures=picture))
    )


ODD = {
    "no label": (lambda html: html.replace("own-label", "note"), "do not say whose they are"),
    "an empty label": (lambda html: html.replace(">Regionens egen text", "><span></span>").replace(
        '<span class="unseen">: Insatser</span>', ""), "do not say whose they are"),
    "no name": (lambda html: html.replace('role="region"', ""), "no name for who listens"),
    "a fact": (lambda html: html.replace("44", '<data value="44" data-fact="x|lan:14">44</data>'),
               "a data element in own words"),
    "a heading": (lambda html: html.replace("<p>", "<h4>x</h4><p>"), "a h4 element in own words"),
    "a download": (lambda html: html.replace("<p>", "<details></details><p>"), "a details element"),
    "a label alone": (lambda html: html.replace('class="own-words"', 'class="table"'), "label of own words without"),
    "a short alt": (lambda html: html.replace("<p>", '<p><img alt="x" src="data:image/png;base64,">'), "what it shows"),
    "a running drawing": (lambda html: html.replace(
        "<p>", '<p><img alt="En trappa med fyra steg uppåt, ritad" src="data:image/svg+xml,%3Cscript/%3E">'),
        "more than a drawing"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_own_words_that_hide_whose_they_are_or_hold_what_is_the_reports_are_refused(what):
    change, said = ODD[what]
    page = LexborHTMLParser(f"<main>{change(box())}</main>")
    assert any(said in fault for fault in own_words_faults(page)), list(own_words_faults(page))
    assert list(own_words_faults(LexborHTMLParser(f"<main>{box()}</main>"))) == []


def test_beside_own_counts_own_words_are_held_to_what_the_page_is():
    picture = {"bild.png": "data:image/png;base64,iVBORw0KGgo="}
    text = (
        "Vi gjorde 44 saker, och tre kvinnor kom.\n\n[planen](https://example.org/plan)\n\n"
        "![En trappa med fyra steg uppåt, ritad för hand](bild.png)"
    )
    page = LexborHTMLParser(f"<main>{box(text, pictures=picture)}</main>")
    assert list(unaccounted(page)) == []
    found = " ".join(unaccounted_beside_own_counts(page, set()))
    for said in (
        "44 saker",
        "tre kvinnor",
        "leads to none of the report's sources",
        "picture in the region's own",
    ):
        assert said in found, said
    fine = box("I mars 2024 började vi, och det gick bra.", written_for="2019–2025")
    assert (
        list(unaccounted_beside_own_counts(LexborHTMLParser(f"<main>{fine}</main>"), set())) == []
    )
