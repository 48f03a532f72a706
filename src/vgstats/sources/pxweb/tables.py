"""Which of the tables in the datasets file a file holds, and what it may not be parted by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from vgstats.errors import VgstatsError, nearest
from vgstats.sources.datasets import ScbTable, datasets

# The columns of the tidy table that the roles of a table's variables become.
COLUMN_OF_ROLE = {"region": "area", "time": "period", "sex": "sex", "age": "group"}
_TOTAL = re.compile(r"(sc|tot(sa|\d*)|all|1\+2)|(totalt?|samtliga|alla|hela|summa)\b.*", re.I)


def known_tables() -> list[ScbTable]:
    """Return the tables whose contents are confirmed."""
    return [table for table in datasets().scb.tables if table.contents]


def table_of_contents(found: Sequence[str], file: Path, table_id: str = "") -> ScbTable:
    """Return the known table that the contents of a file are of.

    Args:
        found: the codes of the contents in the file.
        file: the file, for messages.
        table_id: the table's id, where the file says it.

    Raises:
        VgstatsError: the contents are not those of one measure.
    """
    known = known_tables()
    tables = [table for table in known if list(found) == [table.contents]]
    if not tables:
        expected = ", ".join(dict.fromkeys(f"{t.contents} ({t.heading})" for t in known))
        what = ", ".join(found) or "none"
        names = [name for table in known for name in (table.contents, table.heading)]
        raise VgstatsError(
            f"{file}: the contents are {what}.{nearest(what, names)} One of these is "
            f"expected, alone: {expected}. Choose it and save the file again, or add the table to a "
            "copy of the datasets file (vgstats fetch --show-datasets)."
        )
    tables = [table for table in tables if table_id and table.table == table_id] or tables
    if len({table.measure for table in tables}) > 1:
        raise VgstatsError(
            f"{file}: the datasets file gives {found[0]} to several measures. Correct it so that each "
            "has contents and a heading of its own."
        )
    return tables[0]


def is_total(text: str) -> bool:
    """Return whether a code or a label is that of a total."""
    return bool(_TOTAL.fullmatch(text.strip()))


def parted_by(name: str, words: Sequence[str], file: Path) -> VgstatsError:
    """Return the refusal of numbers that are parted by something that is not asked for."""
    some = ", ".join(words[:4]) + (" ..." if len(words) > 4 else "")
    return VgstatsError(
        f"{file}: the {name} parts the numbers ({some}). Take it away in the selection, or choose only "
        "its total, and save the file again."
    )
