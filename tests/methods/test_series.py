"""What a series must be before anything is fitted to it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats.methods.guards import count_before, demand_unbroken, in_order, month_number, panel
from vgstats.methods.result import NotComputable

MONTHS = [f"{year}-{month:02d}" for year in range(2003, 2012) for month in range(1, 13)]


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_neighbouring_months_are_one_apart(year, month):
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    assert month_number(following) - month_number(f"{year}-{month:02d}") == 1


def test_a_series_is_put_in_order_of_time():
    assert in_order(["2008-02", "2007-12", "2008-02"]) == ["2007-12", "2008-02"]
    assert in_order(pd.Series([3, 1, 2])) == [1, 2, 3]


@pytest.mark.parametrize(
    "periods", [MONTHS, [1, 2, 3], [2001, 2003, 2005], ["2007-Q4", "2008-Q1"], []]
)
def test_an_unbroken_series_is_let_through(periods):
    demand_unbroken(periods)


@pytest.mark.parametrize("periods", [[1, 2, 4], ["2008-01", "2008-02", "2008-04"]])
def test_a_gap_is_refused(periods):
    with pytest.raises(NotComputable, match=r"inte är obruten.*mellan .*2 och .*4 "):
        demand_unbroken(periods)


def test_an_annual_series_has_one_value_a_year():
    demand_unbroken([2007, 2008, 2009], annual=True)
    with pytest.raises(NotComputable, match="ett värde per år, men 2007-11 och 2007-12"):
        demand_unbroken(["2007-11", "2007-12"], annual=True)


def test_the_break_lies_in_the_series():
    assert count_before([2001, 2002, 2003], 2003, 2, 1) == 2
    with pytest.raises(NotComputable, match=r"brytpunkten 2010 inte ligger i serien \(2001–2003\)"):
        count_before([2001, 2002, 2003], 2010, 1, 1)
    with pytest.raises(NotComputable, match="1 värden före 2002; det behövs 2"):
        count_before([2001, 2002, 2003], 2002, 2, 1)
    with pytest.raises(NotComputable, match="1 värden från och med 2003; det behövs 2"):
        count_before([2001, 2002, 2003], 2003, 2, 2)


def test_a_panel_has_a_row_a_year_and_a_column_an_area():
    table = pd.DataFrame(
        {"area": list("bbaa"), "year": [2002, 2001, 2001, 2002], "value": [4.0, 3.0, 1.0, 2.0]}
    )
    wide = panel(table, "a", "area", "year", "value", (), 1)
    assert wide.to_dict("list") == {"a": [1.0, 2.0], "b": [3.0, 4.0]}
    assert wide.index.tolist() == [2001, 2002]


def areas(*names):
    rows = [
        (name, year, 1.0 + year % 5 + i) for i, name in enumerate(names) for year in (2001, 2002)
    ]
    return pd.DataFrame(rows, columns=["area", "year", "value"])


def wide(table, treated, leave_out=()):
    return panel(table, treated, "area", "year", "value", leave_out, 1)


@pytest.mark.parametrize("treated", [0, "0"])
@pytest.mark.parametrize("kind", [int, str, object])
def test_area_codes_are_compared_as_text(treated, kind):
    table = areas(0, 1, 2).astype({"area": kind})
    assert wide(table, treated).columns.tolist() == ["0", "1", "2"]
    for leave_out in ([1], ["1"], "1"):
        assert wide(table, treated, leave_out).columns.tolist() == ["0", "2"]


def test_a_text_to_leave_out_is_one_area():
    table = areas("lan1", "lan2", "lan3", "l")
    assert wide(table, "lan1", "lan3").columns.tolist() == ["l", "lan1", "lan2"]
    assert wide(table, "lan1", ["lan3", "l"]).columns.tolist() == ["lan1", "lan2"]


@pytest.mark.parametrize(
    ("table", "leave_out", "because"),
    [
        (areas("0", None, "2"), (), "ett namn saknas i kolumnen 'area'"),
        (areas(0, float("nan"), 2), (), "ett namn saknas i kolumnen 'area'"),
        (areas("0", " ", "2"), (), "ett namn saknas i kolumnen 'area'"),
        (areas("0", 1, "1"), (), "samma namn står på två sätt, som tal och som text"),
        (areas(0, 1, 2), ["3"], "3, som ska lämnas utanför, inte finns bland områdena"),
        (areas("0", "lan3"), "lan", "lan, som ska lämnas utanför, inte finns bland områdena"),
        (areas(0, 1, 2).rename(columns={"area": "lan"}), (), "kolumnen 'area' saknas"),
        (areas(0, 1), [0], "det inte finns några värden för 0"),
    ],
)
def test_areas_that_cannot_be_told_apart_are_refused(table, leave_out, because):
    with pytest.raises(NotComputable, match=because):
        wide(table, 0, leave_out)
