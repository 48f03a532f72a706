"""The same definitions in plain Python, a set of days for each person: slow, and written without a look at the SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

DAY = dt.timedelta(days=1)
TODAY = dt.date(2025, 10, 1)


@dataclass(frozen=True)
class Certificate:
    person: str
    first: dt.date
    last: dt.date
    degree: int = 100
    diagnosis: str | None = "F43.9"
    sex: str = "kvinnor"
    birth_year: int = 1980
    unit: str | None = "enhet:14-alby"
    listed_unit: str | None = "enhet:14-alby"
    specialty: str | None = None
    employer: str | None = None
    occupation: str | None = None
    plan: bool | None = None
    coordination: bool | None = None
    mapping_talk: bool | None = None
    contact_employer: bool | None = None
    contact_af: bool | None = None
    completion: bool | None = None

    def days(self) -> Iterator[dt.date]:
        return (self.first + n * DAY for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Case:
    certificates: tuple[Certificate, ...]
    degrees: dict[dt.date, int]  # the highest of each day

    @property
    def first(self) -> dt.date:
        return min(self.degrees)

    @property
    def last(self) -> dt.date:
        return max(self.degrees)

    def days(self, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> int:
        return sum(first <= day <= last for day in self.degrees)

    def net(self, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> float:
        return sum(degree for day, degree in self.degrees.items() if first <= day <= last) / 100

    def holding(self, day: dt.date) -> Certificate:
        """The certificate that holds on a day and began last; of those that began that day the one last in the file."""
        holding = [one for one in self.certificates if one.first <= day <= one.last]
        began = max(one.first for one in holding)
        return [one for one in holding if one.first == began][-1]


def cases_of(certificates: Sequence[Certificate], gap_days: int = 5) -> list[Case]:
    """All cases, of each person in order."""
    found = []
    for person in sorted({one.person for one in certificates}):
        mine = [one for one in certificates if one.person == person]
        degrees: dict[dt.date, int] = {}
        for one in mine:
            for day in one.days():
                degrees[day] = max(degrees.get(day, 0), one.degree)
        runs: list[list[dt.date]] = []
        for day in sorted(degrees):
            if not runs or (day - runs[-1][-1]).days - 1 > gap_days:
                runs.append([])
            runs[-1].append(day)
        for run in runs:
            within = tuple(one for one in mine if run[0] <= one.first <= run[-1])
            found.append(Case(within, {day: degrees[day] for day in run}))
    return found


def ongoing(certificates: Sequence[Certificate], day: dt.date, gap_days: int = 5) -> list[Case]:
    """The cases in which a certificate holds on a day, of what had begun and passed by then."""
    begun = [one for one in certificates if one.first <= day]
    until = [replace(one, last=min(one.last, day)) for one in begun]
    return [case for case in cases_of(until, gap_days) if case.last == day]


def opened(certificates: Sequence[Certificate]) -> duckdb.DuckDBPyConnection:
    """A connection with these certificates, in this order."""
    texts = {
        "person",
        "diagnosis",
        "sex",
        "unit",
        "listed_unit",
        "specialty",
        "employer",
        "occupation",
    }
    numbers = {
        "degree": pa.int32(),
        "birth_year": pa.int32(),
        "first": pa.date32(),
        "last": pa.date32(),
    }
    columns = {
        name: pa.array(
            [getattr(one, name) for one in certificates],
            pa.string() if name in texts else numbers.get(name, pa.bool_()),
        )
        for name in Certificate.__dataclass_fields__
    }
    rows = pa.table(columns | {"row": pa.array(range(2, 2 + len(certificates)), pa.int64())})
    connection = duckdb.connect()
    connection.register("rows", rows)
    connection.execute("CREATE TABLE certificates AS SELECT * FROM rows")
    return connection
