"""What a finished page must be before it is put in place: sealed, and readable for everyone.

Automatic checks in a browser (axe) pass an empty page and an alternative text that says nothing; these
do not. Each fault is one sentence, for the person who changed a template or a notebook.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from bs4 import BeautifulSoup, Comment, Doctype, Tag

from vgstats.batch.numbers_on_page import unaccounted
from vgstats.batch.page import security_policy
from vgstats.wording.text import HIDDEN_MARK, HIDDEN_WORDS

_LOADS = (
    "src",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "xlink:href",
)
_FORBIDDEN = (
    "area", "audio", "base", "button", "embed", "form", "frame", "iframe", "input", "link", "map", "math",
    "noscript", "object", "select", "svg", "template", "textarea", "video",
)  # fmt: skip
_NEVER = ("style", "srcset", "hidden", "dir", "target", "ping")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!data:|#)|@import|image-set", re.IGNORECASE)
_ACTIVE = re.compile(
    r"<\s*(script|foreignobject|image|iframe|set|animate|a)\b|\son\w+\s*=|javascript:"
    r"|href\s*=\s*['\"](?!#)",
    re.IGNORECASE,
)
_SHORTEST_ALT = 30
_PLACEHOLDER = "No description has been provided for this image"


def faults(html: str | BeautifulSoup) -> list[str]:
    """Return what is wrong with a page, in words; an empty list when it may be shown.

    A page that has been parsed already is not parsed again, which is most of what this costs.
    """
    page = html if isinstance(html, BeautifulSoup) else BeautifulSoup(html, "html.parser")
    checks = (_sealed, _links, _structure, _tables, _images, unaccounted)
    return [fault for check in checks for fault in check(page)]


def _sealed(page: BeautifulSoup) -> Iterator[str]:
    policy = page.head.find(True) if page.head else None
    wanted = {
        "http-equiv": "Content-Security-Policy",
        "content": security_policy(style.get_text() for style in page.find_all("style")),
    }
    if policy is None or policy.name != "meta" or policy.attrs != wanted:
        yield "the security policy is not the first thing in the head, or lets too much in"
    scripts = page.find_all("script")
    if len(scripts) > 1 or any(s.get("type") != "application/ld+json" for s in scripts):
        yield "there is a script; only one block of application/ld+json may be on a page"
    elements = page.find_all(True)
    names = {element.name for element in elements}
    yield from (f"there is a {name} element" for name in _FORBIDDEN if name in names)
    for element in elements:
        for attribute, value in element.attrs.items():
            hides = attribute == "aria-hidden" and not _is_mark_of_hidden_number(element)
            if attribute.startswith("on") or attribute in _NEVER or hides:
                yield f"a {element.name} has the attribute {attribute}"
            if attribute in _LOADS and not str(value).startswith("data:"):
                yield f"a {element.name} loads {str(value)[:80]!r} from outside"
        if str(element.get("http-equiv", "")).lower() == "refresh":
            yield "the page sends its reader elsewhere"
    for style in page.find_all("style"):
        if _OUTSIDE.search(style.get_text()) or style.find_parent("head") is None:
            yield "the style loads something from outside"


def _is_mark_of_hidden_number(element: Tag) -> bool:
    """Return whether who listens to the page hears words instead of a mark."""
    words = element.find_next_sibling("span")
    return element.get_text() == HIDDEN_MARK and words is not None and words.text == HIDDEN_WORDS


def _links(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(element["id"]) for element in page.find_all(id=True))
    yield from (f"the id {name!r} stands {n} times" for name, n in ids.items() if n > 1)
    for anchor in page.find_all("a"):
        address = str(anchor.get("href", ""))
        if address.startswith("#"):
            if address[1:] not in ids:
                yield f"a link leads to {address!r}, which is not on the page"
        elif address.startswith("data:"):
            if not address.startswith("data:text/csv;") or not anchor.has_attr("download"):
                yield f"a link opens {address[:40]!r} in the page"
        elif address.startswith(("https://", "http://")):
            if "noreferrer" not in str(anchor.get("rel")):
                yield f"the link to {address!r} tells the other side where the reader came from"
        elif not re.fullmatch(r"[\w-][\w.-]*\.(html|pdf)", address):
            yield f"a link has the address {address[:80]!r}"


def _structure(page: BeautifulSoup) -> Iterator[str]:
    if not isinstance(next(iter(page.contents), None), Doctype):
        yield "the page does not begin with its document type"
    if page.find(string=lambda text: isinstance(text, Comment)):
        yield "there is a comment, which browsers may read otherwise"
    if page.html is None or page.html.get("lang") != "sv":
        yield "the page does not say that it is in Swedish"
    if page.title is None or not page.title.get_text().strip():
        yield "the page has no title"
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    if levels.count(1) != 1:
        yield f"there are {levels.count(1)} main headings (h1) instead of one"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    for name in ("main", "footer"):
        if len(page.find_all(name)) != 1:
            yield f"there are {len(page.find_all(name))} {name} elements instead of one"
    first = page.body.find("a") if page.body else None
    target = page.find(id=str(first.get("href", ""))[1:]) if first else None
    if target is None or target.name != "main":
        yield "the first link does not skip to the content"
    if page.find("h2") and (page.nav is None or not page.nav.find("a")):
        yield "there are sections but no list of them"
    if page.main is None or len(page.main.get_text(strip=True)) < 100:
        yield "the page is as good as empty"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    ids = {str(element["id"]) for element in page.find_all(id=True)}
    for table in page.find_all("table"):
        name = table.get("id", "without id")
        if table.caption is None or not table.caption.get_text(strip=True):
            yield f"the table {name} has no caption"
        headings = table.find_all("th")
        if not headings or any(th.get("scope") not in ("col", "row") for th in headings):
            yield f"the table {name} has headings that do not say what they head (scope)"
        rows = [row for body in table.find_all("tbody") for row in body.find_all("tr")]
        if any(row.find("th", scope="row") is None for row in rows):
            yield f"the table {name} has a row without a heading"
        if any(not th.get_text(strip=True) for th in headings):
            yield f"the table {name} has an empty heading"
        region = table.parent
        if not isinstance(region, Tag) or region.get("role") != "region":
            yield f"the table {name} is not in a region that can scroll"
        elif region.get("tabindex") != "0" or region.get("aria-labelledby") not in ids:
            yield f"the region of the table {name} has no name or cannot take focus"


def _images(page: BeautifulSoup) -> Iterator[str]:
    for image in page.find_all("img"):
        alt, figure = str(image.get("alt", "")), image.find_parent("figure")
        caption = figure.figcaption.get_text(strip=True) if figure and figure.figcaption else ""
        if len(alt) < _SHORTEST_ALT or alt.startswith(_PLACEHOLDER) or alt == caption:
            yield f"the alternative text {alt[:60]!r} does not say what the figure shows"
        if figure is None or not caption:
            yield "there is an image that is not a figure with a caption"
        elif figure.find("table") is None:
            yield f"the figure {caption!r} has no table with its numbers"
        source = str(image.get("src", ""))
        drawing = unquote(source) if source.startswith("data:image/svg+xml,") else ""
        if not drawing and not source.startswith("data:image/png;base64,"):
            yield f"the image {alt[:60]!r} is not embedded as SVG or PNG"
        if _ACTIVE.search(drawing) or _OUTSIDE.search(drawing):
            yield f"the drawing {alt[:60]!r} holds more than a drawing"
