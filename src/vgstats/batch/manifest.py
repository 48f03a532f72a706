"""What became of every report of a batch: one line of JSON each, in the folder of the reports.

Lines are only added while a batch runs; the last line of a report counts. A line that cannot be read is
left aside, so its report is made again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

NAME = "manifest.jsonl"


class Entry(BaseModel):
    """One report: what it was made of (`key`, see `batch.keys`) and what became of it.

    `row` is what an index says of it (see `IndexRow`), also after a later failure. `size` and `changed`
    are those of the file when it was written, `page` is the SHA-256 of its content. `reason` says why it
    failed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    kind: str
    area: str
    status: Literal["made", "failed"]
    key: dict[str, str]
    made: str
    seconds: float
    page: str = ""
    size: int = 0
    changed: int = 0
    with_pdf: bool = False
    row: dict[str, Any] | None = None
    reason: str = ""


def read(folder: Path) -> dict[str, Entry]:
    """Return the last entry of each report by its file, empty where there is no manifest."""
    try:
        lines = (folder / NAME).read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, Entry] = {}
    for line in lines:
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError:
            continue
        found[entry.file] = entry
    return found


def add(folder: Path, entry: Entry) -> None:
    """Add an entry at the end; a line cut off before it stays a line of its own.

    Raises:
        OSError: the file cannot be written.
    """
    with (folder / NAME).open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write(entry.model_dump_json().encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def text_of(entries: dict[str, Entry]) -> str:
    """Return a manifest with one line for each report."""
    return "".join(f"{entries[name].model_dump_json()}\n" for name in sorted(entries))
