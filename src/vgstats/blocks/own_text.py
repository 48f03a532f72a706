"""A region's own words as a block: told apart by eye and ear, of what Markdown may hold here and nothing else."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from vgstats.blocks.blocks import Block, Heading
from vgstats.catalogue.texts import ASSESSMENT, Passage
from vgstats.facts.own_markdown import CAPTION, plain, tree
from vgstats.facts.text import heading_id

LABEL = "Regionens egen text"
OWN_BLOCK = "own-block"  # the class of an analyst's own block on a page
OWN_LABELS = {
    "text": "Analytikerns egen text",
    "table": "Analytikerns egen tabell",
    "figure": "Analytikerns egen figur",
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AS_THEY_ARE = {
    "em": "em", "strong": "strong", "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li",
    "blockquote": "blockquote", "code_inline": "code",
}  # fmt: skip


@dataclass(frozen=True)
class OwnText(Block):
    """A region's own words under a heading; `marks_age` says that they were written for other periods."""

    passage: Passage
    marks_age: bool = False

    @property
    def id(self) -> str:
        """The element that names the box: one a heading."""
        return f"{heading_id(self.passage.section).replace('avsnitt', 'egen-text', 1)}-namn"

    def html(self) -> str:
        """Return the words in a box that says whose they are; on the first page below a heading of their own."""
        passage = self.passage
        whole = tree(passage.text)
        said = [f"Texten skrevs för {passage.written_for}."] if self.marks_age else []
        if any(sign.isnumeric() for sign in _YEAR.sub("", plain(whole))):
            said.append("Tal i texten är skribentens egna.")
        note = f'\n<p class="note">{html.escape(" ".join(said))}</p>' if said else ""
        where = f'<span class="unseen">: {html.escape(passage.section)}</span>'
        label = html.escape(passage.label or LABEL)
        body = "\n".join(Writer(self.id, passage).html(node) for node in whole.children)
        box = (
            f'<div class="own-words" role="region" aria-labelledby="{self.id}">\n'
            f'<p class="own-label" id="{self.id}">{label}{where}</p>{note}\n{body}\n</div>'
        )
        if passage.section != ASSESSMENT:
            return box
        heading = Heading(passage.section, level=2, front=True).html()
        return f'<div class="part">\n{heading}\n{box}\n</div>'


class Writer:
    """Writes the parts of a text that may stand in it, and of any other the words."""

    def __init__(self, id_: str, passage: Passage) -> None:
        self._id, self._pictures = id_, passage.pictures
        self._tables = 0

    def html(self, node: SyntaxTreeNode) -> str:
        """Return a part of the text as HTML."""
        writers: dict[str, Callable[[SyntaxTreeNode], str]] = {
            "softbreak": lambda _: "\n",
            "hardbreak": lambda _: "<br>",
            "link": self._link,
            "image": self._image,
            "table": self._table,
        }
        if write := writers.get(node.type):
            return write(node)
        if node.type == "paragraph" and (node.hidden or self._is_caption(node)):
            return "" if self._is_caption(node) else self._inside(node)
        inside = self._inside(node)
        tag = _AS_THEY_ARE.get(node.type)
        return f"<{tag}>{inside}</{tag}>" if tag else inside

    def _inside(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self.html, node.children)) if node.children else self.words(node)

    def words(self, node: SyntaxTreeNode) -> str:
        """Return the words of a part that has no parts."""
        return html.escape(node.content)

    def _link(self, node: SyntaxTreeNode) -> str:
        address = html.escape(str(node.attrs["href"]), quote=True)
        return f'<a href="{address}" rel="noreferrer noopener">{self._inside(node)}</a>'

    def _image(self, node: SyntaxTreeNode) -> str:
        address = html.escape(self._pictures[str(node.attrs["src"])], quote=True)
        return f'<img alt="{html.escape(plain(node), quote=True)}" src="{address}">'

    @staticmethod
    def _is_caption(node: SyntaxTreeNode) -> bool:
        after = node.next_sibling if node.parent else None
        return after is not None and after.type == "table" and bool(CAPTION.match(plain(node)))

    def _table(self, node: SyntaxTreeNode) -> str:
        self._tables += 1
        letter = chr(ord("a") + self._tables - 1)  # a number in an id would be one on the page
        id_ = f"{self._id.removesuffix('-namn')}-tabell-{letter}"
        caption = self._inside(node.previous_sibling.children[0]) if node.previous_sibling else ""
        head, *body = node.children
        titles = "".join(
            f'<th scope="col"{_kind(cell)}>{self._inside(cell)}</th>'
            for cell in head.children[0].children
        )
        rows = "\n".join(self._row(row) for part in body for row in part.children)
        return (
            f'<div class="table short" role="region" tabindex="0" aria-labelledby="{id_}">\n<table>\n'
            f'<caption id="{id_}"><span>{CAPTION.sub("", caption, count=1)}</span></caption>\n'
            f"<thead><tr>{titles}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def _row(self, row: SyntaxTreeNode) -> str:
        first, *rest = row.children
        cells = "".join(f"<td{_kind(cell)}>{self._inside(cell)}</td>" for cell in rest)
        return f'<tr><th scope="row">{self._inside(first)}</th>{cells}</tr>'


def _kind(cell: SyntaxTreeNode) -> str:
    to_the_right = str(cell.attrs.get("style", "")).endswith("right")
    return ' class="number"' if to_the_right else ""
