"""What lies in a batch's folder besides the reports that are wanted: its index, and what earlier runs left."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from vgstats.batch.manifest import Entry
from vgstats.software import fingerprint

INDEX = "index.html"


def index_key(lines: Mapping[str, Entry], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what an index is made of: the wanted reports in order, with what became of each, and vgstats."""
    listed = [
        (name, label, *_seen(lines[name])) if name in lines else (name, label)
        for name, label in wanted.items()
    ]
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    return {"reports": digest, "software": fingerprint()}


def _seen(line: Entry) -> tuple[object, ...]:
    return line.area, line.status, sorted(line.outputs), line.row


def index_is_fresh(folder: Path, lines: Mapping[str, Entry], wanted: Mapping[str, str]) -> bool:
    """Return whether the index is there as it was written, and says what it would say now."""
    entry = lines.get(INDEX)
    return entry is not None and not entry.faults(folder) and entry.key == index_key(lines, wanted)


def left_over(lines: Mapping[str, Entry], wanted: Mapping[str, str]) -> dict[str, Entry]:
    """Return the entries of reports that earlier runs made and that are not wanted any more."""
    return {name: line for name, line in lines.items() if name not in {*wanted, INDEX}}


def remove(folder: Path, entry: Entry) -> list[str]:
    """Remove the files of an entry that are as they were written; return the names of those that are not."""
    kept = []
    for name, output in entry.outputs.items():
        file = folder / name
        if file.is_file() and output.fault(file):
            kept.append(name)
            continue
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
    return kept
