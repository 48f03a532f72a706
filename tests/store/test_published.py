"""The bundled figures are the published ones, number for number."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

import vgstats as vg
from vgstats.observations import newest
from vgstats.row_checks import validate

VG = "lan:14"
SHARE = "sjukfall_60_dagar_andel"
KEY = ["measure", "area", "period", "sex", "group"]
SEX = {"ALL": "alla", "K": "kvinnor", "M": "män"}

# What the reports' own pages print, typed here from the sources and nowhere else in the project.
PINS = [
    ("ohalsotal", VG, "2005-12", "alla", "", 42.9, 0.1),
    ("ohalsotal", VG, "2005-12", "kvinnor", "", 51.7, 0.1),
    ("ohalsotal", VG, "2005-12", "män", "", 34.3, 0.1),
    ("ohalsotal", VG, "2008-12", "alla", "", 36.8, 0.1),
    ("ohalsotal", VG, "2008-12", "kvinnor", "", 44.0, 0.1),
    ("ohalsotal", VG, "2008-12", "män", "", 29.6, 0.1),
    ("sjukfall_60_dagar", VG, "2005-12", "alla", "", 30200, 100),
    ("sjukfall_60_dagar", VG, "2008-12", "alla", "", 18900, 100),
    ("sa_mottagare", VG, "2005", "alla", "", 98000, 100),
    ("sa_mottagare", VG, "2008", "alla", "", 91700, 100),
    ("sa_nya", VG, "2005", "alla", "", 11000, 100),
    ("sa_nya", VG, "2008", "alla", "", 5500, 100),
    (SHARE, VG, "2005", "kvinnor", "", 63, 1),
    (SHARE, VG, "2008", "kvinnor", "", 61, 1),
    (SHARE, VG, "2005", "alla", "diagnos=F00-F99", 38, 1),
    (SHARE, VG, "2008", "alla", "diagnos=F00-F99", 35, 1),
    (SHARE, VG, "2005", "alla", "instans=vårdcentral", 42, 1),
    (SHARE, VG, "2008", "alla", "instans=sjukhusklinik", 44, 1),
    ("kostnad_sjukpenning", VG, "2004", "alla", "", 6000, 100),
    ("kostnad_sjukpenning", VG, "2007", "alla", "", 4500, 100),
    ("kostnad_sa", VG, "2004", "alla", "", 9600, 100),
    ("kostnad_sa", VG, "2007", "alla", "", 10300, 100),
    ("kostnad_rehabiliteringstjanster", VG, "2004", "alla", "", 142, 1),
    ("kostnad_rehabiliteringstjanster", VG, "2007", "alla", "", 116, 1),
    ("transfereringar", VG, "2004", "alla", "", 64200, 100),
    ("transfereringar", VG, "2007", "alla", "", 68000, 100),
    ("statsbidrag", VG, "2006", "alla", "", 112, 1),
    ("statsbidrag", VG, "2007", "alla", "", 164, 1),
    ("statsbidrag", VG, "2008", "alla", "", 165, 1),
    ("statsbidrag", VG, "2006", "alla", "del=garanterad", 42, 1),
    ("egna_medel", VG, "2007", "alla", "", 100, 1),
    ("egna_medel", VG, "2008", "alla", "", 100, 1),
    ("fk_medarbetare", VG, "2005-12", "alla", "", 1080, 1),
    ("fk_medarbetare", VG, "2008-12", "alla", "", 735, 1),
    ("fk_medarbetare", VG, "2005-12", "alla", "roll=rådgivare", 22, 1),
    ("fk_medarbetare", VG, "2008-12", "alla", "roll=rådgivare", 13, 1),
    *(
        (
            "fk_medarbetare",
            VG,
            "2008-12",
            "alla",
            f"organisation={office} försäkringscenter;roll={role}",
            n,
            1,
        )
        for office, role, n in (
            ("lokala", "medarbetare", 580),
            ("lokala", "rådgivare", 9),
            ("nationella", "medarbetare", 140),
            ("nationella", "rådgivare", 4),
        )
    ),
    ("vardcentraler", VG, "2008", "alla", "", 121, 1),
    *(
        ("vardcentraler", VG, "2008", "alla", f"område={part}", n, 1)
        for part, n in (
            ("Fyrbodal", 38),
            ("Stor-Göteborg utom Göteborg", 30),
            ("Göteborg", 32),
            ("Sjuhärad och Mittenälvsborg", 31),
            ("Skaraborg", 25),
        )
    ),
    ("processledare", VG, "2008", "alla", "", 10, 1),
    ("utbildade_forsakringsmedicin", VG, "2008", "alla", "", 1000, 1000),
    ("fou_projekt", VG, "2008", "alla", "", 34, 1),
    ("fou_medel", VG, "2008", "alla", "", 5, 1),
    ("samordningsforbund", VG, "2008", "alla", "", 19, 1),
    ("samordningsforbund_budget", VG, "2008", "alla", "", 130, 10),
    ("samordningsforbund_deltagare", VG, "2008", "alla", "", 7000, 1000),
    ("ohalsotal", VG, "2003-12", "alla", "", 43.5, 0.1),
    ("ohalsotal", "riket", "2009-12", "alla", "", 32.8, 0.1),
    ("ohalsotal", "riket", "2025-12", "alla", "", 22.0, 0.1),
    ("ohalsotal", VG, "2018-12", "alla", "", 27.2, 0.1),
    ("sjukpenningtal", VG, "2019-12", "alla", "", 10.8, 0.1),
    ("sjukpenningtal", VG, "2025-12", "alla", "", 12.0, 0.1),
    ("befolkning", "riket", "2011", "alla", "", 9482855, 1),
    ("kpi", "riket", "2004", "alla", "", 279.2, 0.1),
    ("kpi", "riket", "2007", "alla", "", 290.51, 0.01),
    ("villkorsmedel", "riket", "2018", "alla", "", 580000000, 1),
    ("villkorsmedel", VG, "2018", "alla", "", 96887840, 1),
    ("sjukpenningtal", "kommun:2262", "2017-09", "alla", "", 15.9, 0.1),
    ("sjukpenningtal", "kommun:2262", "2019-10", "alla", "", 9.0, 0.1),
    ("projektmedel", "kommun:2262", "2018", "alla", "", 385125, 1),
    ("projektmedel", "kommun:2262", "2019", "alla", "", 513500, 1),
]


@pytest.fixture(scope="module")
def pinned() -> pd.DataFrame:
    """The bundled rows that the pins are of: a pin looks for its own among few."""
    figures = vg.published()
    of_a_pin = pd.MultiIndex.from_frame(figures[KEY]).isin([pin[:5] for pin in PINS])
    return figures[of_a_pin].reset_index(drop=True)


def check_pins(
    figures: pd.DataFrame, pins: Sequence[tuple[str, str, str, str, str, float, float]] = PINS
) -> None:
    """Compare a table of observations with the pinned numbers."""
    for measure, area, period, sex, group, value, resolution in pins:
        found = vg.one(figures, measure, area, period, sex, group)
        assert found is not None, (measure, area, period, sex, group)
        assert (found.value, found.resolution) == (value, resolution), found


def test_the_pinned_figures_stand_in_the_table_with_their_rounding_unit():
    check_pins(vg.published())


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: f"{pin[0]}-{pin[2]}-{pin[4]}")
def test_changing_one_bundled_figure_fails_the_pins(pin, pinned):
    figures = pinned.copy()
    measure, area, period, sex, group = pin[:5]
    row = (
        (figures["measure"] == measure)
        & (figures["area"] == area)
        & (figures["period"] == period)
        & (figures["sex"] == sex)
        & (figures["group"] == group)
    )
    assert row.sum() == 1
    figures.loc[row, "value"] += 0.1
    check_pins(pinned, [pin])
    with pytest.raises(AssertionError):
        check_pins(figures, [pin])


def test_every_row_is_valid_and_has_a_named_source():
    figures = vg.published()
    validate(figures, "all bundled figures together")
    assert set(figures["source"]) <= set(vg.provenance().index)
    named = vg.provenance().loc[sorted(set(figures["source"]))]
    assert (named[["publisher", "title", "short"]] != "").all(axis=None)
    assert (named["kind"] == "published").all()


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def value(measure, area, period, sex="alla", group=""):
    found = vg.one(vg.published(), measure, area, period, sex, group)
    assert found is not None, (measure, area, period, sex, group)
    return found.value


def area_of(code: str) -> str:
    return "riket" if code == "00" else f"lan:{code}" if len(code) == 2 else f"kommun:{code}"


def test_tables_2_and_3_of_the_evaluation_are_complete(shared):
    names = {
        "personer_med_sa": "sa_mottagare",
        "personer_nya_sa": "sa_nya",
        "ohalsotal": "ohalsotal",
        "sjukfall_minst_60_dagar": "sjukfall_60_dagar",
        "kostnad_sjuk_och_rehabpenning": "kostnad_sjukpenning",
        "kostnad_sa": "kostnad_sa",
        "kostnad_rehabtjanster": "kostnad_rehabiliteringstjanster",
        "transfereringar_totalt": "transfereringar",
    }
    dated_december = {"ohalsotal", "sjukfall_60_dagar"}
    groups = {
        "konsandel_sjukfall60": "", "diagnosandel_F": "diagnos=F00-F99", "diagnosandel_M": "diagnos=M00-M99",
        "diagnosandel_ovrigt": "diagnos=övriga", "grad_hel": "grad=hel", "grad_partiell": "grad=partiell",
        "anstallda": "sysselsättning=anställd", "arbetslosa": "sysselsättning=arbetslös",
        "instans_vardcentral": "instans=vårdcentral", "instans_foretagshalsovard": "instans=företagshälsovård",
        "instans_psykiatrisk_oppenvard": "instans=psykiatrisk öppenvård",
        "instans_ovriga": "instans=övriga vårdgivare", "instans_privatlakare": "instans=privatläkare",
        "instans_annan": "instans=annan vårdgivare",
    }  # fmt: skip
    hospital = {"2005": "instans=sjukhus", "2008": "instans=sjukhusklinik"}
    shares = 0
    for row in read(shared / "data" / "rapport_vg_2009_tabell2_tabell3.csv"):
        measure = names.get(row["matt"])
        if measure is None:
            group = hospital[row["ar"]] if row["matt"] == "instans_sjukhus" else groups[row["matt"]]
            share = value(SHARE, VG, row["ar"], SEX[row["kon_kod"]], group)
            assert share == float(row["varde"]), row
            shares += 1
            continue
        period = row["ar"] + ("-12" if measure in dated_december else "")
        assert value(measure, VG, period, SEX[row["kon_kod"]]) == float(row["varde"])
    figures = vg.select(vg.published(), measure=SHARE, area=VG)
    assert len(figures) == shares == 28


def test_the_county_and_ten_kommuner_are_complete(shared):
    rows = read(shared / "data" / "ohalsotal_vg_10kommuner_2001-2016.csv")
    for row in rows:
        period = f"{row['ar']}-12"
        assert value("ohalsotal", area_of(row["omrade_kod"]), period) == float(row["ohalsotal"])
    assert len(rows) == 176


@pytest.mark.parametrize("years", ["2005_2008", "2005_2025"])
def test_ongoing_cases_are_a_twelfth_of_the_published_sums(shared, years):
    rows = read(shared / "data" / f"fk_pagaende_sjukfall_lan_kon_{years}.csv")
    ours = newest(vg.select(vg.published(), measure="pagaende_sjukfall"))
    for row in rows:
        key = ("pagaende_sjukfall", area_of(row["lan_kod"]), row["ar"], SEX[row["kon_kod"]])
        total = 12 * ours[*key, ""].value
        assert total == pytest.approx(float(row["summa_12_manader_alla"]), abs=0.01)
        psychiatric = 12 * ours[*key, "diagnos=F00-F99"].value
        assert psychiatric == pytest.approx(float(row["summa_12_manader_F00-F99"]), abs=0.01)
    assert len(rows) == {"2005_2008": 132, "2005_2025": 22 * 3 * 21}[years]


def test_the_two_main_measures_are_complete_for_every_county_and_riket(shared):
    names = {"ohalsotal": "ohalsotal", "sjukpenningtal_1_0": "sjukpenningtal"}
    rows = read(shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv")
    figures = vg.published()
    of_them = figures["source"].str.startswith("fk-ohalsotal-sjukpenningtal-")
    ours = {
        key: found[["value", "resolution"]].to_numpy().tolist()
        for key, found in figures[of_them & (figures["sex"] == "alla")].groupby(KEY[:3])
    }
    for row in rows:
        key = (names[row["matt"]], area_of(row["lan_kod"]), f"{row['ar']}-12")
        assert ours[key] == [[float(row["varde"]), 0.1]], row
    assert len(rows) == 2 * 22 * 15


def test_the_last_year_is_said_to_be_preliminary():
    figures = vg.published()
    last = figures[figures["period"].str.startswith("2025")]
    places = vg.provenance().loc[sorted(set(last["source"])), "place"]
    assert len(places) == 2
    assert places.str.startswith("preliminär").all()


def test_the_population_is_complete_and_adds_up_to_riket(shared):
    rows = read(shared / "data" / "scb_folkmangd_lan_2011-2024.csv")
    for row in rows:
        place = area_of(row["lan_kod"]), row["ar"]
        assert value("befolkning", *place) == float(row["folkmangd_31_december"])
    assert len(rows) == 22 * 14
    wide = vg.select(vg.published(), measure="befolkning").pivot(
        index="period", columns="area", values="value"
    )
    assert (wide.drop(columns="riket").sum(axis=1) == wide["riket"]).all()


# Statistics Sweden's fixed index numbers by month, as other pages print them: Björn Lundén's (2015-2023)
# and, for October, an allotment society's. The yearly mean is the mean of the months.
MONTHS = {
    "2015": "310.75 312.93 313.19 313.16 314.24 313.33 313.43 312.81 314.06 314.29 313.75 314.21",
    "2018": "322.51 324.87 325.76 327.10 327.86 328.62 330.33 329.63 331.14 330.72 330.40 331.87",
    "2020": "332.82 334.47 333.91 332.90 334.91 336.84 337.57 337.07 337.27 336.97 337.00 339.34",
    "2021": "338.09 339.01 339.54 340.37 341.04 341.32 342.23 343.99 345.74 346.44 348.03 352.47",
    "2022": "350.56 353.56 359.80 362.02 365.82 370.95 371.28 377.81 383.21 384.04 387.93 395.96",
    "2023": "391.50 395.82 398.08 399.93 401.19 405.49 405.67 405.97 408.05 409.07 410.35 413.34",
}
# The City of Stockholm's table, one decimal.
STOCKHOLM = [290.5, 300.6, 299.7, 303.5, 311.4, 314.2, 314.1, 313.5, 313.4, 316.4, 322.1]
# The World Bank's yearly changes of Sweden's consumer prices, per cent, on unrounded months.
WORLD_BANK = {"2002": 2.1585, "2003": 1.9257, "2004": 0.3737, "2005": 0.4532, "2006": 1.3602}


def test_the_price_index_agrees_with_other_prints_of_it():
    index = {
        row["period"]: row["value"]
        for row in vg.select(vg.published(), measure="kpi").to_dict("records")
    }
    assert sorted(index) == [str(year) for year in range(2001, 2024)]
    for year, months in MONTHS.items():
        assert index[year] == pytest.approx(sum(map(float, months.split())) / 12, abs=0.0051)
    for year, printed in zip(range(2007, 2018), STOCKHOLM, strict=True):
        assert index[str(year)] == pytest.approx(printed, abs=0.0501)
    chained = index["2006"]
    for year in sorted(WORLD_BANK, reverse=True):
        chained /= 1 + WORLD_BANK[year] / 100
        assert index[str(int(year) - 1)] == pytest.approx(chained, abs=0.1)


def test_the_press_points_are_complete_and_the_worked_out_ones_are_marked(shared):
    rows = read(shared / "cases" / "fk_press" / "riket_points.csv")
    for row in rows:
        found = vg.one(vg.published(), "ohalsotal", "riket", row["period"])
        assert found is not None
        assert found.value == float(row["value"])
        assert (found.status == "ok") == (row["kind"] == "published")
    assert len(rows) == 11


def test_regionfakta_is_complete(shared):
    data = shared / "data"
    rows = read(data / "regionfakta_sjukpenningtal_lan_kon_2017_2022.csv")
    of_2017 = [row for row in rows if row["ar"] == "2017"]
    assert len(of_2017) == 44
    for row in of_2017:
        place = area_of(row["lan_kod"]), "2017-12", SEX[row["kon_kod"]]
        assert value("sjukpenningtal", *place) == float(row["sjukpenningtal"])
    for row in read(data / "regionfakta_sjuk_aktivitetsersattning_lan_2018_2019.csv"):
        for code, sex in SEX.items():
            place = area_of(row["lan_kod"]), f"{row['ar']}-12", sex
            assert value("sa_mottagare", *place) == float(row[f"antal_{code}"])


def test_the_payments_of_2018_add_up_as_the_source_says():
    figures = vg.select(vg.published(), measure="villkorsmedel")
    wide = figures.pivot(index="area", columns="group", values="value")
    by_area = wide["villkor=1"] + wide["villkor=2"]
    assert (by_area - wide[""]).abs().max() <= 1  # whole kronor, rounded in the source
    counties = wide.drop("riket")
    assert len(counties) == 21
    assert counties["villkor=1"].sum() == pytest.approx(150_000_000, abs=21)
    assert counties["villkor=2"].sum() == pytest.approx(430_000_000, abs=21)


def test_the_changes_of_the_seed_documents_are_met(shared):
    expected = json.loads((shared / "cases" / "seeds" / "expected.json").read_text("utf-8"))
    for sex, name in (("alla", "total"), ("kvinnor", "kvinnor"), ("män", "man")):
        before, after, difference, percent = expected["ohalsotal"][name]
        change = vg.change(vg.published(), "ohalsotal", VG, "2005-12", "2008-12", sex)
        assert (change.before.value, change.after.value) == (before, after)
        assert change.difference == pytest.approx(difference)
        assert change.percent == pytest.approx(percent, abs=0.005)


def test_the_rounding_bands_of_the_seed_documents_are_met(shared):
    names = {
        "ohalsotal_total": ("ohalsotal", "2005-12", "2008-12", "alla", 1),
        "ohalsotal_kvinnor": ("ohalsotal", "2005-12", "2008-12", "kvinnor", 1),
        "ohalsotal_man": ("ohalsotal", "2005-12", "2008-12", "män", 1),
        "sjukfall_60d": ("sjukfall_60_dagar", "2005-12", "2008-12", "alla", 1),
        "har_sjukers": ("sa_mottagare", "2005", "2008", "alla", 1),
        "fick_sjukers": ("sa_nya", "2005", "2008", "alla", 1),
        "kostnad_sjukp_mdkr": ("kostnad_sjukpenning", "2004", "2007", "alla", 1000),
        "kostnad_sjukers_mdkr": ("kostnad_sa", "2004", "2007", "alla", 1000),
        "kostnad_rehabtjanst_mkr": ("kostnad_rehabiliteringstjanster", "2004", "2007", "alla", 1),
        "transfereringar_mdkr": ("transfereringar", "2004", "2007", "alla", 1000),
    }
    met = 0
    for row in read(shared / "cases" / "seeds" / "vg_2005_2008.csv"):
        if row["name"] not in names:
            continue
        measure, before, after, sex, scale = names[row["name"]]
        change = vg.change(vg.published(), measure, VG, before, after, sex)
        band, percents = change.difference_band, change.percent_band
        assert band.low / scale == pytest.approx(float(row["change_lo_rounding"]))
        assert band.high / scale == pytest.approx(float(row["change_hi_rounding"]))
        assert percents.low == pytest.approx(float(row["pct_lo_rounding"]), abs=0.0006)
        assert percents.high == pytest.approx(float(row["pct_hi_rounding"]), abs=0.0006)
        met += 1
    assert met == len(names)
