"""Figures: a drawing cannot be shown without its conclusion in words and the table behind it."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure as Drawing

from vgstats.blocks.blocks import SYNTHETIC, SYNTHETIC_MARK, Block, Folded
from vgstats.blocks.tables import Table
from vgstats.drawing.embedding import image_address
from vgstats.facts.text import Text, as_text


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
        width, height = self.drawing.get_size_inches() * 96
        note = f'<p class="note">{as_text(self.note).html()}</p>\n' if self.note else ""
        table = self.table.html()
        if not self.table_open:
            # Beside what folds it, not in it: no style can print what lies in a closed one in all browsers.
            table = Folded([self.table], "Visa talen i figuren som tabell").html()
        mark, words = (SYNTHETIC_MARK, f"{SYNTHETIC} ") if self.synthetic() else ("", "")
        stamp = SYNTHETIC.upper().rstrip(".") if mark else ""
        return (
            "<figure>\n"
            f"<figcaption>{mark}{as_text(self.caption).html()}</figcaption>\n"
            f'<img alt="{words}{html.escape(self.alt.plain(), quote=True)}"'
            f' data-facts="{_facts(self.alt)}" width="{width:.0f}" height="{height:.0f}"'
            f' src="{image_address(self.drawing, stamp=stamp)}">\n'
            f"{note}{table}\n</figure>"
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


def _facts(alt: Text) -> str:
    """Return the facts of an alternative text, whose numbers cannot be elements of their own."""
    said = [(f.id, f"{f.printed():f}", text) for f, text in alt.printed_facts()]
    return html.escape(json.dumps(said, ensure_ascii=False), quote=True)
