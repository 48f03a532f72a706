"""Certificates to cases: what is one sjukfall, how long it is, and what holds on a day.

A case is what certificates of one person join to while the next begins when at most `gap_days` days have been without
any (five in Inera's Intygsstatistik, `MAX_GAP` in sklintyg/statistik, SjukfallExtended.java: `end + MAX_GAP + 1 <
start` begins another; there of one care provider, here of any). Its length is the days that a certificate holds, each
once, and the days between are none (`realDays` there, `dagar` in Rehabstöd). A day's degree is the highest that
holds, and a net day is a day at 100 per cent (Försäkringskassan: two days at half are one net day). What is said of a
day rests on the certificates that had begun by then, so that years compare whenever the file was drawn.
`catalogue.case_tables` has the same in Swedish, for reports.

The relation `certificates` holds a row a certificate and degree: person, first, last (inclusive), degree (25, 50, 75
or 100), diagnosis, sex, birth_year, unit, listed_unit, specialty, employer, occupation, the six `DONE`, and row
(BIGINT, none twice). The tables made of it are of persons and stay in this room.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import duckdb

from vgstats.errors import VgstatsError

Connection = duckdb.DuckDBPyConnection
Row = tuple[str, str, str, str, str, float, float]  # the key, value and resolution
UnitBy = Literal["listad", "senaste_intyg"]
DEGREES = (25, 50, 75, 100)
DONE = ("plan", "coordination", "mapping_talk", "contact_employer", "contact_af", "completion")
_OWNER = {"listad": "listed_unit", "senaste_intyg": "unit"}

# One pass over the certificates in order: `until_d`, the last day that an earlier certificate of the person holds, of
# those of at least d per cent. A person is a number of 64 bits: of three million, two share one in one of four million
# files.
_KNOWN = """
CREATE OR REPLACE TABLE known AS
SELECT person, row, first, last, degree, done, {until}
FROM (
    SELECT hash(person) AS person, row, first, last, degree::UTINYINT AS degree, ({done})::UTINYINT AS done
    FROM certificates
)
WINDOW earlier AS (PARTITION BY person ORDER BY first, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
# `new_d` is the first day that the certificate adds to those of at least d per cent, after its last if none, so
# that clipped to any days they sum to the days of the union. `opens` is true of the first certificate of a case.
_JOINED = """
CREATE OR REPLACE TABLE joined AS
SELECT person, row, first, last, degree, done, {new},
    until_25 IS NULL OR first > until_25 + {gap} + 1 AS opens,
    (sum(CASE WHEN until_25 IS NULL OR first > until_25 + {gap} + 1 THEN 1 ELSE 0 END) OVER (
        PARTITION BY person ORDER BY first, row ROWS UNBOUNDED PRECEDING
    ))::INTEGER AS number
FROM known
"""
_CASES = """
CREATE OR REPLACE TABLE cases AS
SELECT person, number, min(first) AS first, max(last) AS last, {days} AS days, {net_days} AS net_days
FROM joined GROUP BY person, number
"""
_STANDING = """
CREATE OR REPLACE TABLE standing AS
WITH begun AS (SELECT * FROM joined WHERE first <= DATE '{day}'),
ongoing AS (SELECT DISTINCT person, number FROM begun WHERE last >= DATE '{day}'),
told AS (
    SELECT person, number, min(first) AS first, {days} AS days, {net_days} AS net_days, bit_or(done) AS done,
        max(degree) FILTER (last >= DATE '{day}') AS degree,
        max(struct_pack(first := first, row := row)) FILTER (last >= DATE '{day}') AS latest
    FROM begun SEMI JOIN ongoing USING (person, number) GROUP BY person, number
)
SELECT told.* EXCLUDE (latest, done), {done}, sex, birth_year, {owner} AS unit, diagnosis, specialty, employer,
    occupation
FROM told JOIN certificates ON certificates.row = told.latest.row
"""


def join(connection: Connection, gap_days: int = 5) -> None:
    """Make the tables `joined` (certificates with the number of their case) and `cases` of `certificates`.

    `cases` has a row a case: person (a number in place of the key), number (1, 2, ... of the person), first, last, days
    and net_days, each in days.

    Args:
        connection: where `certificates` is.
        gap_days: the most days without a certificate within a case.

    Raises:
        VgstatsError: gap_days is below 0, or a row number stands twice.

    >>> connection = duckdb.connect()
    >>> _ = connection.execute('''CREATE TABLE certificates AS SELECT 'a' AS person, DATE '2025-01-01' + day AS first,
    ...     DATE '2025-01-01' + day + 9 AS last, 50 AS degree, day AS row, false AS plan, false AS coordination,
    ...     false AS mapping_talk, false AS contact_employer, false AS contact_af, false AS completion
    ...     FROM (VALUES (0), (15), (31)) AS days(day)''')
    >>> join(connection)
    >>> connection.execute("SELECT days, net_days FROM cases ORDER BY first").fetchall()
    [(20, 10.0), (10, 5.0)]
    """
    if gap_days < 0:
        raise VgstatsError(f"gap_days is {gap_days}. Write 0 or more days, as 5.")
    until = ", ".join(
        f"max({'last' if d == DEGREES[0] else f'CASE WHEN degree >= {d} THEN last END'}) OVER earlier AS until_{d}"
        for d in DEGREES
    )
    done = " + ".join(f"CASE WHEN {one} THEN {1 << bit} ELSE 0 END" for bit, one in enumerate(DONE))
    connection.execute(_KNOWN.format(until=until, done=done))
    new = ", ".join(
        f"CASE WHEN degree >= {d} THEN greatest(first, until_{d} + 1) ELSE last + 1 END AS new_{d}"
        for d in DEGREES
    )
    connection.execute(_JOINED.format(new=new, gap=int(gap_days)))
    connection.execute("DROP TABLE known")
    connection.execute(_CASES.format(days=days(), net_days=net_days()))


def days(
    first: dt.date | None = None, last: dt.date | None = None, degree: int = DEGREES[0]
) -> str:
    """Return the SQL that sums, over rows of `joined`, the days of at least a degree from `first` to `last`."""
    start = f"greatest(new_{degree}, DATE '{first}')" if first else f"new_{degree}"
    end = f"least(last, DATE '{last}')" if last else "last"
    return f"sum(greatest(0, {end} - {start} + 1))::BIGINT"


def net_days(first: dt.date | None = None, last: dt.date | None = None) -> str:
    """Return the SQL that sums the net days: a quarter of a day for each of the four degrees that a day reaches."""
    return f"(({' + '.join(days(first, last, degree) for degree in DEGREES)}) / 4)"


def stand(connection: Connection, day: dt.date, unit_by: UnitBy = "listad") -> None:
    """Make the table `standing`: the cases that are ongoing on a day, as they then are, after `join`.

    Its columns are those of `cases` without `last`, degree (the highest on the day), the six `DONE` (true where any
    certificate begun by then says so), and sex, birth_year, unit, diagnosis, specialty, employer and occupation of the
    certificate that holds on the day and began last.

    Args:
        connection: where `certificates` and `joined` are.
        day: the day.
        unit_by: whose the case is: `listad`, where the person is listed, or `senaste_intyg`, who wrote the certificate.

    Raises:
        VgstatsError: unit_by is neither, or a row number stands twice.
    """
    done = ", ".join(f"done & {1 << bit} > 0 AS {one}" for bit, one in enumerate(DONE))
    connection.execute(
        _STANDING.format(
            day=day,
            days=days(last=day),
            net_days=net_days(last=day),
            done=done,
            owner=owner(unit_by),
        )
    )
    demand_one_row(connection, "standing")


def owner(unit_by: str) -> str:
    """Return the column of the certificates that says whose a case is.

    Raises:
        VgstatsError: there is no such choice.
    """
    if unit_by not in _OWNER:
        raise VgstatsError(f"unit_by is {unit_by!r}. Write {' or '.join(_OWNER)}.")
    return _OWNER[unit_by]


def demand_one_row(connection: Connection, table: str) -> None:
    """Refuse cases that met several certificates under one row number.

    Raises:
        VgstatsError: a case stands twice.
    """
    rows, cases = connection.execute(
        f"SELECT count(*), count(DISTINCT (person, number)) FROM {table}"
    ).fetchone() or (0, 0)
    if rows != cases:
        raise VgstatsError(
            "A row number stands twice in certificates. Number the rows of several files through."
        )
