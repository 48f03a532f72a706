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
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import CodeType

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.presentation.blocks import SYNTHETIC
from vgstats.presentation.download import csv_address, csv_text
from vgstats.wording.numbers import GROUP, MINUS, NO_BREAK
from vgstats.wording.text import HIDDEN_MARK

_QUIET = {"style", "script", "time", "cite", "data"}  # for machines, others' names, facts
_BLOCKS = {
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "tr",
    "caption",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "summary",
}
_FACT = "\ue000"
_MONTH = (
    "(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sep|okt|nov|dec)"
)
_COUNTED = (
    r"(?! (?:dagar|procent|procentenheter|personer|sjukfall|fall|kvinnor|män|kronor|miljoner)\b)"
)
_DATE = re.compile(
    rf"(?:\b\d{{1,2}} )?\b{_MONTH} (?:19|20)\d\d\b"
    rf"|\b\d{{1,2}} {_MONTH}\b"
    r"|\b(?:19|20)\d\d(?:-Q[1-4]|-\d\d(?:-\d\d)?)?\b(?!,\d)(?: ?[–/] ?(?:(?:19|20)\d\d|\d\d)\b)?"
    + _COUNTED,
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b[A-Z]\d\d(?:\.\d)?(?:[–-][A-Z]\d\d)?\b"  # a diagnosis
    r"|\bv?\d+\.\d+\.\d+\b"  # a version
    r"|--lan \d\d(?:\d\d)?\b|\b(?:lan|kommun):(?: -)* '\d+'|\b(?:threshold|width): '\d+'"  # in lines to copy
    r"|\bsjukpenningtal(?:et)? [12]\.0\b"  # how Försäkringskassan names the two measures
    r"|\b(?:tabell|figur|bilaga|avsnitt|kapitel|sidan|s\.|kap\.) \d+(?:[.:]\d+)*\b"
    r"|\b(?:IFAU|SOU|Ds|prop\.|SFS|dnr) (?:19|20)\d\d(?:/\d\d)?:\d+\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"\{[^}]*\}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_NEAR = 2  # words and numbers on each side that a phrase of our own is known by
_FEWEST_NEAR = 2  # of both sides together: a number with a single word beside it is no phrase


def unaccounted(page: LexborHTMLParser) -> Iterator[str]:
    """Yield what is wrong, in words, for each number on a page that nothing accounts for."""
    if page.body is not None:
        for line in _lines(page.body):
            for _, words in _strangers(line):
                yield f"the number in {words!r} is no fact, date or code, so nothing has controlled it"
    for image in page.css("img"):
        for words in _not_said(image):
            yield f"the number in the alternative text {words!r} is no fact, date or code"
    tables = {table.id: table for table in page.css("table")}
    for anchor in page.css("a[download]"):
        yield from _download(tables, anchor)


def attribute(element: LexborNode, name: str) -> str:
    """Return an element's attribute, empty where it has none."""
    return element.attributes.get(name) or ""


def fact_text(element: LexborNode) -> str:
    """Return what a number on a page says to the eye (see `template.easily_taken`)."""
    return element.text().replace("-", MINUS).replace(NO_BREAK, GROUP)


def image_facts(image: LexborNode) -> list[tuple[str, str, str]]:
    """Return id, machine value and printed text of the facts in an image's alternative text."""
    try:
        return [(str(a), str(b), str(c)) for a, b, c in json.loads(attribute(image, "data-facts"))]
    except (ValueError, TypeError):
        return []


def _lines(body: LexborNode) -> Iterator[str]:
    """Yield the texts of a page, a block each, with a sign for every fact."""
    parts: list[str] = []
    for node, quiet in _nodes(body, quiet=False):
        if node.tag in _BLOCKS:
            yield "".join(parts)
            parts = []
        elif node.tag == "data":
            parts.append(_FACT)
        elif node.is_text_node and not quiet:
            parts.append(node.text())
    yield "".join(parts)


def _nodes(above: LexborNode, *, quiet: bool) -> Iterator[tuple[LexborNode, bool]]:
    """Yield what is below an element, in order, and whether its text is none for readers."""
    for node in above.iter(include_text=True):
        yield node, quiet
        if node.first_child is not None:
            yield from _nodes(node, quiet=_is_quiet(node, quiet))


def _is_quiet(element: LexborNode, above: bool) -> bool:
    """Return whether the text in an element is quiet, when it is or is not where the element stands."""
    if element.tag in _QUIET:
        return True
    if element.tag in _BLOCKS:
        return attribute(element, "class") == "address"
    return above


def _plain(text: str) -> str:
    """Return a text in the signs that a number is looked for in, whatever other signs it is written with."""
    digits = "".join("0" if c.isnumeric() and not c.isdecimal() else c for c in text)
    bare = digits.replace(NO_BREAK, " ").replace(GROUP, "")
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _strangers(line: str) -> Iterator[tuple[str, str]]:
    """Yield each number in a line that is no date, code or phrase of our own, and its surroundings."""
    text = _plain(line)
    if _NUMBER.search(text) is None:
        return
    text = _DATE.sub(_FACT, _CODE.sub(_FACT, text))
    for found in _NUMBER.finditer(text):
        before, after = _neighbours(text, found)
        known = _own_phrases().get(found[0], frozenset())
        if not any(_ends_with(before, b) and after[: len(a)] == a for b, a in known):
            yield found[0], text[max(0, found.start() - 30) : found.end() + 30].strip()


def _ends_with(words: _Words, last: _Words) -> bool:
    return not last or words[-len(last) :] == last


def _not_said(image: LexborNode) -> Iterator[str]:
    """Yield the surroundings of each stranger in an alternative text that is none of its facts."""
    said = Counter(_plain(text).strip(f"+{MINUS}") for _, _, text in image_facts(image))
    for number, words in _strangers(attribute(image, "alt")):
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
    headings, *rows = ([_cell(c) for c in row.css("th, td")] for row in tables[name].css("tr"))
    more = ["Anmärkning"] if made_up else [], [SYNTHETIC] if made_up else []
    shown = csv_text([*headings, *more[0]], [[*row, *more[1]] for row in rows])
    if attribute(anchor, "href") != csv_address(shown):
        yield f"the download {name!r} holds something else than its table shows"


def _cell(node: LexborNode) -> str:
    """Return what a cell of a table says as data."""
    if node.tag == "data" or node.is_text_node:
        return fact_text(node) if node.tag == "data" else node.text()
    if attribute(node, "class") == "hidden-number":
        return HIDDEN_MARK
    return "".join(_cell(part) for part in node.iter(include_text=True))


_Words = tuple[str, ...]


def _neighbours(text: str, found: re.Match[str]) -> tuple[_Words, _Words]:
    """Return the words and numbers nearest before and after a number, up to the next fact or gap."""
    before = _TOKEN.findall(text[: found.start()].rpartition(_FACT)[2].lower())
    after = _TOKEN.findall(text[found.end() :].partition(_FACT)[0].lower())
    return tuple(before[-_NEAR:]), tuple(after[:_NEAR])


@cache
def _own_phrases() -> dict[str, frozenset[tuple[_Words, _Words]]]:
    """Return for each number in what the package can print the words before it and those after it."""
    found: dict[str, set[tuple[_Words, _Words]]] = {}
    for text in _own_texts():
        plain = _GAP.sub(_FACT, _plain(text))
        plain = _DATE.sub(_FACT, _CODE.sub(_FACT, plain))
        for number in _NUMBER.finditer(plain):
            before, after = _neighbours(plain, number)
            if len(before) + len(after) >= _FEWEST_NEAR:
                found.setdefault(number[0], set()).add((before, after))
    return {number: frozenset(phrases) for number, phrases in found.items()}


def _own_texts() -> Iterator[str]:
    """Yield what can be printed: literal texts that are no docstrings, and the texts of the data files."""
    package = files("vgstats")
    for folder in ("presentation", "analysis", "wording"):
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
