"""The mapping file: which of a region's own columns hold what, how it spells things, and which units it has.

`docs/sjukfall-ur-intyg.md` describes it.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from vgstats.cases.personal_numbers import looking_personal, named_personal
from vgstats.entries import Entry, Fault, all_faults, read_yaml, text_in
from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.sources.own_entries import Area, Day, Label, OwnUnit

DESCRIBED = "the guide Sjukfall ur läkarintyg (docs/sjukfall-ur-intyg.md in the project)"
MEASURES = (
    "plan",
    "koordinering",
    "kartlaggningssamtal",
    "kontakt_arbetsgivare",
    "kontakt_af",
    "komplettering",
)
# Västra Götaland's own guide to the codes of coordination, by the act 2019:1297.
KVA = {"GC001": "koordinering", "DV077": "plan"}
OCCUPATIONS = ("anställd", "arbetslös", "studerande", "försörjningsstöd", "okänd")
UNIT_COLUMNS = ("vardcentral", "listad_vardcentral", "hsn")
CLOSED = ("specialitet", "arbetsgivare")  # the region's own vocabulary, all of it in `values`
_WORDS: dict[str, tuple[str, ...]] = {
    "sex": ("kvinnor", "män"),
    "degree": ("25", "50", "75", "100"),
    "sysselsattning": OCCUPATIONS,
    "kva": MEASURES,
    **dict.fromkeys(MEASURES, ("ja", "nej")),
}
_TRANSLATED = (*_WORDS, *UNIT_COLUMNS, *CLOSED, "diagnosis", "kommun")


def folded(text: str) -> str:
    """Return a text in the way that its spellings by case and blanks have in common.

    >>> folded("  Vårdcentralen  Alby ")
    'vårdcentralen alby'
    """
    return " ".join(unicodedata.normalize("NFC", text).split()).lower()


def _spelled(value: Any) -> Any:
    """Return own spellings and their words as texts; a list says that each is its own word."""
    if isinstance(value, list):
        value = {one: one for one in value}
    if not isinstance(value, dict):
        raise ValueError("write own spelling: our word, or a list of words")
    if any(isinstance(one, bool) for one in value):
        raise ValueError("YAML made true or false of a spelling: put it in quotation marks")
    ours = {True: "ja", False: "nej"}
    words = {
        str(own): ours.get(word, word) if isinstance(word, bool) else str(word)
        for own, word in value.items()
    }
    if len({*map(folded, words)}) < len(words):
        raise ValueError("a spelling stands twice")
    return words


def _county(area: str) -> str:
    if not area.startswith("lan:"):
        raise ValueError(f"{area} is no county: write its code, as '14'")
    return area


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[
    tuple[Name, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]
Spellings = Annotated[dict[str, str], BeforeValidator(_spelled)]
County = Annotated[Area, AfterValidator(_county)]


class Columns(Entry, strict=True):
    """The region's own names of the columns; what is not named here is never read."""

    person: Name
    from_: Name = Field(alias="from")
    to: Name
    degree: Name
    diagnosis: Name
    sex: Name
    birth_year: Name
    kommun: Name | None = None
    vardcentral: Name | None = None
    listad_vardcentral: Name | None = None
    hsn: Name | None = None
    arbetsgivare: Name | None = None
    specialitet: Name | None = None
    sysselsattning: Name | None = None
    kva: Annotated[Names, Field(strict=False)] = ()
    plan: Name | None = None
    koordinering: Name | None = None
    kartlaggningssamtal: Name | None = None
    kontakt_arbetsgivare: Name | None = None
    kontakt_af: Name | None = None
    komplettering: Name | None = None


class ListedColumns(Entry, strict=True):
    """The columns of the table of listed persons."""

    unit: Name
    year: Name
    sex: Name
    age: Name
    persons: Name


class Listed(Entry, strict=True):
    """The table of listed persons: a row for each unit, year, sex and age."""

    file: Name
    columns: ListedColumns


class Mapping(Entry, strict=True):
    """What a mapping file says.

    `snapshots` are the days for which ongoing cases are counted. `gap_days` is how many free days two certificates of
    a case may have between them. `unit_by` says which unit owns a case, and `unit` which column holds the units.
    `dates` is the order of day, month and year, where the file does not tell. A file in which more than
    `faulty_percent` of the rows have a fault that could mislead is refused.
    """

    lan: County
    register_: Label = Field(alias="register")
    snapshots: Annotated[list[Day], Field(min_length=1, max_length=10)]
    unit_by: Literal["listad", "senaste_intyg"]
    columns: Columns
    units: Annotated[list[OwnUnit], Field(min_length=1)]
    unit: Literal["vardcentral", "hsn"] = "vardcentral"
    gap_days: Annotated[int, Field(ge=0, le=12)] = 5
    dates: Literal["ymd", "dmy", "mdy"] | None = None
    faulty_percent: Annotated[int, Field(ge=0, le=20)] = 5
    synthetic: bool = False
    values: dict[str, Spellings] = Field(default={})
    listed: Listed | None = None

    @model_validator(mode="before")
    @classmethod
    def _units_of_the_county(cls, entry: Any) -> Any:
        """Give each unit the county, and the id that its name makes where it has none."""
        units = entry.get("units") if isinstance(entry, dict) else None
        if not isinstance(units, list):
            return entry
        of_all = {"lan": entry.get("lan")}
        filled = [
            {"id": _slug(str(unit.get("name", "")))} | of_all | unit
            if isinstance(unit, dict)
            else unit
            for unit in units
        ]
        return entry | {"units": filled}

    @field_validator("snapshots")
    @classmethod
    def _in_order(cls, days: list[dt.date]) -> list[dt.date]:
        if days != sorted(set(days)):
            raise ValueError("write each day once, the earliest first")
        return days

    @model_validator(mode="after")
    def _fits_together(self) -> Mapping:
        faults = [*self._of_units(), *self._of_columns(), *self._of_values()]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _of_units(self) -> Iterator[str]:
        whose: dict[str, str] = {}
        ids = [unit.id for unit in self.units]
        for unit in self.units:
            if ids.count(unit.id) > 1:
                yield f"units: the id {unit.id!r} stands twice: give the units an id each"
            for name in {*map(folded, (unit.name, *unit.formerly))}:
                if whose.setdefault(name, unit.id) != unit.id:
                    yield f"units: {name!r} is a name of both {whose[name]} and {unit.id}: keep it in one of them"

    def _of_columns(self) -> Iterator[str]:
        if self.unit_by == "listad" and self.unit == "hsn":
            yield "unit_by: nobody is listed at a HSN: write senaste_intyg"
        elif not self.own_columns().get(self.unit_column):
            yield f"columns: {self.unit_column} is missing, which unit_by: {self.unit_by} needs"
        own = [name for names in self.own_columns().values() for name in names]
        for name in sorted({name for name in own if own.count(name) > 1}):
            yield f"columns: {name!r} is named twice: name it once"
        for key in CLOSED:
            if self.own_columns().get(key) and not self.values.get(key):
                yield f"values: {key} is missing: list the words that may stand in that column"

    def _of_values(self) -> Iterator[str]:
        there = self.own_columns()
        for key, spelled in self.values.items():
            if key not in _TRANSLATED:
                yield f"values: {key!r} is unknown.{nearest(key, _TRANSLATED)} Known: {', '.join(_TRANSLATED)}"
            elif not there.get(key):
                yield f"values: {key} is no column that the mapping names: name it under columns, or take it away"
            for own, word in spelled.items():
                known = self._known(key)
                if known and word not in known:
                    yield f"values: {key}: {own}: {word!r} is unknown.{nearest(word, known)} {_some(known)}"
                elif key in CLOSED and (set(word) & set("=;|") or not word.strip()):
                    yield f"values: {key}: {own}: {word!r} will not do: write words without = ; |"
                elif key in UNIT_COLUMNS and self._named(own) - self._named(word):
                    yield f"values: {key}: {own!r} is a name of another unit than {word!r}: keep it in one of them"

    def _known(self, key: str) -> tuple[str, ...]:
        """Return the words that own spellings of a column may stand for, none where it is not a list of them."""
        if key in UNIT_COLUMNS:
            return tuple(name for unit in self.units for name in (unit.id, unit.name))
        return _WORDS.get(key, ())

    def _named(self, word: str) -> set[str]:
        """Return the units that are called so, or were."""
        return {
            unit.id
            for unit in self.units
            if folded(word) in map(folded, (unit.id, unit.name, *unit.formerly))
        }

    def own_columns(self) -> dict[str, tuple[str, ...]]:
        """Return the region's own columns by the keys of `columns`, those that are named.

        >>> Columns.model_fields["from_"].alias
        'from'
        """
        said = self.columns.model_dump(by_alias=True)
        as_names = {
            key: (name,) if isinstance(name, str) else tuple(name or ())
            for key, name in said.items()
        }
        return {key: names for key, names in as_names.items() if names}

    @property
    def unit_column(self) -> str:
        """Which column tells the unit that owns a case."""
        return "listad_vardcentral" if self.unit_by == "listad" else self.unit

    def spellings(self, key: str) -> dict[str, str]:
        """Return the words of a column by their own spellings, `folded`; units as areas."""
        own = {folded(spelling): word for spelling, word in self.values.get(key, {}).items()}
        if key not in UNIT_COLUMNS:
            return {folded(word): word for word in _WORDS.get(key, ())} | own
        found: dict[str, str] = {}
        for unit in self.units:
            names = (unit.id, unit.area, unit.name, *unit.formerly)
            named = {spelling for spelling, word in own.items() if word in (unit.id, unit.name)}
            found |= dict.fromkeys([*map(folded, names), *named], unit.area)
        return found

    def former_names(self) -> set[str]:
        """Return the names that units no longer have, `folded`."""
        now = {folded(unit.name) for unit in self.units}
        return {folded(name) for unit in self.units for name in unit.formerly} - now


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = "-".join("".join(sign if sign.isalnum() else " " for sign in plain).split())
    return (slug if slug[:1].isalpha() else f"enhet-{slug}")[:60]


def _some(known: tuple[str, ...]) -> str:
    more = f" and {len(known) - 8} more" if len(known) > 8 else ""
    return f"Known: {', '.join(known[:8])}{more}"


def read_mapping(file: Path) -> Mapping:
    """Return what a mapping file says.

    Raises:
        VgstatsError: it cannot be read, is no YAML, or something in it will not do; each fault names the key, and the
            known key nearest to one that is unknown.
    """
    remedy = f"{DESCRIBED} shows one."
    text = text_in(file, "mapping file", f"{remedy[0].upper()}{remedy[1:]}")
    if found := looking_personal(text.splitlines()):
        named = "the mapping file" if named_personal([file.name]) else file
        raise VgstatsError(
            f"{named}, line {found[0] + 1}: something there looks like a personnummer or a samordningsnummer, and is "
            "not shown here. Take it away: a mapping names columns, words and units, nobody."
        )
    content = read_yaml(file, text)
    if not isinstance(content, dict):
        raise VgstatsError(
            f"{file}: there are no keys. Write lan:, columns: and the others; {remedy}"
        )
    mistakes = Mistakes()
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        faults = all_faults(error)
    for fault in faults:
        where = ", ".join(
            f"entry {part + 1}" if isinstance(part, int) else str(part) for part in fault.path
        )
        mistakes.append(
            f"{file}: {f'{where}: ' if where else ''}{_said(fault).rstrip('.')}. See {DESCRIBED}."
        )
    mistakes.tell()
    raise AssertionError("a fault without words")


_MODELS: dict[str, type[Entry]] = {"columns": Columns, "units": OwnUnit, "listed": Listed}


def _said(fault: Fault) -> str:
    if fault.kind == "extra_forbidden":
        model = _MODELS.get(str(fault.path[0]), Mapping) if fault.path[1:] else Mapping
        model = ListedColumns if fault.path[:2] == ("listed", "columns") else model
        known = [field.alias or name for name, field in model.model_fields.items()]
        return f"the key is unknown.{nearest(str(fault.path[-1]), known)} Known keys: {', '.join(known)}"
    if fault.kind == "missing":
        return "the key is missing"
    return (
        fault.words
        if fault.kind == "value_error"
        else f"{fault.given!r} will not do: {fault.words.lower()}"
    )
