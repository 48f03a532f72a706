"""Tables protected one by one with the totals as they were decided are as safe as all of them together.

All tables that agree with what is shown are counted out; no solver and nothing of `choose` takes part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vgstats.catalogue.measures import TotalOf
from vgstats.disclosure import (
    CannotProtect,
    HidingRule,
    Hierarchies,
    Protected,
    margins,
    protect,
)
from vgstats.observations import KEY, Key

UNITS, SEXES, DAY = ("a", "b", "c"), ("kvinnor", "män"), "2025-10-01"
PLACES = list(product(UNITS, SEXES))
RULE = HidingRule(threshold=3, width=3)
LEAST, MOST = 4, 200
LONG = "langd=28+"
Values = np.ndarray


@dataclass(frozen=True)
class Table:
    """The measure, its two groups (none for the totals), and what was decided."""

    measure: str
    groups: tuple[str, ...]
    decided: Protected
    truth: Values

    def agreeing(self, cells: Values) -> Values:
        """Which points of `cells` (points x places x groups) agree with all that is shown."""
        agree = np.ones(len(cells), dtype=bool)
        for key, value in self.decided.shown().items():
            agree &= self.number(key, cells) == value
        for key, (_, floor) in self.decided.promised().items():
            agree &= self.number(key, cells) >= floor
        return agree

    def number(self, key: Key, cells: Values) -> Values:
        """The number of each point."""
        _, area, _, sex, group = key
        places = [area in (unit, "lan:14") and sex in (of, "alla") for unit, of in PLACES]
        groups = [group in ("", one) for one in self.groups] or [True]
        return cells[:, places][:, :, groups].sum(axis=(1, 2))


def decided(
    measure: str,
    groups: tuple[str, ...],
    values: Values,
    totals=None,
    by_sex: bool = True,
    rest: str = "",
) -> Table:
    """Protect a table of the places by group, where units show women and men apart, or only together.

    `rest` is no unit but what is left between the county and the others, which is shown nowhere.
    """
    base = [(measure, u, DAY, s, g) for u, s in PLACES for g in groups or ("",)]
    counts = pd.DataFrame(base, columns=KEY).assign(value=values.reshape(-1))
    made = Hierarchies(area={"lan:14": UNITS}, group={"": groups} if groups else {})
    asked = product([measure], [*UNITS, "lan:14"], [DAY], [*SEXES, "alla"], ["", *groups])
    numbers = pd.DataFrame(list(asked), columns=KEY).drop_duplicates()
    apart = (numbers["sex"] != "alla") & (numbers["group"] != "") & (numbers["area"] != "lan:14")
    numbers["shown"] = (by_sex | ~apart) & numbers["area"].ne(rest)
    rows, besides = None, []
    if totals is not None:
        numbers, rows, besides = margins.with_totals(numbers, *totals)
    found = protect(counts, numbers, made, RULE, totals=rows, besides=besides)
    return Table(measure, groups, found, values)


def interiors(totals: Values, table: Table) -> Values:
    """All ways to divide the totals of the places in two groups that agree with the table, if they are not too many."""
    assume(np.prod(totals + 1) <= 3_000)
    return divisions(totals, table)


def divisions(totals: Values, table: Table) -> Values:
    """All ways to divide the totals of the places in two groups that agree with the table."""
    first = np.array(list(product(*(range(n + 1) for n in totals))))
    cells = np.stack([first, totals - first], axis=2)
    return cells[table.agreeing(cells)]


def all_totals(table: Table) -> Values:
    """All totals by place that agree with their table; the county's are shown, so they are not many."""
    shown = table.decided.shown()
    sums = [shown.get((table.measure, "lan:14", DAY, sex, "")) for sex in SEXES]
    assume(None not in sums)
    of_sex = [
        [p for p in product(range(total + 1), repeat=len(UNITS)) if sum(p) == total]
        for total in sums
    ]
    points = np.array([np.array(both).T.reshape(-1) for both in product(*of_sex)])[:, :, None]
    found = points[table.agreeing(points)][:, :, 0]
    assume(len(found) <= MOST)
    return found


def assert_wide(table: Table, cells: Values) -> None:
    """Every hidden number of a table is as wide as promised in the points that are possible."""
    for key, (width, _) in table.decided.promised().items():
        found = table.number(key, cells)
        assert found.max() - found.min() >= width, key


def divided(
    data: st.DataObject,
    measure: str,
    totals: Values,
    of: TotalOf,
    whole: Table,
    by_sex: bool = True,
) -> Table:
    """One more table of the same cases, with its totals as they were decided."""
    one = np.array([data.draw(st.integers(0, int(n))) for n in totals])
    groups = (LONG, "langd=1-27") if "langd" in measure else (f"{measure}=x", f"{measure}=y")
    cells = np.stack([one, totals - one], axis=1)
    return decided(measure, groups, cells, (of, whole.decided), by_sex)


def sweep(examples: int, check: Callable[[st.DataObject], None]) -> None:
    """Check so many random rounds of three units."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def each(data: st.DataObject) -> None:
        try:
            check(data)
        except CannotProtect:
            assume(False)

    each()


def drawn(data: st.DataObject) -> tuple[Values, Table]:
    """Totals by place, and what was decided of them."""
    small = st.one_of(st.integers(0, 3), st.integers(0, 5))
    totals = np.array([data.draw(small) for _ in PLACES])
    return totals, decided("intygsfall", (), totals)


def two_tables_of_one_total(data: st.DataObject) -> None:
    """Neither narrows the totals of the other, and each is as wide as promised beside it."""
    totals, first = drawn(data)
    of = TotalOf(measure="intygsfall")
    one = divided(data, "intygsfall_diagnos", totals, of, first)
    other = divided(data, "intygsfall_grad", totals, of, first)
    possible = all_totals(first)
    together = [interiors(point, one) for point in possible]
    assert all(map(len, together)) and all(len(interiors(p, other)) for p in possible)
    assert_wide(one, np.concatenate(together))
    assert_wide(first, possible[:, :, None])


def a_table_of_a_group_of_another(data: st.DataObject, by_sex: bool = True) -> None:
    """Plans of those of 28 days and more, beside the table that says how many these are."""
    totals, first = drawn(data)
    of = TotalOf(measure="intygsfall")
    table = divided(data, "intygsfall_langd", totals, of, first, by_sex)
    long = table.truth[:, 0]
    of = TotalOf(measure="intygsfall_langd", group=LONG)
    plans = divided(data, "intygsfall_plan", long, of, table, by_sex)
    by_length = np.concatenate([interiors(point, table) for point in all_totals(first)])
    of_those: dict[bytes, Values] = {}
    for point in np.unique(by_length[:, :, 0], axis=0):
        of_those[point.tobytes()] = interiors(point, plans)
    assume(len(of_those) <= MOST)
    assert_wide(plans, np.concatenate(list(of_those.values())))
    left = [bool(len(of_those[point.copy().tobytes()])) for point in by_length[:, :, 0]]
    assert_wide(table, by_length[left])


def a_table_of_a_group_of_another_of_women_and_men_together(data: st.DataObject) -> None:
    """The same, where units show women and men only together."""
    a_table_of_a_group_of_another(data, by_sex=False)


CHECKS = [
    two_tables_of_one_total,
    a_table_of_a_group_of_another,
    a_table_of_a_group_of_another_of_women_and_men_together,
]


@pytest.mark.parametrize("by_sex", [True, False])
def test_cases_of_no_unit_are_kept_from_who_takes_the_units_from_the_county(by_sex):
    totals = np.array([30, 30, 40, 40, 6, 6])
    whole = decided("intygsfall", (), totals, rest="c")
    few = np.array([10, 12, 15, 16, 1, 0])
    cells = np.stack([few, totals - few], axis=1)
    of = (TotalOf(measure="intygsfall"), whole.decided)
    table = decided("grad", ("grad=hel", "grad=partiell"), cells, of, by_sex, rest="c")
    shown = table.decided.shown()
    places = ("a", "b", "lan:14")
    assert not all(("grad", area, DAY, "alla", "grad=hel") in shown for area in places)
    long = np.stack([totals - 2, np.full(6, 2)], axis=1)
    longer = decided("langd", (LONG, "langd=1-27"), long, of, by_sex, rest="c")
    given = (TotalOf(measure="langd", group=LONG), longer.decided)
    done = np.stack([few, totals - 2 - few], axis=1)
    decided("plan", ("insats=ja", "insats=nej"), done, given, by_sex, rest="c")


@pytest.mark.parametrize("check", CHECKS)
def test_tables_with_decided_totals_are_as_safe_together_as_one_by_one(check, monkeypatch):
    monkeypatch.setattr(margins, "LEAST", LEAST)
    sweep(2, check)  # an example takes seconds


def test_who_knows_how_many_women_and_men_a_total_has_that_is_shown_nowhere_learns_no_more(
    monkeypatch,
):
    monkeypatch.setattr(margins, "LEAST", LEAST)
    totals, long, x = np.array([[3, 5, 4, 5, 6, 5], [0, 4, 4, 2, 3, 5], [0, 0, 4, 2, 0, 1]])
    first = decided("intygsfall", (), totals)
    by_length, of = (LONG, "langd=1-27"), (TotalOf(measure="intygsfall"), first.decided)
    cells = np.stack([long, totals - long], axis=1)
    table = decided("intygsfall_langd", by_length, cells, of, by_sex=False)
    of = (TotalOf(measure="intygsfall_langd", group=LONG), table.decided)
    cells = np.stack([x, long - x], axis=1)
    plans = decided("intygsfall_plan", ("plan=x", "plan=y"), cells, of, by_sex=False)
    assert plans.decided.promised()
    assert_wide(plans, divisions(long, plans))


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS)
def test_so_are_many(check, monkeypatch):
    monkeypatch.setattr(margins, "LEAST", LEAST)
    sweep(100, check)
