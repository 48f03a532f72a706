"""How many are listed at each unit: a table beside the certificates, in which every row must be right."""

from __future__ import annotations

from pathlib import Path

import duckdb

from vgstats.cases.mapping import DESCRIBED, Listed, Mapping
from vgstats.cases.reading import load
from vgstats.cases.words import prepare, sexes, spelled
from vgstats.cases.workspace import places, rows_in_words, sealed
from vgstats.errors import Mistakes

_BAND = r"^(\d{1,3})(?:(?:-|–)(\d{1,3})|(\+))?( år)?$"
MOST = 1_000_000  # of one unit, year, sex and age
# A point with three digits after it may be thousands.
_PERSONS = r"^\d+(?:\.0{1,2})?$"
_PLAIN = r"regexp_replace(persons::VARCHAR, '[\s\x{00A0}\x{202F}]', '', 'g')"
_EXPECTED = {
    "unit": ("unit IS NULL", "a unit of the mapping, by a name that it has or had"),
    "year": ("NOT coalesce(year BETWEEN 1990 AND 2100, false)", "a year, as 2025"),
    "sex": ("sex IS NULL", "kvinnor (K) or män (M); no totals"),
    "age": (
        "age_from IS NULL OR age_to < age_from",
        "an age or a group of ages, as 37, 30-39 or 65+",
    ),
    "persons": (
        f"NOT coalesce(persons BETWEEN 0 AND {MOST}, false)",
        "a whole number of persons, without decimals or signs between",
    ),
}
_TWICE = {
    "row NOT IN (SELECT min(row) FROM listed_rows GROUP BY named, year, sex, age_from, age_to)": (
        "tell again what a row before them tells"
    ),
    """EXISTS (
        SELECT 1 FROM (SELECT DISTINCT year AS y, age_from AS a, coalesce(age_to, 200) AS b FROM listed_rows)
        WHERE y = year AND (a, b) <> (age_from, coalesce(age_to, 200)) AND age_from BETWEEN a AND b
    )""": "are of ages that lie in another group too",
}


@sealed
def read_listed(
    connection: duckdb.DuckDBPyConnection, folder: Path, listed: Listed, mapping: Mapping
) -> None:
    """Make the table `listed`: `unit` (an area), `year`, `sex`, `age_from` and `age_to` (null: and older), `persons`.

    Args:
        connection: a `workspace`.
        folder: where the mapping lies, beside which the file is looked for.
        listed: the file and its columns.
        mapping: its units and spellings.

    Raises:
        VgstatsError: the file cannot be read, or a row is not as it should be; rows are named by number.
    """
    file = folder / listed.file
    columns = dict(
        load(connection, "listed_raw", [file], {key: (own,) for key, own in listed.columns})
    )
    prepare(connection)
    spelled(connection, "units", mapping.spellings(mapping.unit_column))
    spelled(connection, "sexes", sexes(mapping))
    connection.execute(
        f"""CREATE TABLE listed_rows AS SELECT file, row, units.word AS unit, sexes.word AS sex,
            try_cast(folded(year) AS INTEGER) AS year,
            try_cast(regexp_extract(folded(age), '{_BAND}', 1) AS INTEGER) AS age_from,
            CASE WHEN regexp_extract(folded(age), '{_BAND}', 3) = '+' THEN NULL
                ELSE coalesce(try_cast(regexp_extract(folded(age), '{_BAND}', 2) AS INTEGER), age_from) END AS age_to,
            CASE WHEN regexp_matches({_PLAIN}, '{_PERSONS}')
                THEN try_cast(split_part({_PLAIN}, '.', 1) AS BIGINT) END AS persons,
            folded(r.unit) AS named
        FROM listed_raw r LEFT JOIN units ON units.spelling = folded(r.unit)
        LEFT JOIN sexes ON sexes.spelling = folded(r.sex)"""
    )
    mistakes = Mistakes()
    for key, (wrong, expected) in _EXPECTED.items():
        if found := places(connection, "listed_rows", wrong):
            mistakes.append(
                f"{rows_in_words(*found, [file])}, column {columns[key]!r} ({key}): this is not {expected}. Correct "
                f"the rows, or what the mapping says of units and values. See {DESCRIBED}."
            )
    for wrong, what in () if mistakes else _TWICE.items():
        if found := places(connection, "listed_rows", wrong):
            mistakes.append(
                f"{rows_in_words(*found, [file])}: these {what}. Delete what is told twice, such as a sum, and give "
                f"every unit the same groups of ages, each age in one. See {DESCRIBED}."
            )
    years = ", ".join(sorted({str(day.year) for day in mapping.snapshots}))
    if not mistakes and not places(connection, "listed_rows", f"year IN ({years})"):
        mistakes.append(
            f"{file}: there is no row of {years}, as the snapshots are. Add those who were listed then, or take listed "
            f"out of the mapping. See {DESCRIBED}."
        )
    mistakes.tell()
    connection.execute(
        "CREATE TABLE listed AS SELECT unit, year, sex, age_from, age_to, sum(persons)::BIGINT AS persons "
        "FROM listed_rows GROUP BY ALL"
    )
