"""Units of health care that a region declares itself, such as vårdcentraler: areas that no authority has a list of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pydantic import Field

from vgstats.catalogue import areas
from vgstats.catalogue.measures import Declared
from vgstats.entries import Named


class Unit(Named):
    """One unit, which is the area `enhet:14-alby` when its id is `alby` and it lies in `lan:14`.

    `formerly` are names that it had before, and those of units that merged into it. `started` is when it began what is
    to be evaluated, None where it did not, and `chosen_high` says that it was chosen for its high level. `cni` is the
    index of what care its listed persons need. `own` says that a region has written it.
    """

    name: str
    lan: str
    kind: str = "vårdcentral"
    formerly: list[str] = Field(default=[])
    started: dt.date | None = None
    chosen_high: bool = False
    cni: float | None = None
    own: bool = True

    @property
    def area(self) -> str:
        """The unit as an area id."""
        return f"{areas.UNIT}:{self.lan.partition(':')[2]}-{self.id}"


_own = Declared[Unit](dict)


def all_units(lan: str = "") -> dict[str, Unit]:
    """Return the units of the store or bundle opened last by their area ids, those of one county or all."""
    return {one.area: one for one in _own.all().values() if lan in ("", one.lan)}


def unit_called(name: str) -> str:
    """Return the area id of the unit that is called so, or was formerly; empty where none is, or several are."""
    words = " ".join(name.split()).casefold()
    found = {
        area
        for area, one in all_units().items()
        if words in (area, *(called.casefold() for called in (one.name, *one.formerly)))
    }
    return found.pop() if len(found) == 1 else ""


def declare_units(found: Iterable[Unit], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own units, as areas too (see `measures.declare`)."""
    _own.declare(found, beside=beside)
    areas.declare_units((one.area, one.name, one.lan) for one in _own.all().values())
