"""What components give to the change of their sum."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from splits import NO_SUM, no_nan

from vgstats.facts.facts import rounded
from vgstats.methods.result import Band, NotComputable
from vgstats.methods.sums import components

rates = st.floats(0, 100).map(lambda x: round(x, 2))

WORDS = {"sp": "sjukpenning", "sa": "sjuk- och aktivitetsersättning"}
ROUNDED = " Eftersom talen är avrundade kan varje del vara upp till 0,1 dagar större eller mindre."


def two(sp, sa):
    return pd.DataFrame({"part": ["sp", "sa"], "value": [sp, sa]})


@pytest.mark.parametrize(
    ("before", "after", "changes", "shares"),
    [
        ((7.9, 27.6), (6.5, 26.0), (-1.4, -1.6), (46.7, 53.3)),
        ((11.5, 29.0), (10.4, 28.7), (-1.1, -0.3), (78.6, 21.4)),
    ],
)
def test_ohalsotalet_of_the_press_releases(before, after, changes, shares):
    found = components(two(*before), two(*after), WORDS, rounding=0.1, unit="dagar")
    table = found.to_frame()
    assert table["change"].tolist() == pytest.approx(changes)
    assert table["share"].tolist() == pytest.approx(shares, abs=0.051)
    assert found.estimate == pytest.approx(sum(changes))
    assert table["change_low"].tolist() == pytest.approx([c - 0.1 for c in changes])
    assert table["change_high"].tolist() == pytest.approx([c + 0.1 for c in changes])
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (sum(changes) - 0.2, sum(changes) + 0.2)
    )


def test_the_published_cases_are_met(shared):
    folder = shared / "cases" / "fk_press"
    expected = json.loads((folder / "expected.json").read_text())
    for row in pd.read_csv(folder / "components.csv").to_dict("records"):
        before, after = (
            two(row[f"sjukpenning_{end}"], row[f"sjukersattning_{end}"])
            for end in ("before", "after")
        )
        found = components(before, after, WORDS)
        case = expected[f"{row['before_period']} -> {row['after_period']}"]
        changes = found.to_frame()["change"].tolist()
        assert changes == pytest.approx([case["sjukpenning"], case["sjukersattning"]], abs=0.051)
        assert found.estimate == pytest.approx(case["total"], abs=0.051)
        assert found.to_frame()["share"].tolist() == pytest.approx(case["shares %"], abs=0.051)
        assert found.estimate == pytest.approx(row["total_after"] - row["total_before"], abs=0.051)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            (7.9, 27.6),
            (6.5, 26.0),
            "Av minskningen på 3,0 dagar kommer 1,4 dagar från sjukpenning och 1,6 dagar från sjuk- "
            "och aktivitetsersättning.",
        ),
        (
            (6.5, 26.0),
            (7.9, 27.6),
            "Av ökningen på 3,0 dagar kommer 1,4 dagar från sjukpenning och 1,6 dagar från sjuk- "
            "och aktivitetsersättning.",
        ),
        (
            (6.0, 9.6),
            (4.5, 10.3),
            "Summan minskade med 0,8 dagar: sjukpenning minskade med 1,5 dagar och sjuk- och "
            "aktivitetsersättning ökade med 0,7 dagar. Delarna drar åt olika håll.",
        ),
        (
            (4.5, 10.3),
            (6.0, 9.6),
            "Summan ökade med 0,8 dagar: sjukpenning ökade med 1,5 dagar och sjuk- och "
            "aktivitetsersättning minskade med 0,7 dagar. Delarna drar åt olika håll.",
        ),
        (
            (1, 2),
            (2, 1),
            "Summan är oförändrad: sjukpenning ökade med 1,0 dagar och sjuk- och "
            "aktivitetsersättning minskade med 1,0 dagar.",
        ),
        ((1, 2), (1, 2), "Varken summan eller någon del har ändrats så att det syns."),
        (
            (1, 2),
            (1, 1.5),
            "Av minskningen på 0,5 dagar kommer 0,0 dagar från sjukpenning och 0,5 dagar från sjuk- "
            "och aktivitetsersättning.",
        ),
        (
            (1, 1),
            (1.06, 0.97),
            "Summan är oförändrad: sjukpenning ökade med 0,1 dagar och sjuk- och "
            "aktivitetsersättning är oförändrad. Delarna är avrundade var för sig och ger därför "
            "inte exakt summan.",
        ),
    ],
)
def test_components_in_words(before, after, words):
    assert components(two(*before), two(*after), WORDS, unit="dagar").sentence().plain() == words
    band = components(two(*before), two(*after), WORDS, unit="dagar", rounding=0.1).sentence()
    assert band.plain() == words + ROUNDED


def test_a_part_that_only_looks_larger_in_print_is_not_said_to_carry_the_fall():
    frames = (
        pd.DataFrame({"part": list("abcd"), "value": values})
        for values in ([1, 1, 1, 1], [1.05, 0.96, 0.96, 0.96])
    )
    text = components(*frames, list("abcd"), unit="dagar").sentence().plain()
    assert text.startswith("Summan minskade med 0,1 dagar: a ökade med 0,1 dagar, b är oförändrad")


def test_a_change_that_rounding_alone_can_give():
    found = components(two(1.0, 2.0), two(0.9, 2.0), WORDS, rounding=0.1, unit="dagar")
    assert "Så liten ändring av summan kan avrundningen ensam ge." in found.sentence().plain()
    assert found.interval.holds(0)


def test_shares_only_where_all_parts_surely_move_the_same_way():
    opposite = components(two(6.0, 9.6), two(4.5, 10.3), WORDS).to_frame()
    near = components(two(6.0, 9.6), two(4.5, 9.55), WORDS, rounding=0.1).to_frame()
    still = components(two(1, 1), two(1, 1), WORDS).to_frame()
    for table in (opposite, near, still):
        assert table[["share", "share_low", "share_high"]].isna().to_numpy().all()


def test_bands_of_shares_hold_all_that_rounding_allows():
    found = components(two(11.5, 29.0), two(10.4, 28.7), WORDS, rounding=0.1).to_frame()
    slack = np.random.default_rng(1).uniform(-0.1, 0.1, (500, 2))
    for first, second in np.array([1.1, 0.3]) + slack:
        share = 100 * first / (first + second)
        assert found.loc[0, "share_low"] <= share <= found.loc[0, "share_high"]
        assert found.loc[1, "share_low"] <= 100 - share <= found.loc[1, "share_high"]


@given(st.lists(st.tuples(rates, rates), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_components_are_the_change_of_the_sum(values, random):
    names = [f"d{i}" for i in range(len(values))]
    before, after = (
        pd.DataFrame({"part": names, "value": [pair[k] for pair in values]}) for k in (0, 1)
    )
    order = list(range(len(names)))
    random.shuffle(order)
    found = components(before, after.iloc[order], names, unit="dagar")
    table = found.to_frame()
    change = math.fsum(after["value"]) - math.fsum(before["value"])
    assert found.estimate == pytest.approx(change, abs=1e-9)
    assert table["change"].sum() == pytest.approx(change, abs=1e-9)
    assert table["part"].tolist() == names
    text = found.sentence().plain()
    assert no_nan(text)
    printed = [rounded(c, 1) for c in table["change"]]
    if any(printed) or rounded(found.estimate, 1):
        assert (sum(printed) == rounded(found.estimate, 1)) == (NO_SUM not in text)
    if not table["share"].isna().any():
        assert table["share"].sum() == pytest.approx(100)


def test_rows_that_are_no_parts_are_left_aside():
    total = pd.DataFrame({"part": ["alla"], "value": [None]})
    before, after = (
        pd.concat([frame, total], ignore_index=True) for frame in (two(7.9, 27.6), two(6.5, 26.0))
    )
    assert components(before, after, ["sp", "sa"]).estimate == pytest.approx(-3.0)


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (two(6.5, None), "kolumnen 'value' saknas eller är dolt för part 'sa'"),
        (two(6.5, 26.0).iloc[:1], "part 'sa' bara finns vid en av de två tidpunkterna"),
        (pd.concat([two(6.5, 26.0)] * 2), "står på två rader"),
        (two(6.5, 26.0).drop(columns="part"), "kolumnen 'part' saknas"),
        (two(6.5, 26.0).assign(part="annat"), "det inte finns några rader"),
    ],
)
def test_components_say_why_not(after, because):
    with pytest.raises(NotComputable) as refused:
        components(two(7.9, 27.6), after, WORDS)
    assert because in refused.value.because


def test_components_want_two_parts_that_exist_and_a_rounding():
    with pytest.raises(NotComputable, match="minst två delar"):
        components(two(1, 2), two(1, 2), ["sp"])
    with pytest.raises(NotComputable, match="delen 'rehab' saknas"):
        components(two(1, 2), two(1, 2), ["sp", "rehab"])
    with pytest.raises(NotComputable, match="avrundningen"):
        components(two(1, 2), two(1, 2), WORDS, rounding=-0.1)


def test_every_number_is_a_fact_and_no_word_is_causal():
    found = components(two(7.9, 27.6), two(6.5, 26.0), WORDS, rounding=0.1, unit="dagar")
    text = found.sentence()
    assert [fact.text("abs") for fact in text.facts()] == ["3,0", "1,4", "1,6", "0,1"]
    assert not any(w in text.plain() for w in ("effekt", "berodde", "ledde", "tack vare", "orsak"))


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ((4.5, 10.3), "Ohälsotalet minskade med 0,8 dagar: sjukpenning minskade med 1,5 dagar och"),
        ((9.6, 6.0), "Ohälsotalet är oförändrat: sjukpenning ökade med 3,6 dagar och"),
        ((6.0, 9.6), "Varken ohälsotalet eller någon del har ändrats så att det syns."),
        ((6.0, 9.5), "Så liten ändring av ohälsotalet kan avrundningen ensam ge."),
    ],
)
def test_the_sum_goes_by_its_name(after, words):
    options = {"rounding": 0.1, "unit": "dagar"}
    found = components(two(6.0, 9.6), two(*after), WORDS, whole="Ohälsotalet", **options)
    assert found.whole == "Ohälsotalet"
    assert words in found.sentence().plain()


@pytest.mark.parametrize(
    ("rounding", "printed"),
    [
        (0.1, "0,1"),
        (np.float64(0.1), "0,1"),
        (np.float32(0.1), "0,1"),
        (1 / 12, "0,08"),
        (0.05, "0,05"),
        (1, "1"),
        (10, "10"),
    ],
)
def test_the_rounding_is_printed_short(rounding, printed):
    text = components(two(20, 30), two(10, 10), WORDS, unit="dagar", rounding=rounding).sentence()
    assert f" kan varje del vara upp till {printed} dagar större eller mindre." in text.plain()


def test_a_rounding_too_small_to_print_is_not_printed():
    text = components(two(20, 30), two(10, 10), WORDS, rounding=0.001).sentence().plain()
    assert "avrundade" not in text


@pytest.mark.parametrize("rounding", [None, pd.NA, "0.1", math.inf, [0.1, 0.2]])
def test_a_rounding_that_is_no_number_is_refused(rounding):
    with pytest.raises(NotComputable, match="avrundningen"):
        components(two(1, 2), two(1, 2), WORDS, rounding=rounding)


def test_columns_may_have_any_name():
    frames = [
        two(*ends).rename(columns={"part": "value_before", "value": 3})
        for ends in ((7.9, 27.6), (6.5, 26.0))
    ]
    found = components(*frames, WORDS, part="value_before", value=3)
    assert found.estimate == pytest.approx(-3.0)
    with pytest.raises(NotComputable, match="kolumnen 3 är angiven både som grupp och som tal"):
        components(*frames, WORDS, part=3, value=3)


def test_a_group_without_counterpart_is_written_plainly():
    numbered = pd.DataFrame({"part": np.array([1.0, 2.0]), "value": [3, 4]})
    with pytest.raises(NotComputable) as refused:
        components(numbered, numbered.iloc[:1], [1.0, 2.0])
    assert refused.value.because == "part 2 bara finns vid en av de två tidpunkterna"


def test_rounding_alone_gives_no_change_that_the_own_numbers_leave_out():
    ends = two(10.0, 15.0), two(10.1, 14.7)
    asked = {"rounding": 0.2, "whole": "Ohälsotalet", "unit": "dagar"}
    alone = components(*ends, WORDS, **asked)
    assert "Så liten ändring av ohälsotalet kan avrundningen ensam ge." in alone.sentence().plain()
    known = components(*ends, WORDS, **asked, published=Band(-0.3, -0.1))
    assert (known.interval.low, known.interval.high) == (-0.3, -0.1)
    assert "avrundningen ensam" not in known.sentence().plain()
    still = components(*ends, WORDS, **asked, published=Band(-0.3, 0.1))
    assert "Så liten ändring av ohälsotalet kan avrundningen ensam ge." in still.sentence().plain()
