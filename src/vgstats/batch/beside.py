"""A region's own files beside its parameter files, taken in before the parameters, which may name what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from vgstats.batch.notebooks import headings_of
from vgstats.batch.parameter_file import WORDS, files_beside, read_kind
from vgstats.entries import beside
from vgstats.errors import VgstatsError
from vgstats.ingest import bring_in
from vgstats.store.store import Store


def take_in_beside(
    files: Sequence[Path], store: Store, *, keep: bool, notebooks: Path | None
) -> dict[Path, VgstatsError]:
    """Keep what lies beside parameter files in the store, and return what is wrong with it by parameter file.

    All is kept, or where something is wrong, all of each parameter file beside which nothing is.

    Args:
        files: the parameter files.
        store: where to keep it.
        keep: whether it is written down; otherwise only this store object knows it.
        notebooks: the folder with the notebooks, whose headings own words may stand under; where it is left out their
            headings are not checked.
    """
    named: dict[Path, Mapping[str, Path]] = {}
    refused: dict[Path, VgstatsError] = {}
    for file in files:
        try:
            named[file] = _taken_in(file)
        except VgstatsError as error:
            refused[file] = error
    own = {file: list(one.values()) for file, one in named.items() if one}
    if not own:
        return refused
    headings = _headings(named, notebooks) if notebooks else None
    taken = [one for found in own.values() for one in found]
    try:
        bring_in(taken, store, keep=keep, headings=headings)
    except VgstatsError:
        taken = []
        for file, found in own.items():
            try:
                bring_in([*taken, *found], store, keep=keep, headings=headings)
            except VgstatsError as error:
                refused[file] = error
            else:
                taken += found
    return refused


def _taken_in(file: Path) -> dict[str, Path]:
    """Return the files beside a parameter file that are to be read; words that are not there may be in the store.

    A report prints the lines that make it again, with the name of its words alone.
    """
    named = files_beside(file)
    words = named.get(WORDS)
    if words and words.parent == file.parent and not words.exists():
        del named[WORDS]
    lost = [(key, path) for key, path in named.items() if not path.is_file()]
    if lost:
        raise VgstatsError(
            *(
                f"{file}: {key}: {path}: cannot be read (it is not there). Correct the name.{beside(path)}"
                for key, path in lost
            )
        )
    return named


def _headings(beside: Mapping[Path, Mapping[str, Path]], notebooks: Path) -> dict[Path, list[str]]:
    """Return the headings that each file with own words may have: those of all the notebooks that show them."""
    found: dict[Path, list[str]] = {}
    for file, named in beside.items():
        if WORDS in named and (kind := read_kind(file)):
            there, words = headings_of(kind, notebooks), named[WORDS].resolve()
            found[words] = [one for one in found.get(words, there) if one in there]
    return found
