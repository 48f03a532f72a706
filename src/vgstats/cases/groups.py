"""Which cases are in a group of a declared table, in SQL, and which twelve months belong to a snapshot."""

from __future__ import annotations

import datetime as dt

from vgstats.cases.joining import DONE
from vgstats.catalogue.case_tables import CaseTable

SEXES = ("kvinnor", "män")
UNKNOWN = "okänd"
LENGTH = "langd"


def condition(table: CaseTable, group: str, day: dt.date) -> str:
    """Return the SQL that is true of a case in a group of a table, on a day; a row has the columns of `standing`.

    A case of no diagnosis is among the others, and what is not said to have been done was not.
    """
    if table.dimension == LENGTH:
        return f"days >= {at_least(group)}"
    if table.column in DONE:
        return table.column if group == "ja" else f"NOT {table.column}"
    if table.dimension == "diagnos":
        known = [one for one in table.groups if one[-1].isdigit()]
        inside = {
            one: f"coalesce(diagnosis, '') LIKE '{one[0] if '-' in one else one}%'" for one in known
        }
        return inside.get(group) or f"NOT ({' OR '.join(inside.values())})"
    if table.dimension == "grad":
        return "degree = 100" if group == "hel" else "degree < 100"
    if table.dimension == "alder":
        low, _, high = group.rstrip("+").partition("-")
        lowest = 0 if group == table.groups[0] else int(low)  # who is younger is not left out
        return f"{day.year} - birth_year BETWEEN {lowest} AND {high or 200}"
    return f"coalesce({table.column}, '{UNKNOWN}') = {quoted(group)}"


def at_least(group: str) -> int:
    """Return how many days a group of lengths has at least.

    >>> at_least("langd=28+"), at_least("")
    (28, 0)
    """
    return int(group.removeprefix(f"{LENGTH}=").removesuffix("+") or 0)


def quoted(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def twelve_months(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the twelve whole months that end before a day.

    >>> [str(day) for day in twelve_months(dt.date(2025, 10, 1))]
    ['2024-10-01', '2025-09-30']
    """
    after = day.replace(day=1)
    return after.replace(year=after.year - 1), after - dt.timedelta(days=1)
