"""An analyst's own blocks in a report: text, table, figure, each marked as such, its numbers as facts with a source."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markdown_it.tree import SyntaxTreeNode
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.image import _ImageBase

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.own_numbers import OwnNumbers
from vgstats.blocks.own_text import OWN_BLOCK, OWN_LABELS, Writer
from vgstats.blocks.tables import Table
from vgstats.catalogue.numbers_in_words import numbers_in
from vgstats.catalogue.texts import Passage
from vgstats.errors import VgstatsError
from vgstats.facts.own_markdown import faults, plain, tree
from vgstats.facts.text import Name, Text, say

_WHOSE = "Talen är analytikerns egna och inte kontrollerade av vgstats. Källa: {source}."
_FEWEST_ALT = 30


@dataclass(frozen=True)
class OwnBlock(Block):
    """A block that the analyst made: `kind` is one of `OWN_LABELS`, `id` tells it from the others on the page."""

    kind: str
    id: str
    source: str

    def inner(self) -> str:
        """Return what stands in the box, as HTML."""
        raise NotImplementedError

    def has_numbers(self) -> bool:
        """Return whether the block shows a number of the analyst's own."""
        return True

    def html(self) -> str:
        """Return the block in a box that says whose it is, and where its numbers come from."""
        note = say(_WHOSE, source=Name(self.source)).html() if self.has_numbers() else ""
        said = f'\n<p class="note">{note}</p>' if note else ""
        return (
            f'<div class="{OWN_BLOCK}" role="region" aria-labelledby="{self.id}-namn">\n'
            f'<p class="own-label" id="{self.id}-namn">{OWN_LABELS[self.kind]}</p>{said}\n{self.inner()}\n</div>'
        )


@dataclass(frozen=True)
class OwnWords(OwnBlock):
    """An analyst's own text, in Markdown."""

    words: str = ""

    def inner(self) -> str:
        """Return the text, each number in it as a fact."""
        writer = _Writer(self.id, OwnNumbers("vg.text", self.id, self.source))
        return "\n".join(writer.html(node) for node in tree(self.words).children)

    def has_numbers(self) -> bool:
        """Return whether there is a number that is no date and no code."""
        return bool(numbers_in(plain(tree(self.words))))

    def texts(self) -> list[Text]:
        """Return the text, a sentence for each paragraph."""
        numbers = OwnNumbers("vg.text", self.id, self.source)
        return [numbers.said(plain(node)) for node in tree(self.words).children]


class _Writer(Writer):
    def __init__(self, id_: str, numbers: OwnNumbers) -> None:
        super().__init__(id_, Passage(file="", section="", text=""))
        self._numbers = numbers

    def words(self, node: SyntaxTreeNode) -> str:
        """Return the words of a part of the text, each number as a fact."""
        return self._numbers.said(node.content).html()


@dataclass(frozen=True)
class OwnShown(OwnBlock):
    """An analyst's own table or figure."""

    shown: Table | Figure | None = None

    def _block(self) -> Table | Figure:
        assert self.shown is not None  # noqa: S101 - only `table` and `figure` make one
        return self.shown

    def inner(self) -> str:
        """Return the table, or the figure with its table."""
        return self._block().html()

    def texts(self) -> list[Text]:
        """Return what the table or figure says."""
        return self._block().texts()

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers of the table."""
        return self._block().to_frame()


def text(words: str, *, source: str = "") -> OwnWords:
    """Return your own text as a block of a report, marked as the analyst's own.

    Args:
        words: Markdown: paragraphs with an empty line between, lists, **bold**, [links](https://...). Each number that
            is no date or code becomes a number of your own, so 25 is written as it is.
        source: where the numbers come from; needed when there are any.

    Raises:
        VgstatsError: there is a number without source, or something that no page shows; the message says what to do.

    >>> text("Vi höll 25 möten under 2024.", source="Regionens egen uppföljning").to_frame()["value"].tolist()
    [25.0]
    """
    if not isinstance(words, str) or not words.strip():
        raise VgstatsError(
            f'vg.text: {words!r} is no text. Write words in quotation marks: vg.text("...", source="...").'
        )
    for node in tree(words).walk():
        if node.type in ("image", "table"):
            call = "vg.figure" if node.type == "image" else "vg.table"
            raise VgstatsError(f"vg.text: it shows no {node.type}. Use {call} for that.")
    for line, fault in faults(words):
        raise VgstatsError(f"vg.text, line {line + 1}: {fault}.")
    block = OwnWords("text", _id("text", words), _source("vg.text", source, needed=False), words)
    block.texts()  # so that what will not do is told where it is typed
    return block


def table(
    frame: Any, *, caption: str, source: str, units: str | Mapping[str, str] = ""
) -> OwnShown:
    """Return a frame of your own as a table of a report, marked as the analyst's own.

    Args:
        frame: a DataFrame (or Series): its first column, or its index where it has one, heads the rows. Numbers are
            shown with up to two decimals, as many as the column has; round it for fewer. None is shown as missing.
        caption: what the table shows.
        source: where the numbers come from.
        units: the unit of all its numbers, or that of each column by its name.

    Raises:
        VgstatsError: the frame cannot be shown; the message says why and what to do.

    >>> frame = pd.DataFrame({"År": [2023, 2024], "Möten": [18, 25]})
    >>> table(frame, caption="Möten med chefer", source="Regionens egen uppföljning").to_frame()["Möten"].tolist()
    [18.0, 25.0]
    """
    said = _caption("vg.table", caption)
    id_ = _id("table", said, _written(frame))
    numbers = OwnNumbers("vg.table", id_, _source("vg.table", source))
    return OwnShown("table", id_, source, _table(numbers, id_, said, frame, units))


def figure(
    fig: Any, *, alt: str, data: Any, caption: str, source: str, units: str | Mapping[str, str] = ""
) -> OwnShown:
    """Return a figure of your own, drawn with matplotlib or seaborn, with its table, marked as the analyst's own.

    Args:
        fig: what the drawing call gave: a Figure, Axes, or a grid of seaborn.
        alt: what the figure says, in a sentence for who cannot see it.
        data: the frame with the numbers that are drawn, which stands below as a table (see `table`).
        caption: what the figure shows, or better what it says.
        source: where the numbers come from.
        units: the unit of all its numbers, or that of each column by its name.

    Raises:
        VgstatsError: it is no such figure, or something is missing; the message says what to do.

    >>> from matplotlib.figure import Figure
    >>> drawn = Figure()
    >>> lines = drawn.subplots().plot([2023, 2024], [18, 25])
    >>> frame = pd.DataFrame({"År": [2023, 2024], "Möten": [18, 25]})
    >>> figure(drawn, alt="Mötena blev fler, från 18 till 25 om året", data=frame, caption="Mötena blev fler",
    ...        source="Regionens egen uppföljning").kind
    'figure'
    """
    drawing, said = _drawing(fig), _caption("vg.figure", caption)
    if not isinstance(alt, str) or len(alt.strip()) < _FEWEST_ALT or alt.strip() == said:
        raise VgstatsError(
            f"vg.figure: alt={alt!r} does not say what the figure shows to who cannot see it. Write a sentence of at "
            f"least {_FEWEST_ALT} signs, another than the caption."
        )
    id_ = _id("figure", said, alt, _written(data))
    numbers = OwnNumbers("vg.figure", id_, _source("vg.figure", source))
    words = numbers.said(alt.strip())
    below = _table(numbers, id_, said, data, units)
    return OwnShown("figure", id_, source, Figure(drawing, numbers.said(said), words, below))


def _table(
    numbers: OwnNumbers, id_: str, caption: str, frame: Any, units: str | Mapping[str, str]
) -> Table:
    columns, rows = numbers.table(frame, caption, units)
    return Table(id_, numbers.said(caption), columns, rows)


def _drawing(fig: Any) -> Drawing:
    """Return the figure that an analyst's drawing call gave, closed, so that no cell shows it bare as well."""
    found = fig if isinstance(fig, Drawing) else getattr(fig, "figure", None)
    if isinstance(fig, Axes):
        found = fig.get_figure(root=True)
    if not isinstance(found, Drawing):
        raise VgstatsError(
            f"vg.figure: {type(fig).__name__} is no figure. Give what the drawing call of matplotlib or seaborn gave: "
            'fig, or ax, as in ax = frame.plot(); vg.figure(ax, alt="...", data=frame, caption="...", source="...").'
        )
    if any(isinstance(a, _ImageBase) or a.get_rasterized() for a in found.findobj()):
        raise VgstatsError(
            "vg.figure: the figure holds a picture of dots (imshow, a photograph, rasterized), and a page shows lines "
            "and surfaces only. Draw it with bars, lines or pcolormesh, without rasterized."
        )
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(found)
    return found


def _caption(call: str, caption: object) -> str:
    if not isinstance(caption, str) or not caption.strip():
        raise VgstatsError(
            f'{call}: caption={caption!r} says nothing. Write what it shows: caption="Möten med chefer".'
        )
    return caption.strip()


def _source(call: str, source: object, *, needed: bool = True) -> str:
    if not isinstance(source, str) or (needed and not source.strip()):
        raise VgstatsError(
            f"{call}: source={source!r} says nothing. Write where your numbers come from: "
            'source="Regionens egen uppföljning".'
        )
    return source.strip()


def _written(frame: Any) -> str:
    return frame.to_csv() if isinstance(frame, pd.DataFrame | pd.Series) else str(type(frame))


def _id(kind: str, *content: str) -> str:
    """Return what tells a block from others by its content, in letters: a digit in it would be a number on the page."""
    digest = hashlib.sha256("\n".join(content).encode()).hexdigest()[:10]
    letters = digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    return f"{OWN_LABELS[kind].split(' ', 1)[1].replace(' ', '-')}-{letters}"
