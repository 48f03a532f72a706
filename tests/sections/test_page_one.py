"""Page one: findings, figure, table of indicators and mark say the same, and stand alone on one sheet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from support import followup
from vgstats.blocks.blocks import Block
from vgstats.blocks.tables import Table
from vgstats.catalogue import areas
from vgstats.methods.before_after import Change, change_facts
from vgstats.page.reading import plain
from vgstats.reports.base.gathering import gather
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sections import findings, indicators, lead_figure, not_known, psychiatric
from vgstats.sections.indicator_table import ROWS, _rows, _ways, indicators_of


@pytest.fixture(scope="module")
def counties() -> dict[str, Uppfoljning]:
    """Every county over the years of the default batch."""
    return {a[4:]: followup(a[4:], "2019-12", "2025-12", intervention="") for a in areas.lan()}


def said(block: Block) -> str:
    return plain(" ".join(text.plain() for text in block.texts()))


def frame_of(report: Uppfoljning):
    return indicators(report).to_frame().set_index("Mått")


@pytest.mark.parametrize(
    ("lan", "words"),
    [
        (
            "05",
            "Sjukpenningtalet steg från 8,6 dagar 2019 till 10,1 dagar 2025, en ökning med 17 procent. I riket steg "
            "talet från 9,4 till 10,1. Länet låg 0,8 dagar under riket 2019 och på samma avrundade tal 2025.",
        ),
        (
            "05",
            "Ohälsotalet sjönk från 24,0 dagar 2019 till 23,1 dagar 2025, en minskning med 4 procent.",
        ),
        (
            "07",
            "Sjukpenningtalet var 9,4 dagar 2019 och 9,5 dagar 2025, ingen ändring utöver avrundningen.",
        ),
        (
            "23",
            "Sjukpenningtalet steg från 7,4 dagar 2019 till 12,5 dagar 2025, en ökning med 69 procent.",
        ),
        ("09", "Sjukpenningtalet sjönk"),
    ],
)
def test_a_finding_tells_the_change_the_country_and_the_levels(counties, lan, words):
    assert words in said(findings(counties[lan]))


def test_a_country_that_stood_still_and_a_county_that_lay_level_are_told_as_one_says_it(counties):
    (found,) = indicators_of(counties["05"], ["sjukpenningtal"])

    def moved(change: Change, last: float) -> Change:
        before, after = change.before, change.after
        return Change(replace(before, value=13.3), replace(after, value=last))

    level = replace(found, own=moved(found.own, 13.2), beside=moved(found.beside, 13.2))
    text = plain(level.sentence().plain())
    assert (
        "I riket var talet 13,3 och 13,2, inte heller där en ändring utöver avrundningen." in text
    )
    assert "Länet låg på samma avrundade tal som riket båda åren." in text
    text = plain(replace(level, own=moved(found.own, 12.0)).sentence().plain())
    assert "I riket var talet 13,3 och 13,2, ingen ändring utöver avrundningen." in text


def test_the_level_beside_riket_stands_in_a_column_of_its_own(counties):
    assert "−0,8 → 0,0" in said(indicators(counties["05"]))
    assert frame_of(counties["05"]).loc["Sjukpenningtal (dagar)", "2025"] == 10.1


def test_a_mark_says_direction_place_and_only_outside_the_band_that_it_stands_out(counties):
    for report in counties.values():
        for found in indicators_of(report, ROWS):
            mark = plain(str(found.mark()))
            way = {-1: "↓ minskade", 0: "→ oförändrat", 1: "↑ ökade"}[found.direction]
            assert mark.startswith(way)
            compared = found.compared
            assert ("avviker mer än vanligt" in mark) == bool(compared and compared.stands_out)
            if compared is not None:
                assert ("i mitten" in mark) == (compared.end == 0)
    outside = [
        compared.stands_out
        for report in counties.values()
        for measure in ("sjukpenningtal", "ohalsotal")
        if (found := report.indicator(measure)) and (compared := found.compared)
    ]
    assert 0 < sum(outside) < len(outside) / 4


def test_the_five_largest_are_those_beyond_whom_at_most_four_can_lie(counties):
    changes = {
        lan: report.indicator("sjukpenningtal").own.percent_band for lan, report in counties.items()
    }
    for lan, own in changes.items():
        compared = counties[lan].indicator("sjukpenningtal").compared
        beyond = sum(other.low <= own.high for name, other in changes.items() if name != lan)
        above = sum(other.high >= own.low for name, other in changes.items() if name != lan)
        assert compared.end == (-1 if beyond <= 4 else 1 if above <= 4 else 0), lan
    rose = counties["23"].indicator("sjukpenningtal").mark()
    fell = counties["09"].indicator("sjukpenningtal").mark()
    assert "bland de fem största ökningarna" in str(rose)
    assert "bland de fem största minskningarna" in str(fell)


# A fall, a standstill and rises; the largest and the smallest county.
SOME = ["01", "05", "07", "09", "23"]


@pytest.fixture(
    params=[SOME, pytest.param(None, marks=pytest.mark.long)], ids=["some", "every county"]
)
def drawn(request, counties) -> list[Uppfoljning]:
    """The counties whose page one is drawn whole."""
    return [counties[lan] for lan in request.param or counties]


def test_title_finding_mark_and_table_never_disagree_on_the_way(drawn):
    words = {
        -1: ("sjönk", "minskade"),
        0: ("ändrades inte mer", "ingen ändring"),
        1: ("steg", "ökade"),
    }
    for report in drawn:
        for found in indicators_of(report, ROWS):
            title, sentence = found.title(report.area_name).plain(), found.sentence().plain()
            for text in (title, sentence):
                assert any(word in text for word in words[found.direction]) or "både" in text, text
        figure = lead_figure(report)
        first = next(
            one for one in indicators_of(report, ROWS) if one.own.after.measure == "sjukpenningtal"
        )
        assert figure.caption.plain() == first.title(report.area_name).plain()


def test_more_or_less_than_riket_is_said_only_beyond_the_rounding_of_both(counties):
    for report in counties.values():
        found = report.indicator("sjukpenningtal")
        title = found.title("länet").plain()
        own, riket = found.own.difference_band, found.beside.difference_band
        apart = own.low > riket.high or own.high < riket.low
        if found.direction and "riket" in title and "medan" not in title:
            assert ("liksom i riket" in title) == (not apart), title


def test_percent_on_page_one_is_the_same_number_in_words_and_table(drawn):
    for report in drawn:
        text, table = said(findings(report)), plain(indicators(report).html())
        for percent in re.findall(r"en (?:ökning|minskning) med ([\d,]+) procent", text):
            assert re.search(rf"[+−]{percent}</data>", table), percent


def test_a_measure_is_told_by_sex_where_there_is_no_total(counties):
    parameters = counties["05"].parameters
    bundle = gather(Uppfoljning.request(parameters))
    rows = bundle.observations
    alone = rows[(rows["measure"] != "pagaende_sjukfall") | (rows["sex"] != "alla")]
    by_sex = Uppfoljning(parameters, replace(bundle, observations=alone))
    labels = list(frame_of(by_sex).index)
    assert "Pågående sjukfall, kvinnor" in labels and "Pågående sjukfall, män" in labels
    assert "Pågående sjukfall" not in labels


def test_what_changed_for_all_and_what_may_change_stands_on_page_one(counties):
    text = said(not_known(counties["05"]))
    assert "8 ändringar för hela landet" in text and "pandemin" in text
    assert "preliminära" in text
    assert "inte varför" in text


def test_a_county_that_gained_or_lost_a_kommun_is_warned_of_on_page_one():
    warned = "Heby flyttades från Västmanlands län till Uppsala län i januari 2007."
    assert warned in said(not_known(followup("03", "2005-12", "2008-12")))
    assert warned not in said(not_known(followup("03", "2007-12", "2008-12")))


def test_a_new_definition_between_the_numbers_is_told_on_page_one():
    text = said(not_known(followup("14", "2001-12", "2008-12")))
    assert "ändrat beräkningssätt för ohälsotalet (januari 2002)" in text.lower()


def test_an_index_is_drawn_where_a_countrys_count_would_dwarf_the_countys():
    figure = lead_figure(followup("01", "2005-12", "2008-12"))
    assert "som index där 2005 är hundra" in plain(figure.note.plain())
    frame = figure.to_frame().set_index("År")
    assert frame.loc["2005", "Riket"] == 100
    cases = change_facts(followup("01", "2005-12", "2008-12").change("pagaende_sjukfall"))
    assert frame.loc["2008", "Stockholms län"] == round(
        100 * float(cases.after.value) / float(cases.before.value)
    )


def test_money_goes_the_way_of_its_fixed_prices_in_mark_and_title():
    """6,0 billions in 2004 are 6,2 in the prices of 2007; with 6,1 then, kronor rose and prices rose more."""
    report = followup("14", "2005-12", "2008-12", periods={"kostnad_sjukpenning": ["2004", "2007"]})
    one = report.indicator("kostnad_sjukpenning")
    rose = replace(one.own.after, value=6100.0, resolution=1.0)
    exact = replace(one, own=Change(replace(one.own.before, resolution=1.0), rose))
    assert exact.direction == 1
    (row,) = _rows(report, exact)
    assert row.direction == -1 and row.mark == "↓ minskade"
    assert _ways([row]).plain() == "Alla 1 mått minskade"


def test_the_share_of_psychiatric_diagnoses_moves_as_much_on_page_one_as_in_its_section():
    report = followup("14", "2005-12", "2008-12")
    rows = {str(row[0]): plain(str(row[3])) for row in indicators(report).blocks[1].blocks[0].rows}
    own = {
        str(row[0]): plain(str(row[6])).partition(" ")[0]
        for row in _table_of(psychiatric(report)).rows
    }
    for sex, label in (("Kvinnor", "kvinnor"), ("Män", "män")):
        assert rows[f"Andel psykiatriska diagnoser, {label}"] == own[sex]


def _table_of(block: Block) -> Table:
    parts = [block]
    while not isinstance(parts[0], Table):
        parts = [*getattr(parts[0], "blocks", ()), *parts[1:]]
    return parts[0]
