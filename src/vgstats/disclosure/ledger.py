"""The ledger: what was released before, which no later release can take back.

For each number shown it holds the key and what was shown, for each number hidden only the key and what its rule
promised, and how the numbers are made of base cells. Never a hidden value. It is one text file: a line with a
digest, then a line for each label and number.

What a later release takes from it (`before`):

* A number shown stays known, at its value of today, whether it is shown again or not.
* A number hidden stays hidden, and is protected even when it is not published again: as wide as the strictest
  rule that it was hidden by, and as one that may be 0 where zeros were hidden with it.
* A number that was revised since: a reader of both releases is taken to know the new value too, unless the
  new value is small. Then it is hidden, and protected as any small number; that the old value is known
  cannot be undone. The hidden ones of the old release stay hidden, so a revision shows no more of them
  than the new release does.
* Numbers that share no base cell with the new counts say nothing about them and are left aside, so the
  work does not grow with the number of releases, only with those that overlap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from vgstats.disclosure.earlier import Before
from vgstats.disclosure.hierarchies import Hierarchies, Parts, leaves_of
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key
from vgstats.whole_files import write_whole

_FORMAT = "vgstats ledger 2"
_FORMATS = ("vgstats ledger 1", _FORMAT)  # the first says no rule
_WAIT = 600.0  # seconds that a second writer waits for the first


@dataclass(frozen=True)
class Entry:
    """One number released: the value that was shown, None when hidden.

    Of a hidden one, `width`: the least difference promised between its highest and lowest possible value; `floor`:
    the lowest that it could be, 0 where zeros were hidden too. An old ledger says neither: then they are those of
    the usual rule.
    """

    value: int | None = None
    width: int = 5
    floor: int = 1

    @property
    def hidden(self) -> bool:
        """Whether the number was hidden."""
        return self.value is None


@dataclass(frozen=True)
class Contents:
    """All that was released: entries by key, and the hierarchies they were made with."""

    entries: Mapping[Key, Entry]
    hierarchies: Hierarchies

    @classmethod
    def nothing(cls) -> Contents:
        """Return that nothing was released."""
        return cls({}, Hierarchies(sex={}))

    def closed(self, column: str, labels: Iterable[str]) -> set[str]:
        """Return labels and, of every whole released that shares a part with them, the whole and all its parts."""
        place, found, size = KEY.index(column), set(labels), -1
        used = {key[place] for key in self.entries}
        made = {w: of for w, of in self.hierarchies.parts(column).items() if w in used}
        while len(found) != size:
            size = len(found)
            for whole, parts in made.items():
                if whole in found or not found.isdisjoint(parts):
                    found |= {whole, *parts}
        return found

    def digest(self) -> str:
        """Return a digest of all that was released."""
        return _digest(_text(self))


@dataclass(frozen=True)
class Ledger:
    """The file that holds the ledger. It need not exist yet."""

    path: Path

    def lock(self) -> AbstractContextManager[Any]:
        """Return the lock that a writer holds from reading the ledger until it has written it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(f"{self.path}.lock", timeout=_WAIT)

    def read(self) -> Contents:
        """Return what was released.

        Raises:
            VgstatsError: the file is not as it was written.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Contents.nothing()
        except (OSError, UnicodeDecodeError):
            raise self._broken() from None
        head, _, body = text.partition("\n")
        if head not in [f"{one} {_digest(body)}" for one in _FORMATS]:
            raise self._broken()
        return _parse(body)

    def write(self, contents: Contents) -> None:
        """Replace the file as a whole; a crash leaves the old one."""
        body = _text(contents)
        write_whole(self.path, f"{_FORMAT} {_digest(body)}\n{body}")

    def _broken(self) -> VgstatsError:
        return VgstatsError(
            f"The ledger {self.path} of what was released before is broken: it is not as vgstats wrote it. "
            "Restore it from a copy. Do not delete it: without it a new release may unlock the old ones."
        )


def before(contents: Contents, counts: pd.DataFrame, hierarchies: Hierarchies) -> Before:
    """Return the earlier numbers that share base cells with the counts."""
    there = {column: set(counts[column].astype(str)) for column in KEY}
    shown: list[tuple[object, ...]] = []
    hidden: list[tuple[object, ...]] = []
    for key, entry in contents.entries.items():
        leaves = leaves_of(dict(zip(KEY, key, strict=True)), hierarchies)
        if all(not there[column].isdisjoint(labels) for column, labels in leaves.items()):
            if entry.hidden:
                hidden.append((*key, entry.width, entry.floor))
            else:
                shown.append((*key, entry.value))
    return Before(
        pd.DataFrame(shown, columns=[*KEY, "was"]),
        pd.DataFrame(hidden, columns=[*KEY, "width", "floor"]),
    )


def joined(contents: Contents, counts: pd.DataFrame, hierarchies: Hierarchies) -> Hierarchies:
    """Return the hierarchies of now and before together.

    Raises:
        VgstatsError: a whole is made of other parts than before, or the counts are of wholes that were
            made of smaller parts before, so that it cannot be told what they share.
    """
    both: dict[str, Parts] = {}
    for field in fields(Hierarchies):
        old, new = getattr(contents.hierarchies, field.name), getattr(hierarchies, field.name)
        for label in sorted(set(old) & set(new)):
            if set(old[label]) != set(new[label]):
                raise VgstatsError(
                    f"The {field.name} {label!r} is made of other parts than in an earlier release. Give "
                    "it another name, or make it of the same parts."
                )
        both[field.name] = {**old, **new}
    result = Hierarchies(**both)
    for column in KEY:
        coarse = sorted(set(counts[column].astype(str)) & set(result.parts(column)))
        if coarse:
            raise VgstatsError(
                f"There are counts for the {column} {coarse[0]!r}, which has parts of its own, now or in an "
                "earlier release. Give the counts of the parts."
            )
    return result


def extended(
    contents: Contents, entries: Mapping[Key, Entry], hierarchies: Hierarchies
) -> Contents:
    """Return the contents with a release added. What was hidden before stays hidden."""
    merged = {**contents.entries, **entries}
    merged |= {
        key: entry
        for key, entry in contents.entries.items()
        if entry.hidden and not merged[key].hidden
    }
    return Contents(merged, hierarchies)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _text(contents: Contents) -> str:
    lines = [
        {"made": field.name, "label": label, "of": list(made)}
        for field in fields(Hierarchies)
        for label, made in sorted(getattr(contents.hierarchies, field.name).items())
    ]
    for key, entry in sorted(contents.entries.items()):
        said = (
            {"width": entry.width, "floor": entry.floor}
            if entry.hidden
            else {"low": entry.value, "high": entry.value}
        )
        lines.append({"key": list(key), "hidden": entry.hidden, **said})
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _parse(body: str) -> Contents:
    made: dict[str, dict[str, tuple[str, ...]]] = {f.name: {} for f in fields(Hierarchies)}
    entries: dict[Key, Entry] = {}
    for line in body.splitlines():
        row = json.loads(line)
        if row.get("made", KEY[0]) not in made or row.get("low") != row.get("high"):
            raise VgstatsError(
                f"A ledger says {line}: a rolling sum or a rounded number, which this version of vgstats cannot take "
                "into account. No report of these counts can be made safely; use the version that wrote it."
            )
        if "made" in row:
            made[row["made"]][row["label"]] = tuple(row["of"])
        else:
            measure, area, period, sex, group = row["key"]
            entries[measure, area, period, sex, group] = Entry(
                row.get("low"), row.get("width", Entry.width), row.get("floor", Entry.floor)
            )
    return Contents(entries, Hierarchies(**made))
