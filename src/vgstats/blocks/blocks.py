"""The blocks that a report is built from: titles, paragraphs, lists and key figures, as HTML.

Tables and figures are blocks too, in `tables` and `figures`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import pandas as pd

from vgstats.facts.text import UNCONTROLLED, Name, Text, as_text, say

LEFT_OUT_TYPE = "application/vnd.vgstats.left-out+json"
OWN_WORDS_TYPE = "application/vnd.vgstats.own-words+json"
OWN_FIGURES = "own-figures"  # how the template knows that a page shows a region's own counts
SYNTHETIC = "Påhittade siffror."
SYNTHETIC_PAGE = "Påhittade siffror. Sidan är gjord för att prova programmet och säger ingenting om verkligheten."
SYNTHETIC_MARK = f'<strong class="synthetic">{SYNTHETIC}</strong> '


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

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers that the block shows, as printed: columns `fact`, `value`, `unit`."""
        facts = [fact for text in self.texts() for fact in text.facts()]
        rows = [(fact.id, float(fact.printed()), fact.unit) for fact in facts]
        return pd.DataFrame(rows, columns=["fact", "value", "unit"])

    def left_out(self) -> list[str]:
        """Return what the block would have shown and does not, for who makes the report."""
        return []

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        if not (shown := self.html()):
            words = "\n\n".join(self.left_out())
            return {LEFT_OUT_TYPE: {}, "text/markdown": words, "text/plain": words}
        # Said in full, the plain text would be all that the block is made of, as large as the page again.
        said = shorten(next((text.plain() for text in self.texts()), ""), 100, placeholder=" ...")
        name = type(self).__name__
        return {"text/html": shown, "text/plain": f"<{name}: {said}>" if said else f"<{name}>"}


@dataclass(frozen=True)
class Title(Block):
    """The report's one main heading and the line under it.

    `made_up` warns of synthetic figures, `uncontrolled` of small numbers that nobody has hidden. `imprint` is who
    publishes it and such, each with what it is. `own_words` are the region's, by the headings under which the page
    puts them.
    """

    heading: str
    line: Text
    made_up: bool = False
    uncontrolled: bool = False
    imprint: tuple[tuple[str, str], ...] = ()
    own_words: tuple[tuple[str, Block], ...] = ()

    def html(self) -> str:
        """Return an h1 and a paragraph, under the warnings there are."""
        warning = f'<p class="uncontrolled-page">{UNCONTROLLED}</p>\n' if self.uncontrolled else ""
        warning += f'<p class="synthetic-page">{SYNTHETIC_PAGE}</p>\n' if self.made_up else ""
        said = " · ".join(f"{what}: {Name(words).html()}" for what, words in self.imprint)
        imprint = f'\n<p class="imprint">{said}</p>' if said else ""
        return (
            f"{warning}<h1>{html.escape(self.heading)}</h1>\n"
            f'<p class="byline">{self.line.html()}</p>{imprint}'
        )

    def texts(self) -> list[Text]:
        """Return the line under the heading."""
        return [self.line]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        words = {heading: block.html() for heading, block in self.own_words}
        return {**super()._repr_mimebundle_(), **({OWN_WORDS_TYPE: words} if words else {})}


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
class Quote(Paragraphs):
    """Somebody else's words, set in from those of the report."""

    def html(self) -> str:
        """Return the paragraphs in a blockquote."""
        return f"<blockquote>\n{super().html()}\n</blockquote>"


@dataclass(frozen=True)
class Heading(Block):
    """A heading that no notebook has: below those of one (h4), or of a part of the first page (h2)."""

    words: str
    level: int = 4
    front: bool = False  # on the first page, which the contents do not list

    def html(self) -> str:
        """Return the heading."""
        mark = ' class="front"' if self.front else ""
        return f"<h{self.level}{mark}>{html.escape(self.words)}</h{self.level}>"


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
        return f'<pre class="copy" tabindex="0">{html.escape(self.lines)}</pre>'


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
        return [say("{v} {c}", v=figure.values, c=figure.change) for figure in self.figures]


@dataclass(frozen=True)
class Blocks(Block):
    """Several blocks shown one after the other."""

    blocks: list[Block]

    def html(self) -> str:
        """Return the blocks in order."""
        return "\n".join(filter(None, (block.html() for block in self.blocks)))

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers of the first table or figure among the blocks, else all numbers that they show."""
        own = [b for b in self.blocks if type(b).to_frame is not Block.to_frame]
        return own[0].to_frame() if own else super().to_frame()

    def texts(self) -> list[Text]:
        """Return what all the blocks say."""
        return [text for block in self.blocks for text in block.texts()]

    def left_out(self) -> list[str]:
        """Return what all the blocks leave out."""
        return [words for block in self.blocks for words in block.left_out()]


@dataclass(frozen=True)
class Folded(Blocks):
    """Blocks that a reader unfolds on the screen, under some words; on paper they stand open."""

    summary: str = ""

    def html(self) -> str:
        """Return what folds, and beside it what is folded: no style can print what lies in a closed element."""
        return (
            f"<details><summary>{html.escape(self.summary)}</summary></details>\n"
            f'<div class="folded">\n{super().html()}\n</div>'
        )


@dataclass(frozen=True)
class Part(Blocks):
    """A part of the first page, with its heading; beside another part where there is room for two.

    One of a `sheet` with a table is narrow enough to stand so too, and of such a page only the first is printed.
    """

    sheet: bool = False

    def html(self) -> str:
        """Return the blocks in a box."""
        mark = " sheet" if self.sheet else ""
        return f'<div class="part{mark}">\n{super().html()}\n</div>'


@dataclass(frozen=True)
class WritingLines(Block):
    """Blank lines to write on, each with a word near its end."""

    lines: int
    word: str

    def html(self) -> str:
        """Return a paragraph for each line."""
        return "\n".join([f'<p class="write">{html.escape(self.word)}</p>'] * self.lines)


@dataclass(frozen=True)
class LeftOut(Block):
    """What has no figures: it takes no room on a page; in a notebook it says what is missing and how to get it."""

    what: Text
    commands: tuple[str, ...] = ()
    measures: tuple[
        str, ...
    ] = ()  # those whose lack it tells, so that a list of them need not say it too

    def html(self) -> str:
        """Return nothing: the page lists what is missing once, at its end."""
        return ""

    def left_out(self) -> list[str]:
        """Return what is missing, with the commands that get it."""
        return [" ".join([self.what.plain(), *(f"`{command}`" for command in self.commands)])]


@dataclass(frozen=True)
class SideBySide(Blocks):
    """Blocks that stand beside each other where the page is wide; `kind` is a CSS class."""

    kind: str = "side-by-side"

    def html(self) -> str:
        """Return the blocks in a container, each in a box of its own."""
        boxes = "\n".join(f"<div>\n{block.html()}\n</div>" for block in self.blocks)
        return f'<div class="{self.kind}">\n{boxes}\n</div>'


def paragraphs(
    *said: Text | str | Iterable[Text | str | None] | None, kind: str = ""
) -> Paragraphs:
    """Return a paragraph for each text, those of lists too; None is none.

    >>> paragraphs("Först.", [], None, ["Sedan."]).html()
    '<p>Först.</p>\\n<p>Sedan.</p>'
    """
    return Paragraphs([as_text(text) for text in _flat(said)], kind)


def together(*blocks: Block | Iterable[Block] | None) -> Blocks:
    """Return blocks one after the other, those of lists too; None is none."""
    return Blocks(_flat(blocks))


def _flat(found: Iterable[Any]) -> list[Any]:
    flat = []
    for one in found:
        several = isinstance(one, Iterable) and not isinstance(one, str)
        flat += _flat(one) if several else [] if one is None else [one]
    return flat


def missing(what: Text | str, available: Text | str = "") -> Paragraphs:
    """Return the paragraph that stands where something cannot be shown.

    `what` is a whole sentence; `available` names where the figures can be had.
    """
    if available:
        what = say("{what} Var de kan sökas: {where}.", what=what, where=available)
    return paragraphs(what, kind="missing")
