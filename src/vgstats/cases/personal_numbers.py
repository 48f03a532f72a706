"""What looks like a personnummer or a samordningsnummer: refused by place, and shown nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from vgstats.cases.workspace import Column, first_row, places, quoted, rows_in_words
from vgstats.errors import Mistakes

# All in capitals; what stands between is doubled, so that one sign can end a number and begin the next. Not inside a
# longer number or a hash in hexadecimals; a UUID is passed over before.
_BEFORE = r"(?:^|[^0-9A-Z+]|[G-Z][A-F]*)0*"
_DAY = r"(?:18|19|20)?\d{6}"
_BETWEEN = r"[ \t]{0,4}[-+./_]{0,4}[ \t]{0,4}"
_NUMBER = (
    rf"{_BEFORE}({_DAY}{_BETWEEN}\d{{4}}"
    rf"|{_DAY}-?[A-Z][A-Z0-9]\d\d"  # a reserve number
    r"|(?:18|19|20)?\d\d(?:-| +|\.+)\d\d(?:-| +|\.+)\d\d(?:[-+]| +)\d{4})"
    r"(?:$|[^0-9A-F])"
)
# Few keys pass this, which costs little.
_PERHAPS = (
    r"(?i)\d{6}[-+./_\s]*\d{4}|\d{6}-[A-Z]|(?:18|19|20)\d{6}[A-Z][A-Z0-9]\d\d|\d\d[-. ]\d\d[-. ]\d\d[-+ ]"
    r"|\d[.,]\d{9,}E\+?\d|[^\x00-\x7f]"
)
_UUID = r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}"
# `m` is what was found, `t` its digits and letters. A day over 60 is a samordningsnummer's. Six digits, a sign and four
# are one, and so are twelve digits that begin with a day of a century; all else must have the check digit too.
_MACROS = rf"""
CREATE OR REPLACE MACRO without_sign(x) AS CASE WHEN strlen(x) = length(x) THEN x ELSE translate(
    regexp_replace(regexp_replace(regexp_replace(x, '\p{{Cf}}', '', 'g'), '\p{{Pd}}|\x{{2212}}', '-', 'g'),
        '\p{{Z}}', ' ', 'g'), '０１２３４５６７８９', '0123456789') END;
CREATE OR REPLACE MACRO written_out(x) AS CASE WHEN regexp_full_match(x, '\d[.,]\d{{9,}}E\+?\d+')
    THEN coalesce(try_cast(try_cast(replace(x, ',', '.') AS DOUBLE) AS BIGINT)::VARCHAR, x)
    ELSE regexp_replace(x, '^(\d+)\.0+$', '\1') END;
CREATE OR REPLACE MACRO without_uuid(x) AS
    CASE WHEN x LIKE '%-%-%-%-%' THEN regexp_replace(x, '{_UUID}', ' ', 'g') ELSE x END;
CREATE OR REPLACE MACRO luhn(t) AS list_sum([
    CASE WHEN i % 2 = 1 THEN (2 * t[i]::INT) % 10 + (2 * t[i]::INT) // 10 ELSE t[i]::INT END FOR i IN range(1, 11)
]) % 10 = 0;
CREATE OR REPLACE MACRO day_of(t) AS try_cast(
    '20' || t[1:2] || '-' || t[3:4] || '-'
    || lpad((t[5:6]::INT - CASE WHEN t[5:6]::INT > 60 THEN 60 ELSE 0 END)::VARCHAR, 2, '0')
    AS DATE
);
CREATE OR REPLACE MACRO is_personal(m, t) AS day_of(right(t, 10)) IS NOT NULL AND (
    regexp_matches(m, '\d{{6}}\s*[-+]+\s*[0-9A-Z]{{4}}$') OR (length(t) = 12 AND m = t)
    OR CASE WHEN regexp_full_match(t, '\d+') THEN luhn(right(t, 10)) ELSE false END
);
CREATE OR REPLACE MACRO personal(x) AS CASE WHEN regexp_matches(x::VARCHAR, '{_PERHAPS}') THEN len(list_filter(
    regexp_extract_all(
        regexp_replace(without_uuid(written_out(without_sign(upper(x::VARCHAR)))), '([^0-9A-Z+-])', '\1\1', 'g'),
        '{_NUMBER}', 1
    ),
    lambda m: is_personal(m, regexp_replace(m, '[^0-9A-Z]', '', 'g'))
)) > 0 ELSE false END;
"""
PERSON = "length(person::VARCHAR) > 9 AND personal(person)"
_ROUNDED = r"regexp_full_match(person::VARCHAR, '\d[.,]\d+[eE]\+?\d+|\d[eE]\+\d+')"


def refuse_personal_numbers(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], files: Sequence[Path]
) -> None:
    """Refuse rows in which something looks like a personnummer or a samordningsnummer.

    Args:
        connection: with the relation `raw` and a table `w_<column>` of what stands in each column but the person's.
        columns: what the columns are called there and in the files.
        files: for the message.

    Raises:
        VgstatsError: something does, or a spreadsheet has rounded the keys. The message names file, column and rows,
            and never what stands there.
    """
    connection.execute(_MACROS)
    mistakes = Mistakes()
    for key, own in columns:
        if key == "person":
            where = PERSON
            if found := places(connection, "raw", _ROUNDED):
                mistakes.append(
                    f"{rows_in_words(*found, files)}, column {own!r} ({key}): a spreadsheet has written the key as a "
                    "rounded number, such as 1,2E+11, so that several persons may share one. Nothing was read in. Take "
                    "the file from the register anew, with the key as text."
                )
        elif first_row(connection, f"SELECT count(*) FROM w_{key} WHERE personal(own)")[0]:
            where = f"personal({quoted(key)})"
        else:
            continue
        if found := places(connection, "raw", where):
            mistakes.append(
                f"{rows_in_words(*found, files)}, column {own!r} ({key}): what stands there looks like a personnummer "
                "or a samordningsnummer, and is not shown here. Nothing was read in. Let whoever keeps the register "
                "replace it by a key that says nothing of the person, such as a number of 16 signs or more."
            )
    mistakes.tell()


def looking_personal(texts: Sequence[str]) -> list[int]:
    """Return which of some texts look like a personnummer or a samordningsnummer, or have one in them.

    >>> looking_personal(["Alby", "Alby 19121212-1212", "2025-10-01"])
    [1]
    """
    with duckdb.connect() as connection:
        connection.execute(_MACROS)
        found = connection.execute(
            "SELECT n FROM (SELECT unnest($1::VARCHAR[]) AS one, generate_subscripts($1::VARCHAR[], 1) - 1 AS n) "
            "WHERE personal(one) ORDER BY n",
            [[*texts]],
        ).fetchall()
    return [number for (number,) in found]


def named_personal(names: Sequence[str]) -> list[int]:
    """Return which names of files or sheets look so; a day and a time of day, as 20251001-1200, seldom do.

    >>> named_personal(["intyg-20251001-1200.csv", "19121212-1212.csv"])
    [1]
    """
    return looking_personal([name.replace("-", " ") for name in names])
