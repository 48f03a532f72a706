"""A finished page part by part: its tables and figures, for what is taken out of it into other files.

What is made of these parts holds nothing that the page, which has passed its gate, does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import pandas as pd
from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.blocks.blocks import SYNTHETIC
from vgstats.blocks.own_text import OWN_BLOCK
from vgstats.facts.facts import NO_BREAK, id_of
from vgstats.facts.text import UNCONTROLLED
from vgstats.methods.observed import with_worked_out
from vgstats.observations import newest
from vgstats.page.numbers_on_page import attribute, cell_text

FACT = "\ue000"


@dataclass(frozen=True)
class Number:
    """A number on a page: its id, its unit, its machine value and how it is printed."""

    id: str
    unit: str
    value: str
    text: str


@dataclass(frozen=True)
class CellRead:
    """A cell of a table: its numbers, and its words with a sign for each of them."""

    words: str
    numbers: tuple[Number, ...]

    @property
    def text(self) -> str:
        """The cell as it reads."""
        parts = self.words.split(FACT)
        numbers = [*(number.text for number in self.numbers), ""]
        return "".join(part + number for part, number in zip(parts, numbers, strict=True))


@dataclass(frozen=True)
class TableRead:
    """A table: its id, the heading it stands under, what it says, its notes, and its cells by rows.

    `finding` is the figure's where the table stands behind one, and the table's own caption is then the first note.
    """

    id: str
    under: str
    finding: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[CellRead, ...], ...]


@dataclass(frozen=True)
class FigureRead:
    """A figure: what it says, in full for who does not see it, its notes, its image with its size, and its table."""

    finding: str
    alt: str
    notes: tuple[str, ...]
    image: str
    size: tuple[int, int]
    table: TableRead


@dataclass(frozen=True)
class Parts:
    """A finished page, taken apart."""

    page: LexborHTMLParser

    @classmethod
    def of(cls, html: str) -> Parts:
        """Return the parts of a page."""
        return cls(LexborHTMLParser(html))

    @cached_property
    def record(self) -> dict[str, Any]:
        """What the page says of itself to machines."""
        script = self.page.css_first('script[type="application/ld+json"]')
        found: dict[str, Any] = json.loads(script.text()) if script else {}
        return found

    @cached_property
    def title(self) -> str:
        """The main heading."""
        return _first(self.page, "h1")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What stands under the main heading, who publishes the page, and who made it when."""
        found = (_first(self.page, where) for where in ("p.byline", "p.imprint", "footer p"))
        return tuple(filter(None, found))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What every file made of the page has to say too: that its numbers are made up, or not controlled."""
        said = {"p.uncontrolled-page": UNCONTROLLED + ".", "p.synthetic-page": SYNTHETIC}
        return tuple(words for where, words in said.items() if self.page.css_first(where))

    @cached_property
    def tables(self) -> tuple[TableRead, ...]:
        """The tables, in the order of the page."""
        under, found = "", []
        for element in self.page.css("h1, h2, h3, h4, table"):
            if element.tag == "table":
                found.append(_table(element, under))
            else:
                under = said(element)
        return tuple(found)

    @cached_property
    def figures(self) -> tuple[FigureRead, ...]:
        """The figures of the report, in the order of the page."""
        tables = {table.id: table for table in self.tables}
        return tuple(
            _figure(figure, tables)
            for figure in self.page.css("figure")
            if figure.css_first("img") and figure.css_first("table")
        )

    @cached_property
    def words(self) -> str:
        """All that the page says, and the addresses that it links to."""
        links = (attribute(link, "href") for link in self.page.css("a[href^=http]"))
        body = self.page.body
        return "\n".join([said(body) if body else "", *links])


class Called:
    """What the sources of the numbers are called, in words that stand on the page."""

    def __init__(self, words: str, observations: pd.DataFrame, sources: pd.DataFrame) -> None:
        self._words = words
        self.sources = sources
        self._of = {
            id_of(*key): value.source
            for key, value in newest(with_worked_out(observations)).items()
        }

    def shown(self, words: str) -> str:
        """Return words that the page has, else none."""
        as_begun = words[:1].upper() + words[1:]  # as the first in its cell
        return next((one for one in (words, as_begun) if one in self._words), "")

    def of(self, numbers: Iterable[Number]) -> str:
        """Return what the sources of some numbers, or of what they are worked out of, are called."""
        keys = dict.fromkeys(filter(None, map(self._source, numbers)))
        names = (
            self.shown(self.sources.loc[key, "short"]) for key in keys if key in self.sources.index
        )
        return "; ".join(dict.fromkeys(filter(None, names)))

    def _source(self, number: Number) -> str:
        """Return the source of a number, or of the one whose key stands within its id (`skillnad|KEY|från ...`)."""
        parts = number.id.partition("|från ")[0].split("|")
        spans = combinations(range(len(parts) + 1), 2)
        within = sorted(("|".join(parts[a:b]) for a, b in spans), key=len, reverse=True)
        return next((self._of[key] for key in within if key in self._of), "")


def said(element: LexborNode) -> str:
    """Return what an element says, its numbers as the eye sees them."""
    return " ".join(cell_text(element).replace(NO_BREAK, " ").split(" ")).strip()


def _first(page: LexborHTMLParser, where: str) -> str:
    element = page.css_first(where)
    return said(element) if element else ""


def _caption(element: LexborNode | None) -> str:
    """Return the words of a caption, without the mark of made-up numbers: a file says that by itself."""
    return said(element).removeprefix(SYNTHETIC).strip() if element else ""


def _table(table: LexborNode, under: str) -> TableRead:
    head, *rows = table.css("tr")
    figure = _around(table, "figure")
    caption = _caption(table.css_first("caption"))
    notes = _notes_after(table.parent)
    if figure is not None:
        above = [said(note) for note in figure.css("p.note") if said(note) not in notes]
        label = () if any(note.startswith(caption) for note in above) else (caption,)
        finding, notes = _caption(figure.css_first("figcaption")), (*label, *above, *notes)
    else:
        finding = caption
    return TableRead(
        table.id or "",
        under,
        finding,
        tuple(filter(None, (*_whose(table), *notes))),
        tuple(said(heading) for heading in head.css("th")),
        tuple(tuple(_cell(cell) for cell in row.css("th, td")) for row in rows),
    )


def _notes_after(region: LexborNode | None) -> tuple[str, ...]:
    found: list[str] = []
    after = region.next if region else None
    while after is not None and (after.tag == "-text" or attribute(after, "class") == "note"):
        found += [said(after)] if after.tag == "p" else []
        after = after.next
    return tuple(found)


def _cell(cell: LexborNode) -> CellRead:
    numbers = tuple(
        Number(
            attribute(fact, "data-fact"),
            _unit(fact),
            attribute(fact, "value"),
            cell_text(fact),
        )
        for fact in cell.css("data")
    )
    return CellRead(_words(cell).strip(), numbers)


def _unit(fact: LexborNode) -> str:
    """Return what a number is counted in: its own unit, else what its table says of all that name none."""
    said: LexborNode | None = fact
    while said is not None and "data-unit" not in said.attributes:
        said = said.parent
    return attribute(said, "data-unit") if said is not None else ""


def _words(node: LexborNode) -> str:
    if node.tag == "data":
        return FACT
    if node.is_text_node or attribute(node, "class") == "hidden-number":
        return cell_text(node)
    return "".join(map(_words, node.iter(include_text=True)))


def _figure(figure: LexborNode, tables: Mapping[str, TableRead]) -> FigureRead:
    (image, *_), (table, *_) = figure.css("img"), figure.css("table")
    behind = tables[table.id or ""]
    return FigureRead(
        behind.finding,
        attribute(image, "alt"),
        _label(figure),
        attribute(image, "src"),
        (int(attribute(image, "width")), int(attribute(image, "height"))),
        behind,
    )


def _label(figure: LexborNode) -> tuple[str, ...]:
    """Return the notes that stand under a drawing, and of those under its table the one with the source."""
    notes = [(said(note), _around(note, "div")) for note in figure.css("p.note")]
    own = [words for words, box in notes if box is None or _around(box, "figure") is None]
    named = [words for words, _ in notes if words not in own and "Käll" in words]
    return (*_whose(figure), *own, *named[: not any("Käll" in words for words in own)])


def _whose(element: LexborNode) -> tuple[str, ...]:
    """Return whose numbers these are: the label and note of an analyst's own block, where the element stands in one."""
    above = element.parent
    while above is not None and attribute(above, "class") != OWN_BLOCK:
        above = above.parent
    label = above.css_first("p.own-label") if above is not None else None
    return (said(label), *_notes_after(label)) if label is not None else ()


def _around(element: LexborNode, name: str) -> LexborNode | None:
    above = element.parent
    while above is not None and above.tag != name:
        above = above.parent
    return above
