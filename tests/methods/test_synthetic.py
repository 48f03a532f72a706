"""A weighted mean of other areas, and how an area departs from it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import fewer
from vgstats.methods.result import NotComputable
from vgstats.methods.synthetic import simplex_weights, synthetic_control

BANNED = re.compile(r"effekt|berod|ledde till|tack vare|orsak|\bnan\b|\binf\b", re.IGNORECASE)
YEARS = list(range(2000, 2012))


def tidy(wide):
    long = wide.rename_axis(index="period", columns="area").stack().rename("value")
    return long.reset_index()


def noise(seed, areas=8):
    rng = np.random.default_rng(seed)
    level = 40 + 3 * rng.normal(size=areas)
    values = level + rng.normal(size=(len(YEARS), areas)).cumsum(axis=0)
    return pd.DataFrame(values, index=YEARS, columns=[f"L{i}" for i in range(areas)])


def mixed(seed=5, gap=0.0):
    """Eight areas, of which L0 is 0.6 L1 + 0.4 L2, and `gap` more from 2008 on."""
    wide = noise(seed)
    wide["L0"] = 0.6 * wide["L1"] + 0.4 * wide["L2"]
    wide.loc[2008:, "L0"] += gap
    return wide


def control(wide=None, **options):
    asked = {"treated": "L0", "start": 2008, "unit": "dagar"} | options
    return synthetic_control(tidy(noise(1) if wide is None else wide), **asked)


def squares(before, treated, weights):
    return float(((before[treated] - before[weights.index] @ weights) ** 2).sum())


@fewer
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(3, 12))
def test_no_mix_tried_is_closer_before(seed, areas, years):
    before = noise(seed, areas).iloc[:years]
    weights = simplex_weights(before, "L0")
    assert (weights >= 0).all() and weights.sum() == pytest.approx(1)
    best = squares(before, "L0", weights) - 1e-6
    assert best <= squares(before, "L0", weights * 0 + 1 / len(weights))
    for donor in weights.index:
        assert best <= squares(before, "L0", (weights.index == donor) * 1.0 + weights * 0)
    rng = np.random.default_rng(seed)
    for mix in rng.dirichlet(np.ones(len(weights)), size=20):
        assert best <= squares(before, "L0", pd.Series(mix, index=weights.index))


@fewer
@given(st.integers(0, 10_000), st.floats(-1000, 1000), st.floats(0.01, 100))
def test_a_common_shift_and_another_unit_give_the_same_weights(seed, shift, factor):
    before = noise(seed).iloc[:8]
    weights = simplex_weights(before, "L0")
    assert simplex_weights(before * factor + shift, "L0").tolist() == pytest.approx(
        weights.tolist(), abs=1e-4
    )


@fewer
@given(st.integers(0, 10_000))
def test_the_order_of_rows_and_the_names_do_not_matter(seed):
    wide = noise(seed, areas=12)
    found = control(wide)
    table = tidy(wide).sample(frac=1, random_state=seed)
    names = dict(
        zip(wide.columns, np.random.default_rng(seed).permutation(wide.columns), strict=True)
    )
    table["area"] = table["area"].map(names)
    other = synthetic_control(table, treated=names["L0"], start=2008)
    assert other.estimate == pytest.approx(found.estimate, abs=1e-4)
    assert other.rank == found.rank
    renamed = found.weights.rename(index=names).sort_index()
    assert other.weights.sort_index().tolist() == pytest.approx(renamed.tolist(), abs=1e-4)


def test_a_mix_of_other_areas_is_found_again():
    weights = simplex_weights(mixed().loc[:2007], "L0")
    assert weights[["L1", "L2"]].tolist() == pytest.approx([0.6, 0.4], abs=1e-6)
    found = control(mixed(), resolution=0.1)
    assert found.estimate == pytest.approx(0, abs=1e-5)
    assert found.misfit == pytest.approx(0, abs=1e-5)
    text = str(found.sentence())
    assert "låg L0 i medeltal på samma nivå som den blandning av andra områden" in text
    assert "Avståndet är inte större än felet före." in text


def blend(gap, areas=8):
    """Areas of which L0 is 0.3 L1 + 0.5 L2 + 0.2 L3 without noise, and `gap` more from 2008 on."""
    wide = noise(11, areas=areas)
    wide["L0"] = 0.3 * wide["L1"] + 0.5 * wide["L2"] + 0.2 * wide["L3"]
    wide.loc[2008:, "L0"] += gap
    return wide


@pytest.mark.parametrize("gap", [2.0, -0.3])
def test_an_exact_blend_needs_no_resolution_and_is_first_if_it_departs(gap):
    found = control(blend(gap))
    assert found.weights[["L1", "L2", "L3"]].tolist() == pytest.approx([0.3, 0.5, 0.2], abs=1e-5)
    assert found.estimate == pytest.approx(gap, abs=1e-4)
    assert found.exact and found.rank == 1
    assert found.placebos.set_index("area").loc["L0", "ratio"] == np.inf
    text = str(found.sentence())
    assert "(medelfel 0,00 dagar). Blandningen följer området exakt före 2008. Av 8 områden" in text
    assert not BANNED.search(text)
    rounded = control(blend(gap), resolution=0.1)
    assert rounded.exact and rounded.placebos["ratio"].max() < np.inf
    assert not control().exact and "exakt" not in str(control().sentence())


def test_an_exact_blend_that_stays_exact_does_not_depart():
    found = control(blend(0.0))
    assert found.exact and found.estimate == pytest.approx(0, abs=1e-4)
    own = found.placebos.set_index("area").loc["L0"]
    assert (own["ratio"], own["rank"], found.rank) == (0, 8, 8)
    assert "ligger innanför vanlig variation" in str(found.sentence())
    alike = synthetic_control(tidy(noise(1)).assign(value=40.0), treated="L0", start=2008)
    assert alike.rank == 8 and alike.estimate == 0


def test_areas_that_are_met_exactly_share_the_first_place():
    wide = blend(2.0)
    wide["L4"] = wide["L5"]
    wide.loc[2008:, "L4"] += 0.5
    found = control(wide)
    ranks = found.placebos.set_index("area")["rank"]
    assert found.rank == 3 and ranks[["L0", "L4", "L5"]].tolist() == [3, 3, 3]
    assert sorted(ranks)[3:] == [4, 5, 6, 7, 8]
    assert "avviker 2 minst lika mycket som L0" in str(found.sentence())


def test_what_counts_as_exact_is_no_matter_of_other_areas():
    plain = control(noise(4))
    wide = noise(4).assign(L7=lambda t: t["L7"] * 1e6)
    found = control(wide)
    without = control(noise(4).drop(columns="L7"))
    assert not found.placebos["exact"].any() and not plain.exact
    assert found.weights.drop("L7").tolist() == pytest.approx(without.weights.tolist(), abs=1e-4)
    assert found.misfit == pytest.approx(without.misfit, rel=1e-4)
    small = control(noise(4) * 1e-6)
    assert (small.rank, small.exact) == (plain.rank, False)


@pytest.mark.parametrize("treated", [0, "0"])
def test_areas_may_be_numbered(treated):
    table = tidy(noise(1)).assign(area=lambda t: t["area"].str[1:].astype(int))
    found = synthetic_control(table, treated=treated, start=2008)
    assert found.estimate == pytest.approx(control().estimate)
    assert (found.area, found.rank) == ("0", control().rank)


def test_two_donors_by_hand():
    # Least squares on w L1 + (1 - w) L2: the target lies a quarter from L2, and a bit off.
    before = pd.DataFrame({"T": [1.1, 0.9, 1.0, 1.0], "L1": [4.0] * 4, "L2": [0.0] * 4})
    weights = simplex_weights(before, "T")
    assert weights.tolist() == pytest.approx([0.25, 0.75], abs=1e-6)
    outside = before.assign(T=[5.0, 5.0, 5.0, 6.0])
    assert simplex_weights(outside, "T").tolist() == pytest.approx([1.0, 0.0], abs=1e-6)


def test_donors_that_are_alike_share_the_weight():
    before = pd.DataFrame({"T": [1.0, 2.0], "L1": [1.0, 2.0], "L2": [1.0, 2.0], "L3": [9.0, 9.0]})
    assert simplex_weights(before, "T").tolist() == pytest.approx([0.5, 0.5, 0.0], abs=1e-4)


def test_a_large_gap_is_first_of_all_and_a_small_one_is_not():
    wide = noise(3, areas=25)
    wide["L0"] = 0.5 * wide["L1"] + 0.5 * wide["L2"] + 0.05 * (-1.0) ** np.arange(len(YEARS))
    far = wide.copy()
    far.loc[2008:, "L0"] -= 50
    found = control(far, resolution=0.5)
    assert found.rank == 1 and found.rank_p == pytest.approx(0.04)
    text = str(found.sentence())
    assert "dagar under den blandning av andra områden" in text
    assert (
        "Av 25 områden avviker inga andra lika mycket som L0, mätt mot sitt eget fel före" in text
    )
    assert "områdets avvikelse ligger utanför vanlig variation" in text
    near = control(wide, resolution=0.5)
    assert near.rank > 1 and "områdets avvikelse ligger innanför vanlig variation" in str(
        near.sentence()
    )


def test_few_areas_can_show_nothing_however_large_the_gap():
    wide = noise(2)
    wide["L0"] = wide[["L1", "L2", "L3"]].mean(axis=1)
    wide.loc[2008:, "L0"] += 500
    found = control(wide, resolution=0.5)
    assert found.rank == 1 and found.smallest_p == 1 / 8
    text = str(found.sentence())
    assert (
        "områdets avvikelse ligger innanför vanlig variation. Så få områden kan inte visa" in text
    )
    assert "p-värde" not in text


def test_more_areas_than_years_before_are_said_to_fit_too_well():
    doubt = "följer blandningen lätt området närmare än den borde"
    assert doubt in str(control(noise(1, areas=12), resolution=0.5).sentence())
    assert doubt not in str(control(noise(1, areas=8)).sentence())


def test_ranks_are_those_of_the_ratio_after_to_before():
    found = control()
    table = found.placebos
    assert table["ratio"].tolist() == pytest.approx((table["after"] / table["misfit"]).tolist())
    assert sorted(table["rank"]) == list(range(1, 9))
    assert table.loc[table["ratio"].idxmax(), "rank"] == 1
    assert found.rank == table.set_index("area").loc["L0", "rank"]
    assert found.interval is None


@pytest.mark.parametrize(
    ("runs", "least", "most"), [(24, 1, 8), pytest.param(60, 2, 15, marks=pytest.mark.long)]
)
def test_every_area_is_equally_likely_to_be_first_when_nothing_happens(runs, least, most):
    first = [
        control(noise(seed), fewest_before=4, resolution=0.2).rank == 1 for seed in range(runs)
    ]
    assert least <= sum(first) <= most


@fewer
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 5.0]), st.integers(2, 20))
def test_a_rank_is_one_of_the_numbers_of_areas(seed, resolution, areas):
    found = control(noise(seed, areas).round(1), resolution=resolution, fewest_others=0)
    assert 1 <= found.rank <= found.n == areas
    assert 0 < found.rank_p <= 1


def test_the_frame_has_the_two_series():
    found = control(source="prov")
    table = found.to_frame()
    assert table.columns.tolist()[:5] == ["period", "area_value", "comparison", "gap", "side"]
    assert table[["n", "unit", "source"]].iloc[0].tolist() == [8, "dagar", "prov"]
    assert (table["area_value"] - table["comparison"]).tolist() == pytest.approx(
        table["gap"].tolist()
    )
    assert table["side"].tolist() == ["före"] * 8 + ["efter"] * 4
    assert found.estimate == pytest.approx(table["gap"].iloc[8:].mean())
    before = table["gap"].iloc[:8]
    assert found.misfit == pytest.approx(float((before**2).mean() ** 0.5))
    assert (found.n, found.unit, found.source) == (8, "dagar", "prov")
    assert "Abadie, Diamond och Hainmueller 2010" in found.method


@fewer
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_the_words_follow_the_printed_numbers(seed, decimals):
    found = control(noise(seed), decimals=decimals, resolution=0.1)
    text = found.sentence()
    facts = {fact.id.split("|")[0]: float(fact.printed()) for fact in text.facts()}
    gap = facts.get("avstånd efter", 0.0)
    side = "över" if gap > 0 else "under" if gap < 0 else "på samma nivå som"
    assert f"{side} den blandning av andra områden" in str(text)
    as_far = facts.get("avviker minst lika mycket", 0)
    assert as_far == found.rank - 1 and facts["områden"] == 8
    assert ("avviker inga andra lika mycket" in str(text)) == (found.rank == 1)
    assert not BANNED.search(str(text) + found.method)


def test_the_sentence_calls_the_areas_what_they_are(shared):
    table = pd.read_csv(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    names = {"area": "lan", "period": "ar", "value": "varde", "leave_out": ["Riket"]}
    found = synthetic_control(
        table.loc[table["matt"] == "ohalsotal"],
        treated="Västra Götalands län",
        start=2019,
        resolution=0.1,
        unit="dagar",
        kind="län",
        **names,
    )
    assert str(found.sentence()) == (
        "Från 2019 låg Västra Götalands län i medeltal 0,1 dagar under den blandning av andra län som "
        "följde länet bäst före 2019 (medelfel 0,08 dagar). Av 21 län avviker 8 minst lika mycket som "
        "Västra Götalands län, mätt mot sitt eget fel före; länets avvikelse ligger innanför vanlig "
        "variation. Med 8 år före och 20 andra län att välja bland följer blandningen lätt länet "
        "närmare än den borde. Avståndet är inte större än felet före."
    )
    text = str(control(kind="kommuner", resolution=0.1).sentence())
    assert "andra kommuner som följde kommunen bäst" in text and "Av 8 kommuner avviker" in text
    assert "kommunens avvikelse ligger" in text and "område" not in text


@pytest.mark.parametrize(
    "measure", ["ohalsotal", pytest.param("sjukpenningtal_1_0", marks=pytest.mark.long)]
)
def test_every_county_2011_to_2025(shared, measure):
    table = pd.read_csv(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    table = table.loc[table["matt"] == measure]
    names = {"area": "lan", "period": "ar", "value": "varde", "leave_out": ["Riket"]}
    counties = sorted(set(table["lan"]) - {"Riket"})
    found = {
        lan: synthetic_control(table, treated=lan, start=2019, resolution=0.1, **names)
        for lan in counties
    }
    assert len(found) == 21 and {one.n for one in found.values()} == {21}
    assert min(one.rank for one in found.values()) == 1
    assert all(one.weights.sum() == pytest.approx(1) for one in found.values())
    assert all(not BANNED.search(str(one.sentence())) for one in found.values())
    own = found["Västra Götalands län"]
    assert own.misfit < 0.5 and abs(own.estimate) < 3


@pytest.mark.parametrize(
    ("table", "options", "because"),
    [
        (tidy(noise(1)), {"treated": "Z"}, "inte finns några värden för Z"),
        (tidy(noise(1)), {"start": 2030}, "brytpunkten 2030 inte ligger i serien (2000–2011)"),
        (tidy(noise(1)), {"start": 2003}, "det finns 3 värden före 2003; det behövs 4"),
        (tidy(noise(1, areas=5)), {}, "det finns 4 andra områden än L0; det behövs 5"),
        (tidy(noise(1)).drop(index=9), {}, "värdet för L1 2001 saknas"),
        (
            tidy(noise(1)).assign(value=lambda t: t["value"].mask(t.index == 9)),
            {},
            "saknas eller är dolt för area 'L1', period 2001",
        ),
        (pd.concat([tidy(noise(1)), tidy(noise(1)).iloc[[3]]]), {}, "står på två rader"),
        (tidy(noise(1)), {"resolution": np.nan}, "avrundningen i resolution är nan"),
        (tidy(noise(1)), {"resolution": -0.1}, "avrundningen i resolution är -0.1"),
        (tidy(noise(1)), {"resolution": np.inf}, "avrundningen i resolution är inf"),
        (
            tidy(noise(1, areas=1)),
            {"fewest_others": 0},
            "det finns 0 andra områden än L0; det behövs 1",
        ),
        (
            tidy(noise(1)),
            {"fewest_before": 0, "start": 2000},
            "det finns 0 värden före 2000; det behövs 1",
        ),
        (tidy(noise(1)), {"leave_out": ["L9"]}, "L9, som ska lämnas utanför, inte finns"),
        (tidy(noise(1).rename(columns={"L3": "riket"})), {}, "olika nivå"),
        (tidy(noise(1).drop(index=2004)), {}, "inte är obruten"),
        (tidy(noise(1)), {"value": "tal"}, "kolumnen 'tal' saknas"),
    ],
)
def test_what_cannot_be_computed_says_why(table, options, because):
    with pytest.raises(NotComputable, match=re.escape(because)):
        synthetic_control(table, **{"treated": "L0", "start": 2008} | options)
