"""What became of every report of a batch: one line of JSON each, in the folder of the reports.

Lines are only added while a batch runs; the last line of a report counts. A line that cannot be read is
left aside, so its report is made again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

NAME = "manifest.jsonl"


class Output(BaseModel):
    """One file that was written: its SHA-256, and its size and time, which spare reading it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    size: int = 0
    changed: int = 0

    @classmethod
    def of(cls, file: Path) -> Output:
        """Return what a file that was just written is.

        Raises:
            OSError: it is not there.
        """
        about = file.stat()
        return cls(sha256=_digest(file), size=about.st_size, changed=about.st_mtime_ns)

    def fault(self, file: Path) -> str:
        """Return in words how a file is not as it was written, empty when it is."""
        try:
            about = file.stat()
            same = (about.st_size, about.st_mtime_ns) == (self.size, self.changed)
            return "" if same or _digest(file) == self.sha256 else f"{file.name} was altered since"
        except OSError:
            return f"{file.name} is gone"


class Entry(BaseModel):
    """One report, or the index of them: what it was made of (`key`) and what became of it.

    `outputs` are the files that lie in the folder for it, by name: the page, its PDF, and why it failed
    last. `row` is what an index says of it (see `IndexRow`), also after a later failure. `label` is its place and
    period in words. `reason` says why it failed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    kind: str
    area: str
    label: str = ""
    status: Literal["made", "failed"]
    key: dict[str, str]
    made: str
    seconds: float
    outputs: dict[str, Output] = {}
    row: dict[str, Any] | None = None
    reason: str = ""

    @model_validator(mode="before")
    @classmethod
    def _of_version_0_1(cls, line: Any) -> Any:
        """Read a line of when a page was its entry's only output."""
        if not isinstance(line, dict) or "page" not in line:
            return line
        old = {name: line[name] for name in ("page", "size", "changed", "with_pdf") if name in line}
        kept = {name: value for name, value in line.items() if name not in old}
        page = {"sha256": old["page"], "size": old.get("size", 0), "changed": old.get("changed", 0)}
        outputs = {line["file"]: page} if old["page"] else {}
        pdf = {pdf_name(line["file"]): {"sha256": ""}} if old.get("with_pdf") else {}
        return {**kept, "outputs": outputs | pdf}

    @property
    def pdf(self) -> str:
        """The name of its PDF, empty when there is none."""
        return name if (name := pdf_name(self.file)) in self.outputs else ""

    def faults(self, folder: Path) -> list[str]:
        """Return in words which of its files are not as they were written."""
        found = (output.fault(folder / name) for name, output in self.outputs.items())
        return [fault for fault in found if fault]


def pdf_name(file: str) -> str:
    """Return the name of the PDF beside a page."""
    return f"{file.removesuffix('.html')}.pdf"


def error_name(file: str) -> str:
    """Return the name of the page that says why a report failed."""
    return f"{file.removesuffix('.html')}.fel.html"


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


def text_of(entries: Mapping[str, Entry]) -> str:
    """Return a manifest with one line for each report."""
    return "".join(f"{entries[name].model_dump_json()}\n" for name in sorted(entries))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
