"""A Markdown file of a region: its own words under the headings of its reports (`docs/egna-overenskommelser.md`).

A heading names a section of the report, or an area whose words the sections below it are. A head of YAML may say whose
words they are (`label`) and for which periods they were written (`skriven_for`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from vgstats.catalogue.areas import RIKET, all_areas
from vgstats.catalogue.periods import written_span
from vgstats.catalogue.texts import ASSESSMENT, OwnText, Passage
from vgstats.entries import Entry, first_fault, read_yaml, why_unread
from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.facts.own_markdown import faults, headings, pictures, plain, tree
from vgstats.sources.labels import area_of_label
from vgstats.sources.own_assembly import Place
from vgstats.sources.own_file import TEXTS_DESCRIBED, OwnFile
from vgstats.sources.own_pictures import data_address
from vgstats.sources.reading import read_text_file

ENDING = ".md"
MOST_WORDS = 60  # of the assessment on the first page
_MOST_BYTES = 300_000
_HEAD = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", re.DOTALL)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:", re.MULTILINE)


class _Head(Entry, strict=True, str_strip_whitespace=True):
    label: Annotated[str, Field(min_length=1, max_length=60)] = ""
    skriven_for: str | dict[str, str] = ""


@dataclass(frozen=True)
class _Part:
    """The lines below a heading: the heading, the area whose words they are, and where they stand in the file."""

    heading: str
    area: str
    line: int
    first: int
    lines: Sequence[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_own_passages(file: Path, known: Collection[str] | None = None) -> OwnFile:
    """Return the words of a region in a Markdown file.

    Args:
        file: the file; its pictures lie beside it.
        known: the headings of the sections that its reports have; None where nobody can tell.

    Raises:
        VgstatsError: it cannot be read, a heading is none of a section or an area or stands twice, or a text holds
            what has no place in a report. The message names file, line and heading.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be read ({why_unread(file, error)}). Name a file."
        ) from None
    if len(content) > _MOST_BYTES:
        raise _refused(file, 0, "", f"the file is larger than {_MOST_BYTES // 1000} kB. Write less")
    text = read_text_file(file).replace("\r\n", "\n").replace("\r", "\n")
    head, text = _head(file, text)
    if found := _REFERENCE.search(text):
        line = text.count("\n", 0, found.start())
        raise _refused(
            file,
            line,
            "",
            "an address stands by itself. Write it in the link: [words](https://...)",
        )
    parts = _parts(file, text, known)
    written_for = _written_for(file, head, [part.heading for part in parts])
    passages, mistakes = list[OwnText](), Mistakes()
    for part in parts:
        with mistakes.noted():
            passages.append(
                Passage(
                    file=file.name,
                    section=part.heading,
                    text=part.text.strip("\n"),
                    area=part.area,
                    label=head.label,
                    written_for=written_for.get(part.heading, ""),
                    pictures=_checked(file, part),
                )
            )
    mistakes.tell()
    places = [Place.of(f"{file}, line {part.line + 1}, heading {part.heading!r}") for part in parts]
    return OwnFile(file, hashlib.sha256(content).hexdigest(), [], passages, places)


def _refused(file: Path, line: int, heading: str, words: str) -> VgstatsError:
    under = f", heading {heading!r}" if heading else ""
    return VgstatsError(
        f"{file}, line {line + 1}{under}: {words}. The file is described in {TEXTS_DESCRIBED}."
    )


def _head(file: Path, text: str) -> tuple[_Head, str]:
    """Return what the file's head says, and the file with its head as empty lines."""
    found = _HEAD.match(text)
    if found is None:
        return _Head(), text
    said: Any = read_yaml(file, "\n" + (found[1] or "")) or {}  # its lines as in the file
    if not isinstance(said, dict):
        raise _refused(
            file, 0, "", f"the head holds no keys. Known keys: {', '.join(_Head.model_fields)}"
        )
    try:
        head = _Head.model_validate(said)
    except ValidationError as error:
        fault = first_fault(error)
        key = str(fault.path[0]) if fault.path else ""
        known = list(_Head.model_fields)
        words = (
            f"the key {key!r} is unknown.{nearest(key, known)} Known keys: {', '.join(known)}"
            if fault.kind == "extra_forbidden"
            else f"key {key}: {fault.given!r} will not do. Write a text, in quotation marks"
        )
        raise _refused(file, 0, "", words) from None
    if odd := next((sign for sign in head.label if not sign.isprintable()), None):
        raise _refused(
            file, 0, "", f"key label holds a sign that nobody sees, {odd!r}. Write it anew"
        )
    return head, "\n" * found[0].count("\n") + text[found.end() :]


def _written_for(file: Path, head: _Head, there: Sequence[str]) -> Mapping[str, str]:
    """Return for which periods the text below each heading was written, where the head says so."""
    said = head.skriven_for
    each = dict.fromkeys(there, said) if isinstance(said, str) else said
    for heading, periods in each.items():
        if heading not in there:
            words = f"key skriven_for: {heading!r} is no heading of the file.{nearest(heading, there)} Correct it"
            raise _refused(file, 0, "", words)
        if periods and written_span(periods) is None:
            words = (
                f"key skriven_for: {periods!r} will not do. Write two years or months, as 2019–2025"
            )
            raise _refused(file, 0, "", words)
    return each


def _parts(file: Path, text: str, known: Collection[str] | None) -> list[_Part]:
    """Return what stands below each heading that names a section."""
    lines = text.split("\n")
    found = headings(text)
    ends = [start for start, _, _ in found[1:]] + [len(lines)]
    first = found[0][0] if found else len(lines)
    for at, line in enumerate(lines[:first]):
        if line.strip():
            raise _refused(file, at, "", "the text stands below no heading. Write one: # Insatser")
    if not found:
        raise _refused(
            file,
            0,
            "",
            "there is no text. Write a heading of the report, as # Insatser, and below it",
        )
    area, parts = "", list[_Part]()
    mistakes = Mistakes()
    for (start, after, words), end in zip(found, ends, strict=True):
        with mistakes.noted():
            below = lines[after:end]
            if not words:
                raise _refused(
                    file,
                    start,
                    "",
                    "the heading is empty. Name a section of the report, or remove it",
                )
            if place := _area(words, known):
                area = _own_area(file, start, words, place)
                if any(map(str.strip, below)):
                    raise _refused(
                        file,
                        start,
                        words,
                        "the text stands below an area and no section. Write a heading",
                    )
                continue
            heading = _section(file, start, words, known)
            if not any(map(str.strip, below)):
                raise _refused(
                    file,
                    start,
                    words,
                    "nothing stands below it. Write something, or remove the heading",
                )
            for other in parts:
                if (other.heading.casefold(), other.area) == (heading.casefold(), area):
                    raise _refused(
                        file,
                        start,
                        words,
                        f"it stands on line {other.line + 1} too. Keep one of them",
                    )
            parts.append(_Part(heading, area, start, after, below))
    mistakes.tell()
    if not parts:
        raise _refused(
            file,
            0,
            "",
            "no heading names a section. Write one, as # Insatser, and below it the text",
        )
    return parts


def _area(words: str, known: Collection[str] | None) -> str:
    """Return the area that a heading names, empty when it names none."""
    area = area_of_label(words)
    is_section = any(words.casefold() == one.casefold() for one in known or ())
    return area if area in all_areas().index and not is_section else ""


def _own_area(file: Path, line: int, words: str, area: str) -> str:
    if area == RIKET or area.partition(":")[0] not in ("lan", "kommun"):
        raise _refused(file, line, words, "no report is about it. Name a county or a kommun")
    return area


def _section(file: Path, line: int, words: str, known: Collection[str] | None) -> str:
    """Return a heading as the report writes it."""
    if known is None:
        return words
    listed = {one.casefold(): one for one in [*known, ASSESSMENT]}
    if found := listed.get(words.casefold()):
        return found
    hint = nearest(words, [*listed.values(), *all_areas()["name"]])
    sections = ", ".join(map(repr, dict.fromkeys(listed.values())))
    raise _refused(
        file, line, words, f"no section of the report is called so.{hint} Its sections: {sections}"
    )


def _checked(file: Path, part: _Part) -> dict[str, str]:
    """Return the pictures of a text by their names.

    Raises:
        VgstatsError: the text or a picture will not do.
    """
    on_first_page = part.heading == ASSESSMENT
    mistakes = Mistakes()
    for line, words in faults(part.text, on_first_page=on_first_page):
        mistakes += _refused(file, part.first + line, part.heading, words).args
    mistakes.tell()
    count = len(plain(tree(part.text)).split())
    if on_first_page and count > MOST_WORDS:
        words = f"{count} words are too many: at most {MOST_WORDS} have room on the first page. Write less"
        raise _refused(file, part.line, part.heading, words)
    found = {}
    for line, name in pictures(part.text):
        try:
            found[name] = data_address(file.parent, name)
        except ValueError as error:
            raise _refused(file, part.first + line, part.heading, str(error)) from None
    return found
