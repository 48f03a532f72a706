"""Helpers of the import's tests: one file taken into a store, and what plain readers say it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from commands import vgstats
from vgstats import VgstatsError
from vgstats.ingest import Outcome, take_in
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.published import provenance
from vgstats.store.store import Store

Key = tuple[str, str, str, str, str]
Cell = tuple[float | None, str]
OWN = {"publisher": "The tester", "title": "Own figures", "kind": "published"}
RETRIEVED = "2026-01-01"


def take(file: Path, store: Store, *, retrieved: str = RETRIEVED, **options) -> Outcome:
    """Read one file and take it into a store, as `vgstats import` does."""
    reading = read_file(file, **{name: options.pop(name, "") for name in ("dataset", "area")})
    own = None if reading.source in provenance().index else OWN
    piece = piece_of_file(file, reading, retrieved)
    return take_in([piece], store, **{"own_source": own} | options)


def imported(folder: Path, file: Path, *options: str) -> tuple[dict[Key, float | None], str]:
    """What `vgstats import` of one file put into an empty store, and all that it said."""
    store = folder / "store"
    run = vgstats("import", file, "--store", store, "--retrieved", RETRIEVED, *options)
    said = " ".join((run.stdout + run.stderr).split())
    assert "Traceback" not in said
    if run.returncode:
        assert not store.exists()
        return {}, said
    return {key: value for key, (value, _) in stored(Store(store)).items()}, said


def put(folder: Path, content: bytes | str, name: str = "file") -> Path:
    """Write a file and return it."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def snapshot(store: Store) -> dict[str, bytes]:
    """Every file of a store, byte for byte."""
    return {
        file.relative_to(store.folder).as_posix(): file.read_bytes()
        for file in sorted(store.folder.rglob("*"))
        if file.is_file() and file.name != ".lock"
    }


def stored(store: Store) -> dict[Key, Cell]:
    """The newest value and status of every key."""
    with store.connection() as connection:
        rows = connection.sql(
            'SELECT measure, area, period, sex, "group", value, status FROM observations '
            "ORDER BY retrieved"
        ).fetchall()
    return {row[:5]: (row[5], row[6]) for row in rows}


def faults(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Row, column and value of each rejected row."""
    table = outcome.rejected[["row", "column", "value"]]
    return list(table.itertuples(index=False, name=None))


@dataclass
class Tally:
    """How many mutated files ended how."""

    errors: int = 0
    rejected: int = 0
    imported: int = 0


def outcome_is_honest(
    file: Path, store: Store, tally: Tally, plain: Callable[[Path], dict[Key, set[Cell]]], **options
) -> None:
    """Refused with the store as it was, or imported as the plain reader says."""
    before = snapshot(store)
    try:
        outcome = take(file, store, **options)
    except VgstatsError as error:
        assert len(str(error)) > 40
        assert snapshot(store) == before
        tally.errors += 1
        return
    if outcome.added is None:
        assert len(outcome.rejected) and set(outcome.rejected["file"]) == {file.name}
        assert snapshot(store) == before
        tally.rejected += 1
        return
    tally.imported += 1
    says = plain(file)
    for key, cell in stored(store).items():
        assert cell in says.get(key, set()), (key, cell, says.get(key))


PIECES = st.one_of(
    st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b".", b"-", b"1", b"9", b"|", b"{"]),
    st.sampled_from(
        [b"}", b"]", b"<", b"=", b"\t", b" ", b"null", b"true", b"..", b"\xc3\xa4", b"e"]
    ),
    st.binary(min_size=1, max_size=4),
)


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, float, int, bytes]]:
    """A few ways to damage a file: what, where (as a share of its length), how much, with what."""
    one = st.tuples(
        st.sampled_from(["delete", "insert", "replace", "replace", "truncate", "repeat"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 40),
        PIECES,
    )
    return draw(st.lists(one, min_size=1, max_size=3))


def mutated(content: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    """The content after the changes."""
    for what, share, length, piece in changes:
        at = int(share * len(content))
        if what == "delete":
            content = content[:at] + content[at + length :]
        elif what == "insert":
            content = content[:at] + piece + content[at:]
        elif what == "replace":
            content = content[:at] + piece + content[at + len(piece) :]
        elif what == "repeat":
            content = content[: at + length] + content[at:]
        else:
            content = content[:at]
    return content
