"""Columns of numbers, and how a reason names what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from vgstats import VgstatsError, published
from vgstats import methods as m
from vgstats.methods.arguments import number_of, numeric_columns, shown
from vgstats.methods.result import NotComputable
from vgstats.observations import COLUMNS


@pytest.mark.parametrize(
    ("frame", "key", "because"),
    [
        ({"days": np.array([20.0, 20.0]), "x": [1, 2]}, ["days"], "days 20 står på två rader"),
        ({"days": np.array([0.5, 0.5]), "x": [1, 2]}, ["days"], "days 0,5 står på två rader"),
        (
            {"area": ["A", "A"], "year": np.array([2004, 2004]), "x": [1, 2]},
            ["area", "year"],
            "area 'A', year 2004 står på två rader",
        ),
        ({"area": [None, None], "x": [1, 2]}, "area", "area (tomt) står på två rader"),
        (
            {"year": np.array([2004, 2005]), "x": [1, None]},
            "year",
            "värdet i kolumnen 'x' saknas eller är dolt för year 2005",
        ),
        (
            {"x": [1, 2, 3, None]},
            (),
            "värdet i kolumnen 'x' saknas eller är dolt för rad 4",
        ),
    ],
)
def test_a_reason_names_rows_plainly(frame, key, because):
    with pytest.raises(NotComputable) as refused:
        numeric_columns(pd.DataFrame(frame), ["x"], key=key)
    assert refused.value.because == because


@pytest.mark.parametrize(
    "values",
    [
        pd.to_datetime(["2004-01-01", "2005-01-01"]),
        pd.to_datetime(["2004-01-01", "2005-01-01"], utc=True),
        pd.to_timedelta([1, 2]),
        pd.period_range("2004-01", periods=2, freq="M"),
    ],
)
def test_dates_are_no_numbers(values):
    with pytest.raises(NotComputable, match="kolumnen 'x' innehåller datum eller tider, inte tal"):
        numeric_columns(pd.DataFrame({"x": values}), ["x"])


def test_other_columns_that_are_no_numbers():
    with pytest.raises(NotComputable, match="kolumnen 'x' innehåller komplexa tal"):
        numeric_columns(pd.DataFrame({"x": [1 + 2j]}), ["x"])
    twice = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(NotComputable, match="det finns 2 kolumner med namnet 'x'"):
        numeric_columns(twice, ["x"])


def test_columns_may_be_numbered():
    found = numeric_columns(pd.DataFrame({0: ["a"], 1: ["3"]}), [1], key=[0])
    assert found[1].tolist() == [3.0]
    with pytest.raises(NotComputable, match="kolumnen 2 saknas; kolumner: 0, 1"):
        numeric_columns(found, [np.int64(2)])


@pytest.mark.parametrize(
    "value", [3, 3.0, np.int64(3), np.float32(3), Decimal(3), [3], np.array(3)]
)
def test_one_number_is_a_number(value):
    assert number_of(value, "talet") == 3.0


def test_values_as_a_reader_meets_them():
    assert [shown(v) for v in ("Ale", np.str_("Ale"), 2004, np.float64(20.5), None, pd.NA)] == [
        "'Ale'",
        "'Ale'",
        "2004",
        "20,5",
        "(tomt)",
        "(tomt)",
    ]


UNITS = pd.DataFrame(
    {"unit": list("abcdef"), "group": list("xxxyyy"), "before": [1.0, 2, 3, 4, 5, 7], "after": 2.5}
)


def difference(frame: pd.DataFrame, **options):
    return m.difference_in_differences(frame, treated="x", balanced=False, key="unit", **options)


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("1,5", r"kolumnen 'before' är text, '1,5', för unit 'b'; gör om .* decimal=','"),
        ("många", "kolumnen 'before' är text, 'många', för unit 'b'"),
        (np.inf, "kolumnen 'before' är oändligt för unit 'b'; rätta det eller lämna bort raden"),
        (-np.inf, "kolumnen 'before' är oändligt för unit 'b'"),
        (True, "kolumnen 'before' är inget tal, True, för unit 'b'"),
        (
            pd.Timestamp("2008-12-01"),
            r"kolumnen 'before' är inget tal, Timestamp\(.*\), för unit 'b'",
        ),
        ([3], r"kolumnen 'before' är inget tal, \[3\], för unit 'b'"),
    ],
)
def test_what_is_no_number_is_called_so_and_never_missing(cell, because):
    frame = UNITS.astype({"before": object})
    frame.loc[1, "before"] = cell
    with pytest.raises(NotComputable, match=because):
        difference(frame)
    with pytest.raises(NotComputable, match=because):
        numeric_columns(frame, ["before"], key=["unit"])


@pytest.mark.parametrize("cell", [None, np.nan, pd.NA, "", "..", "-"])
def test_a_missing_value_of_a_unit_is_missing(cell):
    frame = UNITS.astype({"before": object})
    frame.loc[1, "before"] = cell
    assert difference(frame).incomplete == 1
    with pytest.raises(NotComputable, match="'before' saknas eller är dolt för unit 'b'"):
        numeric_columns(frame, ["before"], key=["unit"])


def test_a_key_as_number_and_as_text_is_one_name_twice():
    keys = [1, "1", 2, 3, 4, 5, 6]
    frame = pd.DataFrame(
        {"area": keys, "change": [1.0, 2, 3, 4, 5, 6, 7], "size": 1.0, "events": 20, "n": 50}
    )
    calls = (
        lambda: m.among_others(frame, "1"),
        lambda: m.proportion_funnel(frame),
        lambda: m.contributions(frame.assign(**dict.fromkeys(
            ("weight_before", "weight_after", "rate_before", "rate_after"), 1.0))),
        lambda: m.kitagawa(frame, frame, by="area", rate="change", weight="size"),
        lambda: m.difference_in_differences(
            UNITS.assign(unit=keys[:6]), treated="x", balanced=True, key="unit"),
    )  # fmt: skip
    for call in calls:
        with pytest.raises(
            NotComputable, match="samma namn står på två sätt, som tal och som text"
        ):
            call()


@pytest.mark.parametrize(
    "keys", [pd.Categorical([1, "1", 2, 3, 4, 5]), ["a", "a ", "b", "c", "d", "e"]]
)
def test_a_key_written_in_two_ways_is_one_name_twice(keys):
    with pytest.raises(NotComputable, match="samma namn står på två sätt"):
        difference(UNITS.assign(unit=keys))


@pytest.mark.parametrize("value", [True, np.True_, 3 + 1j, pd.Timestamp("2008-12-01")])
def test_what_is_no_number_is_not_called_missing(value):
    with pytest.raises(NotComputable, match="antalet är inget tal"):
        m.rate(value, 100)


SERIES = pd.DataFrame(
    [(a, 2000 + y, a * y % 5 + a / 10) for a in range(8) for y in range(8)],
    columns=["area", "period", "value"],
)


@pytest.mark.parametrize(
    "call",
    [
        lambda level: m.among_others(
            pd.DataFrame({"area": list("abcdefg"), "change": range(7)}), "a", level=level
        ),
        lambda level: difference(UNITS, level=level),
        lambda level: m.event_study(SERIES, treated=1, base=2004, level=level),
        lambda level: m.rate(10, 100, level=level),
        lambda level: m.rate_ratio(10, 100, 20, 100, level=level),
        lambda level: m.rate_difference(10, 100, 20, 100, level=level),
        lambda level: m.indirectly_standardised_ratio(20, 10, level=level),
        lambda level: m.proportion(10, 100, level=level),
        lambda level: m.half_width_of_days(40, 100, mean_square_ratio=300, level=level),
        lambda level: m.proportion_difference(10, 100, 20, 100, level=level),
        lambda level: m.rate(5, 100, level=level),
        lambda level: m.days_per_person(
            pd.DataFrame({"days": [9], "persons": [50]}), 100, level=level
        ),
        lambda level: m.standardised_rate(
            pd.DataFrame({"events": [40], "population": [100], "standard": [1]}), level=level
        ),
        lambda level: m.segmented_regression(
            pd.DataFrame(
                {"period": range(1980, 2010), "value": [y % 7 + y % 3 for y in range(30)]}
            ),
            start=1995,
            rolling12=False,
            without_comparison=True,
            level=level,
        ),
        lambda level: m.proportions(pd.DataFrame({"events": [1], "n": [2]}), levels=[level]),
    ],
)
def test_a_level_that_is_no_level_is_named(call):
    for level, because in (
        ("0.95", r"text, .*level='0\.95'"),
        (95, "95 inte ligger mellan 0 och 1"),
    ):
        with pytest.raises(NotComputable, match=because):
            call(level)
    for level in (np.float64(0.9), Decimal("0.9")):
        found = call(level)
        if isinstance(found, m.Result) and found.interval:
            assert found.interval.level == 0.9


@pytest.mark.parametrize("kind", [int, float, np.int64, np.int32, np.float32, np.float64, Decimal])
def test_every_kind_of_number_is_a_number(kind):
    money = [
        m.Value("kostnad_sa", "lan:14", p, "alla", "", 100.0, 1.0, "ok", "x")
        for p in ("2004", "2007")
    ]
    found = m.fixed_prices(m.Change(*money), kind(100), kind(125), "Kostnaden")
    assert found.before == 125
    persons = m.Value("forsakrade", "lan:14", "2007", "alla", "", kind(50), 1.0, "ok", "x")
    assert m.per_person(money[1], persons) == 2_000_000
    assert m.rate(kind(20), kind(100), multiplier=kind(100)).estimate == 20
    assert m.like_starting_level(
        pd.DataFrame({"area": list("abcdefg"), "before": 1.0, "difference": range(7)}), "a", nearest=kind(5)
    ).n == 7  # fmt: skip


@pytest.mark.parametrize("bad", ["100", None, np.nan, np.inf, 0, -1])
def test_an_index_that_is_no_number_above_zero_is_refused(bad):
    money = [
        m.Value("kostnad_sa", "lan:14", p, "alla", "", 100.0, 1.0, "ok", "x")
        for p in ("2004", "2007")
    ]
    with pytest.raises(NotComputable, match="prisindex"):
        m.fixed_prices(m.Change(*money), 100, bad, "Kostnaden")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_table_without_a_column_is_refused_by_its_name(column):
    frame = published().drop(columns=column)
    with pytest.raises(VgstatsError, match=f"The table has no column '{column}'"):
        m.change(frame, "ohalsotal", "lan:14", "2005-12", "2008-12")


@pytest.mark.parametrize("bad", [None, np.nan, np.inf, "0,1"])
def test_a_rounding_unit_that_is_no_number_is_refused_with_its_row(bad):
    frame = published().astype({"resolution": object})
    frame["resolution"] = bad
    with pytest.raises(VgstatsError, match=r"ohalsotal lan:14 2005-12 alla has the resolution"):
        m.change(frame, "ohalsotal", "lan:14", "2005-12", "2008-12")


@pytest.mark.parametrize(
    "call",
    [
        lambda f: m.rest_of_country(f, "ohalsotall", "lan:14", "2008"),
        lambda f: m.compare(f, "ohalsotall", "lan:14", "2005", "2008"),
        lambda f: m.county_changes(f, "ohalsotall", "2005", "2008"),
        lambda f: m.change(f, "ohalsotall", "lan:14", "2005", "2008"),
        lambda f: m.breaks("ohalsotall", "2005", "2008"),
        lambda f: m.demand_same_definition("ohalsotall", "2005", "2008"),
        lambda f: m.per_inhabitants(f, "ohalsotall", "pagaende_sjukfall_per_1000"),
    ],
)
def test_an_unknown_measure_is_an_error_with_the_nearest_name(call):
    with pytest.raises(
        VgstatsError, match=r"Unknown measure 'ohalsotall'\. Did you mean 'ohalsotal'\?"
    ):
        call(published())


def test_the_rest_of_the_country_is_beside_a_part_of_it():
    for area, because in (("riket", "no rest of the country"), ("lan:99", "Unknown area")):
        with pytest.raises(VgstatsError, match=because):
            m.rest_of_country(published(), "pagaende_sjukfall", area, "2008")
    with pytest.raises(VgstatsError, match="not a period"):
        m.rest_of_country(published(), "pagaende_sjukfall", "lan:14", "igår")
    with pytest.raises(VgstatsError, match=r"Unknown sex 'K'\. Write one of: alla, kvinnor, män"):
        m.rest_of_country(published(), "pagaende_sjukfall", "lan:14", "2008", sex="K")
