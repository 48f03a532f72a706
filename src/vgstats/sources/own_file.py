"""A YAML file of a region: measures, agreements, remarks, answers and sources, all checked or nothing kept.

`docs/egen-tabell.md` describes the measures, `docs/egna-overenskommelser.md` the rest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats.catalogue.agreements import KOMMUNER, Agreement, Remark, bundled_agreements
from vgstats.catalogue.measures import Measure, bundled_measures, catalogue
from vgstats.catalogue.texts import Answer, OwnText, Source
from vgstats.errors import VgstatsError, nearest
from vgstats.sources.own_measures import OwnMeasure
from vgstats.sources.own_texts import INSIDE, NOT_WRITTEN, PARTS, gaps
from vgstats.sources.reading import read_text_file

DESCRIBED = "docs/egen-tabell.md"
TEXTS_DESCRIBED = "docs/egna-overenskommelser.md"
_IS_ONE = re.compile(rf"^(({'|'.join(['measures', *PARTS])})\s*:|-\s+\{{?\s*id\s*:)", re.MULTILINE)


_START = 1 << 16  # bytes of a file, within which its first key stands
_KEYS = {name for model in INSIDE.values() for name in model.model_fields}

M = TypeVar("M", bound=BaseModel)


class Declaration(BaseModel):
    """A measure that a region has declared, and the file that says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
    places: list[str]

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


class _OnceLoader(yaml.SafeLoader):
    """YAML in which no key stands twice, where the last would count unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


def is_own_file(file: Path) -> bool:
    """Return whether a file is one of a region's own: YAML with one of its keys, or a list of entries with an id."""
    try:
        with file.open("rb") as stream:
            return bool(_IS_ONE.search(stream.read(_START).decode("utf-8-sig", "replace")))
    except OSError:
        return False


def read_declarations(file: Path) -> list[Declaration]:
    """Return the measures that a file declares (see `read_own_file`)."""
    return read_own_file(file).declarations


def read_own_file(file: Path) -> OwnFile:
    """Return what a file of a region holds.

    What its texts name, such as measures and sources, is left to `check_names`.

    Raises:
        VgstatsError: it is missing or no YAML, an entry does not fit, an id or a name stands twice, or one is taken
            by vgstats. The message names file, entry and key.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise VgstatsError(f"{file}: cannot be read ({error.strerror}). Name a file.") from None
    try:
        # A loader of our own, which is a safe one.
        parsed = yaml.load(read_text_file(file), Loader=_OnceLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        problem = " ".join(str(error).split())
        raise VgstatsError(
            f"{file}: this is not valid YAML: {problem}. Correct the place."
        ) from None
    parts = _parts(file, parsed)
    measures = [
        _entry(_place(file, "measures", at, entry), entry, OwnMeasure, DESCRIBED).measure()
        for at, entry in enumerate(parts.get("measures", []), 1)
    ]
    _refuse_taken(file, measures)
    texts: dict[str, OwnText] = {}
    for part, model in PARTS.items():
        for at, entry in enumerate(parts.get(part, []), 1):
            place = _place(file, part, at, entry)
            texts[place] = _entry(place, entry, model, TEXTS_DESCRIBED).entry()
    digest = hashlib.sha256(content).hexdigest()
    return OwnFile(file, digest, measures, list(texts.values()), list(texts))


def _parts(file: Path, parsed: Any) -> Mapping[str, list[Any]]:
    """Return the lists of entries by their keys; a list alone is one of measures."""
    parts = {"measures": parsed} if isinstance(parsed, list) else parsed
    known = ["measures", *PARTS]
    if not isinstance(parts, dict) or not parts:
        raise VgstatsError(
            f"{file}: there is no list of measures or texts. Write one of {', '.join(known)} and below it an entry "
            f"for each, as {DESCRIBED} and {TEXTS_DESCRIBED} describe."
        )
    for key, entries in parts.items():
        if key not in known:
            fault = f"the key {key!r} is unknown.{nearest(str(key), known)}"
        elif not isinstance(entries, list) or not entries:
            fault = f"there is no list of {key}."
        else:
            continue
        raise VgstatsError(
            f"{file}: {fault} Known keys: {', '.join(known)}, each with an entry below it for each, as {DESCRIBED} and "
            f"{TEXTS_DESCRIBED} describe."
        )
    return parts


def _place(file: Path, part: str, at: int, entry: Any) -> str:
    key = {"sources": "source", "answers": "heading"}.get(part, "id")
    named = f" ({entry[key]})" if isinstance(entry, dict) and key in entry else ""
    return f"{file}, {part}, entry {at}{named}"


def _entry(place: str, entry: Any, model: type[M], described: str) -> M:
    """Return an entry as its model has it.

    Raises:
        VgstatsError: it does not fit; the message says where, what was expected and what to do.
    """
    if not isinstance(entry, dict):
        raise VgstatsError(f"{place}: {entry!r} is no entry with keys. {described} describes them.")
    first: dict[str, Any]
    odd = [key for key in entry if key in NOT_WRITTEN]
    try:
        found = model.model_validate(entry)
        if not odd:
            return found
    except ValidationError as error:
        first = dict(min(error.errors(), key=lambda e: e["type"] != "extra_forbidden"))
    if odd:
        first = {"loc": (odd[0],), "type": "extra_forbidden", "input": entry[odd[0]], "msg": ""}
    path: tuple[Any, ...] = first["loc"]
    said = _said(first, _keys(_model_at(model, path)))
    unknown = first["type"] == "extra_forbidden"
    names = {*_KEYS, *model.model_fields, *(path[-1:] if unknown else ())}
    where = [
        f"entry {part + 1}" if isinstance(part, int) else str(part)
        for part in path
        if isinstance(part, int) or part in names
    ]
    key, colon, rest = said.partition(": ")
    if first["type"] == "value_error" and colon and key in names:
        where, said = [*where, key], rest
    if where and not where[-1].startswith("entry "):
        where[-1] = f"key {where[-1]}"
    raise VgstatsError(f"{', '.join([place, *where])}: {said}. {described} describes the keys.")


def _model_at(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel]:
    """Return the model of what a path leads into."""
    return INSIDE[path[0]] if path[1:] and path[0] in INSIDE else model


def _keys(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in NOT_WRITTEN]


def _unknown(key: object, known: list[str]) -> str:
    return f"the key is unknown.{nearest(str(key), known)} Known keys: {', '.join(known)}"


def _said(first: dict[str, Any], known: list[str]) -> str:
    """Return what to say of an error of pydantic's."""
    kind, given, words = first["type"], first["input"], str(first["msg"])
    if kind == "extra_forbidden":
        return _unknown(first["loc"][-1], known)
    if kind == "missing":
        return "the key is missing"
    if kind == "string_pattern_mismatch":
        signs = first["ctx"]["pattern"]
        of_id = f"small letters a-z, digits and {'-' if '-]' in signs else '_'}, a letter first, 2 to 60 of them"
        return f"{given!r} will not do: write {of_id if signs.startswith('^[a-z]') else 'no blanks in it'}"
    if kind in ("string_too_long", "too_long"):
        return f"{len(given)} signs are too many: at most {first['ctx']['max_length']} have room"
    words = words.removeprefix("Value error, ")
    if kind == "value_error":
        return words.rstrip(".")
    return f"{given!r} will not do: {words.lower()}" if first["loc"] else words


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


def check_names(
    own: OwnFile, others: Collection[OwnText], sources: Collection[str], of_vgstats: Collection[str]
) -> None:
    """Refuse texts that name what there is not, or have a name that is taken.

    Args:
        own: the file, its measures declared to the catalogue or not.
        others: the texts of the store's other files.
        sources: the sources of figures.
        of_vgstats: those among them that come with vgstats, whose names are taken.

    Raises:
        VgstatsError: a measure, a source or an agreement is not known, an id or a source stands twice, or it is that
            of another. The message names file, entry and key.
    """
    measures = {*catalogue(), *(one.id for one in own.measures)}
    listed = {"id": set(bundled_agreements()), "source": set(of_vgstats)}
    elsewhere = [one for one in others if one not in own.texts]
    for one in elsewhere:
        listed["source" if isinstance(one, Source) else "id"] |= _called(one)
    for place, text in zip(own.places, own.texts, strict=True):
        key = "source" if isinstance(text, Source) else "id"
        for name in _called(text) & listed[key]:
            raise VgstatsError(
                f"{place}, key {key}: {name!r} is taken, by vgstats, by another entry or by another file of yours. "
                f"Choose another {key}, or take the entry out of the other file."
            )
        listed[key] |= _called(text)
    known = {
        "measure": measures,
        "source": listed["source"] | set(sources),
        "agreement": listed["id"],
    }
    for place, text in zip(own.places, own.texts, strict=True):
        for where, kind, name in _named(text):
            if name not in known[kind]:
                raise VgstatsError(
                    f"{place}, {where}: {name!r} is not a known {kind}.{nearest(name, known[kind])} "
                    f"{_REMEDY[kind]}. {TEXTS_DESCRIBED} describes the keys."
                )


_REMEDY = {
    "measure": "Correct it, or declare it under measures",
    "source": "Correct it, or describe it under sources",
    "agreement": "Correct it, or write the agreement under agreements",
}


def _called(text: OwnText) -> set[str]:
    """Return the name that a text is known by, if it is."""
    if isinstance(text, Agreement):
        return {text.id}
    return {text.source} if isinstance(text, Source) else set()


def _named(text: OwnText) -> Iterator[tuple[str, str, str]]:
    """Yield what a text names: the key, what kind of name it is, and the name."""
    found: list[tuple[str, str, str | None]] = []
    if isinstance(text, Answer):
        found = [("key agreement", "agreement", text.agreement or None)]
    elif isinstance(text, Remark):
        found = [("key source", "source", text.source), ("key measure", "measure", text.measure)]
    elif isinstance(text, Agreement):
        found = [
            ("key source", "source", text.source),
            *(("key more_sources", "source", name) for name in text.more_sources),
            ("key part_of", "agreement", text.part_of),
            *(
                (f"key {key}", "measure", getattr(text, key))
                for key in ("chosen_for_high", "grant_measure", "own_money_measure")
            ),
            *(("key figures", "measure", name) for name in text.figures),
        ]
        if text.evaluation:
            found.append(("evaluation, key source", "source", text.evaluation.source))
        for at, goal in enumerate(text.goals, 1):
            found.append((f"goals, entry {at}, key source", "source", goal.source))
            found.append((f"goals, entry {at}, key measure", "measure", goal.measure))
            found += _in_braces(f"goals, entry {at}, key outcome", goal.outcome)
        for at, action in enumerate(text.actions, 1):
            found += _in_braces(f"actions, entry {at}, key volume", action.volume)
    yield from ((where, kind, name) for where, kind, name in found if name is not None)


def _in_braces(where: str, template: str | None) -> list[tuple[str, str, str | None]]:
    named = gaps(template) if template else []
    return [(where, "measure", name) for name in named if name != KOMMUNER]
