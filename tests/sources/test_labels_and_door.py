"""What the sources call things, and the checks at the door that no adapter can go round."""

from __future__ import annotations

import pandas as pd
import pytest

from vgstats.catalogue.areas import all_areas
from vgstats.observations import COLUMNS
from vgstats.sources import labels
from vgstats.sources.door import Checked, check
from vgstats.sources.reading import REJECTED_COLUMNS, ROW_COLUMNS, Reading, numbers


def row(**cells: object) -> dict[str, object]:
    plain = {
        "measure": "pagaende_sjukfall",
        "area": "lan:14",
        "period": "2008",
        "sex": "alla",
        "group": "",
        "value": 100.0,
        "resolution": 1.0,
        "status": "ok",
        "sheet": "tabell",
    }
    return plain | cells


def checked(*rows: dict[str, object], headings: dict[str, str] | None = None, **more) -> Checked:
    frame = pd.DataFrame([row(**cells) for cells in rows])
    frame["row"] = range(5, 5 + len(frame))
    texts = [c for c in ROW_COLUMNS if c not in ("value", "resolution", "row")]
    frame = frame[[*ROW_COLUMNS, *more]].astype(dict.fromkeys(texts, "category"))
    return check(Reading("a test", "fk", frame, headings or {}), "file.xlsx", "2026-01-01")


def rules(found: Checked) -> list[tuple[int, str]]:
    return list(found.rejected[["row", "rule"]].itertuples(index=False, name=None))


SEXES = [{"value": 100.0}, {"sex": "kvinnor", "value": 60.0}, {"sex": "män", "value": 40.0}]
RATE = {"measure": "ohalsotal", "resolution": 0.1}


def test_good_rows_pass_and_are_the_tidy_table():
    found = checked(*SEXES)
    assert list(found.accepted) == COLUMNS and len(found.accepted) == 3
    assert set(found.accepted["source"]) == {"fk"}
    assert list(found.rejected) == ["file", *REJECTED_COLUMNS] and found.rejected.empty


def test_a_rejected_row_is_named_by_file_sheet_row_column_and_rule():
    found = checked({"area": "kommun:9999"}, {}, headings={"area": "Kommun"})
    assert found.rejected.to_dict("records") == [
        {
            "file": "file.xlsx",
            "sheet": "tabell",
            "row": 5,
            "column": "Kommun",
            "value": "kommun:9999",
            "rule": "is not a known area",
        }
    ]
    assert len(found.accepted) == 1


def test_an_exact_copy_counts_once_and_another_value_is_refused():
    assert len(checked({}, {}).accepted) == 1
    found = checked({}, {"value": 101.0}, {"period": "2007"})
    assert [r for r, _ in rules(found)] == [5, 6] and len(found.accepted) == 1


@pytest.mark.parametrize(
    ("code", "period", "outcome"),
    [
        ("1917", "2006", "kommun:0331"),
        ("1917", "2006-12", "kommun:0331"),
        ("1917", "2007", "is not a known area"),
        ("1917", "2007-01", "is not a known area"),
        ("1917", "2005-13", "is not a known area"),
        ("1917", "", "is not a known area"),
        ("0331", "2007", "kommun:0331"),
        ("0330", "2003", "kommun:0330"),
        ("0330", "2003-01", "kommun:0330"),
        ("0330", "2002", "did not exist in that period"),
        ("0330", "2002-12", "did not exist in that period"),
        ("1480", "1999", "kommun:1480"),
    ],
)
def test_codes_hold_from_and_until_their_days(code, period, outcome):
    found = checked({"area": f"kommun:{code}", "period": period})
    if outcome.startswith("kommun:"):
        assert found.accepted["area"].tolist() == [outcome]
    else:
        assert outcome in found.rejected["rule"].tolist() and found.accepted.empty


def test_women_and_men_add_up_where_the_measure_adds():
    wrong = [SEXES[0] | {"value": 102.0}, *SEXES[1:], {"period": "2007"}]
    found = checked(*wrong)
    assert [r for r, _ in rules(found)] == [5, 6, 7] and len(found.accepted) == 1
    assert set(found.rejected["rule"]) == {"kvinnor 60 + män 40 is not alla 102"}
    rounded = [SEXES[0] | {"value": 101.0}, *SEXES[1:]]
    assert checked(*rounded).rejected.empty


def test_all_lies_between_women_and_men_where_it_is_a_rate():
    values = [("alla", 20.0), ("kvinnor", 25.0), ("män", 21.0)]
    found = checked(*(RATE | {"sex": sex, "value": value} for sex, value in values))
    assert {rule for _, rule in rules(found)} == {"alla 20 is not between kvinnor 25 and män 21"}
    close = [("alla", 20.9), ("kvinnor", 25.0), ("män", 21.0)]
    assert checked(*(RATE | {"sex": s, "value": v} for s, v in close)).rejected.empty


def test_a_duplicate_elsewhere_does_not_switch_the_other_checks_off():
    twice = [{"period": "2001"}, {"period": "2001", "value": 7.0}]
    wrong = [SEXES[0] | {"value": 150.0}, *SEXES[1:]]
    year = [RATE | {"period": "2020"}, RATE | {"period": "2020-12", "value": 90.0}]
    found = checked(*twice, *wrong, *year)
    assert [r for r, _ in rules(found)] == [5, 6, 7, 8, 9, 10, 11] and found.accepted.empty


def test_december_of_a_rolling_measure_is_the_year():
    year, december = RATE | {"value": 24.8}, RATE | {"value": 24.9, "period": "2008-12"}
    assert checked(year, december).rejected.empty
    found = checked(year, december | {"value": 25.0}, RATE | {"value": 3.0, "period": "2008-11"})
    assert [r for r, _ in rules(found)] == [5, 6]
    assert "December differ" in found.rejected["rule"].iloc[0]
    stock = {"measure": "pagaende_sjukfall_andel"}
    assert checked(
        stock | {"value": 5.0}, stock | {"period": "2008-12", "value": 9.0}
    ).rejected.empty


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (RATE | {"value": 366.0}, "outside the range"),
        (RATE | {"value": -0.1}, "outside the range"),
        ({"value": float("inf")}, "outside the range"),
        ({"value": None}, "contradict"),
        ({"status": "suppressed"}, "contradict"),
        ({"status": "nil"}, "marked nil and is not zero"),
        ({"status": "12x", "value": None}, "neither a number nor a mark"),
        ({"measure": "x"}, "not a known measure"),
        ({"sex": "K"}, "not a known sex"),
        ({"group": "grad=hel;diagnos=F00-F99"}, "not sorted"),
        ({"resolution": 0.0}, "not above zero"),
    ],
)
def test_each_rule_refuses_its_row_only(cells, rule):
    found = checked({"period": "2007"}, cells)
    assert [r for r, _ in rules(found)] == [6] and rule in found.rejected["rule"].iloc[0]
    assert len(found.accepted) == 1


def test_a_line_with_several_numbers_names_the_one_that_is_wrong():
    frame = checked(
        {"value": 9.0, "heading": "Antal"}, {"value": -1.0, "sex": "män", "heading": "M"}, heading=1
    )
    assert frame.rejected["column"].tolist() == ["M"]


# --- labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "area"),
    [
        ("Riket", "riket"),
        ("00 Riket", "riket"),
        ("20 Dalarnas län", "lan:20"),
        ("14 Västra Götalands län", "lan:14"),
        ("Dalarnas län", "lan:20"),
        ("2080 Falun", "kommun:2080"),
        ("2080  Falun", "kommun:2080"),
        ("2080", "kommun:2080"),
        ("0331 Heby", "kommun:0331"),
        ("1917 Heby", "kommun:1917"),
        ("2080 Faluns kommun", "kommun:2080"),
        ("2081 Falun", "2081 Falun"),
        ("14 Dalarnas län", "14 Dalarnas län"),
        ("208 Falun", "208 Falun"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_areas_are_read_by_code_and_name_that_agree(label, area):
    assert labels.area_of_label(label) == area


@pytest.mark.parametrize(
    ("name", "month"),
    [("9", "09"), ("09", "09"), ("september", "09"), ("Sep", "09"), ("sept", "09"), ("maj", "05")],
)
def test_months_are_read(name, month):
    assert labels.month("2024", name) == f"2024-{month}"


@pytest.mark.parametrize("name", ["", "ju", "junk", "marsipan", "٣", "1.0", "Totalt"])
def test_what_is_no_month_is_left(name):
    assert labels.month("2024", name) == f"2024-{name}"


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("16-19 år", "alder=16-19"),
        ("16–19", "alder=16-19"),
        ("65+", "alder=65+"),
        ("Samtliga 16-64 år", ""),
        ("ALL", ""),
        ("", "an empty cell"),
        ("unga", "unga"),
        ("a=b", "a==b"),
    ],
)
def test_ages_are_read_and_never_guessed(label, group):
    assert labels.age(label) == group


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("F00-F99 Psykiska sjukdomar", "diagnos=F00-F99"),
        ("F43", "diagnos=F43"),
        ("ALL", ""),
        ("Samtliga diagnoskapitel", ""),
        ("-00--99", "diagnos=okänd"),
        ("Saknas/Okänd", "diagnos=okänd"),
        ("", "an empty cell"),
        ("F00-F9", "F00-F9"),
        ("diagnos=x", "diagnos==x"),
    ],
)
def test_diagnoses_are_read_and_never_guessed(label, group):
    assert labels.diagnosis(label) == group


def test_texts_become_numbers_marks_or_themselves():
    marks = {"-": "nil", "..": "suppressed", "": "missing"}
    cells = ["1 234", "1\N{NO-BREAK SPACE}234,5", "-", "..", "", "\N{MINUS SIGN}3", "12 34", "ok"]
    value, status = numbers(pd.Series(cells), marks, decimal_comma=True)
    assert value.fillna(-99).tolist() == [1234, 1234.5, 0, -99, -99, -3, -99, -99]
    assert status.tolist() == ["ok", "ok", "nil", "suppressed", "missing", "ok", "12 34", "'ok'"]
    value, status = numbers(pd.Series(["1,5", "1.5"]), marks)
    assert status.tolist() == ["1,5", "ok"]


@pytest.mark.parametrize(
    ("cells", "fits"),
    [
        ({"value": 1234.0}, True),
        ({"value": 1.234}, False),
        ({"value": 999.001}, False),
        ({"value": 65556.1667, "resolution": 0.0833, "status": "derived"}, True),
        ({"value": 65556 + 1 / 6, "resolution": 1 / 12, "status": "derived"}, True),
        ({"value": 1.234, "resolution": 1 / 12, "status": "derived"}, False),
        ({"value": 1.234, "resolution": 0.001}, False),
        ({"value": 30200.0, "resolution": 100.0}, True),
        ({"value": 30250.0, "resolution": 100.0}, False),
        (RATE | {"value": 24.8}, True),
        (RATE | {"value": 24.799999237060547}, True),
        (RATE | {"value": 24.83}, False),
        (RATE | {"value": 0.1 + 0.2}, True),
        (RATE | {"value": 41.3, "resolution": 0.2, "status": "derived"}, True),
    ],
)
def test_a_value_fits_its_rounding_unit_and_a_count_is_whole(cells, fits):
    found = checked(cells)
    assert found.rejected.empty == fits
    if not fits:
        assert "whole number" in rules(found)[0][1] or "does not fit" in rules(found)[0][1]


@pytest.mark.parametrize(
    ("label", "area"),
    [
        ("Örebro", "lan:18"),
        ("örebro län", "lan:18"),
        ("18", "lan:18"),
        ("18 Örebro", "lan:18"),
        ("Stockholm", "lan:01"),
        ("Jönköping", "lan:06"),
        ("Gotland", "lan:09"),
        ("Kalmar", "lan:08"),
        ("Uppsala", "lan:03"),
        ("Dalarna", "lan:20"),
        ("Västra Götaland", "lan:14"),
        ("Riket", "riket"),
        ("00 Riket", "riket"),
        ("1880", None),
        ("1880 Örebro", None),
        ("kommun:1880", None),
        ("Göteborg", None),
        ("18 Göteborg", None),
    ],
)
def test_a_column_of_counties_has_counties_only(label, area):
    found = labels.county_of_label(label)
    assert found == area or (area is None and found not in all_areas().index)


@pytest.mark.parametrize(
    ("county", "kommun", "area"),
    [
        ("18 Örebro län", "1880 Örebro", "kommun:1880"),
        ("18 Örebro län", "Örebro", "kommun:1880"),
        ("Örebro", "Örebro kommun", "kommun:1880"),
        ("Örebro", "Karlskoga", "kommun:1883"),
        ("Västra Götaland", "Göteborgs kommun", "kommun:1480"),
        ("18 Örebro län", "18 Örebro län", "lan:18"),
        ("18 Örebro län", "Örebro län", "lan:18"),
        ("Örebro", "Samtliga kommuner", "lan:18"),
        ("Dalarna", "Dalarna", "lan:20"),
        ("Riket", "Riket", "riket"),
        ("Örebro", "Örebro", None),
        ("Gotland", "Gotland", None),
        ("Kalmar", "Kalmar", None),
        ("Örebro", "Kumla län", None),
        ("Örebro", "Göteborg", None),
        ("1", "1480 Göteborg", None),
    ],
)
def test_a_kommun_is_read_in_its_own_column_and_in_its_county(county, kommun, area):
    assert labels.area_of_labels(county, kommun) == (area or f"{county} / {kommun}")
