"""What a region writes itself: measures (`docs/egen-tabell.md`), and texts (`docs/egna-overenskommelser.md`).

The entries are those of the catalogue, held to more: what a region types has been read by nobody yet.
"""

from __future__ import annotations

import datetime as dt
import re
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from vgstats.catalogue import agreements, texts, units
from vgstats.catalogue.areas import RIKET, all_areas
from vgstats.catalogue.measures import Measure
from vgstats.entries import Entry
from vgstats.errors import nearest
from vgstats.sources.labels import area_of_label

_DECIMALS = {"count": 0, "rate": 1, "money": 1, "days": 1}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _readable(text: str) -> str:
    odd = next((sign for sign in text if not sign.isprintable() and sign != "\n"), None)
    if odd:
        raise ValueError(f"it holds a sign that nobody sees, {odd!r}: write the text anew")
    return text


def _without_gaps(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValueError("there are braces in it: measures are named only in volume and outcome")
    return text


def _named_in_letters(text: str) -> str:
    """Refuse numbers in what labels a figure, where each must be a fact, or names a source, which no page questions."""
    if any(sign.isnumeric() for sign in _YEAR.sub("", text)):
        raise ValueError("numbers other than years may not stand in it: write them in letters")
    return text


def gaps(template: str) -> list[str]:
    """Return the measures that a text names in braces.

    Raises:
        ValueError: it has braces that name none.
    """
    try:
        found = [(name, spec, how) for _, name, spec, how in Formatter().parse(template)]
    except ValueError:
        raise ValueError("a brace is not closed: write a measure as {its_id}") from None
    named = [(name, spec, how) for name, spec, how in found if name is not None]
    if any(spec or how or not re.fullmatch(r"[a-z][a-z0-9_]*", name) for name, spec, how in named):
        raise ValueError("braces hold the id of a measure and nothing else, as {ohalsotal}")
    return [name for name, _, _ in named]


def _template(text: str) -> str:
    gaps(text)
    return text


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}: write it as 2026-01-31") from None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError(f"{value!r} is no day: write it as 2026-01-31")


def _area(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text: write the code in quotation marks, as '14'")
    area = area_of_label(value)
    if area not in all_areas().index:
        raise ValueError(
            f"{value!r} is no area: write a code, a name or both, as '14', '1480' or 'kommun:1480'."
            + nearest(value, [*all_areas().index, *all_areas()["name"]])
        )
    return area


def _of_a_region(area: str) -> str:
    if area == RIKET:
        raise ValueError("riket is no area of a region: the country's own come with vgstats")
    return area


def _county(area: str) -> str:
    if not area.startswith("lan:"):
        raise ValueError(
            f"{area} is no county: follow-ups are of counties, write its code, as '14'"
        )
    return area


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Plain = Annotated[str, AfterValidator(_readable), AfterValidator(_without_gaps)]
Line = Annotated[Plain, Field(min_length=1, max_length=200)]
Label = Annotated[Line, Field(max_length=60), AfterValidator(_named_in_letters)]
Prose = Annotated[Plain, Field(min_length=1, max_length=3000)]
MaybeProse = Annotated[Plain, Field(max_length=3000)]
Template = Annotated[
    str, Field(min_length=1, max_length=300), AfterValidator(_readable), AfterValidator(_template)
]
_Text = Annotated[str, Field(min_length=1)]
Number = Annotated[int, Field(ge=0)]
Kronor = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Limit = Annotated[float, Field(allow_inf_nan=False)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Area = Annotated[str, BeforeValidator(_area)]
Place = Annotated[Area, AfterValidator(_of_a_region)]
_County = Annotated[Area, AfterValidator(_county)]


class Written(Entry, strict=True, str_strip_whitespace=True):
    """An entry as a region writes it; the catalogue's own is the first of its bases."""

    def entry(self) -> texts.OwnText:
        """Return it as the catalogue has it."""
        model: Any = type(self).__bases__[0]
        own = {"own": True} if "own" in model.model_fields else {}
        found: texts.OwnText = model.model_validate(self.model_dump() | own)
        return found


class OwnRemark(agreements.Remark, Written):
    """A remark on figures as a region writes it."""

    area: _County
    text: Prose
    period: None = None
    dimensions: list[str] = Field(default=[], max_length=0)


class OwnAnswer(texts.OwnWords, Written):
    """A region's own words."""

    heading: Line
    text: Prose
    author: Line
    area: _County


class OwnUnit(units.Unit, Written):
    """A unit of a region, such as a vårdcentral; what it is called is no fact, so it may have numbers in it."""

    id: Id
    name: Annotated[Line, Field(max_length=60)]
    lan: _County
    kind: Label = "vårdcentral"
    formerly: list[Line] = Field(default=[])
    started: Day | None = None
    cni: Limit | None = None


class OwnSource(texts.Source, Written):
    """A publication or a document of a region."""

    source: Id
    short: Label
    title: Annotated[Line, AfterValidator(_named_in_letters)]
    publisher: Annotated[Line, AfterValidator(_named_in_letters)]
    address: Annotated[str, Field(max_length=300, pattern=r"^\S*$")] = ""
    place: Annotated[Plain, Field(max_length=200)] = ""
    published: Annotated[Plain, Field(max_length=40)] = ""
    note: Annotated[Plain, Field(max_length=300), AfterValidator(_named_in_letters)] = ""


class OwnMeasure(Entry, strict=True, str_strip_whitespace=True):
    """One measure as a person declares it; what is left out follows from its kind."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    name: _Text
    unit: _Text
    kind: Literal["count", "rate", "money", "days"]
    time: Literal["stock", "flow", "rolling12"]
    definition: _Text
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    additive: bool | None = None
    between_sexes: bool | None = None
    minimum: Limit | None = 0
    maximum: Limit | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> OwnMeasure:
        if self.kind == "count" and (self.decimals or self.additive is False or self.between_sexes):
            raise ValueError(
                "a count is a whole number and kvinnor + män = alla: leave decimals, additive and "
                "between_sexes out, or call its kind rate, money or days"
            )
        if self.kind == "rate" and self.additive:
            raise ValueError("kvinnor + män is never alla in a rate: leave additive out")
        if self.additive and self.between_sexes:
            raise ValueError("additive and between_sexes contradict each other: leave one out")
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError(
                f"minimum {low:g} is not below maximum {high:g}: nothing would be possible"
            )
        return self

    def entry(self) -> Measure:
        """Return it as the catalogue has it."""
        usual = {"decimals": _DECIMALS[self.kind], "additive": self.kind == "count"}
        usual["between_sexes"] = self.kind == "rate"
        said = {name: getattr(self, name) for name in usual if getattr(self, name) is not None}
        fields = self.model_dump(exclude={"kind", "time", *usual}) | usual | said
        return Measure(
            **fields,
            kind=self.time,
            own=True,
            quantity=self.kind,
            source="",
            available="regionens egna siffror (vgstats import FIL --publisher REGIONEN)",
        )
