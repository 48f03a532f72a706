"""The Markdown of a region's own words: what may stand in it, and what else does, with its line.

A list of what is allowed: whatever Markdown comes to have, nothing runs and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

CAPTION = re.compile(r"Tabell:\s*")
FEWEST_ALT = 30
_MOST = 3000  # signs of a text, as of the other texts of a region
_MOST_ROWS, _MOST_COLUMNS = 30, 6
_MOST_ADDRESS = 300
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?:[/?#][^\s\\]*)?")
_SPACES = "\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_TEXT = {"text", "softbreak", "hardbreak"}
_INLINE = {"em", "strong", "link", "code_inline", "inline", *_TEXT}
_BLOCKS = {"paragraph", "bullet_list", "ordered_list", "list_item", "blockquote"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_REMEDY = {
    "heading": "a heading may not stand inside a text. Write it in bold",
    "hr": "a line across the page has no place. Remove it",
    "fence": "code has no place. Write it as words",
    "code_block": "a line that begins with four blanks or a tab is code, which has no place. Take the blanks away",
    "html_block": "HTML has no place, comments neither. Remove it, or write \\< for the sign itself",
    "html_inline": "HTML has no place, comments neither. Remove it, or write \\< for the sign itself",
}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Every address comes through here and is judged below: what is refused silently stands there as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def tree(text: str) -> SyntaxTreeNode:
    """Return what a text consists of."""
    return SyntaxTreeNode(_parser().parse(text))


def headings(text: str) -> list[tuple[int, int, str]]:
    """Return the headings of a file: the line where each stands, the line after it, and its words."""
    return [
        (node.map[0], node.map[1], " ".join(plain(node).split()))
        for node in tree(text).children
        if node.type == "heading" and node.map
    ]


def plain(node: SyntaxTreeNode) -> str:
    """Return the words of a part of a text."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    between = "" if node.type in {*_INLINE, "image"} else " "
    return between.join(plain(child) for child in node.children)


def pictures(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each picture in a text."""
    for node in tree(text).walk():
        if node.type == "image":
            yield _line(node), str(node.attrs.get("src", ""))


def faults(text: str, *, on_first_page: bool = False) -> Iterator[tuple[int, str]]:
    """Yield what may not stand in a text, each with its line (the first is 0) and what to do.

    `on_first_page` says that there is room for running text only.
    """
    if len(text) > _MOST:
        yield 0, f"{len(text)} signs are too many: at most {_MOST} have room. Write less"
    for at, line in enumerate(text.splitlines()):
        if unseen := _unseen(line):
            yield at, unseen
    whole = tree(text)
    for node in whole.walk():
        if node.type != "root" and (fault := _fault(node, on_first_page=on_first_page)):
            yield _line(node), fault


def _fault(node: SyntaxTreeNode, *, on_first_page: bool) -> str:
    """Return what is wrong with a part of a text and what to do, empty when nothing is."""
    kind = node.type
    if kind == "text" and "](" in node.content:
        return f"{node.content[:60]!r} is no link as it is written. Write [words](https://...) without blanks"
    if kind in ("text", "code_inline") and (unseen := _unseen(node.content)):
        return unseen  # written as &#8238;
    if on_first_page and kind in {*_TABLE, "image", "bullet_list", "ordered_list", "blockquote"}:
        return "on the first page there is room for running text only. Move it to another section"
    if kind == "table":
        return _table_fault(node)
    if kind == "image":
        return _image_fault(node)
    if kind == "link":
        return _link_fault(node)
    if kind == "ordered_list" and node.attrs.get("start", 1) != 1:
        return f"the list begins at {node.attrs['start']}. Let it begin at 1"
    if kind in _INLINE | _BLOCKS | _TABLE:
        return ""
    return _REMEDY.get(kind, f"{kind} has no place. Remove it")


def _unseen(text: str) -> str:
    odd = next((sign for sign in text if not sign.isprintable() and sign not in _SPACES), None)
    return f"it holds a sign that nobody sees, {odd!r}. Write the line anew" if odd else ""


def _link_fault(node: SyntaxTreeNode) -> str:
    address = str(node.attrs.get("href", ""))
    if not _ADDRESS.fullmatch(address) or len(address) > _MOST_ADDRESS:
        return f"the link {address[:60]!r} will not do. Write a whole address that begins with https://"
    if node.attrs.get("title"):
        return f"the link {address[:60]!r} has a title, which nobody sees. Remove it"
    if not plain(node).strip():
        return f"the link {address[:60]!r} has no words. Write where it leads"
    return ""


def _image_fault(node: SyntaxTreeNode) -> str:
    name, words = str(node.attrs.get("src", "")), plain(node).strip()
    above = node.parent
    if above is None or len(above.children) > 1 or not _is_on_top(above.parent):
        return f"the picture {name!r} stands among words. Give it a paragraph of its own"
    if node.attrs.get("title"):
        return f"the picture {name!r} has a title, which nobody sees. Remove it"
    if len(words) < FEWEST_ALT:
        return (
            f"the picture {name!r} is told in {len(words)} signs, and who cannot see it needs at least {FEWEST_ALT}. "
            "Write what it shows: ![what it shows](FILE)"
        )
    return ""


def _table_fault(node: SyntaxTreeNode) -> str:
    if not _is_on_top(node):
        return "a table stands in a list or a quotation. Let it stand by itself"
    before = node.previous_sibling
    if before is None or not CAPTION.match(plain(before)):
        return "the table has no name. Write a paragraph before it: Tabell: what it shows"
    head, *body = node.children
    rows = [row for part in body for row in part.children]
    (titles,) = head.children
    if len(rows) > _MOST_ROWS or len(titles.children) > _MOST_COLUMNS:
        return (
            f"the table has {len(rows)} rows and {len(titles.children)} columns; at most {_MOST_ROWS} and "
            f"{_MOST_COLUMNS} have room. Write less"
        )
    if not rows:
        return "the table has no row below its headings. Add one, or remove the table"
    heads = [*titles.children, *(row.children[0] for row in rows)]
    if not all(plain(cell).strip() for cell in heads):
        return "the table has an empty heading or an empty first cell. Write something in each"
    return ""


def _is_on_top(node: SyntaxTreeNode | None) -> bool:
    return node is not None and node.parent is not None and node.parent.type == "root"


def _line(node: SyntaxTreeNode) -> int:
    """Return the line where a part of a text stands."""
    breaks = 0
    while node.map is None and node.parent is not None:
        siblings = node.parent.children
        before = siblings[: next(i for i, one in enumerate(siblings) if one is node)]
        breaks += sum(one.type in ("softbreak", "hardbreak") for one in before)
        node = node.parent
    return (node.map[0] if node.map else 0) + breaks
