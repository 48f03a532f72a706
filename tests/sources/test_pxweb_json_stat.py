"""json-stat2 becomes totals and whole age bands, and never a sum of which a part is not there."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from damage import CHANGES, check, rejected
from hypothesis import given
from pxweb_answers import AGES, ages, category, cells, cube, read

from examples import in_one_folder
from vgstats import VgstatsError
from vgstats.sources.pxweb import read_json_stat
from vgstats.sources.reading import NotThisFormat

WHOLE = json.dumps(
    cube(Alder=ages("16", "17", "18", "19", "tot")) | {"status": {"3": ".."}}, ensure_ascii=False
).encode()


def test_without_ages_the_numbers_are_totals_and_the_sexes_are_added(tmp_path):
    reading = read(tmp_path, cube([780000, 785000]))
    assert reading.recognised == "SCB PxWeb, json-stat2: Folkmängd (BE0101N1)"
    assert reading.source == "scb-befolkning"
    assert cells(reading) == {
        ("lan:14", "män", ""): (780000, "ok"),
        ("lan:14", "kvinnor", ""): (785000, "ok"),
        ("lan:14", "alla", ""): (1565000, "ok"),
    }
    assert set(reading.rows["period"]) == {"2008"} and set(reading.rows["resolution"]) == {1.0}
    assert reading.rows["row"].tolist() == [1, 2, 1]
    assert not rejected(reading)


def test_single_years_are_summed_to_the_bands_of_forsakringskassan(tmp_path):
    answer = cube(Alder=ages(*AGES), Tid={"2008": "2008"})
    answer["value"] = [10] * 49 + [20] * 49
    answer["id"] = ["Region", "Kon", "Alder", "ContentsCode", "Tid"]
    answer["size"] = [1, 2, 49, 1, 1]
    found = cells(read(tmp_path, answer))
    assert found["lan:14", "män", "alder=16-19"] == (40, "ok")
    assert found["lan:14", "kvinnor", "alder=60-64"] == (100, "ok")
    assert found["lan:14", "alla", "alder=20-29"] == (300, "ok")
    assert found["lan:14", "alla", "alder=16-64"] == (49 * 30, "ok")
    assert len(found) == 7 * 3


def test_each_cell_stands_under_its_own_codes(tmp_path):
    answer = cube(
        Region={"14": "Västra Götalands län", "1480": "Göteborg", "00": "Riket"},
        Alder=ages("16", "17", "18", "19"),
    )
    assert answer["id"] == ["Region", "Kon", "ContentsCode", "Tid", "Alder"]
    reading = read(tmp_path, answer)
    found = cells(reading)
    assert found["lan:14", "män", "alder=16-19"] == (1 + 2 + 3 + 4, "ok")
    assert found["lan:14", "kvinnor", "alder=16-19"] == (5 + 6 + 7 + 8, "ok")
    assert found["kommun:1480", "män", "alder=16-19"] == (9 + 10 + 11 + 12, "ok")
    assert found["riket", "alla", "alder=16-19"] == (sum(range(17, 25)), "ok")
    assert reading.notes == (
        "Not every single year is there for the ages 16-64; those sums are left out.",
    )


@pytest.mark.parametrize("form", ["list", "sparse", "marked"])
def test_a_band_with_a_missing_cell_is_missing_and_never_a_part_of_a_sum(tmp_path, form):
    answer = cube([5, None, 5, 5] + [7] * 4, Alder=ages("16", "17", "18", "19"))
    if form == "sparse":
        answer["value"] = {str(n): v for n, v in enumerate(answer["value"]) if v is not None}
    if form == "marked":
        answer["value"][1], answer["status"] = 5, {"1": ".."}
    found = cells(read(tmp_path, answer))
    assert found["lan:14", "män", "alder=16-19"][1] == "missing"
    assert found["lan:14", "alla", "alder=16-19"][1] == "missing"
    assert pd.isna(found["lan:14", "alla", "alder=16-19"][0])
    assert found["lan:14", "kvinnor", "alder=16-19"] == (28, "ok")


def test_a_dash_is_nil_and_adds_nothing(tmp_path):
    found = cells(read(tmp_path, cube([None, 9]) | {"status": ["-", None]}))
    assert found["lan:14", "män", ""] == (0, "nil") and found["lan:14", "alla", ""] == (9, "ok")


def test_explicit_totals_are_taken_as_they_are(tmp_path):
    answer = cube(
        [4, 6, 11, 40, 60, 101],
        Kon={"1": "män", "2": "kvinnor", "TotSa": "totalt"},
        Alder={"16": "16 år", "TotSA": "totalt, samtliga åldrar"},
        Tid={"2025": "2025"},
    )
    answer["value"] = [4, 40, 6, 60, 11, 101]
    answer["dimension"]["Civilstand"] = category({"SC": "samtliga civilstånd"})
    answer["id"].append("Civilstand")
    answer["size"].append(1)
    reading = read(tmp_path, answer)
    assert cells(reading) == {
        ("lan:14", "män", ""): (40, "noisy"),
        ("lan:14", "kvinnor", ""): (60, "noisy"),
        ("lan:14", "alla", ""): (101, "noisy"),
    }
    assert any("noise" in note for note in reading.notes)


def test_a_list_index_months_and_a_label_that_says_more_than_the_code(tmp_path):
    answer = cube([1, 2], Tid={"2025M01": "2025M01"})
    answer["dimension"]["Kon"]["category"]["index"] = ["1", "2"]
    assert set(read(tmp_path, answer).rows["period"]) == {"2025-01"}


def test_the_consumer_price_index_is_of_riket(tmp_path, with_kpi):
    answer = cube([300.61], Region={}, Kon={}, ContentsCode={"KPI80": "KPI"}, Tid={"2008M12": ""})
    reading = read(tmp_path, answer)
    assert cells(reading) == {("riket", "alla", ""): (300.61, "ok")}
    assert set(reading.rows["period"]) == {"2008-12"} and set(reading.rows["measure"]) == {"kpi"}


@pytest.mark.parametrize(
    ("region", "area"), [("1917", "kommun:1917"), ("14A", "14A"), ("9999", "kommun:9999")]
)
def test_an_unknown_region_is_left_for_the_door(tmp_path, region, area):
    reading = read(tmp_path, cube(Region={region: "x"}))
    assert set(reading.rows["area"]) == {area}
    assert {column for column, _ in rejected(reading)} == {"area"}


@pytest.mark.parametrize("value", ["780000", True, 1.5, -3, "ok", [1], 10**400])
def test_a_cell_that_is_no_count_is_left_for_the_door_in_its_sums_too(tmp_path, value):
    reading = read(tmp_path, cube([value, 785000]))
    places = {sex for _, sex, _ in (key for key, cell in cells(reading).items() if cell[1] == "ok")}
    assert places == {"kvinnor"}
    assert len([column for column, _ in rejected(reading) if column == "status"]) == 2


@pytest.mark.parametrize("label", ["unga", "16=17", ""])
def test_an_age_that_is_not_understood_is_left_for_the_door(tmp_path, label):
    reading = read(tmp_path, cube(Alder={"x": label, "tot": "totalt"}))
    assert {column for column, _ in rejected(reading)} == {"group"}


def test_a_sex_whose_code_and_label_disagree_is_left_for_the_door(tmp_path):
    reading = read(tmp_path, cube(Kon={"1": "kvinnor", "2": "män"}))
    assert {column for column, _ in rejected(reading)} == {"sex"}


def without(part: str) -> dict[str, Any]:
    return {name: of for name, of in cube().items() if name != part}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html></html>", r"web page \(HTML\)"),
        (json.dumps(cube())[:-40], "not JSON, or it is cut off"),
        (json.dumps(cube()).encode("utf-16"), "not in utf-8"),
        (without("value"), "'value' is missing"),
        (cube([1]), "'value' has 1 cells, 'size' says 2"),
        (cube([1, 2, 3]), "'value' has 3 cells"),
        (cube({"2": 1}), "'value' has a cell '2'"),
        (cube() | {"size": [1, 3, 1, 1]}, "Kon has 2 categories, not 3"),
        (cube() | {"size": [1, 2, 1]}, "'id' and 'size' do not fit"),
        (cube() | {"status": [None]}, "'status' has 1 cells"),
        (cube(ContentsCode={"BE0101N2": "Folkökning"}), r"BE0101N2.*BE0101N1 \(Folkmängd\)"),
        (cube(ContentsCode={"BE0101N1": "", "BE0101N2": ""}), "BE0101N1, BE0101N2"),
        (cube(ContentsCode={}), "contents are none"),
        (cube(Region={}), "dimension Region is missing"),
        (cube(Tid={}), "dimension Tid is missing"),
        (
            cube(Civilstand={"OG": "ogifta", "G": "gifta"}),
            r"dimension Civilstand parts.*ogifta, gifta",
        ),
        (cube(Civilstand={"OG": "ogifta"}), "dimension Civilstand parts"),
        (cube(Alder=ages("16", "17")), r"no band of ages is whole.*16-19, 20-29"),
    ],
)
def test_a_bad_answer_is_refused_with_what_to_do(tmp_path, content, message):
    with pytest.raises(VgstatsError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize("content", [[], {}, 3, {"values": [], "count": 0}, {"class": "x"}])
def test_other_json_is_not_this_format(tmp_path, content):
    with pytest.raises(NotThisFormat):
        read(tmp_path, content)


@given(CHANGES)
@in_one_folder
def test_a_damaged_json_stat_is_refused_or_read_and_nothing_else(tmp_path, changes):
    check(read_json_stat, tmp_path / "answer.json", WHOLE, changes)
