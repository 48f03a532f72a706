"""What a county's report says of its units, and a unit's of itself: nobody ranked, and no other unit named to it."""

from __future__ import annotations

import datetime as dt
import re
import sys

import pandas as pd
import pytest
from selectolax.lexbor import LexborHTMLParser

from support import ROOT, plain
from vgstats.catalogue.case_tables import choices
from vgstats.catalogue.units import Unit, all_units, declare_units
from vgstats.observations import COLUMNS
from vgstats.page.numbers_on_page import unaccounted
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report
from vgstats.sections import effect_in_units, funnel_of_units, unit_among_units
from vgstats.store.published import provenance

sys.path.insert(0, str(ROOT / "tests" / "bench"))
from simulate_units import units

DAYS = ("2022-10-01", "2023-10-01", "2024-10-01", "2025-10-01")
STARTED = dt.date(2024, 2, 1)


class OfUnits(Report):
    """Any kind of report that has read its county's units."""

    name = "sjukfall"
    model = BetweenPeriods
    main = "intygsfall"
    shown = ("intygsfall",)


def report_of(
    frame: pd.DataFrame, *, area: str = "", chosen_high: bool = False, expected: bool = True
) -> OfUnits:
    began = dict(zip(frame["unit"], frame["began"], strict=True))
    declare_units(
        Unit(
            id=f"e{k:03}",
            name=name,
            lan="lan:14",
            started=STARTED if own else None,
            chosen_high=chosen_high and own,
        )
        for k, (name, own) in enumerate(began.items())
    )
    found = []
    for k, one in enumerate(frame.itertuples()):
        for place, day in enumerate(DAYS):
            cases = one.cases_before - (place == 0) * (k % 5) if place < 2 else one.cases_after
            for sex, share in (("alla", 1), ("kvinnor", 0.6), ("män", 0.4)):
                for measure, value in (
                    ("intygsfall", cases * share),
                    ("listade", one.persons_before * (share if sex == "alla" else 0.5)),
                    *([("intygsfall_forvantade", one.expected * share)] if expected else []),
                ):
                    found.append((measure, f"enhet:14-e{k:03}", day, sex, round(value)))
    rows = pd.DataFrame(found, columns=["measure", "area", "period", "sex", "value"])
    whole = (
        rows.groupby(["measure", "period", "sex"], as_index=False)["value"]
        .sum()
        .assign(area="lan:14")
    )
    rows = pd.concat([rows, whole]).assign(
        group="", resolution=1.0, status="ok", source="demo", retrieved="2026-11-23"
    )
    report = OfUnits.__new__(OfUnits)
    report.left_out, report._store, report.cited = {}, None, set()
    parameters = BetweenPeriods(lan="14", before=DAYS[-2], after=DAYS[-1])
    report.read(parameters, Bundle(rows[COLUMNS], provenance()), [])
    report.area = area or report.area
    return report


@pytest.fixture(autouse=True)
def _no_units_afterwards():
    yield
    declare_units(())


def said(block) -> str:
    return plain(" ".join(text.plain() for text in block.texts()))


def one_far_out() -> pd.DataFrame:
    frame = units(4, many=60)
    frame["unit"] = [f"Vårdcentralen {name}" for name in frame["unit"]]
    frame.loc[7, "cases_after"] = round(frame.loc[7, "expected"] * 3)
    return frame


def test_the_county_names_only_units_far_outside_and_puts_none_before_another():
    shown = funnel_of_units(report_of(one_far_out()))
    words = said(shown)
    assert (
        "Klart fler sjukfall än vanligt för storleken vid Vårdcentralen Enhet 7, bland 60 enheter"
        in words
    )
    assert shown.html().count("Vårdcentralen") == shown.html().count("Vårdcentralen Enhet 7")
    assert "väntat av de listades antal, ålder och kön" in words
    rows = shown.to_frame()
    assert rows.iloc[:, 0].tolist()[2] == "Inom det vanliga" and len(rows) == 5


def test_that_units_are_too_few_to_compare_is_said_with_numbers_that_a_page_may_print():
    report = report_of(one_far_out().head(2))
    assert funnel_of_units(report).html() == ""
    (what,) = (one.what for one in report.left_out.values())
    assert "färre än 3 " in what.plain()
    assert [*unaccounted(LexborHTMLParser(f"<p>{what.html()}</p>"))] == []


def test_named_units_stand_by_the_alphabet():
    frame = one_far_out().head(25)
    names = funnel_of_units(report_of(frame), named=True).to_frame().iloc[:, 0].astype(str).tolist()
    assert names == sorted(names) and len(names) == 25


def test_named_units_have_their_need_index_beside_them_where_it_is_known():
    report = report_of(one_far_out().head(25))
    rows = report.observations
    need = rows[
        rows["measure"].eq("listade") & rows["sex"].eq("alla") & rows["area"].eq("enhet:14-e003")
    ]
    need = need.assign(measure="vardbehovsindex", value=1.25, resolution=0.01)
    report.read(report.parameters, Bundle(pd.concat([rows, need]), provenance()), [])
    table = funnel_of_units(report, named=True).to_frame().set_index("Enhet")
    assert table["Vårdbehovsindex (CNI)"].dropna().to_dict() == {"Vårdcentralen Enhet 3": 1.25}


def test_without_ages_women_and_men_are_what_is_known_of_the_listed():
    words = said(funnel_of_units(report_of(one_far_out(), expected=False)))
    assert "de listades antal och kön" in words


def test_a_unit_hears_whether_it_is_usual_and_of_no_other():
    frame = one_far_out()
    far = said(unit_among_units(report_of(frame, area="enhet:14-e007")))
    assert "Det är klart fler än vanligt för er storlek" in far and "Enhet" not in far
    assert not unit_among_units(report_of(frame)).html()


def test_units_that_fell_are_told_beside_the_others_with_the_years_before():
    block = effect_in_units(report_of(units(2, many=80, fall=0.3)))
    words = said(block)
    assert "De jämförs här med 60 enheter som inte gjorde det" in words
    assert "listade den 1 oktober 2023 och den 1 oktober 2025" in words
    fewer = re.search(r"har fått (\d+,\d) färre sjukfall per 1 000 listade", words)[1]
    assert f"Skillnaden mellan ändringarna är −{fewer} per 1 000 listade" in words, (
        "one number, wherever it stands"
    )
    assert "Det visar inte att det som enheterna började med gjorde skillnaden" in words


def test_units_chosen_for_being_high_are_compared_from_the_same_start():
    words = said(effect_in_units(report_of(units(6, many=100, highest=True), chosen_high=True)))
    assert "valdes för att talet var högt" in words and "går inte att skilja från noll" in words
    said_, last = (
        re.findall(f, words)
        for f in (r"mellan ändringarna ([+−]\d,\d)", r" ([+−]\d,\d) [+−]\d,\d till")
    )
    assert said_[0] in last[-1], "the table's last year is the sentence's"


def test_it_says_how_many_of_those_that_began_were_chosen():
    report = report_of(units(6, many=100, highest=True), chosen_high=True)
    declared = list(all_units("lan:14").values())
    first = next(one for one in declared if one.chosen_high)
    declare_units(
        one if one != first else one.model_copy(update={"chosen_high": False}) for one in declared
    )
    words = said(effect_in_units(report))
    began = sum(one.started is not None for one in declared)
    assert f"{began - 1} av de {began} enheter som började valdes för att talet var högt" in words


def test_nothing_is_said_where_no_unit_began_and_the_reason_where_too_few_did():
    frame = units(2, many=40)
    assert not effect_in_units(report_of(frame.assign(began=False))).html()
    report = report_of(frame.assign(began=frame.index < 3))
    effect_in_units(report)
    assert any("enheterna som började är 3" in plain(one) for one in report.left_out)


def test_units_that_write_certificates_of_other_persons_than_their_listed_are_not_compared():
    report = report_of(units(6, many=100))
    assert said(effect_in_units(report))
    report = report_of(units(6, many=100))
    report.sources = report.sources.copy()
    report.sources.loc["demo", "note"] = choices(5, "senaste_intyg")
    assert not effect_in_units(report).html()
    assert any("enheten som skrev intyget" in plain(one) for one in report.left_out)


def test_cases_of_a_unit_that_lists_nobody_are_expected_of_no_other():
    """A clinic with as many cases as all others together makes none of them low."""
    frame = units(3, many=20, spread=0)
    clinic = frame.iloc[0].to_dict() | {"unit": "Kliniken", "began": False}
    clinic |= {"cases_before": 9000, "cases_after": 9000}
    whole = pd.concat([frame.assign(began=False), pd.DataFrame([clinic])], ignore_index=True)
    report = report_of(whole, expected=False)
    rows = report.observations
    gone = (rows["measure"] == "listade") & (rows["area"] == "enhet:14-e020")
    of_clinic = rows[gone].set_index(["period", "sex"])["value"]
    rows.loc[of_county(rows), "value"] -= [
        of_clinic.loc[key] for key in rows.loc[of_county(rows), ["period", "sex"]].itertuples(index=False, name=None)
    ]  # fmt: skip
    report.read(report.parameters, Bundle(rows[~gone], provenance()), [])
    words = said(funnel_of_units(report))
    assert "Ingen av 20 enheter har klart fler eller färre" in words


def of_county(rows: pd.DataFrame) -> pd.Series:
    return (rows["measure"] == "listade") & (rows["area"] == "lan:14")


def test_one_unit_alone_that_began_is_told_by_how_units_change():
    frame = units(2, many=40)
    frame = frame.assign(began=frame.index == 7)
    words = said(effect_in_units(report_of(frame)))
    assert words.startswith(
        "1 enhet började med något nytt den 1 februari 2024. Den jämförs här med 39"
    )
    assert "har ingen av de 40 enheterna ändrats mer än slump och vanliga skillnader" in words
    frame.loc[7, "cases_after"] = frame.loc[7, "cases_before"] // 3
    words = said(effect_in_units(report_of(frame)))
    assert "också när 40 jämförs: Enhet 7 (bland dem som började)" in words
    assert "Skillnaden mellan ändringarna" not in words


@pytest.mark.parametrize(
    ("started", "why"),
    [
        (dt.date(2022, 1, 1), "ingen enhet började mellan den första och den sista tidpunkten"),
        (dt.date(2026, 1, 1), "ingen enhet började mellan den första och den sista tidpunkten"),
    ],
    ids=["before the first period", "after the snapshot"],
)
def test_units_that_began_outside_of_the_numbers_are_no_before_and_after(started, why):
    report = report_of(units(2, many=40))
    declare_units(
        one.model_copy(update={"started": started if one.started else None})
        for one in list(all_units("lan:14").values())
    )
    assert not effect_in_units(report).html()
    assert any(why in plain(one) for one in report.left_out)


def test_units_that_began_early_or_have_no_listed_are_left_out_and_counted():
    frame = units(2, many=40)
    report = report_of(frame)
    began = [one for one in all_units("lan:14").values() if one.started]
    early, silent = began[0].id, began[1].id
    declare_units(
        one.model_copy(update={"started": dt.date(2021, 1, 1)}) if one.id == early else one
        for one in list(all_units("lan:14").values())
    )
    rows = report.observations
    gone = (rows["measure"] == "listade") & (rows["area"] == f"enhet:14-{silent}")
    report.read(report.parameters, Bundle(rows[~gone], provenance()), [])
    words = said(effect_in_units(report))
    assert words.startswith("18 enheter började") and "med 20 enheter som inte gjorde" in words
    assert "för att de började tidigare eller saknar tal som visas: 2" in words
