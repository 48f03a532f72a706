"""What a cell of a notebook shows or says that no page does: the cell, what it is, and the call that puts it right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.blocks import LEFT_OUT_TYPE
from vgstats.blocks.own_text import OWN_BLOCK
from vgstats.blocks.record import INDEX_ROW_TYPE, RECORD_TYPE
from vgstats.facts.own_markdown import plain, tree
from vgstats.page.numbers_on_page import strangers

TEXT = 'Show words and numbers with vg.text("...", source="...")'
TABLE = 'Show a table with vg.table(frame, caption="...", source="...")'
FIGURE = 'Show a figure with vg.figure(fig, alt="...", data=frame, caption="...", source="...")'
_FIRST_WORDS = 50
_OF_A_DRAWING = re.compile(r"matplotlib|seaborn|<Axes|<Figure|<Patches|BarContainer")
_NUMBER = re.compile(r"(?:np\.\w+\()?-?\d[\d.,e+-]*\)?|\(?(?:-?\d[\d.]*, )+-?\d[\d.]*\)?")


def named(number: int, source: str) -> str:
    """Return a cell by its number and its first words.

    >>> named(7, "# Våra tal\\nprint(3.4)")
    "cell 7 ('print(3.4)')"
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith(("# ", "%"))] or lines
    words = code[0] if code else ""
    return f"cell {number} ({words[:_FIRST_WORDS]!r})"


def markdown_faults(source: str) -> Iterator[str]:
    """Yield what is wrong with each number in a Markdown cell that is no date, code or phrase of our own."""
    for node in tree(source).children:
        for number, around in strangers(plain(node)):
            yield (
                f"says the number {number} in {around!r}, and a number in a Markdown cell has no source and passes no "
                f"control. {TEXT}, in a code cell."
            )


def output_faults(output: NotebookNode) -> Iterator[str]:
    """Yield what a cell shows that is no block of a page, and what to do; warnings are for who makes it."""
    if output.output_type == "error":
        yield f"ended in {output.ename}: {output.evalue}"
    elif output.output_type == "stream":
        if output.name == "stdout" and output.text.strip():
            yield f"prints {output.text.strip()[:60]!r}, which no page shows. {TEXT}."
    else:
        yield from _shown(output.get("data", {}))


def _shown(data: NotebookNode) -> Iterator[str]:
    words, written = str(data.get("text/plain", "")), str(data.get("text/html", ""))
    if 'class="dataframe"' in written or "pandas.io.formats.style" in words:
        yield f"shows a plain DataFrame, whose numbers have no source and pass no control. {TABLE}."
    elif any(kind in data for kind in ("text/html", RECORD_TYPE, INDEX_ROW_TYPE, LEFT_OUT_TYPE)):
        return
    elif any(kind.startswith("image/") for kind in data) or _OF_A_DRAWING.search(words):
        yield f"shows a bare figure, without words for who cannot see it and without its numbers. {FIGURE}."
    elif re.search(r"(?:\ndtype: |\nName: |, dtype: )", words):
        yield f"shows a plain Series, whose numbers have no source and pass no control. {TABLE}."
    elif _NUMBER.fullmatch(words):
        yield f"shows the number {words[:60]}, which has no source and passes no control. {TEXT}."
    else:
        yield (
            f"shows {words[:60]!r}, which is no block of a page. {TEXT}, or a table with vg.table(frame, ...); or end "
            "the cell with a semicolon to show nothing."
        )


def has_own_numbers(output: NotebookNode) -> bool:
    """Return whether a cell shows an own block with numbers of the analyst's own, or with a figure."""
    written = str(output.get("data", {}).get("text/html", ""))
    if OWN_BLOCK not in written:
        return False
    boxes = LexborHTMLParser(written).css(f".{OWN_BLOCK}")
    return any(box.css_first("data, table, img") is not None for box in boxes)
