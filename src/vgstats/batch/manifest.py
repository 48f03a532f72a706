"""What lies in the folder of a batch: its manifest, the index made from it, and what earlier runs left.

The manifest says what became of every report: one line of JSON each. Lines are only added while a batch runs; the
last line of a report counts. A line that cannot be read is left aside, so its report is made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, model_validator

from vgstats.entries import Entry
from vgstats.software import fingerprint
from vgstats.whole_files import write_whole

if TYPE_CHECKING:
    from vgstats.blocks.overview import Listed

NAME = "manifest.jsonl"
INDEX = "index.html"
# What the names of the files beside a page have after its own; the last is that of a folder.
PDF, PAGE_ONE, WORKBOOK, DOCUMENT = ".pdf", "-sida-1.pdf", ".xlsx", "-sida-1.docx"
PICTURES = "-bilder"


class Output(Entry):
    """One file that was written: its SHA-256, and its size and time, which spare reading it again."""

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


class ManifestLine(Entry):
    """One report, or the index of them: what it was made of (`key`) and what became of it.

    `outputs` are the files that lie in the folder for it, by name: the page, what is made of it (`formats`), and why
    it failed last. `row` is what an index says of it (see `IndexRow`), also after a later failure. `label` is its
    place and period in words. `reason` says why it failed.
    """

    file: str
    kind: str
    area: str
    label: str = ""
    status: Literal["made", "failed"]
    key: dict[str, str]
    made: str
    seconds: float
    outputs: dict[str, Output] = Field(default={})
    formats: list[str] = Field(default=[])
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
        pdf = {beside(line["file"], PDF): {"sha256": ""}} if old.get("with_pdf") else {}
        return {**kept, "outputs": outputs | pdf}

    def has(self, ending: str) -> str:
        """Return the name of a file beside the page, empty when there is none."""
        return name if (name := beside(self.file, ending)) in self.outputs else ""

    def faults(self, folder: Path) -> list[str]:
        """Return in words which of its files are not as they were written; a document is there to be written in."""
        written_in = self.has(DOCUMENT)
        found = (
            output.fault(folder / name)
            for name, output in self.outputs.items()
            if name != written_in or not (folder / name).is_file()
        )
        return [fault for fault in found if fault]


def beside(file: str, ending: str) -> str:
    """Return the name of a file beside a page, such as its PDF."""
    return f"{file.removesuffix('.html')}{ending}"


def error_name(file: str) -> str:
    """Return the name of the page that says why a report failed."""
    return beside(file, ".fel.html")


def read(folder: Path) -> dict[str, ManifestLine]:
    """Return the last entry of each report by its file, empty where there is no manifest."""
    try:
        lines = (folder / NAME).read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, ManifestLine] = {}
    for line in lines:
        try:
            entry = ManifestLine.model_validate_json(line)
        except ValidationError:
            continue
        found[entry.file] = entry
    return found


def add(folder: Path, entry: ManifestLine) -> None:
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


def write(folder: Path, entries: Mapping[str, ManifestLine]) -> None:
    """Write a manifest anew, with one line for each report.

    Raises:
        OSError: the file cannot be written.
    """
    lines = (f"{entries[name].model_dump_json()}\n" for name in sorted(entries))
    write_whole(folder / NAME, "".join(lines))


def left_over(
    entries: Mapping[str, ManifestLine], labels: Mapping[str, str]
) -> dict[str, ManifestLine]:
    """Return the entries of reports that earlier runs made and that are not wanted any more."""
    return {name: entry for name, entry in entries.items() if name not in {*labels, INDEX}}


def remove(folder: Path, entry: ManifestLine) -> list[str]:
    """Remove the files of an entry that are as they were written; return the names of those that are not."""
    kept = []
    for name, output in entry.outputs.items():
        file = folder / name
        if file.is_file() and output.fault(file):
            kept.append(name)
            continue
        delete(folder, name)
    return kept


def put_aside(folder: Path, file: str, entry: ManifestLine | None) -> str:
    """Give a document that somebody wrote in another name before its report is made again; return it, if there is one.

    Raises:
        OSError: it cannot be given another name.
    """
    name = beside(file, DOCUMENT)
    there, output = folder / name, entry.outputs.get(name) if entry else None
    if not there.is_file() or (output is not None and not output.fault(there)):
        return ""
    numbers = chain([""], (f"-{number}" for number in count(2)))
    names = (f"{there.stem}-redigerad{number}.docx" for number in numbers)
    free = next(one for one in names if not (folder / one).exists())
    there.rename(folder / free)
    return free


def delete(folder: Path, name: str) -> None:
    """Delete a file of a batch's folder, and the folder of pictures that it was the last in."""
    file = folder / name
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        if file.parent != folder:
            file.parent.rmdir()


def with_index(
    folder: Path, entries: Mapping[str, ManifestLine], labels: Mapping[str, str]
) -> dict[str, ManifestLine]:
    """Return the entries of a batch with that of its index, which is written where it is not as it would be now.

    Args:
        folder: the batch's folder.
        entries: what became of each report, by its file (see `read`).
        labels: the label of each report that is wanted by its file, in the order of the list.

    Raises:
        OSError: the index cannot be written.
    """
    key = _index_key(entries, labels)
    there = entries.get(INDEX)
    if there is not None and not there.faults(folder) and there.key == key:
        return dict(entries)
    # Drawing takes seconds to import, which a run with nothing to make should not wait for.
    from vgstats.blocks.overview import heading_of, overview
    from vgstats.blocks.record import collection
    from vgstats.page.exporter import passed
    from vgstats.page.template import page_of_blocks

    made = dt.datetime.now().astimezone()
    reports = [_listed(folder, name, label, entries.get(name)) for name, label in labels.items()]
    rows = [(one, one.row) for one in reports if one.row is not None]
    heading = heading_of([row for _, row in rows])
    record = collection(heading, [(one.name, one.file_name) for one, _ in rows], made)
    page = page_of_blocks(overview(reports).html(), made, record)
    index = ManifestLine(
        file=INDEX,
        kind="index",
        area="",
        status="made",
        key=key,
        made=made.isoformat(timespec="seconds"),
        seconds=0,
        outputs={
            INDEX: Output.of(
                write_whole(
                    folder / INDEX, passed(page, reports=[one.file_name for one, _ in rows])
                )
            )
        },
    )
    return {**entries, INDEX: index}


def _index_key(entries: Mapping[str, ManifestLine], labels: Mapping[str, str]) -> dict[str, str]:
    """Return what an index is made of: the wanted reports in order, with what became of each, and vgstats."""
    listed: list[tuple[object, ...]] = []
    for name, label in labels.items():
        one = entries.get(name)
        seen = (one.area, one.status, sorted(one.outputs), one.row) if one else ()
        listed.append((name, label, *seen))
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    return {"reports": digest, "software": fingerprint()}


def _listed(folder: Path, name: str, label: str, entry: ManifestLine | None) -> Listed:
    """Return what the index says of one report."""
    from vgstats.blocks.overview import MADE, Listed
    from vgstats.blocks.record import IndexRow
    from vgstats.blocks.tables import Link, Links

    if entry is None:
        return Listed(label, name, None, "inte gjord")
    row = IndexRow.from_json(entry.row) if entry.row and (folder / name).is_file() else None
    if entry.status == "failed":
        words = "kunde inte göras om, den här är äldre" if row else "kunde inte göras"
        link = Link(words, why) if (why := error_name(name)) in entry.outputs else None
        return Listed(entry.area if row else label, name, row, words, link, failed=True)
    named = {"PDF": entry.has(PDF), "Excel": entry.has(WORKBOOK), "Word": entry.has(DOCUMENT)}
    links = tuple(Link(f"{what} för {entry.area}", file) for what, file in named.items() if file)
    return Listed(entry.area, name, row, MADE, Links(links) if links else None)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
