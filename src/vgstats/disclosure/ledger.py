"""The ledger: what was released before, which no later release can take back.

For each number shown it holds the key and what was shown, for each number hidden only the key and what its rule
promised, and how the numbers are made of base cells. Never a hidden value. It is one text file: a line with a
digest, then a line for each label and number.

What a later release takes from it (`beside`):

* A number shown stays known, at its value of today, whether it is shown again or not.
* A number hidden stays hidden, and is protected even when it is not published again: as wide as the strictest
  rule that it was hidden by, and as one that may be 0 where zeros were hidden with it.
* A number that was revised since is like one that was not released: its new value is shown or hidden anew. That the
  old one is known cannot be undone. The hidden ones of the old release stay hidden, so a revision shows no more
  of them than the new release does.
* Numbers that share no base cell with the new counts say nothing about them and are left aside, so the
  work does not grow with the number of releases, only with those that overlap. So they may be made of other
  parts too, as when a register gets one group more: each such way to make them is a chapter of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from vgstats.disclosure.tables import EARLIER, Hierarchies, Parts
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key
from vgstats.whole_files import write_whole

_FORMAT = "vgstats ledger 2"
_FORMATS = ("vgstats ledger 1", _FORMAT)  # the first says no rule
_WAY_OUT = (
    "Where that cannot be, a new ledger can be begun for a stated reason (vgstats release --new-ledger): what was "
    "released before is then no longer protected against what comes."
)
_WAIT = 600.0  # seconds that a second writer waits for the first


@dataclass(frozen=True)
class LedgerEntry:
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
class Chapter:
    """Numbers that were released, by key, and the hierarchies that they were made with."""

    entries: Mapping[Key, LedgerEntry]
    hierarchies: Hierarchies


@dataclass(frozen=True)
class Contents:
    """All that was released: a chapter, and one more for what was made with hierarchies that contradict another's.

    `begun`: why this ledger was begun beside a former one, empty when it was not: the day, the reason and the former's
    file.
    """

    chapters: tuple[Chapter, ...] = ()
    begun: tuple[str, ...] = ()

    @property
    def entries(self) -> dict[Key, LedgerEntry]:
        """The entries of all chapters."""
        return {key: entry for one in self.chapters for key, entry in one.entries.items()}

    def parts(self, column: str) -> set[str]:
        """Return the base labels of a column that anything released was made of."""
        wholes = (one.hierarchies.parts(column) for one in self.chapters)
        return {part for made in wholes for of in made.values() for part in of}

    def closed(self, column: str, labels: Iterable[str]) -> set[str]:
        """Return labels and, of every whole released that shares a part with them, the whole and all its parts."""
        place, found, size = KEY.index(column), set(labels), -1
        made = [
            (whole, one.hierarchies.parts(column)[whole])
            for one in self.chapters
            for whole in {key[place] for key in one.entries} & set(one.hierarchies.parts(column))
        ]
        while len(found) != size:
            size = len(found)
            for whole, parts in made:
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
            return Contents()
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

    def begin_anew(self, reason: str, day: dt.date) -> Path:
        """Put the ledger aside and begin an empty one that says why; return where the old one lies now.

        What the old one says is then no longer taken into account.

        Raises:
            VgstatsError: no reason is given, or there is no ledger.
        """
        if not reason.strip():
            raise VgstatsError("A new ledger needs a reason, which is kept in it. Say why.")
        with self.lock():
            if not self.path.exists():
                raise VgstatsError(f"There is no ledger {self.path}: nothing was released yet.")
            names = (
                f"{self.path.name}.until-{day}{n}" for n in ("", *map("-{}".format, range(2, 99)))
            )
            kept = next(p for name in names if not (p := self.path.with_name(name)).exists())
            kept.write_bytes(self.path.read_bytes())
            begun = (day.isoformat(), reason.strip(), kept.name)
            self.write(Contents(begun=begun))
        return kept

    def _broken(self) -> VgstatsError:
        return VgstatsError(
            f"The ledger {self.path} of what was released before is broken: it is not as vgstats wrote it. "
            "Restore it from a copy. Do not delete it: without it a new release may unlock the old ones."
        )


def beside(
    contents: Contents, counts: pd.DataFrame, hierarchies: Hierarchies
) -> tuple[pd.DataFrame, Hierarchies]:
    """Return what was released that shares base cells with the counts, and all hierarchies of it and of the counts.

    The released numbers have the columns of `EARLIER`.

    Raises:
        VgstatsError: a whole is made of other parts than before, or the counts are of wholes that were
            made of smaller parts before, so that it cannot be told what they share.
    """
    there = {column: set(counts[column].astype(str)) for column in KEY}
    entries: dict[Key, LedgerEntry] = {}
    for one in contents.chapters:
        if _shares(one, there, hierarchies):
            hierarchies = _together(one.hierarchies, hierarchies)
            entries |= one.entries
    for column, labels in there.items():
        coarse = sorted(labels & set(hierarchies.parts(column)))
        if coarse:
            raise VgstatsError(
                f"There are counts for the {column} {coarse[0]!r}, which has parts of its own, now or in an "
                f"earlier release. Give the counts of the parts. {_WAY_OUT}"
            )
    found: list[tuple[object, ...]] = []
    for key, entry in entries.items():
        leaves = zip(there.values(), hierarchies.leaves_of(key), strict=True)
        if all(not labels.isdisjoint(of) for labels, of in leaves):
            promised = (entry.width, entry.floor) if entry.hidden else (None, None)
            found.append((*key, entry.value, *promised))
    return pd.DataFrame(found, columns=EARLIER), hierarchies


def _shares(chapter: Chapter, labels: Mapping[str, set[str]], hierarchies: Hierarchies) -> bool:
    """Return whether anything in a chapter is of the areas and periods of counts with these labels."""
    made = chapter.hierarchies
    there = {
        column: labels[column].union(*(made.leaves(column, one) for one in labels[column]))
        for column in ("area", "period")
    }

    def is_there(column: str, label: str) -> bool:
        return any(
            not there[column].isdisjoint([part, *hierarchies.leaves(column, part)])
            for part in made.leaves(column, label)
        )

    keys = {(key[1], key[2]) for key in chapter.entries}
    return any(is_there("area", area) and is_there("period", period) for area, period in keys)


def _together(old: Hierarchies, new: Hierarchies) -> Hierarchies:
    """Return two ways to make numbers as one, with the parts of parts in their place.

    Raises:
        VgstatsError: they contradict each other.
    """
    both: dict[str, Parts] = {}
    for column in KEY:
        before = _taken_apart(column, old.parts(column), new.parts(column))
        now = _taken_apart(column, new.parts(column), old.parts(column))
        for label in sorted(set(before) & set(now)):
            if set(before[label]) != set(now[label]):
                raise VgstatsError(
                    f"The {column} {label!r} is made of other parts than in an earlier release of the same areas and "
                    f"periods: {', '.join(map(repr, now[label]))} now, {', '.join(map(repr, before[label]))} then. "
                    f"Import the counts by the same parts as then. {_WAY_OUT}"
                )
        both[column] = {**before, **now}
    return Hierarchies(**both)


def _taken_apart(column: str, made: Parts, further: Parts) -> dict[str, tuple[str, ...]]:
    found = {
        label: tuple(part for one in of for part in further.get(one, (one,)))
        for label, of in made.items()
    }
    for label, of in found.items():
        if len(set(of)) != len(of):
            raise VgstatsError(
                f"An earlier release added the {column} {label!r} up of parts that overlap, so it counted some "
                f"twice. It cannot be taken into account. {_WAY_OUT}"
            )
    return found


def extended(
    contents: Contents, entries: Mapping[Key, LedgerEntry], hierarchies: Hierarchies
) -> Contents:
    """Return the contents with a release added. What was hidden before stays hidden."""
    merged = dict(entries)
    apart = []
    for one in contents.chapters:
        try:
            hierarchies = _together(one.hierarchies, hierarchies)
        except VgstatsError:
            apart.append(one)
            continue
        merged |= {
            key: entry
            for key, entry in one.entries.items()
            if key not in merged or (entry.hidden and not merged[key].hidden)
        }
    return Contents((Chapter(merged, hierarchies), *apart), contents.begun)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _text(contents: Contents) -> str:
    lines: list[dict[str, Any]] = []
    if contents.begun:
        day, reason, former = contents.begun
        lines.append({"begun": day, "reason": reason, "former": former})
    for number, chapter in enumerate(contents.chapters):
        lines += [{"chapter": number}] if number else []
        lines += _lines(chapter)
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _lines(chapter: Chapter) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {"made": column, "label": label, "of": list(made)}
        for column in KEY
        for label, made in sorted(chapter.hierarchies.parts(column).items())
    ]
    for key, entry in sorted(chapter.entries.items()):
        said = (
            {"width": entry.width, "floor": entry.floor}
            if entry.hidden
            else {"low": entry.value, "high": entry.value}
        )
        lines.append({"key": list(key), "hidden": entry.hidden, **said})
    return lines


def _parse(body: str) -> Contents:
    begun: tuple[str, ...] = ()
    chapters: list[list[dict[str, Any]]] = [[]]
    for line in body.splitlines():
        row = json.loads(line)
        if row.get("made", KEY[0]) not in KEY or row.get("low") != row.get("high"):
            raise VgstatsError(
                f"A ledger says {line}: a rolling sum or a rounded number, which this version of vgstats cannot take "
                "into account. No report of these counts can be made safely; use the version that wrote it."
            )
        if "begun" in row:
            begun = (row["begun"], row["reason"], row["former"])
        elif "chapter" in row:
            chapters.append([])
        else:
            chapters[-1].append(row)
    return Contents(tuple(map(_chapter, chapters)), begun)


def _chapter(rows: list[dict[str, Any]]) -> Chapter:
    made: dict[str, dict[str, tuple[str, ...]]] = {column: {} for column in KEY}
    entries: dict[Key, LedgerEntry] = {}
    for row in rows:
        if "made" in row:
            made[row["made"]][row["label"]] = tuple(row["of"])
        else:
            measure, area, period, sex, group = row["key"]
            promised = row.get("width", LedgerEntry.width), row.get("floor", LedgerEntry.floor)
            entries[measure, area, period, sex, group] = LedgerEntry(row.get("low"), *promised)
    return Chapter(entries, Hierarchies(**made))
