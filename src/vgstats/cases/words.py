"""What every different text of a column means, worked out once for each of them, inside DuckDB.

For each column there is a table `w_<column>`: `own` (as in the file), `n` (rows), `blank`, `word` (what it means, null
where that is unknown), and for some `former` or `other`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from vgstats.cases.mapping import KVA, MEASURES, UNIT_COLUMNS, Mapping, folded
from vgstats.cases.workspace import Column, first_row, places, quoted, rows_in_words
from vgstats.catalogue.areas import all_areas, dated_areas
from vgstats.errors import Mistakes
from vgstats.sources import labels

DATES = ("from", "to")
UNKNOWN = "okänd"
EARLIEST = dt.date(1990, 1, 1)
_SPELLED_SEXES = ("k", "kvinna", "m", "man", "1", "2")
_YES = ("ja", "j", "x", "sant", "true", "1", "yes")
_NO = ("nej", "n", "falskt", "false", "0", "no")
_ICD = r"^([A-Z]\d\d)\.?([0-9A-Z]{0,3})[*+#†]?$"
_TIME = r"(?:[t ]\d{1,2}:\d\d.*)?$"
_ZONED = r"^\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(?:z|[+-]\d\d(?::?\d\d)?)$"
_YMD = rf"^(\d{{4}})(?:([-/.])(\d{{1,2}})[-/.](\d{{1,2}})|(\d\d)(\d\d)){_TIME}"
_OTHER = rf"^(\d{{1,2}})([-/.])(\d{{1,2}})[-/.](\d{{4}}){_TIME}"
_MACROS = rf"""
CREATE OR REPLACE MACRO folded(x) AS
    lower(trim(regexp_replace(nfc_normalize(whole(x)), '[\s\x{{00A0}}\x{{202F}}]+', ' ', 'g')));
CREATE OR REPLACE MACRO icd(t, chapters) AS CASE WHEN len(list_filter(
    chapters, lambda c: regexp_extract(t, '{_ICD}', 1) BETWEEN c[1] AND c[2]
)) > 0 THEN rtrim(regexp_extract(t, '{_ICD}', 1) || '.' || regexp_extract(t, '{_ICD}', 2), '.') END;
CREATE OR REPLACE MACRO made(y, m, d) AS try_cast(y || '-' || lpad(m, 2, '0') || '-' || lpad(d, 2, '0') AS DATE);
CREATE OR REPLACE MACRO swedish(t) AS CASE WHEN regexp_matches(t, '{_ZONED}')
    THEN coalesce(try_cast(upper(t) AS TIMESTAMPTZ)::DATE::VARCHAR, t) ELSE t END;
CREATE OR REPLACE MACRO date_of(t) AS made(
    regexp_extract(t, '{_YMD}', 1),
    regexp_extract(t, '{_YMD}', 3) || regexp_extract(t, '{_YMD}', 5),
    regexp_extract(t, '{_YMD}', 4) || regexp_extract(t, '{_YMD}', 6)
);
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the connection have what the queries of this room use."""
    connection.execute(
        r"CREATE OR REPLACE MACRO whole(x) AS regexp_replace(x::VARCHAR, '^(\d+)\.0+$', '\1')"
    )
    connection.execute(_MACROS)


def gather(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Make the table of each column but the person's, with what stands in it."""
    for key, _ in columns:
        if key != "person":
            connection.execute(
                f"CREATE TABLE w_{key} AS SELECT *, coalesce(folded(own), '') = '' AS blank FROM "
                f"(SELECT {quoted(key)} AS own, count(*) AS n FROM raw GROUP BY 1)"
            )


def translate(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    columns: Sequence[Column],
    files: Sequence[Path],
) -> None:
    """Give the table of each column its words.

    Raises:
        VgstatsError: the order of day and month in dates cannot be told.
    """
    keys = [key for key, _ in columns if key != "person"]
    spelled(connection, "former_names", dict.fromkeys(mapping.former_names(), ""))
    _dates(connection, mapping, [key for key in keys if key in DATES], dict(columns), files)
    for key in keys:
        if key in DATES:
            continue
        if key.startswith("kva"):
            _codes(connection, key, mapping)
        elif key == "birth_year":
            _word(
                connection,
                key,
                r"CASE WHEN regexp_full_match(folded(own), '(18|19|20)\d\d') THEN folded(own)::SMALLINT END",
            )
        elif key == "diagnosis":
            spelled(connection, "spelled", mapping.spellings(key))
            _word(
                connection,
                key,
                f"icd(coalesce(s.word, upper(replace(folded(own), ' ', ''))), {_chapters()})",
                kind="ENUM",
            )
        elif key in MEASURES:
            spelled(
                connection,
                "spelled",
                dict.fromkeys(_YES, "ja") | dict.fromkeys(_NO, "nej") | mapping.spellings(key),
            )
            _word(
                connection,
                key,
                "coalesce(s.word = 'ja', CASE WHEN date_of(folded(own)) IS NOT NULL THEN true END)",
            )
        else:
            spelled(connection, "spelled", _known(key, mapping))
            extra = (
                ", folded(own) IN (SELECT spelling FROM former_names) AS former"
                if key in UNIT_COLUMNS
                else ""
            )
            if key == "degree":
                _word(connection, key, "s.word::UTINYINT")
            elif key == "sysselsattning":
                _word(connection, key, "s.word", kind="ENUM", otherwise=UNKNOWN)
            else:
                _word(connection, key, "s.word", kind="ENUM", extra=extra)


def _known(key: str, mapping: Mapping) -> Dict[str, str]:
    if key == "sex":
        return sexes(mapping)
    if key == "degree":
        return {
            f"{word}{sign}": word for word in ("25", "50", "75", "100") for sign in ("", "%", " %")
        } | mapping.spellings(key)
    if key == "kommun":
        return _kommuner() | {
            own: labels.area_of_label(word) for own, word in mapping.spellings(key).items()
        }
    return mapping.spellings(key)


def sexes(mapping: Mapping) -> dict[str, str]:
    """Return how the sexes may be spelled, and the word for each."""
    return {one: labels.sex(one) for one in _SPELLED_SEXES} | mapping.spellings("sex")


def _kommuner() -> dict[str, str]:
    there = all_areas()
    found: dict[str, str] = {}
    for area, name in there.loc[there["level"] == "kommun", "name"].items():
        code = str(area).removeprefix("kommun:")
        found |= dict.fromkeys(
            (code, code.lstrip("0"), str(area), name.lower(), f"{code} {name.lower()}"), str(area)
        )
    former = dated_areas()
    return dict(zip(former["code"], former["area"], strict=True)) | found


def _chapters() -> str:
    ranges = [code.split("-") for code in labels.chapters()]
    return "[" + ", ".join(f"['{first}', '{last}']" for first, last in ranges) + "]"


def spelled(connection: duckdb.DuckDBPyConnection, name: str, words: Dict[str, str]) -> None:
    """Make a table of spellings and their words."""
    texts = {"spelling": [*map(folded, words)], "word": [*map(str, words.values())]}
    connection.register(
        "now", pa.table({key: pa.array(of, pa.string()) for key, of in texts.items()})
    )
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM now")
    connection.unregister("now")


def _word(
    connection: duckdb.DuckDBPyConnection,
    key: str,
    word: str,
    kind: str = "",
    extra: str = "",
    otherwise: str = "",
) -> None:
    """Give the table of a column its words; as an ENUM they take a byte or two in each row of the file.

    `odd` says that something stands there that has none, whatever word it then gets.
    """
    filled = f"coalesce({word}, '{otherwise}')" if otherwise else word
    joined = " LEFT JOIN spelled s ON s.spelling = folded(own)" if "s.word" in word else ""
    connection.execute(
        f"CREATE TABLE t_{key} AS SELECT own, n, blank, {filled} AS word, "
        f"({word}) IS NULL AND NOT blank AS odd{extra} FROM w_{key}{joined}"
    )
    if kind == "ENUM" and first_row(connection, f"SELECT count(word) FROM t_{key}")[0]:
        connection.execute(
            f"CREATE TYPE e_{key} AS ENUM (SELECT DISTINCT word FROM t_{key} WHERE word IS NOT NULL)"
        )
        connection.execute(f"ALTER TABLE t_{key} ALTER word TYPE e_{key}")
    connection.execute(f"DROP TABLE w_{key}")
    connection.execute(f"ALTER TABLE t_{key} RENAME TO w_{key}")


def _dates(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    keys: Sequence[str],
    columns: Dict[str, str],
    files: Sequence[Path],
) -> None:
    """Give the dates their days, where the order of day and month is known."""
    shape = (
        f"CASE WHEN date_of(t) IS NOT NULL THEN 'year first' || regexp_extract(t, '{_YMD}', 2) "
        f"WHEN regexp_matches(t, '{_OTHER}') THEN 'year last' || regexp_extract(t, '{_OTHER}', 2) END"
    )
    for key in keys:
        connection.execute(
            f"CREATE TABLE d_{key} AS SELECT *, {shape} AS shape, "
            f"try_cast(regexp_extract(t, '{_OTHER}', 1) AS INT) AS a, "
            f"try_cast(regexp_extract(t, '{_OTHER}', 3) AS INT) AS b, "
            f"regexp_extract(t, '{_OTHER}', 4) AS y FROM (SELECT *, swedish(folded(own)) AS t FROM w_{key})"
        )
    both = " UNION ALL ".join(f"SELECT * FROM d_{key}" for key in keys)
    day_first = _day_first(connection, mapping, both, keys, columns, files)
    usual = first_row(
        connection,
        f"SELECT shape FROM ({both}) WHERE shape IS NOT NULL GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT 1",
    )
    month, day = (
        f"CASE WHEN shape IN {day_first} THEN {one} ELSE {other} END::VARCHAR"
        for one, other in (("b", "a"), ("a", "b"))
    )
    year_last = f"made(y, {month}, {day})" if mapping.dates != "ymd" else "NULL"
    for key in keys:
        connection.execute(
            f"CREATE OR REPLACE TABLE w_{key} AS SELECT own, n, blank, "
            f"CASE WHEN word >= DATE '{EARLIEST}' THEN word END AS word, "
            f"shape IS NOT NULL AND shape <> {_text(usual[0] if usual else '')} AS other FROM "
            f"(SELECT *, coalesce(date_of(t), {year_last})::DATE AS word FROM d_{key})"
        )
        connection.execute(f"DROP TABLE d_{key}")


def _day_first(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    both: str,
    keys: Sequence[str],
    columns: Dict[str, str],
    files: Sequence[Path],
) -> str:
    """Return the ways of writing the year last in which the day comes first, as SQL; each is settled by its own dates.

    Raises:
        VgstatsError: one of them is not; it names the rows in which each could be the other or, of two orders, those
            of each.
    """
    tests = ("a > 12 AND b <= 12", "b > 12 AND a <= 12", "a <= 12 AND b <= 12")
    of_each = ", ".join(f"count(*) FILTER ({test})" for test in tests)
    found = connection.execute(
        f"SELECT shape, {of_each} FROM ({both}) WHERE shape LIKE 'year last%' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    mistakes = Mistakes()
    for shape, days, months, either in found:
        if mapping.dates or not ((days and months) or (either and not days and not months)):
            continue
        asked = (
            (("a > 12", "have the day first"), ("b > 12", "have the month first"))
            if days
            else (("a <= 12 AND b <= 12", "may have the day or the month first"),)
        )
        for key, (test, what) in itertools.product(keys, asked):
            where = f"{quoted(key)} IN (SELECT own FROM d_{key} WHERE shape = '{shape}' AND {test})"
            if rows := places(connection, "raw", where):
                mistakes.append(
                    f"{rows_in_words(*rows, files)}, column {columns[key]!r} ({key}): the dates {what}, and others "
                    "that are written so do not settle it. Nothing was read in. Write the dates as 2025-10-01, or say "
                    "dates: dmy or dates: mdy in the mapping if all that have the year last are written so."
                )
    mistakes.tell()
    first = [
        shape for shape, days, _, _ in found if (mapping.dates == "dmy" if mapping.dates else days)
    ]
    return f"({', '.join(map(_text, ['', *first]))})"


def _codes(connection: duckdb.DuckDBPyConnection, key: str, mapping: Mapping) -> None:
    """Give the table of a column with codes one column more for each measure that a code stands for."""
    codes = {folded(code): word for code, word in (KVA | mapping.values.get("kva", {})).items()}
    found = [
        f"len(list_intersect(regexp_split_to_array(folded(own), '[ ,;|/]+'), "
        f"[{', '.join(_text(code) for code, word in codes.items() if word == measure)}])) > 0 AS {measure}"
        for measure in MEASURES
        if measure in codes.values()
    ]
    connection.execute(
        f"CREATE OR REPLACE TABLE w_{key} AS SELECT *, {', '.join(found)} FROM w_{key}"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
