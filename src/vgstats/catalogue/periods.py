"""Periods as the sources write them: a year, a quarter, a month or a day."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated

from babel.dates import get_month_names
from pydantic import AfterValidator

from vgstats.errors import VgstatsError

MONTHS = list(get_month_names("wide", locale="sv_SE").values())
_FORM = re.compile(
    r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII
)


_SPAN = re.compile(
    r"(?P<first>\d{4}(?:-\d{2})?)(?:\s*[–-]\s*(?P<last>\d{4}(?:-\d{2})?))?", re.ASCII
)


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of time, `start` and `end` inclusive, and the text that a source gives it."""

    start: dt.date
    end: dt.date
    text: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2008`, `2008-Q4`, `2008-12` or `2008-10-01`.

        Raises:
            VgstatsError: the text has another form or names a date that does not exist.
        """
        match = _FORM.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise VgstatsError(
                f"{text!r} is not a period. Write a year '2008', a quarter '2008-Q4', "
                "a month '2008-12' or a day '2008-10-01', in quotation marks."
            )
        year = int(match["year"])
        try:
            if match["day"]:
                start = end = dt.date(year, int(match["month"]), int(match["day"]))
            elif match["month"]:
                start, end = _months(year, int(match["month"]), 1)
            elif match["quarter"]:
                start, end = _months(year, 3 * int(match["quarter"]) - 2, 3)
            else:
                start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
        except ValueError:
            raise VgstatsError(f"{text!r} is not a period: there is no such date.") from None
        return cls(start, end, text)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"{self.swedish()} ({self.start} – {self.end})"

    def swedish(self) -> str:
        """Return the period as a reader meets it: `2008`, `kvartal 4 2008`, `december 2008`."""
        year = f"{self.start.year:04d}"
        if len(self.text) == 4:
            return year
        if "Q" in self.text:
            return f"kvartal {self.text[-1]} {year}"
        month = MONTHS[self.start.month - 1]
        if len(self.text) == 7:
            return f"{month} {year}"
        return f"{self.start.day} {month} {year}"


def _checked(text: str) -> str:
    try:
        return Period.parse(text).text
    except VgstatsError as error:
        raise ValueError(str(error)) from None


PeriodText = Annotated[str, AfterValidator(_checked)]  # a period as a source writes it, in a model


def _months(year: int, first: int, count: int) -> tuple[dt.date, dt.date]:
    last = first + count - 1
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def written_span(text: str) -> tuple[str, str] | None:
    """Return the first and the last period of `2019–2025`, `2019-12–2025-12` or `2025`; None for another text."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    first, last = found["first"], found["last"] or found["first"]
    try:
        return (first, last) if Period.parse(first).start <= Period.parse(last).end else None
    except VgstatsError:
        return None


def is_written_for(text: str, before: str, after: str) -> bool:
    """Return whether `2019–2025` names the periods of a report, or the last one where it names one."""
    first, last = written_span(text) or ("", "")
    return after.startswith(last) and (first == last or before.startswith(first))


def window_start(period: Period, *, rolling12: bool) -> dt.date:
    """Return the first day that a value dated `period` covers.

    A rolling measure dated December covers the twelve months that end there.
    """
    if not rolling12:
        return period.start
    after_end = period.end + dt.timedelta(days=1)
    return after_end.replace(year=after_end.year - 1)


def middle_day(period: Period, *, rolling12: bool) -> dt.date:
    """Return the middle day of the time that a value dated `period` covers, where a drawing shows it.

    >>> middle_day(Period.parse("2025-12"), rolling12=True) == middle_day(Period.parse("2025"), rolling12=False)
    True
    """
    first = window_start(period, rolling12=rolling12)
    return first + (period.end - first) / 2


def shared_months(before: str, after: str) -> int:
    """Return how many months the twelve that end with one period share with those that end later."""
    first, last = Period.parse(before).end, Period.parse(after).end
    apart = 12 * (last.year - first.year) + last.month - first.month
    return max(0, 12 - apart)


def demand_order(before: str, after: str) -> None:
    """Refuse two periods of which the first does not end before the second begins.

    Raises:
        VgstatsError: they overlap or stand the wrong way round.
    """
    first, last = Period.parse(before), Period.parse(after)
    if first.end >= last.start:
        swap = "Swap them." if last.end < first.start else "Choose periods that do not overlap."
        raise VgstatsError(f"before {before!r} must lie before after {after!r}. {swap}")


def axis_position(day: dt.date) -> float:
    """Place a day so that a December value stands at its year: 2005 is the end of 2005."""
    return day.year + (day.month - 12) / 12


def starts_at(day: dt.date) -> float:
    """Place the beginning of something, at the end of the day before."""
    return axis_position(day - dt.timedelta(days=1))
