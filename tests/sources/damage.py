"""Damaged files: whatever happens to a file, it is refused or read, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from hypothesis import strategies as st

from vgstats import VgstatsError
from vgstats.row_checks import faults
from vgstats.sources.reading import ROW_COLUMNS, NotThisFormat, Reading

Change = tuple[str, int, bytes]
_SIGNS = [b"0", b"9", b"e", b"-", b'"', b",", b";", b".", b"%", b"\n", b"\r", b"\x00"]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["delete", "insert", "replace", "truncate"]),
        st.integers(0, 10_000),
        st.binary(min_size=1, max_size=4) | st.sampled_from(_SIGNS),
    ),
    min_size=1,
    max_size=3,
)


def rejected(reading: Reading) -> list[tuple[str, str]]:
    """The column and the value of each fault that the door would find."""
    found = faults(reading.rows.assign(retrieved="2026-01-01", source=reading.source))
    return list(zip(found["column"], found["value"], strict=True))


def check(
    read_file: Callable[[Path], Reading], file: Path, content: bytes, changes: list[Change]
) -> None:
    for change in changes:
        content = _changed(content, *change)
    file.write_bytes(content)
    try:
        reading = read_file(file)
    except (VgstatsError, NotThisFormat):
        return
    assert list(reading.rows) == ROW_COLUMNS
    assert isinstance(rejected(reading), list)


def check_cut_off(read_file: Callable[[Path], Reading], file: Path, content: bytes) -> None:
    """Cut off anywhere, a file is refused or gives only numbers that the whole one has."""
    file.write_bytes(content)
    whole = _numbers(read_file(file))
    for end in range(len(content)):
        file.write_bytes(content[:end])
        try:
            found = _numbers(read_file(file))
        except (VgstatsError, NotThisFormat):
            continue
        assert found <= whole


def _changed(content: bytes, how: str, place: int, piece: bytes) -> bytes:
    place %= len(content) + 1
    if how == "truncate":
        return content[:place]
    after = place + (0 if how == "insert" else len(piece))
    return content[:place] + (b"" if how == "delete" else piece) + content[after:]


def _numbers(reading: Reading) -> set[tuple[str, ...]]:
    texts: pd.DataFrame = reading.rows.astype(str)
    return set(map(tuple, texts.to_numpy()))
