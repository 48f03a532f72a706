"""What a finished page must be before it is put in place: sealed, and readable for everyone.

It holds only the elements and attributes that our templates, blocks and Markdown cells write: a list of what is
forbidden is never complete, since a number can stand in any attribute, and be hidden by any element.

Automatic checks in a browser (axe) pass an empty page and an alternative text that says nothing; these
do not. Each fault is one sentence, for the person who changed a template or a notebook.

A page is parsed as browsers do it (with Lexbor), so that nothing hides in a mistake that they read otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.blocks.blocks import SYNTHETIC, SYNTHETIC_PAGE
from vgstats.facts.facts import NO_BREAK, printed_forms
from vgstats.facts.text import HIDDEN_MARK, HIDDEN_WORDS, UNCONTROLLED
from vgstats.page.drawn import is_drawing
from vgstats.page.numbers_on_page import attribute, facts_of, in_own_words, unaccounted
from vgstats.page.own_blocks import own_blocks_faults
from vgstats.page.own_words import own_words_faults
from vgstats.page.template import made_words, security_policy, style

_HEADER_STYLE = re.compile(r'@page \{ @top-left \{ content: "[^"<>{};]*"; \} \}')
_SAID = {  # what a reader is warned with stands in full
    "p.uncontrolled-page": UNCONTROLLED,
    "p.synthetic-page": SYNTHETIC_PAGE,
    "strong.synthetic": SYNTHETIC,
}
_SHORTEST_ALT = 30
_SHORTEST_PAGE = 100
_PLACEHOLDER = "No description has been provided for this image"

_NAME = r"[\w-]+"
_ANY = r"[\s\S]*"
_HEADING_ROLES = "(?:row|column)header"
_ADDRESS = rf"#{_NAME}|data:text/csv;{_ANY}|https?://\S+|[\w-][\w.-]*\.(?:html|pdf|xlsx|docx)"
_IMAGE = rf"data:image/(?:svg\+xml,|(?:png|jpeg);base64,){_ANY}"

# Each element, and what each attribute that it may have may say.
_ELEMENTS: dict[str, dict[str, str]] = {
    "html": {"lang": ".*"},
    "head": {},
    "meta": {
        "charset": "utf-8",
        "name": "viewport|color-scheme",
        "http-equiv": "Content-Security-Policy",
        "content": ".*",
    },
    "title": {},
    "style": {},
    "script": {"type": r"application/ld\+json"},
    "body": {},
    "main": {"id": "innehallet"},
    "nav": {"aria-label": "Innehåll"},
    "footer": {},
    "h2": {"id": _NAME, "class": "front"},
    "h3": {"id": _NAME},
    **{f"h{level}": {} for level in (1, 4, 5, 6)},
    "ol": {"class": "folded"},
    **{tag: {} for tag in ("ul", "li", "em", "br", "hr", "blockquote", "code", "cite")},
    "p": {
        "class": "byline|download|imprint|lead|missing|note|own-figures|own-label|synthetic-page|to-top"
        "|uncontrolled-page|write",
        "id": _NAME,
    },
    "strong": {"class": "synthetic"},
    "span": {"class": "hidden-number|missing|unseen", "aria-hidden": "true"},
    "a": {
        "class": "skip",
        "aria-describedby": _NAME,
        "href": _ADDRESS,
        "rel": "noreferrer noopener",
        "download": rf"{_NAME}\.csv",
        "id": rf"{_NAME}-csv",
        "aria-labelledby": rf"{_NAME}-csv {_NAME}-rubrik",
    },
    "pre": {"class": "copy", "tabindex": "0"},
    "time": {"datetime": r"[\d:T+-]+"},
    "data": {"value": r"-?\d+(?:\.\d+)?", "data-fact": ".+", "data-unit": ".*"},
    "i": {"class": "[gm]"},
    "dl": {"class": "key-figures"},
    "dt": {},
    "dd": {"class": "values|change|when"},
    "div": {
        "class": "table(?: stacks)?(?: short)?(?: wide)?|folded|first-screen|side-by-side|map-and-table|front|depth"
        "|part(?: sheet)?|own-words|own-block",
        "role": "region",
        "tabindex": "0",
        "aria-labelledby": _NAME,
    },
    "table": {"id": _NAME, "role": "table", "data-unit": ".*"},
    "caption": {"id": _NAME},
    "thead": {"role": "rowgroup"},
    "tbody": {"role": "rowgroup"},
    "tr": {"role": "row"},
    "th": {"scope": "row|col", "class": "number", "role": _HEADING_ROLES},
    "td": {"class": "number", "role": "cell", "data-label": ".+"},
    "figure": {},
    "figcaption": {},
    "map": {"name": _NAME},
    "area": {
        "shape": "poly",
        "coords": r"\d{1,3}(?:,\d{1,3})*",
        "href": _ADDRESS,
        "alt": _ANY,
        "data-facts": _ANY,
    },
    "img": {
        "usemap": f"#{_NAME}",
        "alt": _ANY,
        "data-facts": _ANY,
        "width": r"\d+",
        "height": r"\d+",
        "src": _IMAGE,
    },
    "details": {},
    "summary": {},
}
_BELONGS = {
    **dict.fromkeys(("meta", "title", "style", "script"), "head"),
    "summary": "details",
    "area": "map",
}


def faults(
    page: LexborHTMLParser, copied: str = "", reports: Collection[str] | None = None
) -> list[str]:
    """Return what is wrong with a page, in words; an empty list when it may be shown.

    `copied` are the lines of a parameter file that it may show (see `unaccounted`). `reports` are the files that the
    map of an index may lead to; None for any other page, which may have no such map.
    """
    own = (own_blocks_faults, own_words_faults)
    checks = (*own, _sealed, _said, _links, _structure, _tables, _images)
    found = [fault for check in checks for fault in check(page)]
    return [*found, *_maps(page, reports), *unaccounted(page, copied)]


def _sealed(page: LexborHTMLParser) -> Iterator[str]:
    styles = page.css("style")
    policy = page.css_first("head > :first-child")
    wanted = {
        "http-equiv": "Content-Security-Policy",
        "content": security_policy(style.text() for style in styles),
    }
    if policy is None or policy.tag != "meta" or policy.attributes != wanted:
        yield "the security policy is not the first thing in the head, or lets too much in"
    found = (fault for element in page.css("*") for fault in _strangers(element))
    yield from dict.fromkeys(found)
    sheets = [sheet.text() for sheet in styles]
    if sheets[:1] != [style()] or not all(map(_HEADER_STYLE.fullmatch, sheets[1:])):
        yield "the style is not that of vgstats, so it may show, hide or load anything"


def _said(page: LexborHTMLParser) -> Iterator[str]:
    """Yield a fault for each sign that does not say what it stands for."""
    for element in page.css("[aria-hidden]"):
        if not _is_mark_of_hidden_number(element):
            yield f"a {element.tag} has the attribute aria-hidden"
    for kind, said in _SAID.items():
        for element in page.css(kind):
            above = element.parent
            on_top = above is not None and (
                above.tag == "main" or attribute(above, "class") == "front"
            )
            if element.text() != said or (element.tag == "p" and not on_top):
                yield f"the warning {said!r} does not stand by itself on the page"
    for name, value, text in facts_of(page):
        if text not in printed_forms(value):
            yield f"{text!r} is not how {value} is printed ({name})"
    for sign in page.css("i"):
        if sign.text() != {"g": NO_BREAK, "m": "-"}.get(attribute(sign, "class")):
            yield f"there is an i element that holds {sign.text()[:60]!r}"
    for time in page.css("time"):
        if not time.text() or time.text() != made_words(attribute(time, "datetime")):
            yield f"the time {time.text()[:60]!r} is not when the page says it was made"


def _is_mark_of_hidden_number(element: LexborNode) -> bool:
    """Return whether who listens to the page hears words instead of a mark."""
    words = element.next
    while words is not None and words.tag != "span":
        words = words.next
    return element.text() == HIDDEN_MARK and words is not None and words.text() == HIDDEN_WORDS


def _links(page: LexborHTMLParser) -> Iterator[str]:
    ids = Counter(_ids(page))
    yield from (f"the id {name!r} stands {n} times" for name, n in ids.items() if n > 1)
    for anchor in page.css("a"):
        address = attribute(anchor, "href")
        if address.startswith("#"):
            if address[1:] not in ids:
                yield f"a link leads to {address!r}, which is not on the page"
        elif address.startswith("data:") and "download" not in anchor.attributes:
            yield f"a link opens {address[:40]!r} in the page"
        elif address.startswith("http") and not anchor.attributes.get("rel"):
            yield f"the link to {address!r} tells the other side where the reader came from"


def _structure(page: LexborHTMLParser) -> Iterator[str]:
    html = page.root
    if html is None or html.parent is None:
        yield "the page is empty"
        return
    around = list(html.parent.iter(include_text=True))
    if around[0].tag != "-doctype":
        yield "the page does not begin with its document type"
    if any(node.is_comment_node for node in [*around, *html.traverse(include_text=True)]):
        yield "there is a comment, which browsers may read otherwise"
    if attribute(html, "lang") != "sv":
        yield "the page does not say that it is in Swedish"
    if not _words(page.css_first("title")):
        yield "the page has no title"
    levels = [int(str(heading.tag)[1]) for heading in page.css("h1, h2, h3, h4, h5, h6")]
    if levels.count(1) != 1:
        yield f"there are {levels.count(1)} main headings (h1) instead of one"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    for name in ("main", "footer"):
        if (number := len(page.css(name))) != 1:
            yield f"there are {number} {name} elements instead of one"
    first, main = page.css_first("body a"), page.css_first("main")
    if first is None or main is None or attribute(first, "href") != f"#{main.id}":
        yield "the first link does not skip to the content"
    if page.css_first("h2:not(.front)") and page.css_first("nav a") is None:
        yield "there are sections but no list of them"
    if len(_words(main)) < _SHORTEST_PAGE:
        yield "the page is as good as empty"


def _tables(page: LexborHTMLParser) -> Iterator[str]:
    ids = set(_ids(page))
    for table in page.css("table"):
        name = table.id or "without id"
        if not _words(table.css_first("caption")):
            yield f"the table {name} has no caption"
        headings = table.css("th")
        if not headings or any(attribute(th, "scope") not in ("col", "row") for th in headings):
            yield f"the table {name} has headings that do not say what they head (scope)"
        rows = table.css("tbody tr")
        if any(row.css_first("th[scope=row]") is None for row in rows):
            yield f"the table {name} has a row without a heading"
        if any(not _words(th) for th in headings):
            yield f"the table {name} has an empty heading"
        yield from _labels(table)
        region = table.parent
        if region is None or attribute(region, "role") != "region":
            yield f"the table {name} is not in a region that can scroll"
        elif (
            attribute(region, "tabindex") != "0" or attribute(region, "aria-labelledby") not in ids
        ):
            yield f"the region of the table {name} has no name or cannot take focus"


def _labels(table: LexborNode) -> Iterator[str]:
    """Yield a fault for each label of a cell that is not the heading of its column."""
    headings = [heading.text() for heading in table.css("thead th")]
    labels = {words if words.endswith("?") else f"{words}:" for words in headings}
    for cell in table.css("td[data-label]"):
        if (label := attribute(cell, "data-label")) not in labels:
            yield f"a cell has the label {label[:60]!r}, which is no heading of its table"


def _images(page: LexborHTMLParser) -> Iterator[str]:
    for image in page.css("img"):
        if in_own_words(image):
            continue
        alt, figure = attribute(image, "alt"), _above(image, "figure")
        caption = _words(figure.css_first("figcaption")) if figure is not None else ""
        if len(alt) < _SHORTEST_ALT or alt.startswith(_PLACEHOLDER) or alt == caption:
            yield f"the alternative text {alt[:60]!r} does not say what the figure shows"
        if figure is None or not caption:
            yield "there is an image that is not a figure with a caption"
        elif figure.css_first("table") is None:
            yield f"the figure {caption!r} has no table with its numbers"
        source = attribute(image, "src")
        drawing = unquote(source.partition(",")[2])
        if source.startswith("data:image/jpeg"):
            yield f"the figure {alt[:60]!r} is a photograph"
        if source.startswith("data:image/svg") and not is_drawing(drawing):
            yield f"the drawing {alt[:60]!r} holds more than a drawing"


def _maps(page: LexborHTMLParser, reports: Collection[str] | None) -> Iterator[str]:
    """Yield a fault for each link in a picture that leads elsewhere than to a report of the index, or says nothing."""
    areas, named = page.css("area"), [attribute(one, "name") for one in page.css("map")]
    if reports is None:
        if named or areas or page.css("[usemap]"):
            yield "there is a map of links, which only an index may have"
        return
    if sorted(named) != sorted(attribute(one, "usemap")[1:] for one in page.css("[usemap]")):
        yield "a map of links belongs to no picture, or a picture to no map"
    in_tables = {attribute(link, "href") for link in page.css("table a")}
    for area in areas:
        words, address = attribute(area, "alt"), unquote(attribute(area, "href"))
        if address not in reports:
            yield f"the map leads to {address!r}, which is no report of the index"
        if not words.strip():
            yield f"the link of the map to {address!r} has no words"
        if attribute(area, "href") not in in_tables:
            yield f"the link of the map to {address!r} does not stand in a table too"


def _ids(page: LexborHTMLParser) -> list[str]:
    return [attribute(element, "id") for element in page.css("[id]")]


def _words(element: LexborNode | None) -> str:
    return element.text(strip=True) if element is not None else ""


def _above(element: LexborNode, name: str) -> LexborNode | None:
    above = element.parent
    while above is not None and above.tag != name:
        above = above.parent
    return above


def _strangers(element: LexborNode) -> Iterator[str]:
    """Yield in words what an element is or has that nothing of ours writes."""
    tag, above = element.tag or "", element.parent.tag if element.parent is not None else None
    if tag not in _ELEMENTS:
        yield f"there is a {tag} element"
        return
    if _BELONGS.get(tag, above) != above:
        yield f"there is a {tag} element in a {above}"
    if tag == "details" and any(child.tag != "summary" for child in element.iter()):
        yield "a details element holds more than its summary, which no style can print"
    for name, value in element.attributes.items():
        may_be = _ELEMENTS[tag].get(name)
        if may_be is None:
            yield f"a {tag} has the attribute {name}"
        elif not re.fullmatch(may_be, value or ""):
            yield f"a {tag} has the {name} {(value or '')[:80]!r}, which no part of a page of vgstats has"
