"""The measures that a region has declared, kept beside the figures that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats.catalogue.measures import bundled_measures
from vgstats.errors import VgstatsError
from vgstats.sources.own_measures import Declaration

NAME = "measures.json"
_MAY_CHANGE = {"name", "definition"}  # the numbers in the store mean the same after it


class Declarations(BaseModel):
    """All that a store has declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    declarations: list[Declaration] = []


def read(folder: Path) -> list[Declaration]:
    """Return what a store has declared, nothing where there is no store.

    Raises:
        VgstatsError: the file is broken, or vgstats has come to have a measure of the same id.
    """
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        found = Declarations.model_validate_json(text).declarations
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise VgstatsError(
            f"The store's {folder / NAME} cannot be read ({reason}). Move it away and import the measures "
            "again."
        ) from None
    for one in found:
        if one.measure.id in bundled_measures():
            raise VgstatsError(
                f"The store {folder} has a measure of its own, {one.measure.id!r}, and this version of vgstats has "
                "one of the same id. Use the version that wrote the store, or import measure and figures "
                "under another id into a new one."
            )
    return found


def merged(
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
