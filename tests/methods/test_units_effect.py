"""Units that began something: what is found, and what a choice of the highest units feigns."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from support import ROOT, plain
from vgstats.methods.result import NotComputable
from vgstats.methods.unit_changes import funnel_of_unit_changes
from vgstats.methods.units_effect import effect_by_year, effect_in_units

sys.path.insert(0, str(ROOT / "tests" / "bench"))
from simulate_units import effect_rates, funnel_rates, named, units


def found(seeds: int, *, chosen_high: bool = False, **how) -> tuple[float, float]:
    """Return how often a difference is found, and its mean."""
    all_ = [effect_in_units(units(seed, **how), chosen_high=chosen_high) for seed in range(seeds)]
    return np.mean([one.stands_out for one in all_]), np.mean([one.estimate for one in all_])


def test_nothing_is_found_where_nothing_was_done_and_a_fall_is_found():
    assert found(20)[0] <= 0.1
    assert found(10, fall=0.2)[0] == 1


def test_the_highest_units_fall_by_themselves_and_that_is_not_taken_for_the_measure():
    often, by_itself = found(15, highest=True)
    assert often >= 0.3 and by_itself < -2, "the plain difference is fooled"
    often, left = found(15, highest=True, chosen_high=True)
    assert often <= 0.15 and abs(left) < 1
    assert found(5, highest=True, chosen_high=True, fall=0.25)[0] == 1


@pytest.mark.long
def test_over_many_seeds_false_alarms_are_five_of_a_hundred_and_falls_are_found():
    rates = effect_rates()
    told = (rates["begin"] == "by chance") | (rates["choice told"] == "yes")
    none = rates["true fall, %"] == 0
    assert rates.loc[none & told, "found, %"].between(3, 7).all(), rates
    assert (rates.loc[rates["true fall, %"] >= 15, "found, %"] >= 90).all(), rates
    assert rates.loc[none & ~told, "found, %"].iloc[0] > 30, "what must be named"
    funnels = funnel_rates()
    assert funnels[["level 95", "change 95"]].stack().between(3, 7).all(), funnels
    assert (funnels["level 99.8"] <= 0.5).all() and (funnels["rounds that name one"] <= 8).all()
    assert (funnels["one that halves"] >= 85).all(), funnels


def test_the_sentence_names_the_choice_and_claims_no_cause():
    said = plain(effect_in_units(units(1, highest=True), chosen_high=True).sentence().plain())
    assert "valdes för att talet var högt" in said and "Räknat från samma utgångsläge" in said
    for one in (said, plain(effect_in_units(units(1)).sentence().plain())):
        assert (
            one.endswith("också på annat sätt.")
            and "Det visar inte att det som enheterna började med gjorde skillnaden" in one
        )


def test_the_years_before_are_shown_beside_those_after():
    frame = units(3, fall=0.3)
    years = {
        2022: frame["before"] * 1.01 + frame.index % 7 * 0.1,
        2023: frame["before"],
        2024: frame["after"],
    }
    rows = [
        frame[["unit", "began"]].assign(period=year, value=values) for year, values in years.items()
    ]
    found = effect_by_year(pd.concat(rows), base=2023).set_index("period")
    assert found["side"].tolist() == ["före", "bas", "efter"]
    assert found.loc[2024, "change"] == pytest.approx(effect_in_units(frame).estimate)
    assert found.loc[2024, "high"] < 0 and found.loc[2022, "low"] <= 0 <= found.loc[2022, "high"]
    with pytest.raises(NotComputable, match="året 2019"):
        effect_by_year(pd.concat(rows), base=2019)


def test_one_unit_that_halves_is_told_from_chance():
    frame = units(5)
    big = frame["persons_after"].idxmax()
    frame.loc[big, "cases_after"] = frame.loc[big, "cases_before"] // 2
    table = funnel_of_unit_changes(frame).table.set_index("area")
    assert table.loc[f"Enhet {big}", "label"] == "Low (0.001)"


def test_a_low_unit_that_halves_is_told_as_well_as_a_high_one():
    low_and_high = []
    for seed in range(10):
        frame = units(seed)
        middling = frame[frame["persons_before"].between(7000, 9000)].sort_values("before").index
        for place in (middling[len(middling) // 4], middling[-1]):
            now = frame.copy()
            now.loc[place, "cases_after"] = now.loc[place, "cases_before"] // 2
            low_and_high.append(named(funnel_of_unit_changes(now)).loc[place])
    assert sum(low_and_high) >= 18


def test_in_few_rounds_any_of_a_hundred_units_is_named_by_chance():
    assert sum(named(funnel_of_unit_changes(units(seed))).any() for seed in range(40)) <= 5


def test_a_unit_without_a_case_is_in_the_funnel_and_one_without_persons_is_not_computed():
    frame = units(5)
    frame.loc[3, ["cases_before", "cases_after"]] = 0
    table = funnel_of_unit_changes(frame).table
    assert table.loc[3, "label"] == "Not significant" and table["change"].abs().max() < 200
    with pytest.raises(NotComputable, match="noll eller negativt"):
        funnel_of_unit_changes(frame.assign(persons_after=0))
    with pytest.raises(NotComputable, match="inte finns några fall"):
        funnel_of_unit_changes(frame.assign(cases_after=0))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda frame: frame.assign(began=frame.index < 3), "enheterna som började är 3"),
        (lambda frame: frame.assign(began=True), "de andra är 0"),
        (lambda frame: frame.drop(columns="began"), "kolumnen 'began' saknas"),
        (lambda frame: frame.assign(after=np.nan), "saknas eller är dolt"),
    ],
)
def test_units_that_say_nothing_are_refused_with_the_reason(change, why):
    with pytest.raises(NotComputable, match=why):
        effect_in_units(change(units(1)))
