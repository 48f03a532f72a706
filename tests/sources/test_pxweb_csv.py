"""PxWeb's CSV is read line by line, and refused when a line or a column is not as it should be."""

from __future__ import annotations

import pytest
from damage import CHANGES, check, check_cut_off, rejected
from hypothesis import given
from pxweb_answers import AGES, cells, read_lines

from examples import in_one_folder
from vgstats import VgstatsError
from vgstats.sources.pxweb import read_csv
from vgstats.sources.reading import NotThisFormat

HEADER = '"region","kön","Folkmängd 2008","Folkmängd 2009"'
LINES = [
    HEADER,
    '"14 Västra Götalands län","män",780000,790000',
    '"14 Västra Götalands län","kvinnor",785000,..',
]

WHOLE = "\r\n".join(
    ['"region","ålder","kön","Folkmängd 2008"']
    + [
        f'"14 Västra Götalands län","{a} år","{s}",10'
        for a in range(16, 20)
        for s in ("män", "kvinnor")
    ]
    + ['"00 Riket","totalt ålder","män",..', ""]
).encode()


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


def test_an_index_with_more_decimals_than_it_is_published_with_is_left_for_the_door(
    tmp_path, with_kpi
):
    csv = read_lines(tmp_path, '"månad","KPI"', '"2008M12",300.61', '"2009M01",297.880')
    assert csv.rows["value"].tolist()[:1] == [300.61]
    assert rejected(csv) == [("status", "text 297.880")]


@given(CHANGES)
@in_one_folder
def test_a_damaged_csv_is_refused_or_read_and_nothing_else(tmp_path, changes):
    check(read_csv, tmp_path / "answer.csv", WHOLE, changes)


def test_a_csv_cut_off_anywhere_never_gives_another_number(tmp_path):
    check_cut_off(read_csv, tmp_path / "answer.csv", WHOLE)
