"""Putting the shards of a batch together: their manifests become one, and the index is made from it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from vgstats.batch import manifest
from vgstats.batch.execute import write_whole
from vgstats.batch.index import write_index
from vgstats.batch.manifest import Entry
from vgstats.batch.runner import error_file
from vgstats.errors import VgstatsError


def collect(folders: Sequence[Path], to: Path | None = None) -> dict[Path, dict[str, Entry]]:
    """Merge the shards' manifests in folders of reports and write an index in each.

    Args:
        folders: one batch's folder each; with `to`, the folders of one batch's shards.
        to: where the reports of all the folders are copied to, and the index is made.

    Returns:
        By folder, what became of each report.

    Raises:
        VgstatsError: a folder has no manifest, or cannot be written to.
    """
    try:
        if to is None:
            return {folder: _collected(folder, _lines(folder)) for folder in folders}
        to.mkdir(parents=True, exist_ok=True)
        lines: dict[str, Entry] = {}
        for folder in folders:
            for name, line in _lines(folder).items():
                if name not in lines or _supersedes(line, lines[name]):
                    lines[name] = line
                    _copy(folder, to, name)
        return {to: _collected(to, lines)}
    except OSError as error:
        raise VgstatsError(
            f"The shards cannot be put together: {error}. Free the place or the rights, and collect again."
        ) from None


def _lines(folder: Path) -> dict[str, Entry]:
    names = [manifest.NAME, *sorted(f.name for f in folder.glob("manifest-*-of-*.jsonl"))]
    lines: dict[str, Entry] = {}
    for name in names:
        for file, line in manifest.read(folder, name).items():
            if file not in lines or _supersedes(line, lines[file]):
                lines[file] = line
    if not lines:
        raise VgstatsError(
            f"{folder}: there is no manifest of reports here. Name a batch's folder, such as reports/mine."
        )
    return lines


def _supersedes(line: Entry, other: Entry) -> bool:
    """Return whether a line says more of a report than another: made before failed, then the later."""
    return (line.status == "made", line.made) >= (other.status == "made", other.made)


def _copy(folder: Path, to: Path, name: str) -> None:
    for file in (name, f"{name.removesuffix('.html')}.pdf", error_file(name)):
        if (folder / file).is_file() and folder.resolve() != to.resolve():
            shutil.copy2(folder / file, to / file)


def _collected(folder: Path, lines: dict[str, Entry]) -> dict[str, Entry]:
    write_whole(folder / manifest.NAME, manifest.text_of(lines))
    for shard in folder.glob("manifest-*-of-*.jsonl"):
        shard.unlink()
    write_index(folder, lines)
    return lines
