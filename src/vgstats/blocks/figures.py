"""Figures: a drawing cannot be shown without its conclusion in words and the table behind it."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from vgstats.blocks.blocks import SYNTHETIC, SYNTHETIC_MARK, Block, Folded
from vgstats.blocks.tables import Table
from vgstats.facts.text import Text, as_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


@dataclass(frozen=True)
class Figure(Block):
    """A drawing with its caption, its conclusion in words and the table behind it.

    `table_open` shows the table at once instead of folding it.
    """

    drawing: Drawing
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
        """Return the figure as an embedded image, with the table open or folded beside it."""
        note = f'<p class="note">{as_text(self.note).html()}</p>\n' if self.note else ""
        table = self.table.html()
        if not self.table_open:
            # Beside what folds it, not in it: no style can print what lies in a closed one in all browsers.
            table = Folded([self.table], "Visa talen").html()
        return f"<figure>\n{self._caption()}\n{self._image()}\n{note}{table}\n</figure>"

    def _caption(self) -> str:
        mark = SYNTHETIC_MARK if self.synthetic() else ""
        return f"<figcaption>{mark}{as_text(self.caption).html()}</figcaption>"

    def _image(self, more: str = "") -> str:
        from vgstats.drawing.embedding import image_address

        width, height = self.drawing.get_size_inches() * 96
        words, stamp = (
            (f"{SYNTHETIC} ", SYNTHETIC.upper().rstrip(".")) if self.synthetic() else ("", "")
        )
        return (
            f'<img alt="{words}{html.escape(self.alt.plain(), quote=True)}"'
            f' data-facts="{facts_in(self.alt)}" width="{width:.0f}" height="{height:.0f}"{more}'
            f' src="{image_address(self.drawing, stamp=stamp)}">'
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers of the table behind the figure (see `Table.to_frame`)."""
        return self.table.to_frame()

    def synthetic(self) -> bool:
        """Return whether the figure or the table behind it shows a made-up number."""
        return self.table.synthetic() or super().synthetic()

    def texts(self) -> list[Text]:
        """Return caption, alternative text, note and what the table says."""
        note = [as_text(self.note)] if self.note else []
        return [as_text(self.caption), self.alt, *note, *self.table.texts()]


@dataclass(frozen=True)
class AreaLink:
    """A part of a map that leads to a report: its outline (see `map_of_changes`), and what is there in words."""

    outline: list[int]
    file_name: str
    alt: Text

    def html(self) -> str:
        """Return an area of a map."""
        return (
            f'<area shape="poly" coords="{",".join(map(str, self.outline))}" href="{quote(self.file_name)}"'
            f' alt="{html.escape(self.alt.plain(), quote=True)}" data-facts="{facts_in(self.alt)}">'
        )


@dataclass(frozen=True)
class LinkedMap(Figure):
    """A map with a link on each area, and the table beside it, which has the same links."""

    links: tuple[AreaLink, ...] = ()

    def html(self) -> str:
        """Return the map, and beside it, where there is room, the table."""
        name = f"karta-{self.table.id}"
        usemap = f' usemap="#{name}"'
        areas = "\n".join(link.html() for link in self.links)
        note = f'\n<p class="note">{as_text(self.note).html()}</p>' if self.note else ""
        return (
            f'<figure>\n{self._caption()}\n<div class="map-and-table">\n<div>\n'
            f'{self._image(usemap)}\n<map name="{name}">\n{areas}\n</map>{note}\n</div>\n'
            f"<div>\n{self.table.html()}\n</div>\n</div>\n</figure>"
        )

    def texts(self) -> list[Text]:
        """Return what the map, its links and the table say."""
        return [*super().texts(), *(link.alt for link in self.links)]


def facts_in(alt: Text) -> str:
    """Return the facts of an alternative text, whose numbers cannot be elements of their own."""
    said = [(f.id, f"{f.printed():f}", text) for f, text in alt.printed_facts()]
    return html.escape(json.dumps(said, ensure_ascii=False), quote=True)
