"""Rolling twelve-month values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vgstats.methods.guards import december, demand_independent
from vgstats.methods.result import NotComputable

MONTHS = [f"{year}-{month:02d}" for year in range(2003, 2012) for month in range(1, 13)]


def test_monthly_rolling_values_are_refused_and_told_why():
    with pytest.raises(NotComputable) as told:
        demand_independent(MONTHS, rolling12=True)
    because = told.value.because
    assert "2003-01 och 2003-02 ligger bara 1 månader isär" in because
    assert "sex fall av tio" in because and "decembervärden" in because


@pytest.mark.parametrize(
    "periods",
    [
        ["2008-Q3", "2008-Q4"],
        ["2007-12", "2008-11"],
        ["2008-11", "2007-12"],
        ["2007", "2008-06"],
        ["2008", "2008-12"],
        [2008, "2008-12"],
    ],
)
def test_values_closer_than_twelve_months_are_refused(periods):
    with pytest.raises(NotComputable, match="rullande tolvmånadersvärden"):
        demand_independent(periods, rolling12=True)


@pytest.mark.parametrize(
    "periods",
    [
        [],
        ["2008-12"],
        ["2007-12", "2008-12"],
        ["2007-06", "2008-06"],
        [2007, 2008],
        ["2006", "2009"],
    ],
)
def test_values_a_year_apart_are_let_through(periods):
    demand_independent(periods, rolling12=True)


def test_values_that_do_not_roll_are_let_through():
    demand_independent(MONTHS, rolling12=False)
    demand_independent([1, 2, 3], rolling12=False)


@pytest.mark.parametrize("period", [1, 37, "jan 2008", "2008-13", "2008-12-31", None, 2008.0])
def test_a_period_that_cannot_be_placed_is_refused(period):
    with pytest.raises(NotComputable, match="inte går att läsa som år"):
        demand_independent([period], rolling12=True)


@pytest.mark.parametrize("runs", [150, pytest.param(500, marks=pytest.mark.long)])
def test_why_with_no_change_at_all_rolling_months_say_there_is_one(runs):
    rng = np.random.default_rng(2011)
    alarms = {"monthly": 0, "december": 0}
    for _ in range(runs):
        monthly = rng.normal(size=len(MONTHS) + 11)
        rolled = np.convolve(monthly, np.ones(12), "valid")
        table = pd.DataFrame({"period": MONTHS, "value": rolled})
        for name, rows in (("monthly", table), ("december", december(table))):
            alarms[name] += stats.linregress(range(len(rows)), rows["value"]).pvalue < 0.05
    assert 0.50 <= alarms["monthly"] / runs <= 0.68  # "omkring sex fall av tio"
    assert alarms["december"] / runs <= 0.08


def test_december_keeps_the_values_that_end_a_year_in_their_order():
    table = pd.DataFrame(
        {"when": ["2008-12", "2008-11", "2007-12", "2006", "2005-Q4"], "x": range(5)}
    )
    kept = december(table, period="when")
    assert kept["when"].tolist() == ["2008-12", "2007-12", "2006", "2005-Q4"]
    assert kept.index.tolist() == [0, 1, 2, 3]
    assert len(table) == 5
    demand_independent(kept["when"], rolling12=True)


def test_december_says_what_is_missing():
    with pytest.raises(NotComputable, match="'period' saknas; kolumner: when"):
        december(pd.DataFrame({"when": ["2008-12"]}))
    with pytest.raises(NotComputable, match="inget värde i kolumnen 'period' är daterat december"):
        december(pd.DataFrame({"period": ["2008-11"]}))
