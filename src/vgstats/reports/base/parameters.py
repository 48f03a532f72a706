"""The parameters of reports on a county: between two periods, or of one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, field_validator

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, PeriodText
from vgstats.errors import VgstatsError
from vgstats.methods.observed import other_forms
from vgstats.reports.base.common import LATEST
from vgstats.reports.base.common import MeasureId as MeasureId
from vgstats.reports.base.common import Parameters as Parameters


def _lan_code(code: str) -> str:
    if f"lan:{code}" not in areas.lan():
        raise ValueError(areas.no_code(code, "lan"))
    return code


LanCode = Annotated[str, AfterValidator(_lan_code)]


def out_of_order(first_name: str, first: str, last_name: str, last: str) -> str:
    """Return what to say of two periods that do not follow each other, empty where they do."""
    if Period.parse(first).end < Period.parse(last).start:
        return ""
    return (
        f"{first_name} {first!r} must lie before {last_name} {last!r}. Swap them, or correct "
        "the one that is wrong."
    )


class OfCounty(Parameters):
    """A report on a county: `lan` is its two-digit code."""

    axes: ClassVar[tuple[str, ...]] = ("lan",)

    lan: LanCode

    @property
    def county(self) -> str:
        """The county as an area id, such as `lan:14`."""
        return f"lan:{self.lan}"

    @property
    def area(self) -> str:
        """What the report is about as an area id: the county."""
        return self.county

    def pair(self, measure: str) -> tuple[str, str]:
        """Return the two periods that a measure is compared in, or twice the one."""
        raise NotImplementedError

    def periods_in_use(self, measure: str) -> tuple[str, ...]:
        """Return the periods under which the figures of a measure may stand."""
        return _forms(measure, self.pair(measure))

    @classmethod
    def known(cls, axis: str, chosen: Mapping[str, str]) -> list[str]:
        """Return all counties, or the kommuner of the one that is chosen."""
        if axis == "lan":
            return [area.removeprefix("lan:") for area in areas.lan()]
        county = f"lan:{chosen['lan']}"
        found = areas.kommuner(county) if county in areas.lan() else []
        return [area.removeprefix("kommun:") for area in found]


class BetweenPeriods(OfCounty):
    """A report on a county between two periods: `before` and `after` are compared."""

    before: PeriodText
    after: PeriodText

    @field_validator("before", mode="before")
    @classmethod
    def _said(cls, value: object) -> object:
        if value == LATEST:
            raise ValueError(
                f"before: {LATEST!r} can stand for after only: what a report compares with must stay the same when "
                "new figures come. Write the period, such as '2019-12'."
            )
        return value

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together, such as two periods that do not follow each other."""
        yield out_of_order("before", self.before, "after", self.after)

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending: the area's name and the periods, as validated."""
        return f"{areas.slug(self.area)}-{self.before}-{self.after}"

    @property
    def former_name(self) -> str:
        """The name that an earlier version gave the report's file, by its code."""
        return f"{self.code}-{self.before}-{self.after}"

    @property
    def label(self) -> str:
        """The report's area and periods, in words."""
        before, after = (Period.parse(text).swedish() for text in (self.before, self.after))
        return f"{self.area_name}, {before} och {after}"

    @property
    def span(self) -> str:
        """The two periods, by their years where they are of the same time of the year."""
        same = self.before[4:] == self.after[4:]
        return "–".join(period[:4] if same else period for period in (self.before, self.after))

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is `before` or `after`, empty for neither."""
        return {"before": "first", "after": "last"}.get(str(path[-1]), "")  # type: ignore[return-value]

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {**super().told_apart(), "before": self.before, "after": self.after}

    def pair(self, measure: str) -> tuple[str, str]:
        """Return the two periods that a measure is compared in."""
        return self.before, self.after

    def pairs(self) -> list[tuple[str, str]]:
        """Return every two periods that something is compared in."""
        return [(self.before, self.after)]


class InPeriod(OfCounty):
    """A report on how something stands in a county in one period: `period`, a year or a month."""

    period: PeriodText

    @property
    def before(self) -> str:
        """The period: what is asked for the earlier of two gets it too."""
        return self.period

    @property
    def after(self) -> str:
        """The period."""
        return self.period

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending: the area's name and the period."""
        return f"{areas.slug(self.area)}-{self.period}"

    @property
    def label(self) -> str:
        """The report's area and period, in words."""
        return f"{self.area_name}, {Period.parse(self.period).swedish()}"

    @property
    def span(self) -> str:
        """The period."""
        return self.period

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is the period, which a year later is the next."""
        return "last" if path[-1] == "period" else ""

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {**super().told_apart(), "period": self.period}

    def pair(self, measure: str) -> tuple[str, str]:
        """Return the period, twice: nothing is compared with an earlier one."""
        return self.period, self.period


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(f"{text!r} is no day. Write it as 2025-10-01.")
    try:
        return Period.parse(text).text
    except VgstatsError as error:
        raise ValueError(str(error)) from None


Snapshot = Annotated[str, AfterValidator(_day)]


class AtSnapshot(OfCounty):
    """A report on how something stands on a day: `snapshot`, and `earlier`, a day to lay beside it, or empty."""

    snapshot: Snapshot
    earlier: Snapshot | Literal[""] = ""

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: days in the wrong order."""
        yield from super().at_odds()
        if self.earlier:
            yield out_of_order("earlier", self.earlier, "snapshot", self.snapshot)

    @property
    def before(self) -> str:
        """The earlier day, or the day itself where there is none."""
        return self.earlier or self.snapshot

    @property
    def after(self) -> str:
        """The day."""
        return self.snapshot

    @property
    def days(self) -> tuple[str, ...]:
        """The days, the earlier first."""
        return tuple(filter(None, (self.earlier, self.snapshot)))

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending: the area's name and the day."""
        return f"{areas.slug(self.area)}-{self.snapshot}"

    @property
    def label(self) -> str:
        """The report's area and day, in words."""
        return f"{self.area_name}, {Period.parse(self.snapshot).swedish()}"

    @property
    def span(self) -> str:
        """The year or years of the days."""
        return "–".join(day[:4] for day in self.days)

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is `earlier` or `snapshot`, empty for neither."""
        return {"earlier": "first", "snapshot": "last"}.get(str(path[-1]), "")  # type: ignore[return-value]

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {**super().told_apart(), "snapshot": self.snapshot}

    def pair(self, measure: str) -> tuple[str, str]:
        """Return the periods of a measure that belong to the two days."""
        return at_day(measure, self.before), at_day(measure, self.after)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the two days."""
        return [(self.before, self.after)]


def at_day(measure: str, day: str) -> str:
    """Return the period of a measure that belongs to a day: for one of twelve months, the month that they end with."""
    if not measure_of(measure).rolling12:
        return day
    return f"{dt.date.fromisoformat(day) - dt.timedelta(days=1):%Y-%m}"


class OfCountry(Parameters):
    """A report on the whole country that compares no periods."""

    before: ClassVar[str] = ""
    after: ClassVar[str] = ""

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: figures are of periods, and the report has none."""
        if self.measures:
            yield f"measures: {self.measures} will not do. The report compares no periods: leave measures out."

    @property
    def county(self) -> str:
        """What is asked for the county of the report gets the whole country."""
        return areas.RIKET

    @property
    def area(self) -> str:
        """The whole country."""
        return areas.RIKET

    def pair(self, measure: str) -> tuple[str, str]:
        """Return no periods."""
        return "", ""

    def periods_in_use(self, measure: str) -> tuple[str, ...]:
        """Return no periods."""
        return ()


InTime = (
    BetweenPeriods | InPeriod | AtSnapshot | OfCountry
)  # the parameters that a kind of report may have


@cache
def _forms(measure: str, pair: tuple[str, str]) -> tuple[str, ...]:
    return tuple(form for period in dict.fromkeys(pair) for form in other_forms(measure, period))
