"""A region's own files beside its parameter files, taken in before the parameters, which may name what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from vgstats.batch.notebooks import headings_of
from vgstats.batch.parameter_file import WORDS, files_beside, read_maker
from vgstats.entries import beside
from vgstats.errors import VgstatsError
from vgstats.ingest import bring_in
from vgstats.store.store import Store


def take_in_beside(
    files: Sequence[Path], store: Store, *, keep: bool, notebooks: Path | None, headings: bool
) -> dict[Path, VgstatsError]:
    """Keep what lies beside parameter files in the store, and return what is wrong with it by parameter file.

    All is kept, or where something is wrong, all of each parameter file beside which nothing is.

    Args:
        files: the parameter files.
        store: where to keep it.
        keep: whether it is written down; otherwise only this store object knows it.
        notebooks: the folder with the notebooks (see `notebook_of`).
        headings: whether own words may only stand under headings that those have.
    """
    named: dict[Path, Mapping[str, list[Path]]] = {}
    refused: dict[Path, VgstatsError] = {}
    for file in files:
        try:
            named[file] = _taken_in(file)
        except VgstatsError as error:
            refused[file] = error
    own = {file: [path for of in one.values() for path in of] for file, one in named.items() if one}
    if not own:
        return refused
    known: dict[Path, list[str]] | None = None
    if headings:
        known = {}
        for file, files_of in named.items():
            try:
                _add_headings(known, file, files_of, notebooks)
            except VgstatsError as error:
                refused[file] = error
                own.pop(file, None)
    taken = [one for found in own.values() for one in found]
    try:
        bring_in(taken, store, keep=keep, headings=known)
    except VgstatsError:
        taken = []
        for file, found in own.items():
            try:
                bring_in([*taken, *found], store, keep=keep, headings=known)
            except VgstatsError as error:
                refused[file] = error
            else:
                taken += found
    return refused


def _taken_in(file: Path) -> dict[str, list[Path]]:
    """Return the files beside a parameter file that are to be read; words that are not there may be in the store.

    A report prints the lines that make it again, with the name of its words alone.
    """
    named = files_beside(file)
    for words in [*named.get(WORDS, [])]:
        if words.parent == file.parent and not words.exists():
            del named[WORDS]
    lost = [(key, path) for key, paths in named.items() for path in paths if not path.is_file()]
    if lost:
        raise VgstatsError(
            *(
                f"{file}: {key}: {path}: cannot be read (it is not there). Correct the name.{beside(path)}"
                for key, path in lost
            )
        )
    return named


def _add_headings(
    known: dict[Path, list[str]],
    file: Path,
    named: Mapping[str, list[Path]],
    notebooks: Path | None,
) -> None:
    """Note which headings a file with own words may have: those of all the notebooks that show it."""
    if WORDS not in named:
        return
    kind, own = read_maker(file)
    (words,) = (path.resolve() for path in named[WORDS])
    for name in own if kind else ():
        there = headings_of(kind, notebooks, name, file.parent)
        known[words] = [one for one in known.get(words, there) if one in there]
