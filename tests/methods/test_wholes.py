"""Numbers of areas made of others: between the lowest and the highest, exact sums, and only where all are there."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats.methods import of_members
from vgstats.observations import COLUMNS

WHOLE = "delregion:14-skaraborg"
PLACES = ("kommun:1480", "kommun:1481", "kommun:1482")
MADE = {WHOLE: PLACES}


def rows(measure: str, values: dict[str, float], **more: str) -> list[tuple[object, ...]]:
    of = {
        "period": "2021-12",
        "sex": "alla",
        "group": "",
        "status": "ok",
        "source": "fk-ohalsotal",
        **more,
    }
    each = 0.1 if measure == "ohalsotal" else 1
    return [
        (measure, area, of["period"], of["sex"], of["group"], value, each, of["status"], of["source"], "2026-01-31")
        for area, value in values.items()
    ]  # fmt: skip


def computed(*found: list[tuple[object, ...]]) -> dict[str, float]:
    frame = of_members(pd.DataFrame([row for rows in found for row in rows], columns=COLUMNS), MADE)
    assert set(frame["status"]) <= {"derived"}
    return dict(zip(frame["measure"], frame["value"], strict=True))


days = st.integers(0, 600).map(lambda tenths: tenths / 10)
persons = st.integers(1, 400_000)


@given(st.lists(st.tuples(days, persons), min_size=3, max_size=3))
def test_a_mean_lies_between_and_its_days_are_those_of_its_kommuner(given):
    rates, sizes = (dict(zip(PLACES, of, strict=True)) for of in zip(*given, strict=True))
    found = computed(rows("ohalsotal", rates), rows("forsakrade", sizes))
    assert min(rates.values()) - 1e-9 <= found["ohalsotal"] <= max(rates.values()) + 1e-9
    total = sum(rates[place] * sizes[place] for place in PLACES)
    assert found["ohalsotal"] * found["forsakrade"] == pytest.approx(total)


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_counts_are_exact_sums(counts):
    found = computed(rows("pagaende_sjukfall", dict(zip(PLACES, counts, strict=True))))
    assert found == {"pagaende_sjukfall": sum(counts)}


RATES = dict(zip(PLACES, (30.0, 40.0, 50.0), strict=True))
SIZES = dict(zip(PLACES, (2, 1, 1), strict=True))


def test_a_mean_weighs_by_the_insured_of_the_same_sex_and_its_rounding_is_theirs():
    of_women = rows("forsakrade", SIZES, sex="kvinnor")
    frame = pd.DataFrame(rows("ohalsotal", RATES, sex="kvinnor") + of_women, columns=COLUMNS)
    (found,) = (r for r in of_members(frame, MADE).itertuples() if r.measure == "ohalsotal")
    assert (found.value, found.sex, found.resolution) == (37.5, "kvinnor", 0.1)
    assert "ohalsotal" not in computed(rows("ohalsotal", RATES), of_women)


def test_nothing_is_computed_where_one_is_lacking_or_hidden():
    few = {place: RATES[place] for place in PLACES[:2]}
    whole = rows("forsakrade", SIZES)
    assert "ohalsotal" not in computed(rows("ohalsotal", few), whole)
    assert "ohalsotal" not in computed(rows("ohalsotal", RATES), rows("forsakrade", few))
    hidden = rows("ohalsotal", {PLACES[2]: float("nan")}, status="suppressed")
    assert "ohalsotal" not in computed(rows("ohalsotal", few), hidden, whole)


def test_what_a_source_gives_or_hides_of_the_whole_stands():
    both = rows("ohalsotal", RATES), rows("forsakrade", SIZES)
    for status, value in (("ok", 37.4), ("suppressed", float("nan"))):
        assert "ohalsotal" not in computed(*both, rows("ohalsotal", {WHOLE: value}, status=status))


def test_other_measures_and_a_region_s_own_counts_are_left_alone():
    for measure in ("pagaende_sjukfall_eget_register", "pagaende_sjukfall_andel", "kostnad_sa"):
        assert computed(rows(measure, RATES), rows("forsakrade", SIZES)).keys() == {"forsakrade"}
