"""Reading a finished page back: its facts, its texts, its images and what it says of itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from bs4 import BeautifulSoup, Tag

from vgstats.entries import why_unread
from vgstats.errors import VgstatsError
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK

_NUMBERS = re.compile(r'<data value="([^"]*)" data-fact="([^"]*)"[^>]*>([^<]*)</data>')


@dataclass(frozen=True)
class ShownFact:
    """A number as it stands on a page: its id, what it says, its machine value and where it is."""

    id: str
    text: str
    value: str
    place: str


@dataclass(frozen=True)
class PageRead:
    """A page taken apart.

    `lines` are its texts, a block each, with # for every number; `images` and `downloads` pairs of name
    and content; `made` when it says it was made, for machines and in words; `whole` the page as it is.
    """

    record: dict[str, Any]
    facts: tuple[ShownFact, ...]
    lines: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    downloads: tuple[tuple[str, str], ...]
    facts_digest: str
    made: tuple[str, str]
    whole: str


def read_file(file: Path) -> str:
    """Return the text of a page.

    Raises:
        VgstatsError: the file cannot be read, or is not text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise VgstatsError(f"{file}: this is not a text file. Name an HTML report.") from None
    except OSError as error:
        raise VgstatsError(
            f"{file}: the report cannot be read ({why_unread(file, error)}). Name an HTML report."
        ) from None


def is_index(file: Path) -> bool:
    """Return whether a file is an index that vgstats made of reports, by its name and what it says of itself."""
    try:
        found = _record(BeautifulSoup(read_file(file), "html.parser"))
    except VgstatsError:
        return False
    return file.name == "index.html" and found.get("@type") == "Collection"


def read_page(html: str) -> PageRead:
    """Return the parts of a page that vgstats made.

    Raises:
        VgstatsError: what the page says of itself is there but cannot be read.
    """
    page = BeautifulSoup(html, "html.parser")
    for kind, sign in (("m", MINUS), ("g", GROUP)):  # see `template.easily_taken`
        for element in page.select(f"data > .{kind}"):
            element.string = sign
    numbers = page.find_all("data")
    digest = _digest((str(e.get("data-fact")), str(e.get("value")), e.get_text()) for e in numbers)
    record, made = _record(page), ("", "")
    time = page.footer.time if page.footer else None
    if time is not None:
        made = str(time.get("datetime", "")), time.get_text()
        time.clear()
    facts = tuple(_facts(page))
    for element in page.find_all("data"):
        element.string = "#"
    return PageRead(
        record,
        facts,
        tuple(_lines(page)),
        tuple((str(i.get("alt", "")), str(i.get("src", ""))) for i in page.find_all("img")),
        tuple((str(a["download"]), _data_text(a)) for a in page.find_all("a", download=True)),
        digest,
        made,
        html,
    )


def facts_digest(html: str) -> str:
    """Return a digest of the numbers on a page, in order: ids, machine values and printed texts.

    The page must be one of ours, as `Fact.html` writes numbers: only those are read.
    """
    numbers = _NUMBERS.findall(html)
    return _digest((unescape(name), value, unescape(text)) for value, name, text in numbers)


def _digest(numbers: Iterable[tuple[str, str, str]]) -> str:
    lines = (f"{name}\t{value}\t{text}\n" for name, value, text in numbers)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def plain(text: str) -> str:
    """Return a text with ordinary spaces, and none at its ends."""
    return " ".join(text.replace(NO_BREAK, " ").replace(GROUP, " ").split())


def _record(page: BeautifulSoup) -> dict[str, Any]:
    element = page.find("script", type="application/ld+json")
    if element is None:
        return {}
    try:
        record = json.loads(element.get_text())
    except (ValueError, RecursionError):
        raise VgstatsError(
            "The report's record of itself is broken, so it cannot be verified. Render the report again."
        ) from None
    return record if isinstance(record, dict) else {}


def _facts(page: BeautifulSoup) -> Iterator[ShownFact]:
    heading: Tag | None = None
    for element in page.find_all([*_HEADINGS, "data"]):
        if element.name != "data":
            heading = element
            continue
        yield ShownFact(
            str(element.get("data-fact", "")),
            element.get_text(),
            str(element.get("value", "")),
            _place(element, heading),
        )


def _place(element: Tag, heading: Tag | None) -> str:
    """Return where on the page a number stands, as a person would look for it."""
    table, row = element.find_parent("table"), element.find_parent("tr")
    named = [heading, table.caption if table else None]
    named += [row.th] if row is not None and element.find_parent("th") is None else []
    return " / ".join(plain(part.get_text()) for part in named if part is not None)


_HEADINGS = ("h1", "h2", "h3", "h4")
_BLOCKS = ["title", *_HEADINGS, "p", "li", "dt", "dd", "caption", "figcaption"]
_BLOCKS += ["tr", "pre", "summary"]


def _lines(page: BeautifulSoup) -> list[str]:
    elements = page.find_all(_BLOCKS)
    return [plain(element.get_text("|" if element.name == "tr" else "")) for element in elements]


def _data_text(anchor: Tag) -> str:
    head, _, body = str(anchor.get("href", "")).partition(",")
    try:
        raw = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    except ValueError:
        return body
    return raw.decode("utf-8-sig", errors="replace")
