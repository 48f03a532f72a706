"""One system holds all tables that share base cells."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from releases import GROUPS, RULE, all_numbers, calendar_wholes, county, cube, key, row_of, system

from vgstats.catalogue import areas
from vgstats.disclosure import Hierarchies
from vgstats.disclosure.nesting import area_wholes
from vgstats.disclosure.tables import build
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

MONTHS = [f"{year}-{month:02d}" for year in (2007, 2008) for month in range(1, 13)]


def test_every_total_is_the_sum_of_its_base_cells():
    counts, made_of = county(3, groups=2, years=2)
    whole = system(counts, made_of)
    assert len(whole.keys) == 4 * 2 * 3 * 3
    year = counts[counts["period"] == "2006"]
    assert whole.values[row_of(whole, key(period="2006"))] == year["value"].sum()
    women = year[(year["sex"] == "kvinnor") & (year["group"] == GROUPS[1])]
    assert whole.values[row_of(whole, key("lan:14", "kvinnor", GROUPS[1], "2006"))] == (
        women["value"].sum()
    )
    assert (whole.matrix @ whole.cells == whole.values).all()


def test_a_kommun_counts_in_every_whole_it_belongs_to():
    made_of = Hierarchies(
        area={"hsn:14-01": ("kommun:1401", "kommun:1402"), "delregion:14-vast": ("kommun:1402",)}
    )
    counts = cube(["kommun:1401", "kommun:1402"], ["2008"], ["a"], np.array([1, 2, 4, 8]))
    whole = system(counts, made_of)
    assert whole.values[row_of(whole, key("hsn:14-01", group="a"))] == 15
    assert whole.values[row_of(whole, key("delregion:14-vast", group="a"))] == 12


def test_months_make_quarters_and_years():
    made_of = Hierarchies(period=calendar_wholes(MONTHS))
    counts = cube(["kommun:1401"], MONTHS, ["a"], np.arange(48))
    whole = system(counts, made_of)
    monthly = counts[counts["sex"] == "män"]["value"].to_numpy()
    assert whole.values[row_of(whole, key("kommun:1401", "män", "a", "2008-Q2"))] == (
        monthly[15:18].sum()
    )
    assert whole.values[row_of(whole, key("kommun:1401", "män", "a", "2007"))] == monthly[:12].sum()


def test_unfinished_quarters_and_years_are_no_sums():
    assert set(calendar_wholes(["2008-01", "2008-02", "2008-03", "2008-04"])) == {"2008-Q1"}


def test_areas_that_hold_a_part_of_a_kommun_are_no_sums_of_kommuner():
    wholes = area_wholes(areas.kommuner("lan:14"), dt.date(2008, 6, 1))
    assert len(wholes["lan:14"]) == 49 and "riket" not in wholes
    rows = areas.membership()
    split = set(rows.loc[rows["part"] == "del", "whole"])
    assert split and split.isdisjoint(wholes)
    assert set(rows["whole"]) - split <= set(wholes)
    assert "lan:14" not in area_wholes(areas.kommuner("lan:14")[1:], dt.date(2008, 6, 1))


def test_the_order_of_the_rows_means_nothing():
    counts, made_of = county(4, groups=2, years=1)
    every = all_numbers(counts, made_of)
    a = build(counts, every, made_of, RULE)
    b = build(counts.sample(frac=1, random_state=1), every.sample(frac=1), made_of, RULE)
    assert a.keys.equals(b.keys) and (a.values == b.values).all()
    assert (a.matrix != b.matrix).nnz == 0


def broken(what: str) -> tuple[pd.DataFrame, pd.DataFrame, Hierarchies]:
    counts, made_of = county(3, groups=2, years=1)
    every = all_numbers(counts, made_of)
    counts["value"] = counts["value"].astype(object)
    if what == "lost cell":
        counts = counts.iloc[1:]
    elif what == "twice":
        counts = pd.concat([counts, counts.iloc[:1]])
    elif what == "asked twice":
        every = pd.concat([every, every.iloc[:1]])
    elif what == "no column":
        counts = counts.drop(columns="sex")
    elif what == "nested":
        made_of = Hierarchies(area={"lan:14": ("hsn:1",), "hsn:1": tuple(made_of.area["lan:14"])})
    else:
        counts.loc[0, "value"] = {"negative": -1, "half": 1.5, "nothing": None, "text": "7 st"}[
            what
        ]
    return counts, every, made_of


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("lost cell", "base cells, of which"),
        ("twice", "twice among the counts"),
        ("asked twice", "twice among the published"),
        ("no column", "no column 'sex'"),
        ("nested", "parts of its own"),
        ("negative", "is -1. Give each base cell a whole number"),
        ("half", "is 1.5"),
        ("nothing", "is None"),
        ("text", "is '7 st'"),
    ],
)
def test_wrong_input_is_named(what: str, said: str):
    counts, every, made_of = broken(what)
    with pytest.raises(VgstatsError, match=said):
        build(counts, every, made_of, RULE)


def test_a_zero_is_small_only_when_zeros_are_hidden():
    from vgstats.disclosure import HidingRule

    counts = cube(["kommun:1401"], ["2008"], ["a"], np.array([0, 3]))
    small = system(counts, Hierarchies()).small(RULE)
    rule = HidingRule(zeros_shown=False)
    assert small.sum() == 2 and system(counts, Hierarchies(), rule).small(rule).sum() == 3
    assert list(counts.columns) == [*KEY, "value"]
