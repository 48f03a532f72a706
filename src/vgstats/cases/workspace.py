"""A DuckDB of one's own for rows about persons: what is said of them names rows, and nothing is left of them.

What stands in a row is in no message, no log and no exception. What DuckDB puts on disk is encrypted, and gone
afterwards.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import duckdb

from vgstats.errors import VgstatsError

_P = ParamSpec("_P")
_T = TypeVar("_T")
_SHOWN = 5  # row numbers
_OVERFLOW = "vgstats-cases-"
_KEPT_SECONDS = 24 * 3600
Column = tuple[str, str]  # what a column is called here, and in the file


class SealedError(RuntimeError):
    """A fault in vgstats while rows of persons were read: what it was and where, and nothing that stood in them."""


def sealed(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let no exception leave a function that quotes a row, or has one before it that does.

    A user's mistake keeps its words, which never quote rows; of all else only the kind and the place are told.
    """

    @functools.wraps(work)
    def closed(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        told: Exception
        try:
            return work(*args, **kwargs)
        except VgstatsError as error:
            told = VgstatsError(*error.args)
        except Exception as error:
            ours = [
                at for at in traceback.extract_tb(error.__traceback__) if "vgstats" in at.filename
            ]
            place = (
                f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
                if ours
                else "an unknown place"
            )
            told = SealedError(
                f"{type(error).__name__} in {place}; what it says is kept back, since it may quote rows"
            )
        raise told  # here nothing is being handled, so that no other exception is tied to it

    return closed


@contextlib.contextmanager
def workspace(memory: str = "3GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB in memory whose overflow lies encrypted in a folder that is gone afterwards, whatever happens.

    >>> with workspace() as connection:
    ...     connection.execute("SELECT current_setting('temp_file_encryption')").fetchone()
    (True,)
    """
    _sweep()
    with (
        tempfile.TemporaryDirectory(prefix=_OVERFLOW) as folder,
        duckdb.connect(":memory:") as connection,
    ):
        for name, value in (
            ("temp_directory", folder),
            ("temp_file_encryption", "true"),
            # DuckDB's own cryptography reads only, or else fetches an extension; the key dies with the process.
            ("force_mbedtls_unsafe", "true"),
            ("memory_limit", memory),
            ("autoinstall_known_extensions", "false"),
            ("enable_progress_bar", "false"),
            (
                "TimeZone",
                "Europe/Stockholm",
            ),  # a day is one here, whatever zone a moment is written in
        ):
            connection.execute(f"SET {name} = '{value}'")
        yield connection


def _sweep() -> None:
    """Delete the overflow of runs that were killed: nobody has its key, and nobody has written there for a day."""
    old = time.time() - _KEPT_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{_OVERFLOW}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def rows_in_words(rows: Sequence[tuple[int, int]], total: int, files: Sequence[Path]) -> str:
    """Return where rows stand, those of the first file that has any.

    >>> rows_in_words([(0, 7), (0, 12)], 40, [Path("intyg.csv")])
    'intyg.csv, rows 7, 12 and 38 more'
    """
    first = rows[0][0]
    numbers = [str(row) for file, row in rows if file == first][:_SHOWN]
    more = f" and {total - len(numbers)} more" if total > len(numbers) else ""
    return f"{files[first]}, row{'s' if total > 1 else ''} {', '.join(numbers)}{more}"


def first_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """Return the first row of what a query finds, an empty one where it finds nothing."""
    found = connection.execute(query).fetchall()
    return tuple(found[0]) if found else ()


def places(
    connection: duckdb.DuckDBPyConnection, relation: str, where: str
) -> tuple[list[tuple[int, int]], int] | None:
    """Return the first rows for which something holds, each as file and row, and how many there are; None for none."""
    (total,) = first_row(connection, f"SELECT count(*) FROM {relation} WHERE {where}")
    if not total:
        return None
    rows = connection.execute(
        f"SELECT file, row FROM {relation} WHERE {where} ORDER BY file, row LIMIT 5"
    ).fetchall()
    return rows, total
