"""The parts of a page: what stands first, contents that reach every section, and no heading over nothing."""

from __future__ import annotations

import nbformat
import pytest
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.blocks import LEFT_OUT_TYPE, Folded, Heading, paragraphs, together
from vgstats.facts.text import SectionLink, say
from vgstats.page.exporter import _without_empty_sections
from vgstats.page.template import with_contents
from vgstats.sections.words import left_out

BODY = (
    "<h1>Rubrik</h1>\n"
    + Heading("Det viktigaste", level=2, front=True).html()
    + paragraphs(say("Se {a} och {b}.", a=SectionLink("Vad hände?"), b=SectionLink("Karta"))).html()
    + "<h2>Vad hände?</h2><h3>Mål</h3><p>Text.</p><h3>Mål</h3><p>Mer.</p><h2>Källor</h2><p>Slut.</p>"
)


@pytest.fixture(scope="module")
def page() -> LexborHTMLParser:
    return LexborHTMLParser(f"<main>{with_contents(BODY)}</main>")


def test_every_section_and_subsection_is_in_the_contents_and_its_link_leads_there(page):
    links = page.css("nav li a")
    assert [link.text() for link in links] == ["Vad hände?", "Mål", "Mål", "Källor"]
    targets = [link.attributes["href"].removeprefix("#") for link in links]
    assert len(set(targets)) == 4
    assert all(page.css_first(f".depth #{target}") is not None for target in targets)


def test_the_subsections_stand_inside_their_section(page):
    assert [link.text() for link in page.css("nav > ol > li > a")] == ["Vad hände?", "Källor"]
    assert [link.text() for link in page.css("nav > ol > li > ol > li > a")] == ["Mål", "Mål"]


def test_the_first_page_stands_before_the_contents_and_is_not_listed_there(page):
    assert page.css_first("main > .front h2").text() == "Det viktigaste"
    assert "Det viktigaste" not in page.css_first("nav").text()


def test_a_section_that_is_named_is_a_link_where_the_page_has_it_and_words_where_not(page):
    said = page.css_first(".front p")
    assert said.text() == "Se Vad hände? och Karta."
    assert [link.attributes["href"] for link in said.css("a")] == ["#avsnitt-vad-hande"]


def cells(*parts: str) -> list[nbformat.NotebookNode]:
    """Markdown cells for texts that begin with #, else code cells that show the text, or nothing for an empty one."""
    made = []
    for part in parts:
        if part.startswith(("#", "Egen")):
            made.append(nbformat.v4.new_markdown_cell(part))
            continue
        data = {"text/html": part} if part else {LEFT_OUT_TYPE: {}}
        output = nbformat.v4.new_output("execute_result", data=data)
        made.append(nbformat.v4.new_code_cell("x", outputs=[output]))
    return made


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["## A", "### B", "", "### C", "<p>c</p>"], ["## A", "### C"]),
        (["## A", "### B", "", "## C", "<p>c</p>"], ["## C"]),
        (["## A", "<p>a</p>", "### B", ""], ["## A"]),
        (["## A", "", "### B", "<p>b</p>", "## C", ""], ["## A", "### B"]),
        (["## A", "Egen text", ""], ["## A", "Egen text"]),
        (["## A\n\nEgen text i samma cell", ""], ["## A\n\nEgen text i samma cell"]),
    ],
)
def test_a_heading_stands_only_where_something_stands_under_it(given, kept):
    found = _without_empty_sections(cells(*given))
    assert [cell.source for cell in found if cell.cell_type == "markdown"] == kept


class _Report:
    def __init__(self) -> None:
        self.left_out = {}


def test_what_is_left_out_takes_no_room_on_a_page_and_tells_an_analyst_what_and_how():
    report = _Report()
    block = left_out(report, "Kommunernas tal saknas.", "vgstats fetch ohalsotal", "")
    assert together(block, block).html() == ""
    shown = together(block)._repr_mimebundle_()
    assert "text/html" not in shown and LEFT_OUT_TYPE in shown
    assert shown["text/markdown"] == "Kommunernas tal saknas. `vgstats fetch ohalsotal`"
    assert list(report.left_out) == ["Kommunernas tal saknas."]


def test_what_is_folded_stands_beside_what_folds_it_so_that_paper_can_show_it():
    page = LexborHTMLParser(Folded([paragraphs("Djup.")], "Så är det räknat").html())
    assert page.css_first("details > summary").text() == "Så är det räknat"
    assert page.css_first("details").text(strip=True) == "Så är det räknat"
    assert page.css_first("details + .folded p").text() == "Djup."
