"""What the release of a whole round of units costs: the table that docs/benchmark-disclosure.md ends with.

Run as a script, or by `bench_disclosure`. Times are seconds of the processor of all processes, and by the clock.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from vgstats.cases.intake import count
from vgstats.cases.keeping import keep
from vgstats.cases.mapping import read_mapping
from vgstats.catalogue import areas
from vgstats.catalogue.measures import TotalOf
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import write_certificates
from vgstats.disclosure import HidingRule, Hierarchies, Protected, margins, protect
from vgstats.disclosure.release import decide
from vgstats.observations import KEY
from vgstats.reports.base.gathering import all_provenance
from vgstats.reports.base.mapped import OF_UNITS
from vgstats.store.store import Store, Wanted

LAN, DAYS = "lan:14", ("2024-10-01", "2025-10-01")
SEXES = ("kvinnor", "män")
ATOMS = ("diagnos=F43", "diagnos=F00-F99 utom F43", "diagnos=M00-M99", "diagnos=övriga")
Row = dict[str, object]
Found = TypeVar("Found")


def spent() -> float:
    """Seconds of the processor of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def timed(work: Callable[[], Found]) -> tuple[Found, Row]:
    """Do something and return what it gave, and what it cost."""
    clock, before = time.perf_counter(), spent()
    found = work()
    cost = {"processor, s": spent() - before, "clock, s": time.perf_counter() - clock}
    return found, {name: f"{seconds:.1f}" for name, seconds in cost.items()}


def told(name: str, decisions: list[Protected], decided: Row) -> Row:
    """Return a row: what was decided, and what the attack of it costs that comes before it is recorded."""
    away, attacked = timed(lambda: [key for one in decisions for key in one.given_away])
    assert not away, "the attack found a number"
    status = pd.concat([one.numbers["status"] for one in decisions])
    return {
        "release": name,
        "numbers": len(status),
        "hidden": int((status == "hidden").sum()),
        **decided,
        **{f"attack: {what}": seconds for what, seconds in attacked.items()},
    }


def whole_round(units: int = 200, rows: int = 1_000_000) -> Iterator[Row]:
    """Yield the row of all tables of units of made-up certificates, on two days."""
    with tempfile.TemporaryDirectory() as folder:
        size = Certificates(LAN, rows=rows, units=units)
        written = write_certificates(Path(folder) / "intyg.parquet", size)
        mapping, files = read_mapping(written.mapping), [written.certificates]
        store = Store(Path(folder) / "store")
        keep(count(files, mapping, Path(folder), size.last), files, written.mapping, store)
        store.open_measures()
        wanted = [Wanted(a, m, ()) for m in OF_UNITS for a in (LAN, *areas.units(LAN))]
        release, cost = timed(lambda: decide(wanted, store, all_provenance(store)))
        yield told(f"{units} units, all tables, two days", [*release.protected.values()], cost)


def many_tiny(units: int = 1000, cases: int = 3) -> Iterator[Row]:
    """Yield the rows of totals and of one table of units with so few cases; three units have more."""
    random = np.random.default_rng(1)
    places = [f"enhet:14-{number:04d}" for number in range(units)]
    many = np.where(np.arange(units) < 3, 20 * cases, cases)
    share = np.outer([0.6, 0.4], [0.15, 0.2, 0.25, 0.4]).ravel()
    values = np.array([random.multinomial(n, share) for n in many])
    rule, name = HidingRule(), f"{units} units with {cases} cases each"

    def made_of(groups: dict[str, tuple[str, ...]]) -> Hierarchies:
        return Hierarchies(area={LAN: tuple(places)}, group=groups)

    def numbers(measure: str, groups: tuple[str, ...], of: list[str]) -> pd.DataFrame:
        return pd.DataFrame(product([measure], of, DAYS[-1:], [*SEXES], groups), columns=KEY)

    cells = numbers("intygsfall", ("",), places).assign(
        value=values.reshape(units, 2, 4).sum(axis=2).ravel()
    )
    asked = _with_both(numbers("intygsfall", ("",), [*places, LAN]))
    totals, cost = timed(lambda: protect(cells, asked, made_of({}), rule))
    yield told(f"{name}, their totals", [totals], cost)
    nested = {"": ATOMS, "diagnos=F00-F99": ATOMS[:2]}
    cells = numbers("intygsfall_diagnos", ATOMS, places).assign(value=values.ravel())
    asked = _with_both(numbers("intygsfall_diagnos", (*ATOMS, *nested), [*places, LAN]))
    asked = asked.assign(shown=asked["group"] != ATOMS[1])
    of = TotalOf(measure="intygsfall", group="")
    by = partial(protect, hierarchies=made_of(nested), rule=rule)
    table, cost = timed(lambda: margins.protected_with_totals(cells, asked, of, totals, by))
    yield told(f"{name}, by diagnosis", [table], cost)


def _with_both(numbers: pd.DataFrame) -> pd.DataFrame:
    both = numbers[numbers["sex"] == SEXES[0]].assign(sex="alla")
    return pd.concat([numbers, both], ignore_index=True).assign(shown=True)


def rows() -> list[Row]:
    """Return all rows, each with the load of the machine."""
    found = []
    for row in (one for of in (many_tiny(), whole_round()) for one in of):
        found.append(row | {"load": f"{os.getloadavg()[0]:.1f}"})
        print(found[-1], file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    print(f"{dt.date.today()}\n{pd.DataFrame(rows()).to_string()}")
