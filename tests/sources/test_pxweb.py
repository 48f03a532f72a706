"""PxWeb's answers become totals and whole age bands, and never a sum of which a part is not there."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vgstats import VgstatsError
from vgstats.observations import faults
from vgstats.sources.datasets import datasets_text
from vgstats.sources.pxweb import read_csv, read_json_stat
from vgstats.sources.reading import ROW_COLUMNS, NotThisFormat, Reading

AGES = [str(age) for age in range(16, 65)]


def category(codes: dict[str, str]) -> dict[str, Any]:
    index = {code: place for place, code in enumerate(codes)}
    return {"label": "x", "category": {"index": index, "label": codes}}


def cube(value: Any = None, **dimensions: dict[str, str]) -> dict[str, Any]:
    """A population answer; each cell is its ordinal, unless values are given."""
    codes = {
        "Region": {"14": "Västra Götalands län"},
        "Kon": {"1": "män", "2": "kvinnor"},
        "ContentsCode": {"BE0101N1": "Folkmängd"},
        "Tid": {"2008": "2008"},
    } | dimensions
    codes = {name: of for name, of in codes.items() if of}
    count = len(list(product(*codes.values())))
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(codes),
        "size": [len(of) for of in codes.values()],
        "dimension": {name: category(of) for name, of in codes.items()},
        "value": list(range(1, count + 1)) if value is None else value,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
    }


def ages(*codes: str) -> dict[str, str]:
    return {code: f"{code} år" for code in codes}


def read(folder: Path, content: Any) -> Reading:
    file = folder / "answer.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
    return read_json_stat(file)


def read_lines(folder: Path, *lines: str, encoding: str = "utf-8") -> Reading:
    file = folder / "answer.csv"
    file.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return read_csv(file)


def cells(reading: Reading) -> dict[tuple[str, str, str], tuple[float, str]]:
    rows = reading.rows
    assert list(rows) == ROW_COLUMNS
    keys = zip(rows["area"], rows["sex"], rows["group"], strict=True)
    return dict(zip(keys, zip(rows["value"], rows["status"], strict=True), strict=True))


def rejected(reading: Reading) -> list[tuple[str, str]]:
    table = reading.rows.assign(retrieved="2026-01-01", source=reading.source)
    found = faults(table)
    return list(zip(found["column"], found["value"], strict=True))


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


@pytest.fixture
def with_kpi(tmp_path, monkeypatch):
    """A datasets file in which the contents of the consumer price index are filled in."""
    text, _, kpi = datasets_text().rpartition('contents: ""')
    file = tmp_path / "datasets.yaml"
    file.write_text(f"{text}contents: KPI80{kpi}", encoding="utf-8")
    monkeypatch.setenv("VGSTATS_DATASETS", str(file))


def test_the_consumer_price_index_is_of_riket(tmp_path, with_kpi):
    answer = cube([300.61], Region={}, Kon={}, ContentsCode={"KPI80": "KPI"}, Tid={"2008M12": ""})
    reading = read(tmp_path, answer)
    assert cells(reading) == {("riket", "alla", ""): (300.61, "ok")}
    assert set(reading.rows["period"]) == {"2008-12"} and set(reading.rows["measure"]) == {"kpi"}
    csv = read_lines(tmp_path, '"månad","KPI"', '"2008M12",300.61', '"2009M01",297.880')
    assert csv.rows["value"].tolist()[:1] == [300.61]
    assert rejected(csv) == [("status", "text 297.880")]


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


HEADER = '"region","kön","Folkmängd 2008","Folkmängd 2009"'
LINES = [
    HEADER,
    '"14 Västra Götalands län","män",780000,790000',
    '"14 Västra Götalands län","kvinnor",785000,..',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_years_in_the_headings_of_a_csv_are_read(tmp_path, encoding):
    reading = read_lines(tmp_path, *LINES, encoding=encoding)
    rows = reading.rows
    found = zip(
        rows["period"], rows["sex"], rows["value"], rows["status"], rows["row"], strict=True
    )
    assert sorted(map(str, found)) == [
        "('2008', 'alla', 1565000.0, 'ok', 2)",
        "('2008', 'kvinnor', 785000.0, 'ok', 3)",
        "('2008', 'män', 780000.0, 'ok', 2)",
        "('2009', 'alla', nan, 'missing', 2)",
        "('2009', 'kvinnor', nan, 'missing', 3)",
        "('2009', 'män', 790000.0, 'ok', 2)",
    ]
    assert reading.recognised == "SCB PxWeb, CSV: Folkmängd"
    assert not rejected(reading)


def test_a_year_in_a_column_of_its_own_is_read(tmp_path):
    reading = read_lines(
        tmp_path,
        '"region","år","Folkmängd"',
        '"00 Riket","2008",9256347',
        '"1480 Göteborg","2025",5',
    )
    rows = reading.rows
    assert rows["area"].tolist() == ["riket", "kommun:1480"]
    assert rows["period"].tolist() == ["2008", "2025"]
    assert rows["status"].tolist() == ["ok", "noisy"]


def test_ages_of_a_csv_are_summed_and_its_total_kept(tmp_path):
    lines = [f'"14 Västra Götalands län","{age} år","män",10' for age in [*AGES, "100+"]]
    reading = read_lines(
        tmp_path,
        '"region","ålder","kön","Folkmängd 2008"',
        *lines,
        '"14 Västra Götalands län","totalt ålder","män",780000',
    )
    found = cells(reading)
    assert found["lan:14", "män", "alder=16-19"] == (40, "ok")
    assert found["lan:14", "män", "alder=16-64"] == (490, "ok")
    assert found["lan:14", "män", ""] == (780000, "ok")
    assert len(found) == 8 and not rejected(reading)


def test_a_band_of_which_a_line_is_gone_is_left_out_and_said(tmp_path):
    lines = [f'"{area}","{age} år",10' for area in ("14", "1480") for age in (16, 17, 18, 19)]
    reading = read_lines(tmp_path, '"region","ålder","Folkmängd 2008"', *lines[:-1])
    assert set(reading.rows["area"]) == {"lan:14"}
    assert "16-19" in reading.notes[0]


def test_a_single_year_twice_is_not_added_twice(tmp_path):
    lines = [f'"14","{age} år",10' for age in (16, 17, 18, 19, 19)]
    with pytest.raises(VgstatsError, match=r"row 6: lan:14, alla, 2008, 19 stands twice"):
        read_lines(tmp_path, '"region","ålder","Folkmängd 2008"', *lines)


def test_a_total_twice_is_left_for_the_door(tmp_path):
    reading = read_lines(tmp_path, '"region","Folkmängd 2008"', '"14",10', '"14",11')
    assert rejected(reading) == [("value", "10"), ("value", "11")]


@pytest.mark.parametrize("cell", ['"780000,5"', "780.000", "780000.5", "7e5", '""', "x", "-5"])
def test_a_text_that_is_no_count_is_left_for_the_door(tmp_path, cell):
    reading = read_lines(tmp_path, '"region","Folkmängd 2008"', f'"14 Västra Götalands län",{cell}')
    assert {column for column, _ in rejected(reading)} <= {"status", "value"}
    assert rejected(reading)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["<!DOCTYPE html>"], r"web page \(HTML\), not CSV"),
        ([HEADER, '"14 Västra Götalands län","män",780000'], r"row 2: 3 cells; the header has 4"),
        ([HEADER, '"14 Västra Götalands län","män'], "row 2: the line is cut off"),
        ([HEADER], "below its header"),
        (['"region","kön","Folkökning 2008"', '"14","män",1'], r"BE0101N1 \(Folkmängd\)"),
        (['"kön","Folkmängd 2008"', '"män",1'], "column region is missing"),
        (['"region","Folkmängd"', '"14",1'], "one column år"),
        (['"region","år","Folkmängd 2008"', '"14","2008",1'], "one column år"),
        ([f'{HEADER},"Folkökning 2008"', '"14","män",1,2,3'], "column 'Folkökning 2008' was not"),
        (['"region","civilstånd","Folkmängd 2008"', '"14","gifta",1'], "column 'civilstånd' parts"),
        (['"region","ålder","Folkmängd 2008"', '"14","16 år",1'], "no band of ages is whole"),
    ],
)
def test_a_bad_csv_is_refused_with_what_to_do(tmp_path, lines, message):
    with pytest.raises(VgstatsError, match=message):
        read_lines(tmp_path, *lines)


def test_a_last_line_without_an_end_may_be_cut_off(tmp_path):
    file = tmp_path / "cut.csv"
    file.write_text("\n".join(LINES)[:-1], encoding="utf-8")
    with pytest.raises(VgstatsError, match="ends within its last line"):
        read_csv(file)


def test_a_text_in_two_encodings_is_refused(tmp_path):
    file = tmp_path / "mixed.csv"
    content = "\n".join(LINES).encode() + b"\n" + "é".encode("cp1252") + b"\n"
    file.write_bytes(content)
    with pytest.raises(VgstatsError, match="neither UTF-8 nor Windows-1252, or it mixes"):
        read_csv(file)


@pytest.mark.parametrize(
    "line",
    ["measure,area,period", "ar,kvartal,antal", "Period;Antal sjukfall totalt;", "", "År,Län"],
)
def test_another_csv_is_not_this_format(tmp_path, line):
    with pytest.raises(NotThisFormat):
        read_lines(tmp_path, line, "1,2,3")


CHANGE = st.tuples(
    st.sampled_from(["delete", "insert", "replace", "truncate"]),
    st.integers(0, 10_000),
    st.binary(min_size=1, max_size=4)
    | st.sampled_from([b"0", b"9", b"e", b"-", b'"', b",", b".", b"\n", b"\r", b"\x00"]),
)


def changed(content: bytes, how: str, place: int, piece: bytes) -> bytes:
    place %= len(content) + 1
    if how == "truncate":
        return content[:place]
    after = place + (0 if how == "insert" else len(piece))
    return content[:place] + (b"" if how == "delete" else piece) + content[after:]


def check(
    read_file: Any, file: Path, content: bytes, changes: list[tuple[str, int, bytes]]
) -> None:
    for change in changes:
        content = changed(content, *change)
    file.write_bytes(content)
    try:
        reading = read_file(file)
    except (VgstatsError, NotThisFormat):
        return
    assert list(reading.rows) == ROW_COLUMNS
    assert isinstance(rejected(reading), list)


WHOLE = json.dumps(
    cube(Alder=ages("16", "17", "18", "19", "tot")) | {"status": {"3": ".."}}, ensure_ascii=False
).encode()
WHOLE_CSV = "\r\n".join(
    ['"region","ålder","kön","Folkmängd 2008"']
    + [
        f'"14 Västra Götalands län","{a} år","{s}",10'
        for a in range(16, 20)
        for s in ("män", "kvinnor")
    ]
    + ['"00 Riket","totalt ålder","män",..', ""]
).encode()
bounded = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(st.lists(CHANGE, min_size=1, max_size=3))
@bounded
def test_a_damaged_json_stat_is_refused_or_read_and_nothing_else(tmp_path, changes):
    check(read_json_stat, tmp_path / "answer.json", WHOLE, changes)


@given(st.lists(CHANGE, min_size=1, max_size=3))
@bounded
def test_a_damaged_csv_is_refused_or_read_and_nothing_else(tmp_path, changes):
    check(read_csv, tmp_path / "answer.csv", WHOLE_CSV, changes)


def test_a_csv_cut_off_anywhere_never_gives_another_number(tmp_path):
    file = tmp_path / "answer.csv"
    file.write_bytes(WHOLE_CSV)
    whole = cells(read_csv(file))
    for end in range(len(WHOLE_CSV)):
        file.write_bytes(WHOLE_CSV[:end])
        try:
            found = cells(read_csv(file))
        except (VgstatsError, NotThisFormat):
            continue
        assert all(str(whole[key]) == str(cell) for key, cell in found.items())
