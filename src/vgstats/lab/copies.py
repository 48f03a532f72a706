"""A working folder with copies of the notebooks that come along: what an analyst changed is never overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vgstats import shipped
from vgstats.errors import VgstatsError
from vgstats.whole_files import write_whole

NAME = "arbete"  # the working folder where none is named
_KNOWN = ".vgstats-kopior.json"  # in it: what each copy was when it was laid there


@dataclass(frozen=True)
class Copied:
    """What became of the copies: `written` are new or renewed, `beside` newer ones beside those that were changed."""

    written: list[Path]
    beside: list[Path]


def copy_notebooks(folder: Path, notebooks: Path | None = None) -> Copied:
    """Lay copies of the notebooks in a working folder.

    A copy that is as it was laid there is renewed. One that was changed stays; where vgstats has a newer notebook
    than it was made from, that is laid beside it (`utforska-ny.ipynb`).

    Args:
        folder: the working folder; made where it is not there.
        notebooks: the notebooks to copy; those that come along when left out.

    Raises:
        VgstatsError: the folder is the one with the notebooks themselves, or cannot be written to.
    """
    ours = notebooks or shipped.notebooks()
    if folder.resolve() == ours.resolve():
        raise VgstatsError(
            f"{folder} has the notebooks that come along, which stay as they are. Name another folder, such as {NAME}."
        )
    found = Copied([], [])
    try:
        known = _read(folder)
        for source in sorted(ours.glob("*.ipynb")):
            _copy(source.read_bytes(), folder, source.stem, known, found)
        write_whole(folder / _KNOWN, json.dumps(known, indent=1, sort_keys=True))
    except OSError as error:
        raise VgstatsError(
            f"{error.filename or folder}: cannot be written ({error.strerror}). Name a folder of yours."
        ) from None
    return found


def _copy(
    content: bytes, folder: Path, stem: str, known: dict[str, list[str]], found: Copied
) -> None:
    """Lay one notebook in the folder, under the first name that no changed copy has, unless it is there already.

    `known` has what was laid there by name: the digests of all versions, the last one last.
    """
    digest = hashlib.sha256(content).hexdigest()
    for name in _names(stem):
        file, laid = folder / name, known.get(name, [])
        there = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
        if there == digest:
            known[name] = [*(one for one in laid if one != digest), digest]
            return
        if not there:
            if digest in laid and file.stem != stem:
                return  # laid beside once, and thrown away
            found_in = found.written if file.stem == stem else found.beside
        elif laid and there == laid[-1]:
            found_in = found.written
        elif digest in laid:
            return  # changed, and made from this very version
        else:
            continue
        found_in.append(write_whole(file, content))
        known[name] = [*(one for one in laid if one != digest), digest]
        return


def _names(stem: str) -> Iterator[str]:
    yield f"{stem}.ipynb"
    yield f"{stem}-ny.ipynb"
    number = 2
    while True:
        yield f"{stem}-ny-{number}.ipynb"
        number += 1


def _read(folder: Path) -> dict[str, list[str]]:
    """Return what was laid in the folder; nothing where that is not known, so that nothing is overwritten."""
    try:
        known = json.loads((folder / _KNOWN).read_text(encoding="utf-8"))
        return {str(name): [str(one) for one in laid] for name, laid in known.items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
