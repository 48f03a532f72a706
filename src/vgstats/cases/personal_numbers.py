"""What looks like a personnummer or a samordningsnummer in rows: refused by place, and shown nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from vgstats.cases.reading import Column
from vgstats.cases.workspace import first_row, places, quoted, rows_in_words
from vgstats.errors import Mistakes

_DASHES = "+\N{EN DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}-"
_CENTURY = "(?:18|19|20)?"
# Not inside a longer number or a hash in hexadecimals; a UUID is passed over before. The
# last four may be letters, as in a reserve number.
_NUMBER = (
    rf"(?:^|[^0-9A-F+])({_CENTURY}\d{{6}}[ {_DASHES}]?\d{{4}}|{_CENTURY}\d{{6}}[{_DASHES}][A-Z0-9]{{4}})"
    r"(?:$|[^0-9A-Z-])"
)
_UUID = r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}"
# `m` is what was found, `t` its digits and letters. A day over 60 is a samordningsnummer's. Without a sign between, ten
# digits must have the check digit too; twelve with a century and a day are no chance.
_MACROS = rf"""
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
    regexp_matches(m, '[{_DASHES}]') OR length(t) = 12
    OR CASE WHEN regexp_full_match(t, '\d+') THEN luhn(right(t, 10)) ELSE false END
);
CREATE OR REPLACE MACRO personal(x) AS len(list_filter(
    regexp_extract_all(without_uuid(upper(whole(x))), '{_NUMBER}', 1),
    lambda m: is_personal(m, regexp_replace(m, '[^0-9A-Z]', '', 'g'))
)) > 0;
"""


def refuse_personal_numbers(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    files: Sequence[Path],
    dates: Sequence[str],
) -> None:
    """Refuse rows in which something looks like a personnummer or a samordningsnummer.

    Args:
        connection: with the relation `raw` and a table `w_<column>` of what stands in each column but the person's.
        columns: what the columns are called there and in the files.
        files: for the message.
        dates: the columns that hold dates, which have a check of their own.

    Raises:
        VgstatsError: something does. The message names file, column and rows, and never what stands there.
    """
    connection.execute(_MACROS)
    mistakes = Mistakes()
    for key, own in columns:
        if key in dates:
            continue
        if key == "person":
            where = "length(person::VARCHAR) > 9 AND personal(person)"
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
