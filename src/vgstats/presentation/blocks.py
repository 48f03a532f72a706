"""The blocks that a report is built from: paragraphs, key figures, tables and figures, as HTML.

A figure cannot be made without its alternative text and the table behind it.
"""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import matplotlib as mpl
from matplotlib.figure import Figure as MplFigure
from scour import scour

from vgstats.wording.facts import Fact
from vgstats.wording.text import MISSING, Text, as_text, join


@dataclass(frozen=True)
class Link:
    """A link to a file beside the page."""

    words: str
    file_name: str

    def html(self) -> str:
        """Return an anchor with a relative address."""
        return f'<a href="{quote(self.file_name)}">{html.escape(self.words)}</a>'


SYNTHETIC = "Påhittade siffror."
SYNTHETIC_PAGE = "Påhittade siffror. Sidan är gjord för att prova programmet och säger ingenting om verkligheten."
_MARK = f'<strong class="synthetic">{SYNTHETIC}</strong> '

Cell = Fact | Text | Link | str | None


class Block:
    """Something that shows itself in a notebook and in the report."""

    def html(self) -> str:
        """Return the block as HTML."""
        raise NotImplementedError

    def texts(self) -> list[Text]:
        """Return the sentences that the block says to a reader."""
        return []

    def synthetic(self) -> bool:
        """Return whether the block shows a made-up number."""
        return any(fact.synthetic for text in self.texts() for fact in text.facts())

    def _repr_html_(self) -> str:
        return self.html()


@dataclass(frozen=True)
class Title(Block):
    """The report's one main heading and the line under it; `made_up` warns of synthetic figures."""

    heading: str
    line: Text
    made_up: bool = False

    def html(self) -> str:
        """Return an h1 and a paragraph, under a warning where the figures are made up."""
        warning = f'<p class="synthetic-page">{SYNTHETIC_PAGE}</p>\n' if self.made_up else ""
        return (
            f"{warning}<h1>{html.escape(self.heading)}</h1>\n"
            f'<p class="byline">{self.line.html()}</p>'
        )

    def texts(self) -> list[Text]:
        """Return the line under the heading."""
        return [self.line]


@dataclass(frozen=True)
class Paragraphs(Block):
    """Running text, a paragraph each; `kind` is a CSS class (`lead`, `note`, `missing`)."""

    paragraphs: list[Text]
    kind: str = ""

    def html(self) -> str:
        """Return the paragraphs."""
        mark = f' class="{self.kind}"' if self.kind else ""
        return "\n".join(f"<p{mark}>{text.html()}</p>" for text in self.paragraphs)

    def texts(self) -> list[Text]:
        """Return the paragraphs."""
        return list(self.paragraphs)


@dataclass(frozen=True)
class Heading(Block):
    """A heading below those of the notebook, for parts that only some reports have."""

    words: str

    def html(self) -> str:
        """Return an h4."""
        return f"<h4>{html.escape(self.words)}</h4>"


@dataclass(frozen=True)
class Bullets(Block):
    """A list of sentences, numbered when `ordered`."""

    items: list[Text]
    ordered: bool = False

    def html(self) -> str:
        """Return a list."""
        kind = "ol" if self.ordered else "ul"
        items = "\n".join(f"<li>{item.html()}</li>" for item in self.items)
        return f"<{kind}>\n{items}\n</{kind}>"

    def texts(self) -> list[Text]:
        """Return the items."""
        return list(self.items)


@dataclass(frozen=True)
class Preformatted(Block):
    """Lines to copy as they stand."""

    lines: str

    def html(self) -> str:
        """Return the lines in a box that scrolls by itself."""
        return f'<pre tabindex="0">{html.escape(self.lines)}</pre>'


@dataclass(frozen=True)
class KeyFigure:
    """One card on the first screen: what, from and to, by how much, and when."""

    label: str
    values: Text
    change: Text
    when: Text


@dataclass(frozen=True)
class KeyFigures(Block):
    """The few numbers that answer the first question."""

    figures: list[KeyFigure]

    def html(self) -> str:
        """Return a description list."""
        cards = "\n".join(
            f"<div><dt>{html.escape(figure.label)}</dt>"
            f'<dd class="values">{figure.values.html()}</dd>'
            f'<dd class="change">{figure.change.html()}</dd>'
            f'<dd class="when">{figure.when.html()}</dd></div>'
            for figure in self.figures
        )
        return f'<dl class="key-figures">\n{cards}\n</dl>'

    def texts(self) -> list[Text]:
        """Return every card's value and change as one sentence."""
        return [
            Text("{v} {c}", {"v": figure.values, "c": figure.change}) for figure in self.figures
        ]


@dataclass(frozen=True)
class Column:
    """A column's heading and what it holds."""

    heading: str
    kind: Literal["number", "text", "address"] = "number"


@dataclass(frozen=True)
class Table(Block):
    """A table with caption and scopes; the first column heads the rows.

    A cell is a fact, a text, or None for a number that there is none of. `id` is unique on the page.
    """

    id: str
    caption: Text | str
    columns: list[Column]
    rows: list[list[Cell]]
    note: Text | str | None = None

    def html(self) -> str:
        """Return the table in a named region that scrolls by itself when it is wide."""
        caption_id = f"{self.id}-rubrik"
        head = "".join(
            f'<th scope="col"{_kind(column)}>{html.escape(column.heading)}</th>'
            for column in self.columns
        )
        body = "\n".join(self._row(row) for row in self.rows)
        note = f'\n<p class="note">{as_text(self.note).html()}</p>' if self.note else ""
        mark = _MARK if self.synthetic() else ""
        return (
            f'<div class="table" role="region" tabindex="0" aria-labelledby="{caption_id}">\n'
            f'<table id="{self.id}">\n'
            f'<caption id="{caption_id}">{mark}<span>{as_text(self.caption).html()}</span></caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>{note}"
        )

    def synthetic(self) -> bool:
        """Return whether a cell or a text of the table shows a made-up number."""
        cells = [cell for row in self.rows for cell in row if isinstance(cell, Fact)]
        return any(fact.synthetic for fact in cells) or super().synthetic()

    def _row(self, row: list[Cell]) -> str:
        first, *rest = row
        cells = "".join(
            f"<td{_kind(column)}>{_cell(cell)}</td>"
            for column, cell in zip(self.columns[1:], rest, strict=True)
        )
        return f'<tr><th scope="row">{_cell(first)}</th>{cells}</tr>'

    def texts(self) -> list[Text]:
        """Return the caption, the note and the cells that are sentences."""
        cells = [cell for row in self.rows for cell in row if isinstance(cell, Text)]
        return [as_text(self.caption), *([as_text(self.note)] if self.note else []), *cells]


@dataclass(frozen=True)
class Figure(Block):
    """A drawing with its caption, its conclusion in words and the table behind it.

    `table_open` shows the table at once instead of folding it.
    """

    drawing: MplFigure
    caption: Text | str
    alt: Text
    table: Table
    note: Text | str | None = None
    table_open: bool = False

    def __post_init__(self) -> None:
        alt = self.alt.plain()
        if len(alt) < 30 or alt == as_text(self.caption).plain():
            raise ValueError(f"the alternative text {alt!r} does not state the conclusion")

    def html(self) -> str:
        """Return the figure as an embedded SVG image, with the table open or folded beside it."""
        width, height = self.drawing.get_size_inches() * 96
        note = f'<p class="note">{as_text(self.note).html()}</p>\n' if self.note else ""
        table = self.table.html()
        if not self.table_open:
            table = (
                f"<details><summary>Visa talen i figuren som tabell</summary>\n{table}\n</details>"
            )
        mark, words = (_MARK, f"{SYNTHETIC} ") if self.synthetic() else ("", "")
        return (
            "<figure>\n"
            f"<figcaption>{mark}{as_text(self.caption).html()}</figcaption>\n"
            f'<img alt="{words}{html.escape(self.alt.plain(), quote=True)}" width="{width:.0f}"'
            f' height="{height:.0f}" src="{_svg_address(self.drawing, stamped=bool(mark))}">\n'
            f"{note}{table}\n</figure>"
        )

    def synthetic(self) -> bool:
        """Return whether the figure or the table behind it shows a made-up number."""
        return self.table.synthetic() or super().synthetic()

    def texts(self) -> list[Text]:
        """Return caption, alternative text, note and what the table says."""
        note = [as_text(self.note)] if self.note else []
        return [as_text(self.caption), self.alt, *note, *self.table.texts()]


@dataclass(frozen=True)
class Blocks(Block):
    """Several blocks shown one after the other."""

    blocks: list[Block]

    def html(self) -> str:
        """Return the blocks in order."""
        return "\n".join(block.html() for block in self.blocks)

    def texts(self) -> list[Text]:
        """Return what all the blocks say."""
        return [text for block in self.blocks for text in block.texts()]


@dataclass(frozen=True)
class SideBySide(Blocks):
    """Blocks that stand beside each other where the page is wide; `kind` is a CSS class."""

    kind: str = "side-by-side"

    def html(self) -> str:
        """Return the blocks in a container, each in a box of its own."""
        boxes = "\n".join(f"<div>\n{block.html()}\n</div>" for block in self.blocks)
        return f'<div class="{self.kind}">\n{boxes}\n</div>'


def missing(what: str, available: Text | str = "") -> Paragraphs:
    """Return the paragraph that stands where something cannot be shown.

    `what` is a whole sentence; `available` names where the figures can be had.
    """
    where = Text(" Var de kan sökas: {a}.", {"a": available}) if available else as_text("")
    return Paragraphs([join([as_text(what), where], "")], kind="missing")


def _kind(column: Column) -> str:
    return "" if column.kind == "text" else f' class="{column.kind}"'


def _cell(cell: Cell) -> str:
    if cell is None:
        return f'<span class="missing">{MISSING}</span>'
    return cell.html() if isinstance(cell, Fact | Link) else as_text(cell).html()


def _svg_address(drawing: MplFigure, *, stamped: bool) -> str:
    text = io.StringIO()
    if stamped:
        drawing.text(
            0.5, 0.5, SYNTHETIC.upper().rstrip("."), rotation=20, ha="center", va="center",
            fontsize=26, color="#B3261E", alpha=0.28, weight="bold",
        )  # fmt: skip
    with mpl.rc_context({"svg.hashsalt": "vgstats", "svg.fonttype": "path"}):
        drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    small = scour.scourString(text.getvalue(), _SVG_CLEANING).replace('"', "'")
    return "data:image/svg+xml," + quote(small, safe=" '=:/;,.()-_!*@$+?&|~[]{}^`")


_SVG_CLEANING = scour.sanitizeOptions()
_SVG_CLEANING.strip_xml_prolog = True
_SVG_CLEANING.strip_comments = True
_SVG_CLEANING.remove_metadata = True
_SVG_CLEANING.strip_ids = True
_SVG_CLEANING.shorten_ids = True
_SVG_CLEANING.indent_type = "none"
_SVG_CLEANING.newlines = False
_SVG_CLEANING.digits = 4
