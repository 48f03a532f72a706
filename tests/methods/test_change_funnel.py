"""What an over-dispersed funnel of changes must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sentences import plain
from statsmodels.stats.meta_analysis import combine_effects

from examples import fewer
from vgstats.methods.change_funnel import ADDITIVE, dispersion_of, funnel_of_changes
from vgstats.methods.result import NotComputable


def made(n: int = 49, *, seed: int = 1, tau: float = 0.0, factor: float = 1.0) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    size = np.exp(chance.normal(9.7, 0.9, n))
    error = 88 / np.sqrt(size)
    change = -5 + chance.normal(0, factor * np.sqrt(error**2 + tau**2))
    return pd.DataFrame(
        {
            "area": [f"k{i}" for i in range(n)],
            "change": change,
            "error": error,
            "insured": size,
        }
    )


def even(changes: list[float], **columns) -> pd.DataFrame:
    n = len(changes)
    return pd.DataFrame({"area": range(n), "change": changes, "error": 1.0, "insured": 100}).assign(
        **columns
    )


def test_phi_worked_out_by_hand():
    changes = [-3.0, -2.0, -1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 0.0]
    published = {"correct_winsorising": False}
    # The 10th and 90th percentiles of eleven values are the second and the tenth: -2 and 2.
    assert dispersion_of(changes, **published) == pytest.approx((4 * 4 + 4 * 1) / 11)
    assert dispersion_of(changes, winsorise=0) == pytest.approx(30 / 11)
    kept = stats.norm.expect(lambda z: np.clip(z, -1.2815515655, 1.2815515655) ** 2)
    assert dispersion_of(changes) == pytest.approx(20 / 11 / kept, rel=1e-6)
    assert kept == pytest.approx(0.68, abs=0.005)
    found = funnel_of_changes(even(changes), standard_error="error", **published)
    assert (found.estimate, found.phi) == pytest.approx((0, 20 / 11))
    assert found.tau2 == pytest.approx((20 - 10) / (11 - 1))
    assert found.table["high95"].tolist() == pytest.approx([1.959964 * (20 / 11) ** 0.5] * 11)
    added = funnel_of_changes(
        even(changes), standard_error="error", dispersion=ADDITIVE, **published
    )
    assert added.table["high998"].tolist() == pytest.approx([3.090232 * 2**0.5] * 11)
    inside = ["Not significant"]
    labels = ["Low (0.025)", *(inside * 8), "High (0.025)", *inside]
    assert added.table["label"].tolist() == labels


def test_limits_are_never_narrower_than_chance():
    found = funnel_of_changes(even([-0.1, 0.1] * 5), standard_error="error")
    assert found.phi < 1 and found.tau2 == 0
    assert found.table["high95"].tolist() == pytest.approx([1.959964] * 10)


def test_tau2_is_that_of_dersimonian_and_laird():
    data = made(tau=1.0)
    found = funnel_of_changes(
        data, standard_error="error", dispersion=ADDITIVE, winsorise=0, centre=None
    )
    same = combine_effects(data["change"].to_numpy(), data["error"].to_numpy() ** 2, method_re="dl")
    assert found.tau2 == pytest.approx(same.tau2)
    assert found.estimate == pytest.approx(same.mean_effect_re)
    assert "DerSimonian" in found.method and "rättad" not in found.method


@pytest.mark.parametrize(
    ("columns", "tau", "factor"),
    [
        ({"standard_error": "error"}, 0.0, 1.0),
        ({"standard_error": "error"}, 0.0, 2.0),
        ({"standard_error": "error", "dispersion": ADDITIVE}, 0.5, 1.0),
        ({"size": "insured"}, 0.0, 1.0),
    ],
)
@pytest.mark.parametrize("runs", [50, pytest.param(150, marks=pytest.mark.long)])
def test_chance_puts_as_many_outside_as_the_sentence_says(columns, tau, factor, runs):
    found = [
        funnel_of_changes(made(seed=seed, tau=tau, factor=factor), **columns).outside(0.95)
        for seed in range(runs)
    ]
    assert 1.6 < np.mean(found) < 2.9  # 2,45 of 49


def test_without_correction_twice_as_many_lie_outside():
    found = [
        funnel_of_changes(made(seed=seed), size="insured", correct_winsorising=False).outside(0.95)
        for seed in range(50)
    ]
    assert np.mean(found) > 4


def test_p_values_follow_the_limits_and_their_number():
    data = made(factor=1.5)
    data.loc[3, "change"] = 9.0
    found = funnel_of_changes(data, standard_error="error")
    wide = (found.table["high95"] - found.estimate) / 1.959963984540054
    p = 2 * stats.norm.sf((data["change"] - found.estimate).abs() / wide)
    assert found.table["p_adjusted"].tolist() == pytest.approx(stats.false_discovery_control(p))
    assert (found.table["p_adjusted"] >= p - 1e-12).all()
    assert list(found.table.columns) == [
        "area",
        "size",
        "change",
        "low95",
        "high95",
        "low998",
        "high998",
        "label",
        "p_adjusted",
    ]


def test_sizes_alone_give_the_same_funnel_as_errors_of_that_shape():
    data = made(factor=3)
    by_size = funnel_of_changes(data, size="insured")
    by_error = funnel_of_changes(data, standard_error="error", size="insured")
    assert by_size.tau2 is None and by_error.phi > 1
    pd.testing.assert_frame_equal(by_size.table, by_error.table)


@fewer
@given(seed=st.integers(0, 999), data=st.data())
def test_neither_order_nor_names_matter(seed, data):
    frame = made(20, seed=seed, tau=0.5)
    order = data.draw(st.permutations(range(20)))
    whole = funnel_of_changes(frame, standard_error="error").table.drop(columns="area")
    moved = frame.iloc[order].rename(columns={"area": "kommun", "change": "ändring"})
    moved["kommun"] = [f"ny {i}" for i in range(20)]
    other = funnel_of_changes(
        moved, area="kommun", change="ändring", standard_error="error"
    ).table.drop(columns="area")
    pd.testing.assert_frame_equal(other, whole.iloc[order].reset_index(drop=True))


@given(seed=st.integers(0, 999))
@fewer
def test_limits_hold_the_centre_and_widen_as_areas_shrink(seed):
    for dispersion in ("multiplicative", ADDITIVE):
        found = funnel_of_changes(
            made(15, seed=seed, tau=1),
            standard_error="error",
            size="insured",
            dispersion=dispersion,
        )
        table = found.table.sort_values("size")
        assert (table["low998"] < table["low95"]).all() and (table["low95"] < found.estimate).all()
        assert (table["high95"] > found.estimate).all()
        assert table["high95"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("frame", "options", "because"),
    [
        (made(9), {"standard_error": "error"}, "färre än 10 områden"),
        (made(), {}, "varken medelfel eller storlek"),
        (made(), {"size": "insured", "dispersion": ADDITIVE}, "additiv spridning kräver medelfel"),
        (made(), {"standard_error": "error", "dispersion": "x"}, "metoden 'x' inte finns"),
        (made(), {"standard_error": "error", "winsorise": 0.5}, "inte ligger under en halv"),
        (made(), {"size": "insured", "centre": np.nan}, "talet för mittlinjen saknas"),
        (made(), {"standard_error": "fel"}, "kolumnen 'fel' saknas"),
        (made().assign(change=-5.1), {"standard_error": "error"}, "alla områden har samma ändring"),
        (made().assign(change=0), {"size": "insured"}, "alla områden har samma ändring"),
        (even([0.0] * 29 + [1.0], insured=1), {"size": "insured", "centre": 0.0}, "nästan alla"),
        (made().assign(error=0), {"standard_error": "error"}, "'error' är noll eller negativt"),
        (made().assign(insured=-1), {"size": "insured"}, "'insured' är noll eller negativt"),
        (made().assign(change=np.nan), {"size": "insured"}, "saknas eller är dolt för area 'k0'"),
        (made().assign(area="k"), {"size": "insured"}, "area 'k' står på två rader"),
    ],
)
def test_bad_changes_have_no_funnel(frame, options, because):
    with pytest.raises(NotComputable) as found:
        funnel_of_changes(frame, **options)
    assert because in found.value.because


def test_the_sentence_of_49_municipalities():
    data = made(factor=2)
    data.loc[3, "change"] = 30.0
    found = funnel_of_changes(data, standard_error="error", areas="kommuner", unit="dagar")
    assert plain(found) == (
        "Av 49 kommuner väntar man sig 2 till 3 utanför 95-procentsgränsen av ren slump; här är det "
        f"{found.outside(0.95)}. Utanför 99,8-procentsgränsen ligger 1. Gränserna ligger kring en ändring "
        "på −5,0 dagar. "
        "Sammantaget är skillnaderna större än slumpen ger, och gränserna är därför 1,73 gånger så "
        "breda."
    )
    assert (found.expected_outside(0.95), found.expected_outside(0.998)) == (2.45, 0.098)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(10, "högst 1"), (20, "omkring 1"), (21, "1 till 2"), (40, "omkring 2"), (290, "14 till 15")],
)
def test_how_many_are_expected_in_words(n, expected):
    found = funnel_of_changes(
        made(n), size="insured", unit="dagar", areas="kommuner", levels=[0.95]
    )
    assert plain(found).startswith(
        f"Av {n} kommuner väntar man sig {expected} utanför 95-procentsgränsen av ren slump; här är "
    )
    assert "99,8" not in plain(found)


def test_none_outside_is_said():
    found = funnel_of_changes(even([-0.1, 0.1] * 5), standard_error="error", areas="kommuner")
    assert plain(found) == (
        "Av 10 kommuner väntar man sig högst 1 utanför 95-procentsgränsen av ren slump; här är det "
        "inga. Utanför 99,8-procentsgränsen ligger inga kommuner. Gränserna ligger kring en ändring på 0,0. "
        "Sammantaget är "
        "skillnaderna inte märkbart större än slumpen ger."
    )


def test_the_other_ways_of_widening_are_said():
    added = funnel_of_changes(
        made(tau=2), standard_error="error", dispersion=ADDITIVE, unit="dagar", areas="kommuner"
    )
    assert "vidgade med en spridning mellan kommuner på " in plain(added)
    sized = funnel_of_changes(made(), size="insured", areas="kommuner", source="demo", about="x")
    assert plain(sized).endswith(
        "Gränserna är räknade ur hur mycket kommuner av olika storlek själva skiljer sig åt."
    )
    assert all(f.synthetic and f.id.endswith("|x") for f in sized.sentence().facts())


@pytest.mark.parametrize(
    ("options", "because"),
    [
        ({"centre": pd.NA}, "talet för mittlinjen saknas"),
        ({"centre": "-5"}, "talet för mittlinjen är text"),
        ({"winsorise": None}, "andelen att dra in saknas"),
        ({"winsorise": np.float64(0.7)}, "andelen att dra in, 0,7, inte ligger"),
    ],
)
def test_an_option_that_is_no_number_has_no_funnel(options, because):
    with pytest.raises(NotComputable, match=because):
        funnel_of_changes(made(), size="insured", **options)


def test_one_level_may_be_one_number():
    found = funnel_of_changes(made(), size="insured", levels=0.9)
    assert found.levels == (0.9,)


NARROW = " För de största är gränserna snarare för snäva."


@pytest.mark.parametrize("runs", [50, pytest.param(150, marks=pytest.mark.long)])
def test_real_variation_puts_too_many_of_the_largest_outside(runs):
    found = [funnel_of_changes(made(seed=s, tau=0.5), size="insured") for s in range(runs)]
    shares = {}
    for name, low, high in (("largest", 0.8, 1.0), ("smallest", 0.0, 0.2)):
        tables = [f.table for f in found]
        shares[name] = np.mean(
            [
                (t["label"] != "Not significant")[
                    t["size"].between(*t["size"].quantile([low, high]))
                ].mean()
                for t in tables
            ]
        )
    assert 0.09 < shares["largest"] < 0.15 and shares["smallest"] < 0.05
    assert 0.2 < np.mean([NARROW in plain(f) for f in found]) < 0.45


@pytest.mark.parametrize("runs", [50, pytest.param(150, marks=pytest.mark.long)])
def test_limits_are_called_too_narrow_for_the_largest_only_where_it_shows(runs):
    by_chance = [
        NARROW in plain(funnel_of_changes(made(seed=s), size="insured")) for s in range(runs)
    ]
    assert np.mean(by_chance) < 0.1
    varied = made(tau=5.0)
    assert plain(funnel_of_changes(varied, size="insured")).endswith(
        f"själva skiljer sig åt.{NARROW}"
    )
    assert NARROW not in plain(funnel_of_changes(varied, standard_error="error"))
    assert not funnel_of_changes(varied.assign(insured=100), size="insured").narrow_for_large()
