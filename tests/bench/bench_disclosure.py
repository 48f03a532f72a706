"""Write docs/benchmark-disclosure.md: what protecting a release costs, beside the plain greedy.

Run as a script. All seeds are fixed; times are of one process on the machine that runs it, and what counts is
the ratio within a row, where both ways get the same table in the same run.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "disclosure"))

from plain_greedy import CutOffError, plain_greedy
from releases import GROUPS, cube, skewed

from vgstats import areas
from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.choose import choose
from vgstats.disclosure.hierarchies import Hierarchies, area_wholes
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.tables import System, all_numbers, build

PAGE = Path(__file__).parents[2] / "docs" / "benchmark-disclosure.md"
RULE = Rule()
LIMIT = 120.0  # seconds that the plain greedy gets for a table


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


QUARTERS = ("2008-Q1", "2008-Q2", "2008-Q3", "2008-Q4")
YEARS = tuple(str(year) for year in range(2006, 2010))
CASES = [
    Case(5, 2, YEARS[:1]),
    Case(5, 2, YEARS[:1], seed=2),
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
        "seconds": f"{ours:.2f}",
        "attack alone, s": f"{audit:.2f}",
    }
    for hasty, name in ((False, "plain greedy"), (True, "hasty greedy")):
        row |= {f"{name}: hidden": "-", f"{name}: s": "not tried", f"{name}: times slower": "-"}
        if tried[hasty]:
            start = time.perf_counter()
            try:
                other = plain_greedy(whole, RULE, LIMIT, hasty=hasty)
            except CutOffError:
                row[f"{name}: s"] = f"cut off at {LIMIT:.0f}"
                tried[hasty] = False
                row[f"{name}: times slower"] = f"over {LIMIT / ours:.0f}"
            else:
                took = time.perf_counter() - start
                row[f"{name}: hidden"] = int(other.sum())
                row[f"{name}: s"] = f"{took:.2f}"
                row[f"{name}: times slower"] = f"{took / ours:.0f}"
    return row


def table(rows: list[dict[str, object]]) -> str:
    """Return the rows as a Markdown table."""
    frame = pd.DataFrame(rows)
    lines = [frame.columns, ["---"] * len(frame.columns), *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def main() -> None:
    """Measure, print and write the page."""
    tried = {False: True, True: True}
    rows = []
    for case in CASES:
        rows.append(measured(case, tried))
        print(rows[-1], file=sys.stderr, flush=True)
    page = f"""# What disclosure control costs

Written by `tests/bench/bench_disclosure.py`; seeds fixed, one process. Made-up counts of persons, skewed by
kommun, all crossed totals published (kommun, county; kvinnor, män, alla; diagnosis groups and their sum; years).
Threshold {RULE.threshold}, width {RULE.width}, zeros shown. `hidden` is small and secondary together. "Plain greedy"
asks for the bounds of every hidden number with a pair of integer programs at each step; "hasty"
stops asking at the first that is too narrow. Both get {LIMIT:.0f} seconds a table, and no larger
table once they were cut off. "Attack alone" is the check of the finished pattern from what is shown only.

{table(rows)}
"""
    print(page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
