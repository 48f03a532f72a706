"""Whether every number on a page is accounted for: a fact, a date, a code, or words of vgstats itself.

A number that somebody has written into a sentence, a notebook or a figure's text has passed no control. So
a page that holds one is refused.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import CodeType

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.blocks.blocks import SYNTHETIC
from vgstats.blocks.tables import csv_address, csv_text
from vgstats.catalogue.numbers_in_words import CODE, COUNTED_NOUN, DATE
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK
from vgstats.facts.text import HIDDEN_MARK

OWN_WORDS = "own-words"  # the class of a region's own words: the numbers in them are the writer's statements
_QUIET = {"style", "script", "time", "data"}  # for machines, and facts
_BLOCKS = {
    "p", "li", "td", "th", "dt", "dd", "tr", "caption", "figcaption", "h1", "h2", "h3", "h4", "summary",
}  # fmt: skip
_FACT = "\ue000"
_GAP = re.compile(r"\{[^}]*\}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ONES = "två|tre|fyra|fem|sex|sju|åtta|nio"
_TEENS = "tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton"
_TENS = "tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio"
_HUNDREDS = f"(?:ett|{_ONES})?(?:hundra|tusen)"
_NUMERAL = re.compile(
    rf"{_NUMBER.pattern}"
    r"|(?P<roman>\b(?=[IVXLCDM]{2})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b"
    r"|\b(?!vi\b)(?=[ivx]{2})x{0,3}(?:ix|iv|v?i{0,3})\b)"
    rf"|(?P<letters>\b(?i:(?:{_HUNDREDS})*(?:(?:{_TENS})(?:en|ett|{_ONES})?|{_TEENS}|{_ONES})|{_HUNDREDS}"
    r"|(?:bara|blott|enbart|enda|endast) (?:en|ett)|noll|dussin)\b|\b[VX]\b)"
)
_ODD = re.compile(
    "[^\t\n\r -~\u00a0-\u024f\u2010-\u2027\u202f\u2030-\u205e\u2190-\u2193\u2212\ue000]"
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_NEAR = 2  # words and numbers on each side that a phrase of our own is known by
_FEWEST_NEAR = 2  # of both sides together: a number with a single word beside it is no phrase


def unaccounted(page: LexborHTMLParser, copied: str = "") -> Iterator[str]:
    """Yield what is wrong, in words, for each number on a page that nothing accounts for.

    `copied` are the lines of the parameter file that the page was made with: known before any figure was read, so
    a page may show them as they are, whatever keys a kind of report has.
    """
    for line in _lines(page.body, copied=copied):
        for _, words in strangers(line):
            yield f"the number in {words!r} is no fact, date or code, so nothing has controlled it"
    for image in page.css("img, area"):
        for words in () if in_own_words(image) else _not_said(image):
            yield f"the number in the alternative text {words!r} is no fact, date or code"
    tables = {table.id: table for table in page.css("table")}
    for anchor in page.css("a[download]"):
        yield from _download(tables, anchor)


def unaccounted_beside_own_counts(page: LexborHTMLParser, names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with each number that may be no figure elsewhere, but a secret beside own counts.

    Numbers in names that none of the report's sources has, in Roman numerals, or in letters beside a noun that
    is counted; pictures and signs that nothing here can read.

    Args:
        page: a page that shows a region's own counts.
        names: what the report's sources are called, and their addresses.
    """
    known = sorted(filter(_NUMERAL.search, names), key=len, reverse=True)
    ids = [re.sub("[-_]", " ", attribute(element, "id")) for element in page.css("[id]")]
    lines = [*_lines(page.body, with_names=True), *ids]
    for name in known:
        lines = [line.replace(name, _FACT) for line in lines]
    found = [words for line in lines for _, words in strangers(line)]
    lines += [attribute(image, "alt") for image in page.css("img, area")]
    found += [words for line in lines for words in _spelt_out(line)]
    for words in found:
        yield f"the number in {words!r} is no fact, date or code, so nothing has controlled it"
    for odd in filter(None, map(_ODD.search, lines)):
        yield f"the sign {odd[0]!r} is none of Swedish text, and may stand for a number"
    for anchor in page.css("a[href^=http]"):
        address, words = attribute(anchor, "href"), anchor.text()
        of_a_source = words == address or any(f" {name}".endswith(f" {words}") for name in names)
        if address not in names or not of_a_source:
            yield f"the link to {attribute(anchor, 'href')!r} leads to none of the report's sources"
    for image in page.css("img"):
        if in_own_words(image):
            yield "there is a picture in the region's own words, and nothing can read the numbers in it. Take it out"
        elif not attribute(image, "src").startswith("data:image/svg"):
            yield "there is an image of dots, which nothing can read the numbers in"


def attribute(element: LexborNode, name: str) -> str:
    """Return an element's attribute, empty where it has none."""
    return element.attributes.get(name) or ""


def in_own_words(element: LexborNode) -> bool:
    """Return whether an element stands in a region's own words."""
    above = element.parent
    while above is not None and attribute(above, "class") != OWN_WORDS:
        above = above.parent
    return above is not None


def _fact_text(element: LexborNode) -> str:
    """Return what a number on a page says to the eye (see `template.easily_taken`)."""
    return element.text().replace("-", MINUS).replace(NO_BREAK, GROUP)


def _image_facts(image: LexborNode) -> list[tuple[str, str, str]]:
    """Return id, machine value and printed text of the facts in an image's alternative text."""
    try:
        return [(str(a), str(b), str(c)) for a, b, c in json.loads(attribute(image, "data-facts"))]
    except (ValueError, TypeError):
        return []


def facts_of(page: LexborHTMLParser) -> list[tuple[str, str, str]]:
    """Return id, machine value and printed text of every number on a page, those of its images too."""
    facts = [
        (attribute(e, "data-fact"), attribute(e, "value"), _fact_text(e)) for e in page.css("data")
    ]
    return facts + [fact for image in page.css("img, area") for fact in _image_facts(image)]


def _lines(body: LexborNode | None, *, with_names: bool = False, copied: str = "") -> Iterator[str]:
    """Yield the texts of a page, a block each, with a sign for every fact.

    What others have named or a region has written is left out unless it is asked for, and so are lines to copy that
    are `copied`.
    """
    parts: list[str] = []
    for node, quiet in _nodes(body, quiet=False, with_names=with_names) if body else ():
        quiet = quiet or _is_in_lines(node, copied)
        if node.tag in _BLOCKS:
            yield "".join(parts)
            parts = []
        elif node.tag == "data":
            parts.append(_FACT)
        elif node.is_text_node and not quiet:
            parts.append(node.text())
    yield "".join(parts)
    # What a number is counted in can be read too, though no browser shows it.
    yield from sorted(
        {attribute(fact, "data-unit") for fact in body.css("[data-unit]")} if body else ()
    )


def _nodes(
    above: LexborNode, *, quiet: bool, with_names: bool, own: bool = False
) -> Iterator[tuple[LexborNode, bool]]:
    """Yield what is below an element, in order, and whether its text is none for readers; `own`: it is a region's."""
    for node in above.iter(include_text=True):
        yield node, quiet
        if node.first_child is not None:
            words = own or (attribute(node, "class") == OWN_WORDS and not with_names)
            inside = words or _is_quiet(node, quiet, with_names=with_names)
            yield from _nodes(node, quiet=inside, with_names=with_names, own=words)


def _is_quiet(element: LexborNode, above: bool, *, with_names: bool) -> bool:
    """Return whether the text in an element is quiet, when it is or is not where the element stands."""
    if element.tag in _QUIET:
        return True
    if element.tag == "cite":
        return above or not with_names
    if element.tag in _BLOCKS:
        return attribute(element, "class") == "address" and not with_names
    return above


def _is_in_lines(node: LexborNode, copied: str) -> bool:
    above = node.parent
    return bool(copied) and above is not None and above.tag == "pre" and above.text() == copied


def _plain(text: str) -> str:
    """Return a text in the signs that a number is looked for in, whatever other signs it is written with."""
    digits = "".join("0" if c.isnumeric() and not c.isdecimal() else c for c in text)
    bare = digits.replace(NO_BREAK, " ").replace(GROUP, "")
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _without_dates_and_codes(text: str) -> str:
    return DATE.sub(_FACT, CODE.sub(_FACT, text))


def strangers(line: str) -> Iterator[tuple[str, str]]:
    """Yield each number in a line that is no date, code or phrase of our own, and its surroundings."""
    text = _plain(line)
    if _NUMBER.search(text) is None:
        return
    text = _without_dates_and_codes(text)
    for found in _NUMBER.finditer(text):
        if not _is_ours(text, found):
            yield found[0], _around(text, found)


def _spelt_out(line: str) -> Iterator[str]:
    """Yield the surroundings of each number in Roman numerals, or in letters beside a noun that is counted."""
    for text in re.split(r"(?<=[.;:!?]) ", _without_dates_and_codes(_plain(line))):
        for found in _NUMERAL.finditer(text):
            beside = _neighbours(text, found, _NEAR + 1)
            counts = any(COUNTED_NOUN.match(word) for words in beside for word in words)
            if (found["roman"] or (found["letters"] and counts)) and not _is_ours(text, found):
                yield _around(text, found)


def _is_ours(text: str, found: re.Match[str]) -> bool:
    """Return whether a number stands in a phrase of our own."""
    before, after = _neighbours(text, found)
    known = _own_phrases().get(found[0], frozenset())
    return any(before[len(before) - len(b) :] == b and after[: len(a)] == a for b, a in known)


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 30) : found.end() + 30].strip()


def _not_said(image: LexborNode) -> Iterator[str]:
    """Yield the surroundings of each stranger in an alternative text that is none of its facts."""
    said = Counter(_plain(text).strip(f"+{MINUS}") for _, _, text in _image_facts(image))
    for number, words in strangers(attribute(image, "alt")):
        said[number] -= 1
        if said[number] < 0:
            yield words


def _download(tables: dict[str | None, LexborNode], anchor: LexborNode) -> Iterator[str]:
    """Yield a fault for a download that is not what its table shows, as `Table` writes it."""
    name = attribute(anchor, "download").removesuffix(".csv").removeprefix("pahittade-siffror-")
    if name not in tables:
        yield f"the download {name!r} belongs to no table on the page"
        return
    made_up = tables[name].css_first("caption .synthetic") is not None
    headings, *rows = ([cell_text(c) for c in row.css("th, td")] for row in tables[name].css("tr"))
    if made_up:
        headings, rows = [*headings, "Anmärkning"], [[*row, SYNTHETIC] for row in rows]
    shown = csv_text(headings, rows)
    if attribute(anchor, "href") != csv_address(shown):
        yield f"the download {name!r} holds something else than its table shows"


def cell_text(node: LexborNode) -> str:
    """Return what a cell of a table says as data."""
    if node.tag == "data" or node.is_text_node:
        return _fact_text(node) if node.tag == "data" else node.text()
    if attribute(node, "class") == "hidden-number":
        return HIDDEN_MARK
    return "".join(cell_text(part) for part in node.iter(include_text=True))


_Words = tuple[str, ...]


def _neighbours(text: str, found: re.Match[str], near: int = _NEAR) -> tuple[_Words, _Words]:
    """Return the words and numbers nearest before and after a number, up to the next fact or gap."""
    before = _TOKEN.findall(text[: found.start()].rpartition(_FACT)[2].lower())
    after = _TOKEN.findall(text[found.end() :].partition(_FACT)[0].lower())
    return tuple(before[-near:]), tuple(after[:near])


@cache
def _own_phrases() -> dict[str, frozenset[tuple[_Words, _Words]]]:
    """Return for each number in what the package can print the words before it and those after it."""
    found: dict[str, set[tuple[_Words, _Words]]] = {}
    for text in own_texts():
        plain = _without_dates_and_codes(_GAP.sub(_FACT, _plain(text)))
        for number in _NUMERAL.finditer(plain):
            before, after = _neighbours(plain, number)
            if len(before) + len(after) >= _FEWEST_NEAR:
                found.setdefault(number[0], set()).add((before, after))
    return {number: frozenset(phrases) for number, phrases in found.items()}


def own_texts() -> Iterator[str]:
    """Yield what can be printed: literal texts that are no docstrings, and the texts of the data files."""
    package = files("vgstats")
    for folder in ("blocks", "sections", "drawing", "reports", "methods", "facts"):
        for file in _files(package / folder, ".py"):
            # Not with ast: its parser fails when several threads use it at once (Python 3.11).
            source = file.read_text(encoding="utf-8")
            yield from _texts_in(compile(source, file.name, "exec", optimize=_NO_DOCSTRINGS))
    for file in _files(package / "data", ".yaml"):
        yield from _strings(yaml.safe_load(file.read_text(encoding="utf-8")))
    sources = (package / "data" / "sources.csv").read_text(encoding="utf-8")
    yield from (cell for line in csv.reader(sources.splitlines()) for cell in line)


_NO_DOCSTRINGS = 2  # the level of optimisation at which the compiler leaves them out


def _texts_in(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _texts_in(constant)
        else:
            yield from _strings(constant)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _strings(tuple(value.values()))
    elif isinstance(value, list | tuple | frozenset):
        for part in value:
            yield from _strings(part)


def _files(folder: Traversable, ending: str) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, ending)
        elif entry.name.endswith(ending):
            yield entry
