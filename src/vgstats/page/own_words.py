"""A region's own words on a page: put under the headings of a notebook that has been run, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import unquote

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.blocks.blocks import OWN_WORDS_TYPE
from vgstats.catalogue.texts import ASSESSMENT
from vgstats.errors import nearest
from vgstats.facts.own_markdown import FEWEST_ALT
from vgstats.page.numbers_on_page import OWN_WORDS, attribute, in_own_words
from vgstats.page.own_blocks import in_own_block
from vgstats.sources.own_pictures import is_still_drawing

HEADING = re.compile(r"^#{2,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HOLD = {
    "p", "ul", "ol", "li", "em", "strong", "code", "br", "blockquote", "a", "img", "span", "div", "table", "caption",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class NoPlaceError(Exception):
    """Own words that would not stand on the page."""


def with_own_words(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells with own words last under their headings; those that a cell shows stand there already.

    Raises:
        NoPlaceError: the notebook has no such heading.
    """
    shown = "".join(output.data.get("text/html", "") for output in _outputs(cells))
    found = list(cells)
    for heading, box in _carried(cells).items():
        if box in shown:
            continue
        found = _split_at(found, heading)
        place = _place(found, heading)
        found[place:place] = [_cell(box)]
    return found


def _outputs(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    for cell in cells:
        yield from (output for output in cell.get("outputs", []) if "data" in output)


def _carried(cells: Sequence[NotebookNode]) -> dict[str, str]:
    found: dict[str, str] = {}
    for output in _outputs(cells):
        found |= output.data.get(OWN_WORDS_TYPE, {})
    return found


def _cell(box: str) -> NotebookNode:
    output = new_output("display_data", data={"text/html": box})  # type: ignore[no-untyped-call]
    cell: NotebookNode = new_code_cell("", execution_count=1, outputs=[output])  # type: ignore[no-untyped-call]
    return cell


def _headings(cell: NotebookNode) -> list[str]:
    if cell.cell_type != "markdown":
        return []
    return [found[1].strip() for found in HEADING.finditer(cell.source)]


def _split_at(cells: list[NotebookNode], heading: str) -> list[NotebookNode]:
    """Return the cells with the one that has the heading cut before the heading after it."""
    for at, cell in enumerate(cells):
        there = list(HEADING.finditer(cell.source)) if heading in _headings(cell) else []
        ends = [after.start() for one, after in pairwise(there) if _is(one, heading)]
        if ends:
            parts = (cell.source[: ends[0]].rstrip(), cell.source[ends[0] :])
            cut = [new_markdown_cell(part) for part in parts]  # type: ignore[no-untyped-call]
            return [*cells[:at], *cut, *cells[at + 1 :]]
    return cells


def _is(found: re.Match[str], heading: str) -> bool:
    return found[1].strip() == heading


def _place(cells: list[NotebookNode], heading: str) -> int:
    """Return where the words of a heading go: before the next one."""
    headed = [at for at, cell in enumerate(cells) if _headings(cell)]
    for at in headed:
        if _headings(cells[at])[-1] == heading:
            return next((after for after in headed if after > at), len(cells))
    if heading == ASSESSMENT:
        return headed[0] if headed else len(cells)
    known = [one for at in headed for one in _headings(cells[at])]
    raise NoPlaceError(
        f"own words stand under {heading!r}, which is no heading of the notebook.{nearest(heading, known)} Correct the "
        "heading in the file that words names, or add it to the notebook"
    )


def own_words_faults(page: LexborHTMLParser) -> Iterator[str]:
    """Yield what is wrong with own words: nobody is told whose they are, or they hold what only a report may."""
    for box in page.css(f".{OWN_WORDS}"):
        label = next(box.iter(), None)
        if label is None or attribute(label, "class") != "own-label" or not label.text(strip=True):
            yield "there are own words that do not say whose they are"
        elif attribute(box, "role") != "region" or attribute(box, "aria-labelledby") != label.id:
            yield "there are own words that have no name for who listens to the page"
        for element in box.css("*"):
            if element != box and element.tag not in _HOLD:
                yield f"there is a {element.tag} element in own words"
        for image in box.css("img"):
            yield from _picture(image)
    for label in page.css(".own-label"):
        if not in_own_words(label) and not in_own_block(label):
            yield "there is a label of own words without own words"


def _picture(image: LexborNode) -> Iterator[str]:
    words, source = attribute(image, "alt"), attribute(image, "src")
    if len(words) < FEWEST_ALT:
        yield f"the picture {words[:60]!r} in own words does not say what it shows"
    if source.startswith("data:image/svg") and not is_still_drawing(
        unquote(source.partition(",")[2])
    ):
        yield f"the picture {words[:60]!r} in own words holds more than a drawing"
