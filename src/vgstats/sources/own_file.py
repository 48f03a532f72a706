"""A file of a region: measures, agreements, requirements, remarks, answers and sources, all checked or nothing kept.

It is YAML, or a filled-in workbook (`own_sheets`). `docs/egen-tabell.md` describes the measures,
`docs/egna-overenskommelser.md` the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vgstats.catalogue.measures import Measure, bundled_measures
from vgstats.catalogue.texts import OwnText
from vgstats.entries import Entry, Fault, all_faults, read_yaml, why_unread
from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.sources.own_assembly import Place
from vgstats.sources.own_entries import OwnMeasure
from vgstats.sources.own_layout import README
from vgstats.sources.own_parts import INSIDE, PARTS, not_written
from vgstats.sources.own_sheets import ENDING as WORKBOOK
from vgstats.sources.own_sheets import layout_of, read_sheets
from vgstats.sources.reading import read_text_file

DESCRIBED = "the guide Egna siffror (docs/egen-tabell.md in the project)"
TEXTS_DESCRIBED = "the guide Egna överenskommelser (docs/egna-overenskommelser.md in the project)"
_MODELS: dict[str, Any] = {"measures": OwnMeasure, **PARTS}
_KNOWN = ", ".join(_MODELS)
_IS_ONE = re.compile(rf"^(({'|'.join(_MODELS)})\s*:|-\s+\{{?\s*id\s*:)", re.MULTILINE)
_MISSING = "the key is missing"
_START = 1 << 16  # bytes of a file, within which its first key stands
_KEYS = {name for model in INSIDE.values() for name in model.model_fields}


class Declaration(Entry):
    """A measure that a region has declared, and the file that says so."""

    measure: Measure
    address: str
    sha256: str


@dataclass(frozen=True)
class OwnFile:
    """What a file of a region holds: its name and hash, the measures that it declares, and its texts.

    `places` says where in the file each text stands.
    """

    file: Path
    sha256: str
    measures: list[Measure]
    texts: list[OwnText]
    places: list[Place]

    @property
    def address(self) -> str:
        """The name that the file is known by."""
        return self.file.name

    @property
    def declarations(self) -> list[Declaration]:
        """The measures with the file that declares them."""
        return [
            Declaration(measure=one, address=self.address, sha256=self.sha256)
            for one in self.measures
        ]


def is_own_file(file: Path) -> bool:
    """Return whether a file is one of a region's own: a workbook with its sheets, YAML with one of its keys, or a list.

    The list is one of entries with an id.
    """
    if file.suffix.lower() == WORKBOOK:
        with contextlib.suppress(VgstatsError):
            return layout_of(file) is not None
        return False
    try:
        with file.open("rb") as stream:
            return bool(_IS_ONE.search(stream.read(_START).decode("utf-8-sig", "replace")))
    except OSError:
        return False


def read_own_file(file: Path) -> OwnFile:
    """Return what a file of a region holds.

    What its texts name, such as measures and sources, is left to `check_names`.

    Raises:
        VgstatsError: it is missing, no YAML and no workbook of these, an entry does not fit, an id or a name stands
            twice, or one is taken
            by vgstats. The message names file, entry and key, or sheet and cell.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be read ({why_unread(file, error)}). Name a file."
        ) from None
    parts = read_sheets(file) if file.suffix.lower() == WORKBOOK else _placed(file)
    found: dict[Place, Measure | OwnText] = {}
    mistakes = Mistakes()
    for part, model in _MODELS.items():
        for place, entry in parts.get(part, []):
            with mistakes.noted():
                found[place] = _entry(place, entry, model)
    mistakes.tell()
    measures = [one for one in found.values() if isinstance(one, Measure)]
    texts = {place: one for place, one in found.items() if not isinstance(one, Measure)}
    _refuse_taken(file, measures)
    digest = hashlib.sha256(content).hexdigest()
    return OwnFile(file, digest, measures, list(texts.values()), list(texts))


def _placed(file: Path) -> dict[str, list[tuple[Place, Any]]]:
    """Return the entries of a YAML file by their keys, each with its place."""
    parts = _parts(file, read_yaml(file, read_text_file(file)))
    return {
        part: [(Place.of(_place(file, part, at, one)), one) for at, one in enumerate(entries, 1)]
        for part, entries in parts.items()
    }


def _parts(file: Path, parsed: Any) -> Mapping[str, list[Any]]:
    """Return the lists of entries by their keys; a list alone is one of measures."""
    parts = {"measures": parsed} if isinstance(parsed, list) else parsed
    if not isinstance(parts, dict) or not parts:
        raise VgstatsError(
            f"{file}: there is no list of measures or texts. Write one of {_KNOWN} and below it an entry "
            f"for each, as {DESCRIBED} and {TEXTS_DESCRIBED} describe."
        )
    mistakes = Mistakes()
    for key, entries in parts.items():
        if key not in _MODELS:
            fault = f"the key {key!r} is unknown.{nearest(str(key), _MODELS)}"
        elif not isinstance(entries, list) or not entries:
            fault = f"there is no list of {key}."
        else:
            continue
        mistakes.append(
            f"{file}: {fault} Known keys: {_KNOWN}, each with an entry below it for each, as {DESCRIBED} and "
            f"{TEXTS_DESCRIBED} describe."
        )
    mistakes.tell()
    return parts


def _place(file: Path, part: str, at: int, entry: Any) -> str:
    key = {"sources": "source", "answers": "heading", "judgements": "requirement"}.get(part, "id")
    named = f" ({entry[key]})" if isinstance(entry, dict) and key in entry else ""
    return f"{file}, {part}, entry {at}{named}"


def _entry(place: Place, entry: Any, model: Any) -> Measure | OwnText:
    """Return an entry as the catalogue has it.

    Raises:
        VgstatsError: it does not fit; the message says where, what was expected and what to do.
    """
    described = DESCRIBED if model is OwnMeasure else TEXTS_DESCRIBED
    if not isinstance(entry, dict):
        raise VgstatsError(
            f"{place}: {entry!r} is no entry with keys. They are described in {described}."
        )
    faults = [Fault("extra_forbidden", (key,)) for key in entry if key in not_written(model)]
    try:
        written = model.model_validate(entry)
    except ValidationError as error:
        faults += [one for one in all_faults(error) if one.path not in place.odd]
    faults += [Fault("value_error", path, words=words) for path, words in place.odd.items()]
    if not faults:
        found: Measure | OwnText = written.entry()
        return found
    told = [_in_words(fault, model) for fault in faults]
    remedy = described_at(place, described)
    raise VgstatsError(
        *(f"{at(place, path)}: {_of_cell(place, path, said)}. {remedy}" for path, said in told)
    )


def described_at(place: Place, described: str) -> str:
    """Return where it stands what an entry may hold."""
    if place.cells:
        return f"The sheet {README} says what the cells may hold."
    return f"The keys are described in {described}."


def at(place: Place, path: Sequence[str | int]) -> str:
    """Return where in a file something of an entry stands: the cell, or the entry and the key."""
    for end in range(len(path), 0, -1):
        if cell := place.cells.get(tuple(path[:end])):
            return ", ".join([cell, *_where(path[end:])])
    return ", ".join([place, *_where(path)])


def _of_cell(place: Place, path: Sequence[str | int], said: str) -> str:
    empty = said == _MISSING and tuple(path) in place.cells
    return "the cell is empty, and must say something" if empty else said


def _in_words(fault: Fault, model: type[Entry]) -> tuple[list[str | int], str]:
    """Return the keys that lead to where in an entry a fault stands, and what to say of it."""
    path, of_part = fault.path, INSIDE.get(str(fault.path[0]), model) if fault.path[1:] else model
    said = _said(fault, [name for name in of_part.model_fields if name not in not_written(model)])
    unknown = path[-1:] if fault.kind == "extra_forbidden" else ()
    names = {*_KEYS, *model.model_fields, *unknown}
    where = [part for part in path if isinstance(part, int) or part in names]
    key, colon, rest = said.partition(": ")
    if fault.kind == "value_error" and colon and key in names:
        where, said = [*where, key], rest
    return where, said


def _where(path: Sequence[str | int]) -> list[str]:
    """Return in words which keys lead to a place in an entry."""
    words = [part if isinstance(part, str) else f"entry {part + 1}" for part in path]
    return (
        [*words[:-1], f"key {path[-1]}" if isinstance(path[-1], str) else words[-1]] if path else []
    )


def _said(fault: Fault, known: list[str]) -> str:
    given, limits = fault.given, fault.limits or {}
    if fault.kind == "extra_forbidden":
        return f"the key is unknown.{nearest(str(fault.path[-1]), known)} Known keys: {', '.join(known)}"
    if fault.kind == "missing":
        return _MISSING
    if fault.kind == "string_pattern_mismatch":
        signs = limits["pattern"]
        of_id = f"small letters a-z, digits and {'-' if '-]' in signs else '_'}, a letter first, 2 to 60 of them"
        return f"{given!r} will not do: write {of_id if signs.startswith('^[a-z]') else 'no blanks in it'}"
    if fault.kind in ("string_too_long", "too_long"):
        return f"{len(given)} signs are too many: at most {limits['max_length']} have room"
    if fault.kind == "value_error":
        return fault.words.rstrip(".")
    return f"{given!r} will not do: {fault.words.lower()}" if fault.path else fault.words


def _refuse_taken(file: Path, measures: list[Measure]) -> None:
    """Refuse a measure that could be taken for another: by its id or, as tables may have it, by its name."""
    taken = {
        word: f"a measure of vgstats, {m.id} ({m.name})"
        for m in bundled_measures().values()
        for word in (m.id, m.name.lower())
    }
    for at, measure in enumerate(measures, 1):
        for key, word in (("id", measure.id), ("name", measure.name.lower())):
            if word in taken:
                raise VgstatsError(
                    f"{file}, measures, entry {at} ({measure.id}), key {key}: {getattr(measure, key)!r} is taken by "
                    f"{taken[word]}. Choose another {key}."
                )
        ours = f"another entry of the file, {measure.id}"
        taken |= dict.fromkeys((measure.id, measure.name.lower()), ours)
