"""A county beside the country and the other counties."""

from __future__ import annotations

import pandas as pd
import pytest

from vgstats import VgstatsError, compare, county_changes, published
from vgstats.methods.observed import rest_of_country
from vgstats.methods.result import NotComputable
from vgstats.observations import COLUMNS

MEASURE = "pagaende_sjukfall"


@pytest.mark.parametrize(
    ("sex", "county", "rank"), [("alla", -35.6, 11), ("kvinnor", -37.7, 10), ("män", -32.1, 14)]
)
def test_vastra_gotaland_beside_the_country(sex, county, rank):
    found = compare(published(), MEASURE, "lan:14", "2005", "2008", sex)
    assert round(found.county.percent, 1) == county
    assert (found.rank, found.counties) == (rank, 21)


def test_riket_and_the_rest_of_the_country():
    found = compare(published(), MEASURE, "lan:14", "2005", "2008")
    assert round(found.riket.percent, 1) == -34.7
    assert round(found.rest.percent, 1) == -34.5


def test_a_county_and_the_rest_are_the_country():
    figures = published()
    for row in county_changes(figures, MEASURE, "2005", "2008").itertuples():
        rest = rest_of_country(figures, MEASURE, row.area, "2005")
        assert rest.value + row.before == pytest.approx(222060, abs=0.001)


def test_the_order_runs_from_the_largest_fall():
    table = county_changes(published(), MEASURE, "2005", "2008")
    assert table["percent"].is_monotonic_increasing
    assert table["rank"].tolist() == list(range(1, 22))
    found = compare(published(), MEASURE, "lan:14", "2005", "2008")
    assert found.largest_fall.after.area == table["area"].iloc[0]
    assert found.smallest_fall.after.area == table["area"].iloc[-1]


def a_rate(area: str, value: float, measure: str = "sjukpenningtal", unit: float = 0.1) -> tuple:
    return (
        measure,
        area,
        "2022-12",
        "alla",
        "",
        value,
        unit,
        "ok",
        "fk-sjukpenningtal",
        "2026-01-01",
    )


def test_the_rest_of_the_country_for_a_rate_is_weighted_with_the_insured():
    rows = [
        a_rate("riket", 10.0),
        a_rate("lan:14", 12.0),
        a_rate("riket", 1000.0, "forsakrade", 1),
        a_rate("lan:14", 200.0, "forsakrade", 1),
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    rest = rest_of_country(frame, "sjukpenningtal", "lan:14", "2022-12")
    assert rest.value == pytest.approx(9.5)
    assert 0.2 * 12.0 + 0.8 * rest.value == pytest.approx(10.0)
    assert rest.resolution == pytest.approx(0.15)


def test_the_rest_of_the_country_for_a_rate_is_not_guessed_from_another_population():
    assert rest_of_country(published(), "ohalsotal", "lan:14", "2005-12") is None
    rows = [a_rate("riket", 10.0), a_rate("lan:14", 12.0)]
    rows += [a_rate("riket", 1000.0, "befolkning", 1), a_rate("lan:14", 200.0, "befolkning", 1)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    assert rest_of_country(frame, "sjukpenningtal", "lan:14", "2022-12") is None


def test_without_figures_there_is_no_comparison():
    assert compare(published(), MEASURE, "lan:14", "1999", "2008") is None


def test_only_a_county_is_compared_with_the_counties():
    for area in ("riket", "kommun:1480", "lan:99"):
        with pytest.raises(VgstatsError, match="is no county"):
            compare(published(), MEASURE, area, "2005", "2008")


def test_a_county_that_had_none_before_has_no_per_cent():
    figures = published().copy()
    gotland = (figures["area"] == "lan:09") & (figures["measure"] == MEASURE)
    figures.loc[gotland & (figures["period"] == "2005"), "value"] = 0.0
    assert len(county_changes(figures, MEASURE, "2005", "2008")) == 20
    assert compare(figures, MEASURE, "lan:14", "2005", "2008").counties == 20
    with pytest.raises(NotComputable, match="värdet före är noll"):
        compare(figures, MEASURE, "lan:09", "2005", "2008")


def test_with_fewer_counties_than_all_no_limits_are_given():
    figures = published()
    some = figures[~figures["area"].isin(["lan:03", "lan:04"])]
    found = compare(some, MEASURE, "lan:14", "2005", "2008")
    assert found.counties == 19
    assert found.others.usual is None
    assert "prövad för alla 21 län, och här har 19 län värden" in found.sentence().plain()


def test_rates_of_scb_and_of_forsakringskassan_are_not_compared():
    rows = [
        (measure, area, period, "alla", "", value, 0.1, "ok", source, "2026-01-01")
        for measure, area, value, source in (
            ("ohalsotal", "riket", 30.0, "fk-ohalsotal"), ("ohalsotal", "lan:14", 32.0, "scb-ohalsotal"))
        for period in ("2005-12", "2008-12")
    ]  # fmt: skip
    with pytest.raises(NotComputable, match="olika befolkningar"):
        compare(pd.DataFrame(rows, columns=COLUMNS), "ohalsotal", "lan:14", "2005-12", "2008-12")
