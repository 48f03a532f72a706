"""What may not be compared, areas that were picked for being high, and money in fixed prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vgstats import VgstatsError, change, compare, published
from vgstats import methods as m
from vgstats.catalogue.law_changes import all_law_changes
from vgstats.methods.before_after import Change
from vgstats.methods.guards import breaks, demand_same_coding, demand_same_definition
from vgstats.methods.like_start import like_starting_level
from vgstats.methods.money import fixed_prices, per_person, price_index
from vgstats.methods.observed import demand_same_population
from vgstats.methods.result import NotComputable
from vgstats.observations import COLUMNS, Value


def test_the_rules_of_every_year_that_the_methods_name_are_there():
    years = {rule.date.year for rule in all_law_changes()}
    assert {1998, 2002, 2003, 2005, 2008, 2010, 2016, 2025} <= years


def test_a_comparison_from_2005_to_2008_straddles_the_rehabilitation_chain():
    found = breaks("ohalsotal", "2005-12", "2008-12")
    assert "Rehabiliteringskedjan" in set(found["name"])
    assert list(found.columns) == ["date", "kind", "name", "text", "source"]
    assert breaks("ohalsotal", "2012-12", "2013-12").empty


@pytest.mark.parametrize(
    ("measure", "before", "after", "straddles"),
    [
        ("ohalsotal", "2000-12", "2005-12", True),
        ("ohalsotal", "2003-12", "2008-12", False),
        ("ohalsotal", "1996-12", "2000-12", True),
        ("befolkning", "2023", "2025", True),
    ],
)
def test_nothing_is_tested_over_a_new_definition(measure, before, after, straddles):
    if straddles:
        with pytest.raises(NotComputable, match="inte är detsamma före och efter"):
            demand_same_definition(measure, before, after)
    else:
        demand_same_definition(measure, before, after)


def test_shares_of_other_groups_are_not_compared():
    demand_same_coding(["F", "M"], ["M", "F"])
    with pytest.raises(NotComputable, match=r"bara på ena sidan: företagshälsovård"):
        demand_same_coding(["primärvård", "företagshälsovård"], ["primärvård"])


def test_before_after_after_is_refused():
    figures = published()
    with pytest.raises(VgstatsError, match="must lie before"):
        change(figures, "ohalsotal", "lan:14", "2008-12", "2005-12")
    with pytest.raises(VgstatsError, match="must lie before"):
        compare(figures, "pagaende_sjukfall", "lan:14", "2008", "2005")


def noisy_areas(seed: int = 3) -> pd.DataFrame:
    """49 areas without any true change: levels differ, and each measurement has noise."""
    rng = np.random.default_rng(seed)
    true = rng.normal(43, 4, size=49)
    before, after = (true + rng.normal(0, 2, size=49) for _ in range(2))
    return pd.DataFrame(
        {"area": [f"k{i}" for i in range(49)], "before": before, "difference": after - before}
    )


def test_the_highest_area_falls_by_itself_and_its_likes_do_too():
    own, likes = [], []
    for seed in range(80):
        frame = noisy_areas(seed)
        highest = frame.loc[frame["before"].idxmax(), "area"]
        found = like_starting_level(frame, highest)
        own.append(found.among.change)
        likes.append(found.among.mean_of_others)
    assert np.mean(own) < -1.0
    assert np.mean(likes) < -0.5


def test_an_area_picked_for_its_level_is_compared_with_the_nearest_levels():
    frame = pd.DataFrame(
        {
            "area": list("abcdefghijkl"),
            "before": [15.9, 15, 14.8, 14, 13.9, 13.5, 13, 12.8, 12, 11, 5, 4],
            "difference": [-6.9, -2, -1.5, -1, -1.2, -0.5, 0.2, -0.9, -0.4, 0.3, 1, 2],
            "insured": [9000, 9500, 12000, 8000, 9100, 10100, 9900, 11000, 8700, 9000, 9100, 9000],
        }
    )
    found = like_starting_level(frame, "a", nearest=6, size="insured")
    assert found.areas == ["b", "c", "d", "e", "f", "g"]
    assert (found.levels.low, found.levels.high) == (13, 15)
    said = found.sentence().plain()
    assert (
        said.startswith("Områden som låg ungefär lika från början jämförs") and "högt" not in said
    )
    assert "De 6 områden som låg närmast från början, mellan 13,0 och 15,0 mot 15,9" in said
    assert "ligger utanför vanlig variation" in said


def test_without_sizes_no_limits_are_given_for_an_area_that_was_picked():
    found = like_starting_level(noisy_areas(), "k3")
    assert found.among.usual is None
    assert "områdenas storlek inte är med" in found.sentence().plain()
    with pytest.raises(NotComputable, match="nearest är −1"):
        like_starting_level(noisy_areas(), "k3", nearest=-1)


@pytest.mark.parametrize("runs", [100, pytest.param(300, marks=pytest.mark.long)])
def test_the_smallest_area_is_not_pointed_out_too_often_when_sizes_are_known(runs):
    rng = np.random.default_rng(11)
    outside = 0
    for _ in range(runs):
        size = np.geomspace(1800, 47_600, 49)
        level = rng.normal(43, 4, 49)
        noise = [rng.normal(0, 2, 49) * np.sqrt(5000 / size) for _ in range(2)]
        frame = pd.DataFrame(
            {"area": [f"k{i}" for i in range(49)], "before": level + noise[0],
             "difference": noise[1] - noise[0], "size": size}
        )  # fmt: skip
        found = like_starting_level(frame, "k0", nearest=20, size="size")
        outside += not found.among.inside
    assert outside < 0.13 * runs


def test_rates_per_different_populations_are_refused():
    demand_same_population(["fk-ohalsotal", "kolada-ohalsotal", "regionfakta-2017"])
    demand_same_population(["scb-a", "scb-b"])
    with pytest.raises(NotComputable, match="SCB:s invånare och Försäkringskassans försäkrade"):
        demand_same_population(["fk-ohalsotal", "scb-ohalsotal"])


def money(period: str, value: float) -> Value:
    return Value("kostnad_sa", "lan:14", period, "alla", "", value, 100, "ok", "x")


def test_fixed_prices_lift_the_earlier_amount():
    figures = published()
    cost = change(figures, "kostnad_sa", "lan:14", "2004", "2007")
    found = fixed_prices(cost, 100.0, 110.0, "Sjuk- och aktivitetsersättning")
    assert found.before == pytest.approx(10.56)
    assert found.after == pytest.approx(10.3)
    assert found.estimate == pytest.approx(-0.26)
    assert found.interval.low < found.estimate < found.interval.high
    same = fixed_prices(cost, 250.0, 250.0, "x")
    assert same.estimate == pytest.approx(0.7)
    assert same.percent == pytest.approx(cost.percent)
    assert "i 2007 års priser: från 10,6 till 10,3 miljarder kronor" in found.sentence().plain()


@pytest.mark.parametrize(
    ("before", "after", "index", "said"),
    [
        (6000, 6000, (100, 101), "lämnar mellan −3 och +1 procent, så det går inte att säga"),
        (6000, 6000, (100, 100), "lämnar mellan −2 och +2 procent, så det går inte att säga"),
        (6000, 0, (100, 100), "en minskning med mellan 99 och 100 procent"),
        (6000, 4500, (100, 110), "en minskning med mellan 30 och 33 procent"),
        (4500, 6000, (100, 101), "en ökning med mellan 29 och 35 procent"),
    ],
)
def test_the_band_in_fixed_prices_keeps_its_signs(before, after, index, said):
    change_in_money = Change(money("2004", before), money("2007", after))
    found = fixed_prices(change_in_money, *index, "Kostnaden")
    assert said in found.sentence().plain()
    assert found.percent_band.low <= found.percent <= found.percent_band.high


@pytest.mark.parametrize(
    ("before", "index"), [(40, (100, 110)), (6000, (0, 110)), (6000, (float("nan"), 110)),
                          (6000, (100, float("inf"))), (6000, (None, 110))],
)  # fmt: skip
def test_prices_that_cannot_be_fixed_say_why(before, index):
    with pytest.raises(NotComputable):
        fixed_prices(Change(money("2004", before), money("2007", 6000)), *index, "Kostnaden")


def test_a_price_index_is_the_year_or_the_mean_of_all_its_months():
    rows = [("kpi", "riket", f"2004-{m:02}", "alla", "", 270 + m, 0.01, "ok", "scb-kpi", "")
            for m in range(1, 13)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    assert price_index(frame, "2004") == pytest.approx(276.5)
    with pytest.raises(NotComputable, match="konsumentprisindex för 2004 saknas"):
        price_index(frame.iloc[:-1], "2004")


def test_money_per_person_is_of_the_same_area_year_and_sex():
    people = Value("befolkning", "lan:14", "2004", "alla", "", 1_000_000, 1, "ok", "scb")
    assert per_person(money("2004", 6000), people) == 6000
    with pytest.raises(NotComputable, match="2004 och beloppet"):
        per_person(money("2007", 6000), people)
    with pytest.raises(NotComputable, match="personer gäller kvinnor och beloppet alla"):
        per_person(money("2004", 6000), replace(people, sex="kvinnor"))


@pytest.mark.parametrize(
    "guard", [m.breaks, m.demand_same_definition, m.change, m.compare, m.county_changes, m.changes]
)
@pytest.mark.parametrize(
    "periods", [("2008-12", "2005-12"), ("2008-12", "2008-12"), ("2008", "2008-06")]
)
def test_no_guard_and_no_method_takes_periods_backwards(guard, periods):
    frame, before = published(), {m.change: ("lan:14",), m.compare: ("lan:14",)}.get(guard, ())
    first = {m.breaks: (), m.demand_same_definition: ()}.get(guard, (frame,))
    measure = () if guard is m.changes else ("ohalsotal",)
    with pytest.raises(VgstatsError, match="must lie before"):
        guard(*first, *measure, *before, *periods)
