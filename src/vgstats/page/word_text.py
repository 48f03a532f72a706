"""What elements of a page say, written into a Word document with the signs and spaces that the eye sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from selectolax.lexbor import LexborNode

from vgstats.page.numbers_on_page import attribute, cell_text
from vgstats.page.word_template import element

SPACE = re.compile(r"[ \t\r\n\f]+")  # never one that holds words together
_LEFT_OUT = {"nav", "map", "style", "script", "details", "summary"}
_NOT_SEEN = {"folded", "unseen", "skip", "to-top", "download"}
_FACES = {"strong": "bold", "em": "italic", "cite": "italic"}
_SIZES = (8.5, 8, 7.5, 7, 6.5, 6)  # points, in a table: the largest that breaks no word
_SIGN = 0.66  # how wide a sign is, of its height
_BESIDE = 3.0  # points on both sides of what a cell says
_POINT = 12700  # of the units of a Word file


def points(size: float) -> Any:
    """Return a size in points as the library has it."""
    from docx.shared import Pt

    return Pt(size)


def is_shown(node: LexborNode) -> bool:
    """Return whether paper shows an element of a page."""
    return node.tag not in _LEFT_OUT and not _NOT_SEEN.intersection(
        attribute(node, "class").split()
    )


def fill(paragraph: Any, node: LexborNode, looks: set[str]) -> None:
    """Write what an element says into a paragraph, with the signs and spaces that the eye sees on the page."""
    for part in node.iter(include_text=True):
        if part.is_text_node:
            run(SPACE.sub(" ", part.text()), paragraph, looks)
        elif part.tag == "br":
            paragraph.add_run().add_break()
        elif part.tag == "data" or attribute(part, "class") == "hidden-number":
            run(cell_text(part), paragraph, looks)
        elif part.tag == "a" and attribute(part, "href").startswith(("https://", "http://")):
            _link(paragraph, part, looks)
        elif is_shown(part):
            fill(paragraph, part, looks | {_FACES[part.tag]} if part.tag in _FACES else looks)


def trim(paragraph: Any) -> None:
    """Take away the ordinary spaces at both ends of a paragraph, which the page does not show."""
    texts = list(paragraph._p.iter(element("w:t").tag))
    if texts:
        texts[0].text = (texts[0].text or "").lstrip(" ")
        texts[-1].text = (texts[-1].text or "").rstrip(" ")


def run(words: str, paragraph: Any, looks: set[str]) -> None:
    """Write words at the end of a paragraph, as a text whatever they look like."""
    run = paragraph.add_run(clean(words))
    for look in sorted(looks):
        setattr(run, look, True)


def _link(paragraph: Any, node: LexborNode, looks: set[str]) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    address = clean(attribute(node, "href"))
    known = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink")
    link.set(element("r:id").tag, known)
    before = len(paragraph.runs)
    fill(paragraph, node, looks)
    for run in paragraph.runs[before:]:
        run.font.underline = True
        link.append(run._r)
    paragraph._p.append(link)


def clean(words: str) -> str:
    """Return words without the signs that no Word file may hold."""
    return "".join(ILLEGAL_CHARACTERS_RE.split(words))


def fill_table(table: Any, rows: Sequence[Sequence[LexborNode]], heads: int, room: int) -> None:
    """Write cells into the rows of a table as wide as a sheet, the first rows as heads of the columns.

    No number is broken: letters are made smaller where there is not room for the longest word of every column.
    """
    least, whole = [0] * len(table.columns), [0] * len(table.columns)
    for row in rows:
        for place, cell in enumerate(row):
            words = SPACE.sub(" ", cell_text(cell)).strip()
            least[place] = max(least[place], *map(len, words.split(" ")))
            whole[place] = max(whole[place], len(words))
    aside = 2 * _BESIDE + 1
    fitting = (
        size for size in _SIZES if sum(n * size * _SIGN + aside for n in least) * _POINT <= room
    )
    size = next(fitting, _SIZES[-1])
    needed = [n * size * _SIGN + aside for n in least]
    wanted = [max(w * size * _SIGN + aside - n, 0) for w, n in zip(whole, needed, strict=True)]
    left = max(room / _POINT - sum(needed), 0)
    share = left / max(sum(wanted), left, 1)
    _set_margins(table)
    table.autofit = False
    for column, least_wide, more in zip(table.columns, needed, wanted, strict=True):
        column.width = int((least_wide + more * share) * _POINT)
    for number, (row, nodes) in enumerate(zip(table.rows, rows, strict=True)):
        for column, cell, node in zip(table.columns, row.cells, nodes, strict=False):
            cell.width = column.width
            _fill_cell(cell, node, size, head=number < heads)


def _set_margins(table: Any) -> None:
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(int(20 * _BESIDE)), type="dxa"))
    look = table._tbl.tblPr.find(element("w:tblLook").tag)
    look.addprevious(margins)


def _fill_cell(cell: Any, node: LexborNode, size: float, *, head: bool) -> None:
    paragraph = cell.paragraphs[0]
    fill(paragraph, node, {"bold"} if head else set())
    trim(paragraph)
    looks = paragraph.paragraph_format
    looks.space_before = looks.space_after = points(1)
    looks.line_spacing = 1.0
    if attribute(node, "class") == "number":
        looks.alignment = 2  # to the right
    for run in paragraph.runs:
        run.font.size = points(size)
