"""An area minus the others, year by year."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from examples import fewer
from vgstats.facts.text import say
from vgstats.methods.other_areas import among_others
from vgstats.methods.result import NotComputable
from vgstats.methods.year_by_year import event_study

CAUSAL = re.compile(r"effekt|berod|ledde till|tack vare|orsak|\bnan\b", re.IGNORECASE)
YEARS = [2001, 2002, 2003, 2004, 2005]
VALUES = {
    "A": [10.0, 10.5, 10.0, 8.0, 5.0],
    "B": [8.5, 8.0, 8.0, 7.0, 7.0],
    "C": [8.5, 9.5, 9.0, 9.0, 8.0],
    "D": [12.25, 11.5, 12.0, 11.5, 11.5],
    "E": [10.75, 11.0, 11.0, 11.0, 9.5],
    "F": [10.0, 10.0, 10.0, 10.0, 10.5],
}


def tidy(values=VALUES, years=YEARS):
    return pd.DataFrame(
        [
            {"area": area, "period": year, "value": value}
            for area, row in values.items()
            for year, value in zip(years, row, strict=True)
        ]
    )


def study(table=None, **options):
    asked = {"treated": "A", "base": 2003, "unit": "dagar"} | options
    return event_study(tidy() if table is None else table, **asked)


def noise(seed, areas=8, years=9):
    rng = np.random.default_rng(seed)
    values = 40 + rng.normal(size=(areas, 1)) * 3 + rng.normal(size=(areas, years)).round(2)
    return tidy(
        {f"L{i}": row.tolist() for i, row in enumerate(values)}, list(range(2000, 2000 + years))
    )


def test_a_small_case_by_hand():
    # 2005: A changed by -5; the others by -1, -1, -0.5, -1.5, +0.5: mean -0.7, s 0.75829.
    found = study()
    assert found.estimate == pytest.approx(-4.3)
    half = 2.7764451 * 0.7582875 * (1 + 1 / 5) ** 0.5
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (-4.3 - half, -4.3 + half), abs=1e-6
    )
    assert (found.interval.low, found.interval.high) == pytest.approx((-6.6063, -1.9937), abs=1e-4)
    assert found.n == 5
    table = found.to_frame()
    assert table["side"].tolist() == ["före", "före", "bas", "efter", "efter"]
    assert table["others_mean"].tolist() == pytest.approx([10.0, 10.0, 10.0, 9.7, 9.3])
    assert table["difference"].tolist() == pytest.approx([0.0, 0.5, 0.0, -1.7, -4.3])
    assert table["change"].tolist() == pytest.approx([0.0, 0.5, 0.0, -1.7, -4.3])
    assert (table["low"][2], table["high"][2]) == (0.0, 0.0)


def test_the_sentence_of_the_small_case():
    text = str(study().sentence())
    assert text == (
        "2003 låg A på samma nivå som de 5 andra områdenas medelvärde. Till 2005 ändrades avståndet "
        "med −4,3 dagar (minus är nedåt). Vanlig variation mellan områden är då −2,3 till +2,3 dagar, "
        "så ändringen ligger utanför. Från 2001 till 2003, alltså före, ändrades avståndet till de andra med 0,0 "
        "dagar, vilket är innanför vanlig variation. Åren före visas i figuren; de är för få för att prövas."
    )


def drifting(first):
    """The small case with A lower by `first` in the first year."""
    return tidy(VALUES | {"A": [VALUES["A"][0] + first, *VALUES["A"][1:]]})


def test_a_drift_before_is_said():
    text = str(study(table=drifting(-4.0)).sentence())
    assert (
        "Från 2001 till 2003, alltså före, ändrades avståndet till de andra med +4,0 dagar, också det utanför"
        in text
    )
    assert "Avståndet rörde sig alltså redan före 2003: av de 2 åren före ligger 1 utanför." in text
    assert "rörde sig alltså" not in str(study(table=drifting(0.0)).sentence())


def test_years_after_that_differ_are_counted():
    # A changed by -1.7 to 2004, where +-3.0 is usual, and by -4.3 to 2005, where +-2.3 is.
    values = VALUES | {"B": [8.5, 8.0, 8.0, 5.0, 7.0]}
    found = study(tidy(values))
    assert [found.table["usual_high"][i] > abs(found.table["change"][i]) for i in (3, 4)] == [1, 0]
    assert "Av de 2 åren efter ligger 1 utanför." in str(found.sentence())
    assert "åren efter" not in str(study().sentence())


def test_usual_variation_is_the_interval_around_no_change():
    found = study()
    half = 2.7764451 * 0.7582875 * (1 + 1 / 5) ** 0.5
    assert (found.usual.low, found.usual.high) == pytest.approx((-half, half), abs=1e-6)
    table = found.to_frame()
    assert (table["usual_low"] + table["change"]).tolist() == pytest.approx(table["low"].tolist())
    assert (table["usual_high"] + table["change"]).tolist() == pytest.approx(table["high"].tolist())
    assert table["level"].eq(0.95).all()


def test_a_change_as_large_as_usual_variation_in_print_is_on_the_edge():
    found = study(decimals=0, base=2003, last=2004, table=tidy(VALUES | {"B": [8.5, 8, 8, 6.5, 7]}))
    low, own = found.usual.low, found.estimate
    assert round(low) == round(own) == -2
    assert "Vanlig variation mellan områden är då −2 till +2 dagar" in str(found.sentence())
    assert "så ändringen ligger precis på gränsen." in str(found.sentence())


def test_the_sentence_calls_the_areas_what_they_are(shared):
    table = pd.read_csv(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    names = {"area": "lan", "period": "ar", "value": "varde", "leave_out": ["Riket"]}
    found = event_study(
        table.loc[table["matt"] == "ohalsotal"],
        treated="Västra Götalands län",
        base=2018,
        last=2022,
        unit="dagar",
        kind="län",
        **names,
    )
    assert str(found.sentence()) == (
        "2018 låg Västra Götalands län 0,8 dagar över de 20 andra länens medelvärde. Till 2022 "
        "ändrades avståndet med −0,1 dagar (minus är nedåt). Vanlig variation mellan län är då −1,5 "
        "till +1,5 dagar, så ändringen ligger innanför. Från 2011 till 2018, alltså före, ändrades "
        "avståndet till de andra med +0,8 dagar, också det innanför vanlig variation. Åren före visas i figuren; de "
        "prövas inte."
    )
    text = str(study(kind="kommuner").sentence())
    assert "de 5 andra kommunernas medelvärde" in text and "variation mellan kommuner" in text


def test_more_than_five_years_before_are_not_called_few():
    few = "de är för få för att prövas"
    assert few in str(study(noise(1), treated="L0", base=2005).sentence())
    text = str(study(noise(1), treated="L0", base=2006).sentence())
    assert few not in text and "Åren före visas i figuren; de prövas inte." in text


@fewer
@given(st.integers(0, 10_000))
def test_the_interval_is_that_of_one_area_set_apart_in_a_regression(seed):
    table = noise(seed)
    found = study(table, treated="L3", base=2004, last=2007)
    wide = table.pivot(index="area", columns="period", values="value")
    own = pd.Series(wide.index == "L3", index=wide.index).astype(float)
    fitted = sm.OLS(wide[2007] - wide[2004], sm.add_constant(own.to_numpy())).fit()
    assert found.estimate == pytest.approx(fitted.params.iloc[1])
    assert (found.interval.low, found.interval.high) == pytest.approx(
        tuple(fitted.conf_int().iloc[1])
    )


@fewer
@given(st.integers(0, 10_000), st.floats(-5, 5))
def test_what_happens_to_all_areas_in_a_year_changes_nothing(seed, shock):
    table = noise(seed)
    shaken = table.assign(value=table["value"] + shock * (table["period"] - 2000) ** 2)
    one = study(table, treated="L0", base=2004)
    other = study(shaken.sample(frac=1, random_state=seed), treated="L0", base=2004)
    for column in ("change", "low", "high", "difference"):
        assert other.to_frame()[column].tolist() == pytest.approx(
            one.to_frame()[column].tolist(), abs=1e-6
        )


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_the_words_follow_the_printed_interval(seed, decimals):
    found = study(noise(seed), treated="L1", base=2004, decimals=decimals)
    text = found.sentence()
    facts = {fact.id.split("|")[0]: float(fact.printed()) for fact in text.facts()}
    own, low, high = (
        facts[name]
        for name in ("ändrat avstånd", "vanlig variation lägst", "vanlig variation högst")
    )
    assert low == -high
    verdict = (
        "innanför" if low < own < high else "precis på gränsen" if own in (low, high) else "utanför"
    )
    assert f"så ändringen ligger {verdict}." in str(text)
    shown = ("(minus är nedåt)" in str(text), "(plus är uppåt)" in str(text))
    assert shown == (own < 0, own > 0)
    assert not CAUSAL.search(str(text) + found.method)


@pytest.mark.parametrize(
    ("runs", "least", "most"), [(60, 1, 7), pytest.param(200, 3, 19, marks=pytest.mark.long)]
)
def test_with_no_change_one_in_twenty_lies_outside(runs, least, most):
    outside = 0
    for seed in range(runs):
        ends = study(noise(seed), treated="L0", base=2004).interval
        outside += not ends.low <= 0 <= ends.high
    assert least <= outside <= most


# About the insured of the 21 counties, in thousands: the largest first, Gotland last.
THOUSANDS = [1150, 870, 680, 250, 230, 200, 160, 160, 160, 150, 150, 150, 140, 140, 130, 130, 110,
             100, 85, 75, 33]  # fmt: skip
SIZES = {f"L{i}": 1000 * thousand for i, thousand in enumerate(THOUSANDS)}


def counties(seed, *, by_size):
    """Four years in 21 counties that only noise tells apart."""
    rng = np.random.default_rng(seed)
    spread = (np.array(THOUSANDS) / 150) ** -0.5 if by_size else np.ones(21)
    values = 40 + spread * rng.normal(size=(4, 21))
    return pd.DataFrame(
        {
            "area": np.tile(list(SIZES), 4),
            "period": np.repeat([2001, 2002, 2003, 2004], 21),
            "value": values.ravel(),
        }
    )


def share_outside(treated, *, by_size, sizes, runs):
    outside = 0
    for seed in range(runs):
        found = study(counties(seed, by_size=by_size), treated=treated, sizes=sizes)
        outside += not found.interval.holds(0)
    return outside / runs


@pytest.mark.parametrize("runs", [60, pytest.param(200, marks=pytest.mark.long)])
def test_a_small_county_is_not_pointed_out_for_being_small(runs):
    assert share_outside("L20", by_size=True, sizes=None, runs=runs) > 0.25
    assert share_outside("L20", by_size=True, sizes=SIZES, runs=runs) < 0.15
    assert share_outside("L0", by_size=True, sizes=SIZES, runs=runs) < 0.10


@pytest.mark.parametrize(
    ("treated", "runs"),
    [
        ("L20", 60),
        *(pytest.param(one, 200, marks=pytest.mark.long) for one in ("L20", "L0", "L10")),
    ],
)
def test_sizes_do_no_harm_when_all_counties_vary_alike(treated, runs):
    assert share_outside(treated, by_size=False, sizes=SIZES, runs=runs) <= 0.09


def test_the_limits_by_size_are_those_of_among_others():
    table = counties(3, by_size=True)
    wide = table.pivot(index="period", columns="area", values="value")
    found = study(table, treated="L20", sizes=pd.Series(SIZES))
    for year in (2001, 2002, 2004):
        row = found.to_frame().set_index("period").loc[year]
        frame = pd.DataFrame({"change": wide.loc[year] - wide.loc[2003], "size": pd.Series(SIZES)})
        one = among_others(frame.rename_axis("area").reset_index(), "L20", size="size")
        assert row["change"] == pytest.approx(one.estimate)
        assert (row["low"], row["high"]) == pytest.approx((one.interval.low, one.interval.high))
        assert row["share_of_size"] == one.share_of_size
    assert row["share_of_size"] > 0
    said = "I de andra områdenas ändring väger stora områden tyngre än små."
    assert said in str(found.sentence())
    assert said not in str(study(table, treated="L20").sentence())
    assert "efter storlek" in found.method and "efter storlek" not in study().method


@fewer
@given(st.integers(0, 10_000), st.sampled_from(["L0", "L10", "L20"]))
def test_with_sizes_the_numbers_hang_together(seed, treated):
    found = study(counties(seed, by_size=True), treated=treated, sizes=SIZES)
    table = found.to_frame()
    base = table.loc[table["side"] == "bas"].iloc[0]
    gap = table["area_value"] - table["others_mean"]
    assert table["difference"].tolist() == pytest.approx(gap.tolist())
    assert table["change"].tolist() == pytest.approx((gap - base["difference"]).tolist())
    assert (table["usual_high"] + table["change"]).tolist() == pytest.approx(table["high"].tolist())
    assert (table["usual_low"] == -table["usual_high"]).all()
    assert (base["low"], base["high"], base["share_of_size"]) == (0.0, 0.0, 0.0)
    own = ["change", "low", "high"]
    larger = study(
        counties(seed, by_size=True), treated=treated, sizes={a: 7 * n for a, n in SIZES.items()}
    ).to_frame()
    assert np.allclose(larger[own], table[own])


def test_equal_sizes_are_as_no_sizes():
    plain, sized = study(), study(sizes=dict.fromkeys("ABCDEF", 7.0))
    columns = ["others_mean", "change", "low", "high", "usual_high"]
    assert np.allclose(plain.to_frame()[columns], sized.to_frame()[columns])


WHY = say("Gränserna skrivs inte ut för {area}.", area="A")


def test_limits_that_are_withheld_are_not_said():
    found = study().without_limits(WHY)
    assert (found.interval, found.usual, found.withheld) == (None, None, WHY)
    assert found.estimate == study().estimate
    assert str(found.sentence()) == (
        "2003 låg A på samma nivå som de 5 andra områdenas medelvärde. Till 2005 ändrades avståndet "
        "med −4,3 dagar (minus är nedåt). Gränserna skrivs inte ut för A."
    )
    table = found.to_frame()
    hidden = ["low", "high", "usual_low", "usual_high", "level"]
    assert table[hidden].isna().all().all()
    assert table["change"].tolist() == study().to_frame()["change"].tolist()
    assert study().withheld is None and study().to_frame()[hidden].notna().all().all()


@pytest.mark.parametrize("treated", [0, "0"])
def test_areas_may_be_numbered(treated):
    table = noise(2).assign(area=lambda t: t["area"].str[1:].astype(int))
    sizes = {i: 100.0 + i for i in range(8)}
    found = study(table, treated=treated, sizes=sizes)
    named = study(noise(2), treated="L0", sizes={f"L{i}": size for i, size in sizes.items()})
    assert found.estimate == pytest.approx(named.estimate)
    assert found.interval.low == pytest.approx(named.interval.low) and found.area == "0"


def test_months_and_other_column_names_are_read():
    table = tidy().assign(period=lambda t: t["period"].astype(str) + "-12")
    table = table.rename(columns={"area": "lan", "period": "när", "value": "tal"})
    found = event_study(
        table, treated="A", base="2003-12", last="2004-12", area="lan", period="när", value="tal"
    )
    assert found.estimate == pytest.approx(-1.7)
    assert str(found.sentence()).startswith("I december 2003 låg A på samma nivå som ")
    assert "Till december 2004 ändrades" in str(found.sentence())
    assert (found.base, found.last) == ("2003-12", "2004-12")


def test_areas_are_left_out_by_name():
    more = {"Riket": [10.0] * 5} | VALUES
    with pytest.raises(NotComputable, match=r"olika nivå .*riket \(Riket\)"):
        study(tidy(more))
    assert study(tidy(more), leave_out=["Riket"]).estimate == pytest.approx(-4.3)


@pytest.mark.parametrize("measure", ["ohalsotal", "sjukpenningtal_1_0"])
def test_every_county_2011_to_2025(shared, measure):
    table = pd.read_csv(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    table = table.loc[(table["matt"] == measure) & (table["lan"] != "Riket")]
    names = {"area": "lan", "period": "ar", "value": "varde"}
    found = {
        lan: event_study(table, treated=lan, base=2015, unit="dagar", **names)
        for lan in sorted(table["lan"].unique())
    }
    assert len(found) == 21
    assert sum(one.estimate for one in found.values()) == pytest.approx(0, abs=1e-9)
    assert all(one.n == 20 and len(one.table) == 15 for one in found.values())
    assert sum(not one.interval.holds(0) for one in found.values()) <= 3
    assert all(not CAUSAL.search(str(one.sentence())) for one in found.values())


def test_vastra_gotaland_2015_to_2025(shared):
    table = pd.read_csv(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    table = table.loc[table["matt"] == "ohalsotal"]
    found = event_study(
        table,
        treated="Västra Götalands län",
        base=2015,
        area="lan",
        period="ar",
        value="varde",
        leave_out=["Riket"],
        unit="dagar",
    )
    wide = table.pivot(index="lan", columns="ar", values="varde").drop(index="Riket")
    change = wide[2025] - wide[2015]
    own = change.pop("Västra Götalands län")
    assert found.estimate == pytest.approx(own - change.mean())
    assert "så ändringen ligger innanför." in str(found.sentence())


@pytest.mark.parametrize(
    ("table", "options", "because"),
    [
        (tidy(), {"treated": "Z"}, "inte finns några värden för Z"),
        (tidy(), {"base": 2010}, "året 2010 inte finns i serien (2001–2005)"),
        (tidy(), {"last": 2006}, "året 2006 inte finns i serien"),
        (tidy(), {"last": 2003}, "sista året 2003 inte ligger efter basåret 2003"),
        (tidy(), {"last": 2001}, "inte ligger efter basåret"),
        (tidy(), {"base": 2005}, "inte ligger efter basåret"),
        (tidy(), {"base": 2002}, "det finns 1 år före 2002; det behövs 2"),
        (tidy(), {"fewest_others": 6}, "det finns 5 andra områden än A; det behövs 6"),
        (tidy(), {"leave_out": "F"}, "det finns 4 andra områden än A"),
        (
            tidy({area: VALUES[area] for area in "AB"}),
            {"fewest_others": 1},
            "det finns 1 andra områden än A; det behövs 5",
        ),
        (tidy(), {"base": 2001, "fewest_before": 0}, "det finns 0 år före 2001; det behövs 1"),
        (tidy(), {"sizes": dict.fromkeys("ABCDE", 1.0)}, "storleken saknas för F"),
        (
            tidy(),
            {"sizes": dict.fromkeys("ABCDEF", 0)},
            "storleken för A är 0; den ska vara större",
        ),
        (tidy(), {"sizes": dict.fromkeys("ABCDEF")}, "storleken för A saknas eller är dolt"),
        (
            tidy(),
            {"sizes": dict.fromkeys("ABCDEF", 1.0) | {1: 2.0, "1": 3.0}},
            "ett område står två gånger bland storlekarna",
        ),
        (tidy(), {"leave_out": ["F"]}, "det finns 4 andra områden än A"),
        (tidy(), {"value": "tal"}, "kolumnen 'tal' saknas"),
        (tidy(), {"level": 95}, "nivån 95"),
        (tidy().drop(index=7), {}, "värdet för B 2003 saknas"),
        (tidy().assign(value=tidy()["value"].mask(tidy().index == 7)), {}, "area 'B', period 2003"),
        (
            tidy().assign(value=tidy()["value"].astype(object).mask(tidy().index == 7, "..")),
            {},
            "dolt",
        ),
        (pd.concat([tidy(), tidy().iloc[[3]]]), {}, "area 'A', period 2004 står på två rader"),
        (tidy(years=[2001, 2002, 2003, 2005, 2006]), {}, "inte är obruten"),
        (tidy(years=[1, 2, 3, 4, 5]), {"base": 3}, "inte går att läsa som år"),
        (
            tidy(years=[f"2003-0{m}" for m in range(1, 6)]),
            {"base": "2003-03"},
            "ett värde per år, men 2003-01 och 2003-02",
        ),
        (tidy().assign(value=40.0), {}, "precis lika mycket"),
        (tidy().iloc[:0], {}, "några värden för A"),
    ],
)
def test_what_cannot_be_computed_says_why(table, options, because):
    with pytest.raises(NotComputable, match=re.escape(because)):
        study(table, **options)
