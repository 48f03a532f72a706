"""Units beside what is expected of their listed: who is told to stand out, and what one unit's page says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from support import plain
from vgstats.methods.funnel import count_funnel
from vgstats.methods.funnel_of_expected import expected_funnel
from vgstats.methods.result import NotComputable
from vgstats.methods.standardisation import expected_events


def units(spread: float, seed: int = 0, many: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    expected = 0.03 * rng.lognormal(np.log(8000), 0.5, many).clip(1500, 25000)
    real = expected * (rng.gamma(1 / spread**2, spread**2, many) if spread else 1)
    names = [f"Enhet {i}" for i in range(many)]
    return pd.DataFrame({"area": names, "events": rng.poisson(real), "expected": expected})


def test_one_in_twenty_lies_outside_whether_units_differ_or_not():
    for spread in (0.0, 0.2):
        outside = [expected_funnel(units(spread, seed)).outside(0.95) / 120 for seed in range(10)]
        assert 0.03 <= np.mean(outside) <= 0.07


def test_units_that_differ_by_a_fifth_are_said_to():
    said = plain(expected_funnel(units(0.2)).sentence().plain())
    assert expected_funnel(units(0.2)).spread == pytest.approx(0.2, abs=0.05)
    assert "skiljer sig åt mer än slumpen ger" in said and "gränserna är vidgade" in said


def test_few_units_have_the_exact_limits_of_chance():
    found = expected_funnel(
        pd.DataFrame({"area": list("abc"), "events": [60, 100, 99], "expected": [100.0] * 3})
    )
    low, high = count_funnel(100.0, 0.95)
    assert found.table[["low95", "high95"]].iloc[0].tolist() == pytest.approx(
        [float(low), float(high)]
    )
    assert found.spread == 0 and found.table["label"].tolist()[0] == "Low (0.001)"


def test_a_unit_with_few_expected_is_left_out_and_counted():
    frame = pd.DataFrame(
        {"area": list("abcd"), "events": [60, 100, 99, 3], "expected": [100.0, 100, 100, 9.9]}
    )
    found = expected_funnel(frame)
    assert found.left_out == ("d",) and found.n == 3
    with pytest.raises(NotComputable, match="inte är med bland dem"):
        found.one("d")


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        (81, "inom det vanliga för er storlek"),
        (120, "inom det vanliga för er storlek"),
        (121, "fler än vanligt för er storlek"),
        (79, "färre än vanligt för er storlek"),
        (140, "klart fler än vanligt för er storlek"),
        (60, "klart färre än vanligt för er storlek"),
    ],
)
def test_a_unit_is_told_on_which_side_it_lies_by_the_printed_numbers(events, verdict):
    frame = pd.DataFrame(
        {"area": list("abc"), "events": [events, 100, 99], "expected": [100.0] * 3}
    )
    own = expected_funnel(frame, about="x").one("a")
    assert own.short() == verdict
    said = plain(own.sentence().plain())
    assert f"Ni har {events} pågående sjukfall" in said and verdict in said
    assert (own.side == 0) == (own.usual.low <= events <= own.usual.high)


def test_a_units_words_hold_no_other_unit():
    frame = units(0.2)
    said = expected_funnel(frame).one("Enhet 7").sentence().plain()
    assert "Enhet" not in said


def test_a_unit_with_older_listed_is_expected_to_have_more():
    ages = pd.DataFrame(
        {"age": ["16-39", "40-64"], "population": [1000, 4000], "reference_events": [100, 400],
         "reference_population": [10_000, 10_000]}
    )  # fmt: skip
    assert expected_events(ages, strata="age") == pytest.approx(1000 * 0.01 + 4000 * 0.04)
