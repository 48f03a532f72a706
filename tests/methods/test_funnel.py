"""Funnels against PHE's, and what they must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sentences import plain

from vgstats.methods.funnel import count_funnel, proportion_funnel, proportion_limits, rate_funnel
from vgstats.methods.result import NotComputable

POISSON = {"rel": 1e-4, "abs": 0}


def phe(shared, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / "cases" / "phe_funnel" / f"{name}.csv").reset_index()


def test_proportions_as_phe_has_them(shared):
    data = phe(shared, "funnel_prop_inputs")
    names = {"area": "Area", "events": "numerator", "of": "denominator"}
    found = proportion_funnel(data, **names)
    assert found.estimate == pytest.approx(80.642448, abs=1e-6)
    assert found.table["label"].tolist() == data["significance"].tolist()
    for name, frame in (
        ("funnel_prop_outputs", data),
        ("funnel_prop_outputs_with_axis_variation", data[data["denominator"] < 31000]),
    ):
        expected = phe(shared, name)
        centre = proportion_funnel(frame, **names).estimate / 100
        assert 100 * centre == pytest.approx(expected["Baseline"].iloc[0], abs=1e-6)
        for sigma, level in (("2s0025", 0.95), ("3s0001", 0.998)):
            low, high = proportion_limits(expected["Population"], centre, level)
            assert 100 * low == pytest.approx(expected[f"Lower{sigma}limit"].to_numpy(), abs=1e-6)
            assert 100 * high == pytest.approx(expected[f"Upper{sigma}limit"].to_numpy(), abs=1e-6)


def test_ratios_as_phe_has_them(shared):
    data = phe(shared, "funnel_ratio_inputs")
    found = rate_funnel(data, area="index", events="obs", of="expected", centre=100, multiplier=100)
    assert found.table["label"].tolist() == data["significance"].tolist()
    expected = phe(shared, "funnel_ratio_outputs")
    events = expected["Observed_events"].to_numpy(dtype=float)
    for sigma, level in (("2s", 0.95), ("3s", 0.998)):
        for side, name in enumerate(("lower", "upper")):
            mean = expected[f"{name}_{sigma}_exp_events"].to_numpy()
            count = count_funnel(mean, level)[side]
            assert count == pytest.approx(events, **POISSON)
            assert 100 * count / mean == pytest.approx(
                expected[f"{name}_{sigma}_isr"].to_numpy(), **POISSON
            )


def test_the_middle_of_rates_as_phe_has_it(shared):
    data = phe(shared, "funnel_rate_input_funnels")
    found = rate_funnel(data, area="index", events="ev", rate="rate")
    centre = phe(shared, "funnel_rate_outputs")["baseline"].iloc[0]
    assert found.estimate == pytest.approx(centre, abs=1e-6)


@pytest.mark.parametrize("number", ["", "_2", "_3"])
def test_limits_of_rates_as_phe_has_them(shared, number):
    expected = phe(shared, f"funnel_rate_outputs{number}")
    centre = expected["baseline"].iloc[0]
    for sigma, level in (("2s", 0.95), ("3s", 0.998)):
        for side, end in enumerate(("lower", "upper")):
            # The populations are for one year of three.
            people = 3 * expected[f"{end}_{sigma}_population_1_year"].to_numpy()
            count = count_funnel(centre * people / 100_000, level)[side]
            limit = expected[f"{end}_{sigma}_limit"].to_numpy()
            assert 100_000 * count / people == pytest.approx(limit, **POISSON)


def test_labels_of_rates_as_phe_has_them(shared):
    data = phe(shared, "funnel_rate_dsr_inputs")
    without = data.iloc[:-1]
    for multiplier in (100, 100_000):
        crude = {"area": "index", "events": "count", "of": "pop", "multiplier": multiplier}
        for frame, end in ((data, "with_0"), (without, "without_0")):
            label = rate_funnel(frame, **crude).table["label"]
            assert label.tolist() == frame[f"crude_per_{multiplier}_{end}"].tolist()
    for frame, end in ((data, "with_0"), (without, "without_0")):
        found = rate_funnel(frame, area="index", events="count", rate="rate_dsr")
        expected = without[f"dsr_per_100000_{end}"]
        assert found.table["label"].tolist() == expected.tolist()
        assert found.left_out == (("39",) if end == "with_0" else ())


def test_single_published_numbers():
    low, high = proportion_limits([1, 2, 3], 0.80642448, 0.95)
    assert 100 * low[:2] == pytest.approx([3.204264, 25.885383], abs=2e-6)
    assert high.tolist() == [1, 1, 1]
    assert count_funnel(5.5716445849999996, 0.95)[0] == pytest.approx(1, rel=1e-6)
    assert count_funnel(1.6234863239999999, 0.95)[1] == pytest.approx(5, rel=1e-6)


@given(events=st.integers(1, 3000), level=st.sampled_from([0.9, 0.95, 0.998]))
def test_the_funnel_of_counts_is_their_exact_limits_turned_round(events, level):
    tail = (1 - level) / 2
    upper = stats.chi2.isf(tail, 2 * events + 2) / 2
    lower = stats.chi2.ppf(tail, 2 * events) / 2
    assert count_funnel(upper, level)[0] == pytest.approx(events, rel=1e-6)
    assert count_funnel(lower, level)[1] == pytest.approx(events, rel=1e-6)


def test_the_funnel_of_counts_where_almost_none_are_expected():
    low, high = count_funnel([0.001, 0.02, 1.0, 3.0], 0.95)
    assert low.tolist() == [0, 0, 0, 0] and (np.diff(high) > 0).all()
    assert high[1] < 1 < high[2]


AREAS = pd.DataFrame(
    {
        "kommun": ["A", "B", "C", "D"],
        "fall": [50, 30, 8, 200],
        "folk": [1000, 500, 400, 1500],
        "tal": [5000.0, 6000.0, 2000.0, 13000.0],
    }
)
NAMES = {"area": "kommun", "events": "fall", "of": "folk"}


@pytest.mark.parametrize("funnel", [proportion_funnel, rate_funnel])
def test_a_table_of_limits(funnel):
    found = funnel(AREAS, levels=(0.998, 0.95), multiplier=100, **NAMES)
    assert list(found.table.columns) == [
        "area",
        "size",
        "estimate",
        "low95",
        "high95",
        "low998",
        "high998",
        "label",
    ]
    assert found.estimate == pytest.approx(100 * 288 / 3400)
    second = "Low (0.025)" if funnel is proportion_funnel else "Not significant"
    labels = ["Low (0.001)", second, "Low (0.001)", "High (0.001)"]
    assert found.table["label"].tolist() == labels
    assert found.outside(0.95) == 4 - (second == "Not significant")
    assert found.outside(0.998) == 3
    assert found.to_frame().equals(found.table) and found.levels == (0.95, 0.998)
    narrow = found.table.sort_values("size")
    assert narrow["high998"].is_monotonic_decreasing and narrow["low998"].is_monotonic_increasing


def test_standardised_rates_leave_small_areas_out():
    found = rate_funnel(AREAS, rate="tal", areas="kommuner", **NAMES)
    assert found.left_out == ("C",) and found.n == 3
    assert found.table["size"].tolist() == pytest.approx([1000, 500, 200_000 / 130])
    assert plain(found).endswith("Utelämnade, med färre än 10 fall: 1.")


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"fall": [None, 1, 2, 3]}, "kolumnen 'fall' saknas eller är dolt för kommun 'A'"),
        ({"fall": [-1, 1, 2, 3]}, "kolumnen 'fall' är negativt på rad 1"),
        ({"folk": [0, 500, 400, 1500]}, "kolumnen 'folk' är noll på rad 1"),
        ({"kommun": ["A", "A", "C", "D"]}, "kommun 'A' står på två rader"),
    ],
)
@pytest.mark.parametrize("funnel", [proportion_funnel, rate_funnel])
def test_bad_tables_have_no_funnel(funnel, change, because):
    with pytest.raises(NotComputable) as found:
        funnel(AREAS.assign(**change), **NAMES)
    assert because in found.value.because


def test_other_bad_input_has_no_funnel():
    with pytest.raises(NotComputable, match="delen är större än helheten på rad 2"):
        proportion_funnel(AREAS.assign(fall=[50, 501, 8, 200]), **NAMES)
    for same in (0, AREAS["folk"]):
        with pytest.raises(NotComputable, match="alla områden har samma andel"):
            proportion_funnel(AREAS.assign(fall=same), **NAMES)
    with pytest.raises(NotComputable, match="inte finns några fall"):
        rate_funnel(AREAS.assign(fall=0), **NAMES)
    for centre in (np.nan, np.inf, 0):
        with pytest.raises(NotComputable, match="mittlinjen"):
            rate_funnel(AREAS, centre=centre, **NAMES)
    with pytest.raises(NotComputable, match="talet i kolumnen 'tal' är noll"):
        rate_funnel(AREAS.assign(tal=[0, 1, 2, 3]), rate="tal", **NAMES)
    for funnel in (proportion_funnel, rate_funnel):
        with pytest.raises(NotComputable, match="färre än 3 områden"):
            funnel(AREAS.iloc[:2], **NAMES)
        with pytest.raises(NotComputable, match="nivån 95 inte ligger"):
            funnel(AREAS, levels=[95], **NAMES)
        with pytest.raises(NotComputable, match="ingen nivå är vald"):
            funnel(AREAS, levels=[], **NAMES)
    with pytest.raises(NotComputable, match="färre än 3 områden"):
        rate_funnel(AREAS.assign(fall=[50, 30, 8, 9]), rate="tal", **NAMES)


@pytest.mark.parametrize("multiplier", [0, np.nan, None])
@pytest.mark.parametrize("funnel", [proportion_funnel, rate_funnel])
def test_a_multiplier_is_above_zero(funnel, multiplier):
    with pytest.raises(NotComputable, match="multiplikatorn"):
        funnel(AREAS, multiplier=multiplier, **NAMES)


@pytest.mark.parametrize("centre", [pd.NA, "100", [1, 2]])
def test_a_middle_is_a_number(centre):
    with pytest.raises(NotComputable, match="talet för mittlinjen"):
        rate_funnel(AREAS, centre=centre, **NAMES)


def test_one_level_may_be_one_number():
    found = proportion_funnel(AREAS, levels=0.9, **NAMES)
    assert found.levels == (0.9,) and "low90" in found.table


def test_a_row_is_named_as_it_stands_when_small_areas_are_left_out():
    with pytest.raises(NotComputable, match="talet i kolumnen 'tal' är noll på rad 4"):
        rate_funnel(
            pd.concat([AREAS, AREAS.assign(kommun=list("EFGH"))]).assign(
                tal=[1.0, 2, 0, 0, 1, 1, 1, 1]
            ),
            rate="tal",
            **NAMES,
        )


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_areas_too_small_for_the_limits_get_no_label(share):
    sizes = [5, 40, 99, 101, 400, 900]
    frame = pd.DataFrame({"area": list("abcdef"), "n": sizes, "events": [share * n for n in sizes]})
    found = proportion_funnel(frame.assign(events=frame["events"] + [share - 0.5, 0, 0, 0, 0, 0]))
    assert found.left_out == ("a", "b", "c")
    assert found.table["area"].tolist() == ["d", "e", "f"] and found.n == 3
    assert "Utelämnade, med färre än 10 väntade fall: 3." in str(found.sentence())
    with pytest.raises(NotComputable, match="stora nog"):
        proportion_funnel(frame.head(5))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.35, 0.5, 0.8])
def test_from_ten_expected_on_either_side_the_limits_are_outside_as_often_as_said(share):
    fewest = int(np.ceil(10 / min(share, 1 - share)))
    n = np.arange(fewest, fewest + 400)
    for level, mean, most in ((0.95, (4.8, 5.05), 8), (0.998, (0.18, 0.27), 0.41)):
        low, high = proportion_limits(n, share, level)
        outside = stats.binom.cdf(np.ceil(n * low) - 1, n, share)
        outside += stats.binom.sf(np.floor(n * high), n, share)
        assert mean[0] < 100 * outside.mean() < mean[1]
        assert 100 * outside.max() < most
