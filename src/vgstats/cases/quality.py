"""What is wrong in certificates, told by rule: counted and left out, counted and kept, or refused by row number.

Every value but the person key is judged once for each different text in its column, in DuckDB; none of them is told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from vgstats.cases.mapping import CLOSED, MEASURES, Mapping
from vgstats.cases.personal_numbers import refuse_personal_numbers
from vgstats.cases.reading import load
from vgstats.cases.rules import AGE, AHEAD_DAYS, NOBODY, RULES
from vgstats.cases.words import gather, prepare, translate
from vgstats.cases.workspace import first_row, places, quoted, rows_in_words, sealed
from vgstats.errors import Mistakes

_FEW = 10  # faulty rows that refuse no file, whatever part of it they are
_FILE = 10**12  # more rows than a file has
_BIT = {rule.fault: 1 << at for at, rule in enumerate(RULES)}
_OUT = sum(_BIT[rule.fault] for rule in RULES if rule.out)
HARMLESS = "tidigare namn på enheten"
_SAME_OF_A_PERSON = {"två kön": "sex", "två födelseår": "birth_year"}
_NAMES = {
    "from": "first",
    "to": "last",
    "specialitet": "specialty",
    "arbetsgivare": "employer",
    "sysselsattning": "occupation",
    "listad_vardcentral": "listed_unit",
    "plan": "plan",
    "koordinering": "coordination",
    "kartlaggningssamtal": "mapping_talk",
    "kontakt_arbetsgivare": "contact_employer",
    "kontakt_af": "contact_af",
    "komplettering": "completion",
}  # columns of the mapping, as the certificates have them
_ORDER = (
    *(
        "person",
        "from",
        "to",
        "degree",
        "diagnosis",
        "sex",
        "birth_year",
        "kommun",
        "unit",
        "listad_vardcentral",
    ),
    *("specialitet", "arbetsgivare", "sysselsattning", *MEASURES),
)


@dataclass(frozen=True)
class Quality:
    """What was found in the rows that were read.

    `read` and `kept` are numbers of rows, `faulty` those with any fault, `counts` those with each.
    """

    read: int
    kept: int
    faulty: int
    counts: dict[str, int]

    def table(self) -> list[list[str]]:
        """Return a row for each fault that was found: what, how many rows, per cent of all, and what became of them."""
        found = [(rule, self.counts[rule.fault]) for rule in RULES]
        return [
            [rule.fault, str(n), f"{100 * n / self.read:.1f}", rule.then] for rule, n in found if n
        ]


@sealed
def read_certificates(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], mapping: Mapping, today: dt.date
) -> Quality:
    """Make the view `certificates` of the rows that are kept, each value as our words have it.

    Its columns are `person` (a number that stands for the key), `first` and `last` (days, both in the period), `degree`
    (25, 50, 75, 100), `diagnosis` (`F43.9`), `sex`, `birth_year`, `kommun`, `unit` (the certificate's), `listed_unit`,
    `specialty`, `employer`, `occupation`, `plan`, `coordination`, `mapping_talk`, `contact_employer`, `contact_af` and
    `completion` (each null throughout where no column tells), and `row`, another number in every file.

    Args:
        connection: a `workspace`.
        files: Parquet, CSV or XLSX.
        mapping: what their columns are.
        today: the day after which no certificate begins.

    Returns:
        What was wrong with the rows.

    Raises:
        VgstatsError: a column is missing, a personnummer may stand in one, dates can be read in two ways, or more than
            `faulty_percent` of the rows have a fault that could mislead. Rows are named by number, values never.
    """
    wanted = mapping.own_columns()
    for key in {"vardcentral", "hsn"} - {mapping.unit}:
        wanted.pop(key, None)
    columns = load(connection, "raw", files, wanted)
    prepare(connection)
    gather(connection, columns)
    refuse_personal_numbers(connection, columns, files)
    translate(connection, mapping, columns, files)
    _judge(connection, mapping, [key for key, _ in columns], today)
    _mark_duplicates(connection)
    _mark_persons(connection)
    found = _quality(connection)
    _refuse_too_many(connection, found, mapping, files)
    texts = (
        "diagnosis",
        "sex",
        "kommun",
        "unit",
        "listed_unit",
        "specialty",
        "employer",
        "occupation",
    )
    plain = ", ".join(f"{name}::VARCHAR AS {name}" for name in texts)
    connection.execute(
        f"CREATE VIEW certificates AS SELECT * EXCLUDE (faults, file) "
        f"REPLACE ({plain}, row + file::BIGINT * {_FILE} AS row) FROM judged WHERE faults & {_OUT} = 0"
    )
    return found


def _judge(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, keys: list[str], today: dt.date
) -> None:
    """Make the table `judged`: every row in our words, and in `faults` a bit for each fault that it has by itself."""
    chosen = [
        f"{_value(connection, mapping, key, keys)} AS {_NAMES.get(key, key)}" for key in _ORDER
    ]
    words = [key for key in keys if key in (*CLOSED, "sysselsattning", *MEASURES)]
    filled = {
        "today": f"DATE '{today}'",
        "ahead": f"DATE '{today}' + {AHEAD_DAYS}",
        "owner": mapping.unit_column,
        "odd": " OR ".join(f"w_{key}.odd" for key in words),
    }
    tests = {_BIT[rule.fault]: rule.where.format(**filled) for rule in RULES}
    bits = " | ".join(
        f"CASE WHEN {test} THEN {bit} ELSE 0 END"
        for bit, test in tests.items()
        if test and {*re.findall(r"w_(\w+)\.", test)} <= {*keys}
    )
    joins = " ".join(
        f"LEFT JOIN w_{key} ON w_{key}.own IS NOT DISTINCT FROM r.{quoted(key)}" for key in keys[1:]
    )
    connection.execute(
        f"CREATE TABLE judged AS SELECT {', '.join(chosen)}, r.file, r.row, ({bits})::UINTEGER AS faults "
        f"FROM raw r {joins}"
    )


def _key(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the person's key as a text; one that is a number is the same in every kind of file."""
    rows = connection.table("raw")
    kind = dict(zip(rows.columns, map(str, rows.types), strict=True))["person"]
    return "trim(r.person)" if kind == "VARCHAR" else "whole(r.person)"


def _value(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, key: str, keys: list[str]
) -> str:
    """Return a value of the certificates, as SQL on a row and what its columns' texts mean."""
    column = mapping.unit if key == "unit" else key
    if key in MEASURES:
        there = [f"coalesce(w_{key}.word, false)"] if key in keys else []
        for codes in (one for one in keys if one.startswith("kva")):
            if key in connection.table(f"w_{codes}").columns:
                there.append(f"coalesce(w_{codes}.{key}, false)")
        return " OR ".join(there) or "NULL::BOOLEAN"
    if key == "person":
        return f"CASE WHEN NOT ({NOBODY}) THEN hash({_key(connection)}) END"
    if column not in keys:
        return "NULL::VARCHAR"
    if key == "birth_year":
        return f"CASE WHEN {AGE} THEN w_birth_year.word END"
    return f"w_{column}.word"


def _mark_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark the rows that say what another row before them says, in every column that is read."""
    names = [
        one for one in connection.table("judged").columns if one not in ("file", "row", "faults")
    ]
    of_all, some = ", ".join(names), "person, first, last, degree"
    connection.execute(
        f"CREATE TEMP TABLE twice AS SELECT hash({some}) AS h FROM judged WHERE faults & {_OUT} = 0 "
        "GROUP BY h HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE TEMP TABLE copies AS SELECT file, row FROM judged WHERE faults & {_OUT} = 0 "
        f"AND hash({some}) IN (SELECT h FROM twice) "
        f"QUALIFY row_number() OVER (PARTITION BY {of_all} ORDER BY file, row) > 1"
    )
    connection.execute(
        f"UPDATE judged SET faults = faults | {_BIT['dubblett']} FROM copies c "
        "WHERE judged.file = c.file AND judged.row = c.row"
    )


def _mark_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark all rows of persons with two sexes or years of birth, and give them those of the latest certificate."""
    differs = {fault: f"min({name}) <> max({name})" for fault, name in _SAME_OF_A_PERSON.items()}
    tests = ", ".join(f"{test} AS {_SAME_OF_A_PERSON[fault]}" for fault, test in differs.items())
    connection.execute(
        f"CREATE TEMP TABLE odd AS SELECT person, {tests} "
        f"FROM judged WHERE faults & {_OUT} = 0 GROUP BY person HAVING {' OR '.join(differs.values())}"
    )
    for fault, name in _SAME_OF_A_PERSON.items():
        connection.execute(
            f"UPDATE judged SET faults = faults | {_BIT[fault]}, {name} = l.{name} FROM ("
            f"SELECT person, {name} FROM judged SEMI JOIN (SELECT person FROM odd WHERE {name}) USING (person) "
            f"WHERE faults & {_OUT} = 0 AND {name} IS NOT NULL "
            "QUALIFY row_number() OVER (PARTITION BY person ORDER BY last DESC, file DESC, row DESC) = 1"
            ") l WHERE judged.person = l.person"
        )


def _quality(connection: duckdb.DuckDBPyConnection) -> Quality:
    sums = ", ".join(f"count(*) FILTER (faults & {bit} > 0)" for bit in _BIT.values())
    read, kept, faulty, *counts = first_row(
        connection,
        f"SELECT count(*), count(*) FILTER (faults & {_OUT} = 0), "
        f"count(*) FILTER (faults & ~{_BIT[HARMLESS]} > 0), {sums} FROM judged",
    )
    return Quality(read, kept, faulty, dict(zip(_BIT, counts, strict=True)))


def _refuse_too_many(
    connection: duckdb.DuckDBPyConnection, found: Quality, mapping: Mapping, files: Sequence[Path]
) -> None:
    """Refuse rows of which so many have a fault that what is made of the others could mislead."""
    mistakes = Mistakes()
    for rule in RULES:
        n = found.counts[rule.fault]
        if rule.limit and n > max(_FEW, found.read * mapping.faulty_percent / 100):
            rows, total = places(connection, "judged", f"faults & {_BIT[rule.fault]} > 0") or (
                [],
                0,
            )
            mistakes.append(
                f"{rows_in_words(rows, total, files)}: {rule.fault} ({rule.then}), which is more than "
                f"{mapping.faulty_percent} per cent of the {found.read} rows. Nothing was read in, since what is left "
                "could mislead. Correct the file or the mapping, or raise faulty_percent there if the rows are right."
            )
    if not found.kept and not mistakes:
        why = "; ".join(f"{fault}: {n} rows" for fault, n in found.counts.items() if n)
        mistakes.append(
            f"{files[0]}: no row can be used ({why or 'there is none below the header'}). Correct the file or the "
            "mapping."
        )
    mistakes.tell()
