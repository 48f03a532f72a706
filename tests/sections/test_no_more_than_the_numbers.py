"""No sentence says more than its numbers: rounding, places, ways, and what was not tested."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from support import SECTIONS, blocks, plain
from vgstats.blocks.tables import Table
from vgstats.blocks.words import moved, place_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import all_agreements
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import compare
from vgstats.observations import Value
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.uppfoljning import Parameters, Uppfoljning
from vgstats.sections import (
    answer,
    changes,
    comparison,
    findings,
    gaps,
    goals,
    indicators,
    kommuner,
    psychiatric,
    rules,
    series,
)
from vgstats.sections import by_sex as split_by_sex
from vgstats.store.published import provenance


def said(block) -> str:
    return plain(" ".join(text.plain() for text in block.texts()))


def change(before: float, after: float, measure="ohalsotal", unit=0.1) -> Change:
    ends = [
        Value(measure, "lan:14", period, "alla", "", value, unit, "ok", "demo")
        for period, value in (("2018-12", before), ("2021-12", after))
    ]
    return Change(*ends)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (change(32.1, 32.0), "oförändrat inom avrundningen"),
        (change(32.0, 32.1), "oförändrat inom avrundningen"),
        (change(32.0, 32.0), "oförändrat inom avrundningen"),
        (change(32.1, 31.9), "en minskning med 1 procent"),
        (change(98_000, 97_900, "sa_mottagare", 100), "oförändrat inom avrundningen"),
        (change(5, 5, "sa_mottagare", 1), "oförändrat"),
        (
            change(5, 6, "sa_mottagare", 1),
            "en ökning med 20 procent",
        ),  # a whole number of persons is exact
    ],
)
def test_a_change_that_may_be_rounding_is_no_fall_and_no_rise(found, words):
    assert moved(change_facts(found)).plain() == words
    same = change_facts(found).moved(fell="x", rose="x", same="")
    assert bool(same) != words.startswith("oförändrat")
    assert bool(re.search("sjönk|steg", found.sentence().plain())) != words.startswith("oförändrat")


@pytest.fixture(scope="module")
def little() -> list[Uppfoljning]:
    """Counties whose ohälsotal moved by a tenth or two, one with a large fall."""
    rows = []
    for number, area in enumerate([*areas.lan(), areas.RIKET]):
        after = 26.0 if area == "lan:03" else 30.0 - (number % 4) / 10
        for period, value in (("2018-12", 30.0), ("2021-12", after)):
            rows.append(
                ("ohalsotal", area, period, "alla", "", value, 0.1, "ok", "demo", "2026-11-23")
            )
    columns = [
        "measure",
        "area",
        "period",
        "sex",
        "group",
        "value",
        "resolution",
        "status",
        "source",
        "retrieved",
    ]
    bundle = Bundle(pd.DataFrame(rows, columns=columns), provenance())
    found = [Parameters(lan=lan, before="2018-12", after="2021-12") for lan in ("03", "04", "07")]
    return [Uppfoljning(parameters, bundle) for parameters in found]


def test_a_place_within_rounding_is_a_span_of_places(little):
    first, *others = (report.comparison() for report in little)
    assert place_words(first).plain() == "1"
    for found in others:
        assert found.first_rank <= found.rank <= found.last_rank
        assert re.fullmatch(r"\d+–\d+", place_words(found).plain())
    for report in little[1:]:
        ties = report.comparison().last_rank - report.comparison().first_rank
        assert f"{ties} till går inte att skilja från länet" in said(SECTIONS["counties"](report))
        assert report.index_row().mark == report.comparison().mark()


def test_the_span_of_places_holds_every_order_that_the_rounding_allows(little):
    figures, area = little[1].observations, "lan:04"
    found = compare(figures, "ohalsotal", area, "2018-12", "2021-12")
    for shift in (-0.049, 0.049):
        moved_by = figures.copy()
        sign = moved_by["area"].eq(area).map({True: 1, False: -1})
        later = moved_by["period"].eq("2021-12").map({True: 1, False: -1})
        moved_by["value"] += shift * sign * later
        rank = compare(moved_by, "ohalsotal", area, "2018-12", "2021-12").rank
        assert found.first_rank <= rank <= found.last_rank


def test_no_report_on_little_changes_says_fell_or_rose_of_them(little):
    for report in little[2:]:
        text = said(findings(report)) + said(answer(report))
        assert not re.search("minskade|ökade|sjönk|steg|åt samma håll|åt andra hållet", text), text
        assert "avrundningen" in text


@pytest.mark.parametrize("count", [1, pytest.param(4, marks=pytest.mark.long)])
def test_one_way_is_not_said_of_changes_that_are_far_apart(vg, counties, count):
    for report in (vg, *counties[:count]):
        for block in blocks(report).values():
            assert "åt samma håll" not in said(block) or "områden" in said(block)


def test_only_what_was_tested_is_ruled_out(vg):
    text = said(split_by_sex(vg))
    assert "inte av att gruppernas andelar har ändrats. Bara de här grupperna är prövade." in text
    assert "befolkningen" not in text


def test_usual_variation_is_that_of_counties_that_all_had_the_grant(vg):
    text = said(comparison(vg))
    assert "inget särskilt" not in text
    assert "95 av hundra län som skiljer sig åt så mycket som de andra länen gjorde" in text


def test_a_mean_that_the_place_goes_by_is_printed_and_told_from_the_other(vg):
    text = said(comparison(vg))
    assert "de övrigas medelvärde, −35,6 procent när varje län väger lika" in text


_SIXTY_DAYS = "Sjukfall som varat 60 dagar eller mer"


def test_rounding_is_told_of_the_measures_that_are_rounded_only(vg, counties):
    text = said(changes(vg))
    assert "ingen avrundning" not in text and "Källornas tal är avrundade" not in text
    assert "Möjlig förändring: vad källans avrundning lämnar öppet." in text
    rows = {str(row[0]): row for row in changes(vg).blocks[0].rows}
    assert str(rows["Pågående sjukfall, kvinnor"][5]) == "-"
    assert all(" till " in str(rows[name][5]) for name in ("Ohälsotal (dagar)", _SIXTY_DAYS))
    exact = said(changes(counties[3]))
    assert "avrundar" not in exact and "Möjlig förändring" not in exact


def test_a_share_by_sex_is_not_called_missing(vg):
    (by_sex,) = (
        line for line in said(gaps(vg)).split(". ") if "kvinnor och män för sig" in line.lower()
    )
    assert "personer med sjuk-" in by_sex and "60 dagar" not in by_sex


def test_what_two_sources_would_mean_together_is_worked_out_and_warned_of(vg):
    text = said(psychiatric(vg))
    assert "motsäger inte" not in text
    assert "De kortare skulle då ha gått från omkring 80 till omkring 1 230, vilket" in text
    assert "vilket knappast stämmer: andelarna bland de långa gäller troligen något annat." in text


def test_the_change_of_a_share_is_counted_before_the_shares_are_rounded(vg):
    (table,) = psychiatric(vg).blocks[-1].blocks
    assert isinstance(table, Table)
    women = next(row for row in table.rows if row[0] == "Kvinnor")
    part, whole = (
        vg.change("pagaende_sjukfall", "kvinnor", "diagnos=F00-F99"),
        vg.change("pagaende_sjukfall", "kvinnor"),
    )
    exact = 100 * (part.after.value / whole.after.value - part.before.value / whole.before.value)
    assert exact == pytest.approx(2.33, abs=0.005)
    assert str(women[6]).startswith("+2,3 (")


def test_a_kommun_whose_rounding_touches_the_countys_is_not_counted_as_below_it(vg):
    text = said(kommuner(vg))
    assert "I 8 av 10 kommuner sjönk ohälsotalet mer än i länet; för 1 till skiljer bara" in text


def test_rules_are_told_of_the_time_that_the_figures_cover(vg):
    text = said(rules(vg))
    assert "mättillfällena" not in text and "medan talen räknades" in text
    rows = {str(row[0]): [str(cell) for cell in row] for row in rules(vg).blocks[0].rows}
    assert rows["Sjuklöneperiod på 14 dagar i stället för 21"][-1] == "kostnader"
    assert rows["Rehabiliteringskedjan"][-1] == "sjukfrånvaro, sjukersättning"


def test_the_plans_band_begins_when_it_was_agreed(vg):
    assert (vg.agreement.start.year, vg.agreement.start.month) == (2006, 6)


def test_the_definition_on_page_one_has_all_the_benefits(vg):
    text = said(indicators(vg))
    assert (
        "dagar med sjukpenning, rehabiliteringspenning och sjuk- eller aktivitetsersättning" in text
    )


def test_the_evaluation_is_cited_for_both_of_its_findings_and_to_when_it_goes(vg):
    for followed in all_agreements().values():
        if followed.evaluation and followed.evaluation.source == "ifau-2009-1":
            text = followed.evaluation.text
            assert "andra kvartalet 2008" in text and "ledningarna samordnade" in text
    assert "Däremot minskade sjukfrånvaron mer i län där ledningarna" in said(answer(vg))


def test_riket_is_told_beside_the_county_from_the_months_that_there_are(vg):
    text = said(series(vg))
    for phrase in (
        "december 2005 med omkring 41,3 dagar och januari 2009 med omkring 35,5 dagar, en ändring med −5,8 dagar",
        "Räknat från oktober 2005, med omkring 41,6 dagar, är den −6,1 dagar",
        "I riket var ändringen av ohälsotalet omkring −6 dagar, i länet −6,1 dagar mellan 2005 och 2008.",
        "Värdet för december 2005 är uträknat: 39,9 i december 2006 och den uppgivna minskningen på 1,4.",
        "Värdet för januari 2009 är summan av",
    ):
        assert phrase in text, phrase
    assert "35,8" not in text  # the press text that it rests on contradicts itself


def test_a_derived_number_is_marked_in_the_table(vg):
    rows = next(figure.table.rows for figure in series(vg).blocks if hasattr(figure, "table"))
    of_riket = {str(row[0]): row[2] for row in rows}
    assert of_riket["2005"].plain() == "41,3 (uträknat)"
    assert plain(of_riket["2006"].text()) == "39,9"


def test_the_national_goal_is_set_beside_rikets_nearest_month(vg, counties):
    for report in (vg, counties[0]):
        rows = goals(report).rows
        (row,) = (row for row in rows if "i slutet av 2008" in str(row[0]))
        aim, outcome, reached, _, set_by = (plain(str(cell)) for cell in row)
        assert aim == "Ohälsotalet i riket ska ner till 37 dagar i slutet av 2008."
        assert (outcome, reached) == ("35,5 dagar i januari 2009", "Ja, av januari 2009 att döma")
        assert set_by == "Regeringen"


def test_a_goal_without_any_near_value_is_left_open(vg):
    figures = vg.observations[vg.observations["area"] != areas.RIKET]
    without = Uppfoljning(vg.parameters, replace(vg._bundle, observations=figures))
    row = next(row for row in goals(without).rows if "i slutet av 2008" in str(row[0]))
    assert row[1] is None and row[2] == "Okänt"
