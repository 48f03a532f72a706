"""Write docs/benchmark-disclosure.md: what protecting a release costs, beside the plain greedy.

Run as a script. All seeds are fixed; times are of one process on the machine that runs it, and what counts is
the ratio within a row, where both ways get the same table in the same run.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "disclosure"))

import bench_round
from plain_greedy import CutOffError, plain_greedy
from releases import GROUPS, all_numbers, cube, skewed

from vgstats.catalogue import areas
from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.choose import choose, prices
from vgstats.disclosure.nesting import area_wholes
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.tables import Hierarchies, System, build

PAGE = Path(__file__).parents[2] / "docs" / "benchmark-disclosure.md"
RULE = HidingRule()
LIMIT = 120.0  # seconds that the plain greedy gets for a table
WHOLE = 1080.0  # seconds after which no new release is taken


@dataclass(frozen=True)
class Case:
    """A release: the first kommuner of Västra Götaland, diagnosis groups, periods, and which wholes."""

    kommuner: int
    groups: int
    periods: tuple[str, ...]
    parts_of_county: bool = False
    quarters_make_year: bool = False
    seed: int = 1

    def system(self) -> System:
        """Return the system in which every number of the crossed tables is published."""
        places = areas.kommuner("lan:14")[: self.kommuner]
        shape = (self.kommuner, len(self.periods), 2, self.groups)
        values = skewed(shape, self.seed, 4.0 if self.quarters_make_year else 12.0)
        counts = cube(places, self.periods, GROUPS[: self.groups], values)
        wholes = area_wholes(places, dt.date(2008, 6, 1)) if self.parts_of_county else {}
        made_of = Hierarchies(
            area={**wholes, "lan:14": tuple(places)},
            group={"": GROUPS[: self.groups]},
            period={"2008": self.periods} if self.quarters_make_year else {},
        )
        return build(counts, all_numbers(counts, made_of), made_of, RULE)

    def text(self) -> str:
        """Return what is crossed, in words."""
        linked = ", quarters that make a year" if self.quarters_make_year else ""
        parts = ", and its HSN, delregioner and LFC" if self.parts_of_county else ""
        return (
            f"{self.kommuner} kommuner and county{parts}, {self.groups} diagnosis groups, "
            f"{len(self.periods)} period(s){linked}"
        )


@dataclass(frozen=True)
class Round(Case):
    """A table of a round: made-up units of a county by sex and diagnosis, with F43 inside F, on two days."""

    def system(self) -> System:
        """Return the system, in which what F holds beside F43 is a rest that is not shown."""
        places = [f"enhet:14-{number:03d}" for number in range(self.kommuner)]
        f43, rest, *_ = atoms = ("diagnos=F43", "diagnos=F utom F43", *GROUPS[1:2], GROUPS[3])
        counts = cube(
            places,
            self.periods,
            atoms,
            skewed((self.kommuner, len(self.periods), 2, 4), self.seed, 12.0),
        )
        made_of = Hierarchies(
            area={"lan:14": tuple(places)}, group={"": atoms, GROUPS[0]: (f43, rest)}
        )
        asked = all_numbers(counts, made_of)
        return build(counts, asked.assign(shown=asked["group"] != rest), made_of, RULE)

    def text(self) -> str:
        """Return what is crossed, in words."""
        return f"{self.kommuner} units and county, 4 diagnosis groups (F43 in F), {len(self.periods)} days"


QUARTERS = ("2008-Q1", "2008-Q2", "2008-Q3", "2008-Q4")
YEARS = tuple(str(year) for year in range(2006, 2011))
CASES = [
    Case(5, 2, YEARS[:1]),
    Case(5, 2, YEARS[:1], seed=2),
    Case(8, 4, YEARS[:1]),
    Case(10, 4, YEARS[:1]),
    Case(10, 4, YEARS[:1], seed=2),
    Case(20, 2, YEARS[:1]),
    Case(20, 4, YEARS[:1]),
    Case(20, 4, YEARS[:1], seed=2),
    Case(49, 4, YEARS[:1]),
    Case(49, 4, YEARS[:3]),
    Case(49, 4, YEARS[:1], parts_of_county=True),
    Case(49, 4, YEARS[:3], parts_of_county=True),
    Case(49, 4, YEARS, parts_of_county=True),
    Case(6, 4, QUARTERS, quarters_make_year=True),
    Case(12, 4, QUARTERS, quarters_make_year=True),
    Round(50, 4, YEARS[:2]),
    Round(200, 4, YEARS[:2]),
]


def measured(case: Case, tried: dict[bool, bool]) -> dict[str, object]:
    """Return one row of the table; `tried` says which of the plain ways still get a try."""
    whole = case.system()
    start = time.perf_counter()
    hidden = choose(whole, RULE)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    left = unsafe(whole.statements(hidden), np.flatnonzero(hidden), RULE.width)
    audit = time.perf_counter() - start
    assert not len(left), "the attack found a number"
    row: dict[str, object] = {
        "release": case.text(),
        "numbers": len(whole.keys),
        "small": int(whole.small(RULE).sum()),
        "hidden": int(hidden.sum()),
        "price": f"{price(whole, hidden):.0f}",
        "seconds": f"{ours:.2f}",
        "attack alone, s": f"{audit:.2f}",
    }
    for hasty, name in ((False, "plain"), (True, "hasty")):
        row |= compared(whole, ours, name, tried, hasty)
    return row


def price(whole: System, hidden: np.ndarray) -> float:
    """Return what is paid for the numbers hidden for the sake of others."""
    return float(prices(whole)[hidden & ~whole.small(RULE)].sum())


def compared(
    whole: System, ours: float, name: str, tried: dict[bool, bool], hasty: bool
) -> dict[str, object]:
    """Return the columns of one of the plain ways, which is tried no more once it was cut off."""
    columns = [f"{name}: {what}" for what in ("hidden", "price", "s", "times slower")]
    if not tried[hasty]:
        return dict(zip(columns, ("-", "-", "not tried", "-"), strict=True))
    start = time.perf_counter()
    try:
        other = plain_greedy(whole, RULE, LIMIT, hasty=hasty)
    except CutOffError:
        tried[hasty] = False
        said = ("-", "-", f"cut off at {LIMIT:.0f}", f"over {LIMIT / ours:.1f}")
        return dict(zip(columns, said, strict=True))
    took = time.perf_counter() - start
    found = (int(other.sum()), f"{price(whole, other):.0f}", f"{took:.2f}", f"{took / ours:.1f}")
    return dict(zip(columns, found, strict=True))


def table(rows: list[dict[str, object]]) -> str:
    """Return the rows as a Markdown table."""
    frame = pd.DataFrame(rows)
    lines = [frame.columns, ["---"] * len(frame.columns), *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machine(loads: list[float]) -> str:
    """Return in words how busy the machine was, from the load averages of a minute before each row."""
    cores = os.cpu_count() or 1
    seen = f"{cores} cores; load average {min(loads):.1f} to {max(loads):.1f} during the run"
    if max(loads) < 1.5:
        return f"{seen}, of which the benchmark itself is 1."
    return (
        f"{seen}, of which the benchmark itself is 1: the machine was busy with other work, so the seconds are "
        "higher than on an idle one, and only the ratios within a row count."
    )


def page(
    rows: list[dict[str, object]],
    left_out: list[Case],
    loads: list[float],
    of_units: list[dict[str, object]],
) -> str:
    """Return the page."""
    missing = "; ".join(case.text() for case in left_out)
    return f"""# What disclosure control costs

Written by `tests/bench/bench_disclosure.py`; seeds fixed, one process. {machine(loads)}

Made-up counts of persons, skewed by kommun, all crossed totals published (kommun, county; kvinnor, män, alla;
diagnosis groups and their sum; years). Threshold {RULE.threshold}, width {RULE.width}, zeros shown. `hidden` is small
and secondary together; `price` is what the secondary ones cost (`choose.prices`; both ways try to keep
it low, and a total costs more than a cell).

"Attack alone" is the check of the finished pattern from what is shown only.

The baseline asks for the bounds of every hidden number with a pair of integer programs over the whole
release, hides the cheapest number beside the narrowest, and asks again ("plain"); "hasty" stops asking
at the first that is too narrow. At last both try each secondary number once, the dearest first, and show it again if
the attack of vgstats, which is faster than their own, finds all safe; the time of this pass is in theirs.
Both get {LIMIT:.0f} seconds a table, and no larger table once they were cut off. "Times slower" is their
time over `seconds`; under 1 they were the faster.

{table(rows)}

## Rounds of units

Units of a county, their totals first and each table after them (`vgstats.disclosure.margins`); no plain way is tried.
The attack is that which comes before a release is recorded. Seconds of the processor are of all processes together.

{table(of_units)}

The run takes no new release after {WHOLE / 60:.0f} minutes. Left out for that: {missing or "none"}.
"""


def main() -> None:
    """Measure, print and write the page."""
    tried = {False: True, True: True}
    rows, loads, left_out = [], [], []
    stop = time.perf_counter() + WHOLE
    for case in CASES:
        if time.perf_counter() > stop:
            left_out.append(case)
            continue
        rows.append(measured(case, tried))
        loads.append(os.getloadavg()[0])
        print(rows[-1], file=sys.stderr, flush=True)
    text = page(rows, left_out, loads, bench_round.rows())
    print(text)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
