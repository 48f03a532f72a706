"""What part-areas give to the change of the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from splits import NO_SUM, no_nan, rates, weights

from vgstats.methods.part_areas import contributions
from vgstats.methods.result import NotComputable


def areas(rows):
    names = ["area", "weight_before", "weight_after", "rate_before", "rate_after"]
    return pd.DataFrame(rows, columns=names)


@st.composite
def counties(draw):
    rows = draw(st.lists(st.tuples(weights, weights, rates, rates), min_size=1, max_size=8))
    return areas([(f"k{i}", *row) for i, row in enumerate(rows)])


COUNTY = areas(
    [
        ("Skövde", 30, 30, 50.0, 46.0),
        ("Göteborg", 300, 310, 40.0, 35.0),
        ("Ale", 20, 20, 44.0, 45.0),
        ("Borås", 60, 60, 45.0, 38.0),
        ("Mölndal", 40, 41, 38.0, 35.0),
    ]
)


def test_a_county_of_two_by_hand():
    found = contributions(areas([("A", 1, 1, 10, 8), ("B", 1, 3, 20, 20)]))
    whole = (15 + (8 + 3 * 20) / 4) / 2
    table = found.to_frame().set_index("area")
    assert table.loc["A", "composition"] == pytest.approx(-0.25 * (9 - whole))
    assert table.loc["A", "rates"] == pytest.approx(-2 * 0.375)
    assert table.loc["B", "composition"] == pytest.approx(0.25 * (20 - whole))
    assert table.loc["B", "rates"] == 0
    assert table["contribution"].sum() == pytest.approx(found.estimate) == pytest.approx(2)
    assert (found.n, found.interval) == (2, None)


def test_an_area_with_the_rate_of_the_whole_gives_nothing_by_growing():
    found = contributions(areas([("A", 1, 1, 10, 10), ("B", 1, 1, 20, 20), ("C", 1, 8, 15, 15)]))
    table = found.to_frame().set_index("area")
    assert table.loc["C", "contribution"] == pytest.approx(0)


def test_a_smaller_share_of_high_rates_counts_as_a_fall():
    table = contributions(areas([("A", 1, 2, 10, 10), ("B", 1, 1, 20, 20)])).to_frame()
    assert (table["contribution"] < 0).all()


def test_the_largest_in_the_direction_of_the_whole_come_first():
    fell = contributions(COUNTY).to_frame()
    assert fell["area"].tolist() == ["Göteborg", "Borås", "Skövde", "Mölndal", "Ale"]
    ends = {"rate_before": "rate_after", "rate_after": "rate_before"}
    turned = {**ends, "weight_before": "weight_after", "weight_after": "weight_before"}
    rose = contributions(COUNTY.rename(columns=turned)).to_frame()
    assert rose["area"].tolist() == fell["area"].tolist()
    assert rose["contribution"].tolist() == pytest.approx((-fell["contribution"]).tolist())


def test_the_county_in_words():
    found = contributions(COUNTY, unit="dagar", decimals=2)
    assert found.sentence().plain() == (
        "Ändringen för helheten är −4,79 dagar, räknemässigt −3,36 dagar från Göteborg, −0,93 dagar "
        "från Borås, −0,28 dagar från Skövde och −0,23 dagar från övriga områden tillsammans. Delarna "
        "är avrundade var för sig och ger därför inte exakt summan. 4 av 5 områden drar åt samma håll "
        "som helheten. Ett bidrag visar både hur talet ändrades och hur stort området är."
    )


def test_no_area_is_named_for_drawing_the_other_way():
    county = areas([("A", 1, 1, 10, 5), ("B", 1, 1, 10, 11), ("C", 1, 1, 10, 11)])
    text = contributions(county, unit="dagar").sentence().plain()
    assert "−1,7 dagar från A och +0,7 dagar från övriga områden tillsammans." in text
    assert "1 av 3 områden" in text


def test_a_single_other_area_goes_by_its_name():
    county = areas([(name, 1, 1, 10, 10 - i) for i, name in enumerate("ABCD", start=1)])
    text = contributions(county, unit="dagar").sentence().plain()
    assert "från D, −0,8 dagar från C, −0,5 dagar från B och −0,3 dagar från A." in text
    assert "övriga" not in text


def test_many_small_contributions_stand_together():
    county = areas([(f"k{i}", 1, 1, 10, 9.9) for i in range(10)])
    text = contributions(county, unit="dagar").sentence().plain()
    assert "Ändringen för helheten är −0,1 dagar, räknemässigt −0,1 dagar från områdena" in text


def test_a_whole_that_did_not_move():
    still = areas([("A", 1, 1, 10, 10), ("B", 1, 1, 20, 20)])
    assert contributions(still).sentence().plain() == (
        "Varken helheten eller områdena har ändrats så att det syns."
    )
    against = areas([("A", 1, 1, 10, 12), ("B", 1, 1, 20, 18), ("C", 1, 1, 5, 5)])
    assert contributions(against, unit="dagar").sentence().plain() == (
        "Helheten är oförändrad: områdenas bidrag tar räknemässigt ut varandra. Störst åt vart sitt "
        "håll är −0,7 dagar från B och +0,7 dagar från A."
    )


def test_any_column_names_and_one_weight_for_both_times():
    named = COUNTY.rename(columns={"area": "kommun", "rate_before": "2005", "rate_after": "2008"})
    names = {"area": "kommun", "rate_before": "2005", "rate_after": "2008"}
    found = contributions(named, weight_after="weight_before", **names)
    assert found.to_frame()["composition"].abs().max() == 0
    assert found.to_frame().columns[0] == "kommun"


@given(counties())
def test_contributions_are_the_change_of_the_whole(county):
    found = contributions(county)
    change = np.average(county["rate_after"], weights=county["weight_after"]) - np.average(
        county["rate_before"], weights=county["weight_before"]
    )
    table = found.to_frame()
    assert found.estimate == pytest.approx(change, abs=1e-9)
    assert table["contribution"].sum() == pytest.approx(change, abs=1e-9)
    assert table["composition"].sum() + table["rates"].sum() == pytest.approx(change, abs=1e-9)
    assert no_nan(found.sentence().plain())


@given(counties())
def test_printed_parts_add_up_or_the_sentence_says_so(county):
    found = contributions(county)
    text = found.sentence()
    if "Skillnaden" not in text.plain():
        return
    total, *parts = (
        fact.printed() for fact in text.facts() if fact.id.startswith(("skillnad|", "del|"))
    )
    assert (sum(parts) == total) == (NO_SUM not in text.plain())


@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(county, random):
    order = list(range(len(county)))
    random.shuffle(order)
    first = contributions(county).to_frame().set_index("area")
    again = contributions(county.iloc[order]).to_frame().set_index("area")
    pd.testing.assert_frame_equal(again.loc[first.index], first, atol=1e-9)
    renamed = contributions(county.assign(area="x" + county["area"])).to_frame()
    assert renamed["contribution"].tolist() == pytest.approx(first["contribution"].tolist())


@given(counties())
def test_joining_nothing_but_sizes_by_one_number_changes_nothing(county):
    larger = county.assign(weight_after=county["weight_after"] * 7)
    assert contributions(larger).to_frame()["contribution"].tolist() == pytest.approx(
        contributions(county).to_frame()["contribution"].tolist(), abs=1e-9
    )


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ([("A", 1, 1, 10, None)], "kolumnen 'rate_after' saknas eller är dolt för area 'A'"),
        ([("A", 1, "..", 10, 9)], "kolumnen 'weight_after' saknas eller är dolt för area 'A'"),
        ([("A", 1, 1, 10, 9), ("A", 1, 1, 10, 9)], "area 'A' står på två rader"),
        ([("A", 0, 1, 10, 9), ("B", 0, 1, 10, 9)], "vikterna summerar till 0"),
        ([("A", 2, 1, 10, 9), ("B", -1, 1, 10, 9)], "vikten är negativ för B"),
        ([(None, 1, 1, 10, 9)], "ett namn saknas i kolumnen 'area'"),
        ([], "det inte finns något område"),
    ],
)
def test_contributions_say_why_not(rows, because):
    with pytest.raises(NotComputable) as refused:
        contributions(areas(rows))
    assert because in refused.value.because


def test_a_missing_column_is_named():
    with pytest.raises(NotComputable, match="kolumnen 'rate_after' saknas"):
        contributions(COUNTY.drop(columns="rate_after"))


def test_no_word_is_causal():
    words = contributions(COUNTY).sentence().plain()
    assert not any(w in words for w in ("effekt", "berodde", "ledde", "tack vare", "orsak"))


def test_areas_that_print_as_zero_count_by_their_sign():
    all_fell = areas([(f"k{i}", 1 + i, 1 + i, 40, 37.5) for i in range(49)])
    text = contributions(all_fell, unit="dagar").sentence().plain()
    assert "49 av 49 områden drar åt samma håll som helheten, 24 av dem med ett bidrag som " in text
    assert "avrundas till 0,0 dagar." in text
    county = areas([(f"k{i}", 1, 1, 10, 9.76) for i in range(5)] + [("upp", 1, 1, 10, 10.3)])
    text = contributions(county, unit="dagar").sentence().plain()
    assert "5 av 6 områden drar åt samma håll som helheten, 5 av dem med ett bidrag" in text


def test_an_area_that_did_not_move_draws_no_way():
    county = areas([("A", 3, 3, 0.1, 0.7), ("B", 1, 1, 0.3, 0.3), ("C", 7, 7, 0.1, 0.1)])
    text = contributions(county, decimals=2).sentence().plain()
    assert "1 av 3 områden drar åt samma håll som helheten. Ett" in text


def test_areas_go_by_what_they_are_called():
    many = areas([(f"k{i}", 1, 1, 40, 39 - i) for i in range(9)])
    text = contributions(many, kind="kommuner").sentence().plain()
    assert "från övriga kommuner tillsammans." in text
    assert "9 av 9 kommuner drar" in text and text.endswith("hur stor kommunen är.")
    text = contributions(many, kind="län").sentence().plain()
    assert "9 av 9 län drar" in text and text.endswith("hur stort länet är.")
    small = areas([(f"k{i}", 1, 1, 10, 9.9) for i in range(10)])
    assert "från kommunerna tillsammans" in contributions(small, kind="kommuner").sentence().plain()
    still = areas([("A", 1, 1, 10, 10), ("B", 1, 1, 20, 20)])
    assert contributions(still, kind="kommuner").sentence().plain() == (
        "Varken helheten eller kommunerna har ändrats så att det syns."
    )
    against = areas([("A", 1, 1, 10, 12), ("B", 1, 1, 20, 18)])
    assert (
        contributions(against, kind="kommuner")
        .sentence()
        .plain()
        .startswith("Helheten är oförändrad: kommunernas bidrag tar räknemässigt ut varandra.")
    )


def test_only_an_area_that_shows_is_named_in_a_whole_that_did_not_move():
    county = areas([("A", 1, 1, 10, 9.4)] + [(f"k{i}", 1, 1, 10, 10.06) for i in range(9)])
    assert (
        contributions(county, unit="dagar")
        .sentence()
        .plain()
        .endswith("tar räknemässigt ut varandra. Störst är −0,1 dagar från A.")
    )


@pytest.mark.parametrize("name", ["rates", "contribution", "composition", "weight_before"])
def test_a_name_that_the_table_needs_is_refused(name):
    county = COUNTY.rename(columns={"area": name, "weight_before": "w"})
    with pytest.raises(NotComputable, match=f"namnet '{name}' är upptaget"):
        contributions(county, area=name, weight_before="w")


@pytest.mark.parametrize("name", ["_size", "_name", "key 0", 7])
def test_any_other_name_is_free(name):
    found = contributions(COUNTY.rename(columns={"area": name}), area=name)
    assert found.to_frame().columns[0] == name
    assert found.sentence().plain() == contributions(COUNTY).sentence().plain()
