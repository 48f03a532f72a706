"""What a region has declared, kept beside the figures: its measures, and its texts with their vintages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from vgstats.catalogue.agreements import Agreement, bundled_agreements, named_in
from vgstats.catalogue.measures import bundled_measures
from vgstats.catalogue.texts import OwnText, Source
from vgstats.entries import Entry, first_fault
from vgstats.errors import VgstatsError
from vgstats.sources.own_file import Declaration, OwnFile

NAME = "measures.json"  # as it was called when it held nothing else
_MAY_CHANGE = {"name", "definition"}  # the numbers in the store mean the same after it


class Written(Entry):
    """A text, the file that it came in and when; `replaced` is when a later one of that file lacked it."""

    entry: OwnText
    address: str
    sha256: str
    retrieved: str
    replaced: str = ""


class Declarations(Entry):
    """All that a store has declared."""

    declarations: list[Declaration] = Field(default=[])
    texts: list[Written] = Field(default=[])

    def now(self) -> list[OwnText]:
        """Return the texts that count."""
        return [one.entry for one in self.texts if not one.replaced]

    def agreements(self) -> dict[str, Written]:
        """Return the agreements that count, by their ids, with the files that they stand in."""
        now = (one for one in self.texts if not one.replaced)
        return {one.entry.id: one for one in now if isinstance(one.entry, Agreement)}

    def then(self, moment: str | None) -> list[Written]:
        """Return the texts there were up to a moment, as they stood at it; all there are without one."""
        if moment is None:
            return self.texts
        return [
            one if one.replaced <= moment else one.model_copy(update={"replaced": ""})
            for one in self.texts
            if one.retrieved <= moment
        ]


def read(folder: Path) -> Declarations:
    """Return what a store has declared, nothing where there is no store.

    Raises:
        VgstatsError: the file is broken, or vgstats has come to have a measure or an agreement of the same id.
    """
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        found = Declarations.model_validate_json(text)
    except (FileNotFoundError, NotADirectoryError):
        return Declarations()
    except (OSError, ValueError) as error:
        reason = first_fault(error).words if isinstance(error, ValidationError) else error
        raise VgstatsError(
            f"The store's {folder / NAME} cannot be read ({reason}). Move it away and import the measures and texts "
            "again."
        ) from None
    taken = [
        ("a measure", one.measure.id)
        for one in found.declarations
        if one.measure.id in bundled_measures()
    ]
    taken += [
        ("an agreement", one.id)
        for one in found.now()
        if isinstance(one, Agreement) and one.id in bundled_agreements()
    ]
    for what, id_ in taken:
        raise VgstatsError(
            f"The store {folder} has {what} of its own, {id_!r}, and this version of vgstats has "
            "one of the same id. Use the version that wrote the store, or import what it is of "
            "under another id into a new one."
        )
    return found


def with_file(
    before: Declarations, own: OwnFile, in_use: set[str], moment: str, *, again: bool
) -> Declarations:
    """Return the declarations with those of a file: its texts in the place of those that it brought before.

    Args:
        before: what there is.
        own: the file.
        in_use: the measures that there are figures of.
        moment: when the file is read, in UTC.
        again: whether a measure with figures may get another name or definition.

    Raises:
        VgstatsError: a measure with figures would come to mean something else, or two have one name.
    """
    measures = _merged(before.declarations, own.declarations, in_use, again=again)
    if not own.texts and not any(one.address == own.address for one in before.texts):
        return before.model_copy(update={"declarations": measures})
    moment = max(moment, _after(before.texts))
    still_named = {
        name
        for one in before.texts
        if not one.replaced and one.address != own.address and not isinstance(one.entry, Source)
        for _, kind, name in named_in(one.entry)
        if kind == "source"
    }
    texts, there = [], []
    for one in before.texts:
        if not one.replaced and one.entry in own.texts:  # perhaps of the file by another name
            there.append(one.entry)
            texts.append(one.model_copy(update={"address": own.address}))
        elif isinstance(one.entry, Source) and one.entry.source in still_named:
            texts.append(one)
        elif not one.replaced and one.address == own.address:
            texts.append(one.model_copy(update={"replaced": moment}))
        else:
            texts.append(one)
    texts += [
        Written(entry=entry, address=own.address, sha256=own.sha256, retrieved=moment)
        for entry in own.texts
        if entry not in there
    ]
    return Declarations(declarations=measures, texts=texts)


def _after(texts: Sequence[Written]) -> str:
    """Return a moment after all that has happened to the texts, so that each state of them has one of its own."""
    last = max((max(one.retrieved, one.replaced) for one in texts), default="")
    if not last:
        return ""
    return f"{dt.datetime.fromisoformat(last) + dt.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def _merged(
    before: Sequence[Declaration], new: Sequence[Declaration], in_use: set[str], *, again: bool
) -> list[Declaration]:
    """Return the declarations with new ones, the same once more being nothing new.

    Args:
        before: what there is.
        new: what a file declares.
        in_use: the measures that there are figures of.
        again: whether a measure with figures may get another name or definition.

    Raises:
        VgstatsError: a measure with figures would come to mean something else, or two have one name.
    """
    found = {one.measure.id: one for one in before}
    for one in new:
        there = found.get(one.measure.id)
        if there and there.measure == one.measure:
            continue
        if there and one.measure.id in in_use:
            _refuse_other_meaning(there, one, again=again)
        found[one.measure.id] = one
    names: dict[str, str] = {}
    for one in found.values():
        other = names.setdefault(one.measure.name.lower(), one.measure.id)
        if other != one.measure.id:
            raise VgstatsError(
                f"{one.address}: {one.measure.id} and {other} have the same name, {one.measure.name!r}. "
                "Nothing was declared. Choose another name."
            )
    return list(found.values())


def _refuse_other_meaning(there: Declaration, one: Declaration, *, again: bool) -> None:
    old, new = there.measure.model_dump(), one.measure.model_dump()
    changed = [name for name in old if old[name] != new[name]]
    if again and set(changed) <= _MAY_CHANGE:
        return
    what = f"{one.address}: {one.measure.id} is declared otherwise in {there.address} ({', '.join(changed)}), and "
    if set(changed) <= _MAY_CHANGE:
        remedy = (
            "there are figures of it. Nothing was declared. If they are right under the new words, say --redeclare: "
            "reports that show them are then made again."
        )
    else:
        remedy = (
            "the figures that there are would come to mean something else. Nothing was declared. Declare "
            "it under another id and import the figures under that."
        )
    raise VgstatsError(what + remedy)
