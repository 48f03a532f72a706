"""Section 4 of the report, and what it needs from the other sections, on real and on missing figures."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from support import SECTIONS, batch_of, blocks, each_sex_alone, followup, plain, read_page, words
from vgstats import VgstatsError
from vgstats.blocks.blocks import Block
from vgstats.catalogue import areas
from vgstats.facts.facts import rounded
from vgstats.observations import COLUMNS
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import gather
from vgstats.reports.uppfoljning import Parameters, Uppfoljning
from vgstats.sections.verdict import _verdict, verdict_sentence
from vgstats.store.published import provenance

CAUSAL = re.compile(
    r"\beffekt(?!iv)|beror på|berodde|ledde till|tack vare|orsakade|på grund av|lyckades|gav resultat",
    re.IGNORECASE,
)


def block_of(report: Uppfoljning, call: str) -> Block:
    """One block of a report, made by itself."""
    block: Block = SECTIONS[call](report)
    return block


def said(report: Uppfoljning, call: str) -> str:
    """What a block says, and what it leaves out, without the commands."""
    block = block_of(report, call)
    left = (re.sub("`.*?`", "", words) for words in block.left_out())
    return plain(" ".join([*(text.plain() for text in block.texts()), *left]))


def html(report: Uppfoljning, call: str) -> str:
    return block_of(report, call).html()


@pytest.fixture(scope="module")
def by_sex() -> list[Uppfoljning]:
    """The reports of 2019 and 2025, as they would be with ongoing cases by sex alone."""
    jobs = batch_of("lan-2019-2025").jobs
    return [Uppfoljning(job.parameters, each_sex_alone(job.bundle)) for job in jobs]


def test_vastra_gotaland_lies_inside_what_is_usual(vg):
    text = said(vg, "answer")
    assert text.startswith(
        "Det går inte att se: de pågående sjukfallen minskade med 35,6 procent i länet och 34,7 "
        "procent i riket mellan 2005 och 2008, och länen brukar skilja sig åt mer än så. Ändringar mellan −50,5 och "
        "−20,8 procent är vanliga, med de andra länen som måttstock."
    )
    assert "Alla län fick statsbidraget." in text
    text = said(vg, "comparison")
    assert "Länet avviker inte mer än vanligt i det som jämförs här" in text
    assert "Länet ligger 0,0 procentenheter från de andra länens mitt" in text
    text = html(vg, "counties")
    title = "I 10 län minskade de pågående sjukfallen mer än i länet, i 10 mindre"
    assert title in words(read_page(text).figcaption)


def test_the_answer_has_one_comparison_and_one_interval(vg, counties):
    for report in (vg, *counties[:3]):
        text = said(report, "answer")
        assert text.count("är vanliga, med de andra länen som måttstock") <= 1
        assert text.count("procentenheter") == 0
        assert verdict_sentence(report).plain() in block_of(report, "answer").texts()[0].plain()
        folded = read_page(html(report, "comparison"))
        assert "Så är det räknat" in folded.details.get_text() and folded.find(class_="folded")


@pytest.mark.parametrize(
    ("lan", "begins", "holds"),
    [
        (
            "05",
            "Det går inte att se: sjukpenningtalet ökade med 17 procent i länet och 7 procent i riket",
            "mer än så",
        ),
        (
            "09",
            "Det går inte att se: sjukpenningtalet minskade med 18 procent i länet och ökade med 7",
            "mer än så",
        ),
        (
            "07",
            "Det går inte att se: sjukpenningtalet ändrades inte mer än avrundningen i länet",
            "mer än så",
        ),
        (
            "23",
            "Länet avviker uppåt: sjukpenningtalet ökade med 69 procent i länet och 7",
            "mer än länen",
        ),
    ],
)
def test_the_verdict_says_in_one_sentence_what_can_be_told(lan, begins, holds):
    sentence = plain(verdict_sentence(followup(lan, "2019-12", "2025-12")).plain())
    assert sentence.startswith(begins) and holds in sentence
    assert "mellan 2019 och 2025" in sentence and sentence.count(". ") == 0
    assert not re.search("lika |samma", sentence)


def test_without_limits_the_verdict_says_that_it_cannot_be_told(counties):
    gotland = next(report for report in counties if report.parameters.lan == "09")
    assert verdict_sentence(gotland).plain().startswith("Det går inte att säga: ")
    assert not followup("14", "2002-12", "2003-12").compared
    assert verdict_sentence(followup("14", "2002-12", "2003-12")) is None


def test_no_limits_are_printed_for_counties_of_extreme_size_and_the_report_says_why(counties):
    for report in counties:
        text = said(report, "comparison")
        withheld = report.parameters.lan == "09"
        assert ("skrivs inte ut för" in text) == withheld
        assert ("är vanliga" in said(report, "answer")) != withheld
        assert withheld == ("inga gränser" in said(report, "comparison"))


def test_words_of_in_and_out_agree_with_the_printed_limits(counties, by_sex):
    found = []
    for report in [*counties, *by_sex]:
        for one in report.compared:
            if one.others is None or one.others.usual is None:
                continue
            low, high = (
                rounded(end, one.others.decimals)
                for end in (one.others.usual.low, one.others.usual.high)
            )
            own = rounded(one.others.change, one.others.decimals)
            sentence = plain(_verdict(one).plain())
            lead = "Det går inte att se" if low < own < high else "Länet avviker"
            assert sentence.startswith("Det går inte att avgöra" if own in (low, high) else lead)
            found.append(sentence[:12])
    assert len(found) >= 19 * 3 and len(set(found)) >= 2


def test_sexes_are_compared_by_themselves_where_there_is_no_total(by_sex):
    for report in by_sex:
        assert [c.county.after.sex for c in report.compared] == ["kvinnor", "män"]
        assert "för kvinnor" in said(report, "answer") and "för män" in said(report, "answer")
    for report in (by_sex[0], by_sex[-1]):  # drawn for all alike
        drawn = html(report, "counties")
        assert "lanen-kvinnor" in drawn and "lanen-män" in drawn


@pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.long)])
def test_no_sentence_in_any_report_claims_a_cause(vg, counties, by_sex, count):
    for report in [vg, *counties[:count], *by_sex[:count]]:
        for call, block in blocks(report).items():
            if call in (
                "actions",
                "goals",
                "money",
                "remarks",
                "gaps",
                "definitions",
                "sources",
                "remake",
            ):
                continue  # what others planned and wrote, told in their own terms
            for text in block.texts():
                assert not CAUSAL.search(text.plain()), text.plain()


def test_the_change_by_sex_adds_up_and_is_not_the_mix(vg):
    text = said(vg, "by_sex")
    assert "−6,1 dagar, räknemässigt −3,8 dagar från kvinnor, −2,4 dagar från män" in text
    assert "inte av att gruppernas andelar har ändrats" in text


def test_new_grants_stand_beside_the_stock_and_the_split_names_what_it_lacks(vg):
    text = said(vg, "benefits")
    assert "11 000 personer fick ny" in text and "5 500" in text
    assert "98 000 personer hade ersättningen" in text and "91 700" in text
    assert "går inte att beräkna eftersom länets sjukpenningtal" in text
    assert "vgstats fetch" not in text
    assert re.search(r"vgstats fetch [a-z_ ]*sjukpenningtal", said(vg, "remake"))


def test_money_is_told_in_fixed_prices_with_the_index_that_comes_along(vg):
    # 6,0 and 9,6 thousand million of 2004 times 290,51/279,2 are 6,24 and 9,99 of 2007.
    text = said(vg, "costs")
    assert "Sjuk- och rehabiliteringspenning i 2007 års priser: från 6,2 till 4,5 miljarder" in text
    assert "Sjuk- och aktivitetsersättning i 2007 års priser: från 10,0 till 10,3 miljarder" in text


def test_money_names_the_index_and_the_population_that_it_lacks(vg):
    figures = vg.observations[vg.observations["measure"] != "kpi"]
    report = Uppfoljning(vg.parameters, Bundle(figures, vg.sources))
    assert "saknas" not in html(report, "costs")
    text = said(report, "gaps")
    assert "fasta priser (konsumentprisindex för 2004 saknas)" in text
    assert "folkmängd 16–64 år för 2004 saknas" in text
    text = said(report, "remake")
    assert "vgstats fetch --discover --source scb" in text
    assert "vgstats fetch befolkning --lan 14 --from 2004 --to 2007" in text


def test_ways_that_need_more_years_take_no_room_and_give_the_command_once(vg):
    assert html(vg, "more_ways") == ""
    left = [one for one in vg.left_out.values() if "går inte att beräkna" in one.what.plain()]
    assert len(left) >= 4
    command = "vgstats fetch ohalsotal --lan alla --no-kommuner --from 2002-12 --to 2008-12"
    assert all(one.commands == (command,) for one in left if "år för år saknas" in one.what.plain())


def test_ten_of_49_kommuner_give_no_contributions_and_no_kommun_is_judged(vg):
    text = said(vg, "by_size")
    assert "finns för 10 av länets 49 kommuner" in text
    assert html(vg, "by_size") == ""


def test_an_area_picked_for_being_high_is_set_beside_those_that_began_as_high():
    parameters = Parameters(
        lan="22", before="2017-12", after="2019-12", intervention="timra-2018-2019"
    )
    bundle = gather(Uppfoljning.request(parameters))
    source = bundle.observations["source"].iloc[0]
    rows = [
        (
            "sjukpenningtal",
            kommun,
            period,
            "alla",
            "",
            level - fall,
            0.1,
            "ok",
            source,
            "2026-01-01",
        )
        for level, kommun in enumerate(areas.kommuner("lan:22"), 12)
        for period, fall in (("2017-12", 0.0), ("2019-12", 0.5 + level / 20))
    ]
    figures = pd.concat([bundle.observations, pd.DataFrame(rows, columns=COLUMNS)])
    report = Uppfoljning(parameters, replace(bundle, observations=figures))
    text = said(report, "comparison")
    assert "Timrå valdes för att nivån var hög där." in text
    assert "De 6 områden som låg närmast från början" in text
    assert "ungefär lika från början jämförs" not in text


def test_an_area_picked_for_being_high_gets_the_paragraph_on_it():
    parameters = Parameters(
        lan="22", before="2017-12", after="2019-12", intervention="timra-2018-2019"
    )
    report = Uppfoljning(parameters, gather(Uppfoljning.request(parameters)))
    text = said(report, "comparison")
    assert "Timrå valdes för att nivån var hög där." in text
    (left,) = (one for one in report.left_out.values() if "lika högt" in one.what.plain())
    assert "de andra kommunerna i länet har inga värden" in left.what.plain()
    assert "vgstats fetch sjukpenningtal --lan 22" in left.commands[0]


def test_a_report_across_the_pandemic_tells_the_agreements_that_all_counties_had(by_sex):
    assert "överenskommelser med staten" in said(by_sex[0], "rules")
    assert "944 miljoner kronor" in said(by_sex[0], "rules")


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        pytest.param("lan-2015-2018", ["14"], marks=pytest.mark.long),
        ("lan-2019-2025", ["23"]),
        pytest.param("lan-2015-2018", areas.lan(), marks=pytest.mark.long),
        pytest.param("lan-2019-2025", areas.lan(), marks=pytest.mark.long),
    ],
)
def test_no_county_has_an_empty_section_for_what_the_series_give(name, drawn):
    jobs = batch_of(name).jobs
    assert len(jobs) == 21
    for job in jobs:
        report = Uppfoljning(job.parameters, job.bundle)
        assert report.differences.empty
        assert report.yearly() and report.comparison(), report.area
        if report.parameters.lan not in {area.removeprefix("lan:") for area in drawn}:
            continue  # a page takes long to draw
        for call in (
            "series",
            "comparison",
            "counties",
            "psychiatric",
            "by_sex",
            "rules",
        ):
            shown = html(report, call)
            assert shown and '<p class="missing"' not in shown, (report.area, call)
        ways = html(report, "more_ways")
        assert "saknas för de flesta" not in ways and "år för år" in ways
        assert 'id="ar-for-ar"' in SECTIONS["more_ways"](report, drawn=True).html()


def test_the_cases_are_told_by_sex_where_the_two_main_measures_are_not():
    # Västra Götaland 2015-2018: 23 091 to 22 408 women and 12 026 to 11 774 men, 35 117 to 34 182 in all.
    text = said(followup("14", "2015-12", "2018-12"), "by_sex")
    assert "683 färre för kvinnor (−3,0 procent) och 252 färre för män (−2,1 procent)" in text


def test_an_analyst_who_opens_a_report_without_figures_is_told_which_there_are():
    with pytest.raises(VgstatsError, match="no measure of this report has figures"):
        followup("22", "2001-12", "2002-12")


@pytest.fixture(scope="module")
def made_up() -> Uppfoljning:
    """A county with made-up figures for all that the default reports lack."""
    rng = np.random.default_rng(2)
    rows: list[tuple] = []

    def add(measure, area, period, value, unit=1.0, group=""):
        rows.append((measure, area, period, "alla", group, value, unit, "ok", "demo", "2026-11-23"))

    for kommun in areas.kommuner("lan:18"):
        persons = float(round(rng.lognormal(9.3, 0.9)))
        before = round(rng.normal(28, 3), 1)
        after = round(before - 1 + rng.normal(0, 1.6 * np.sqrt(3000 / persons)), 1)
        for period, value in (("2022-12", before), ("2024-12", after)):
            add("forsakrade", kommun, period, persons)
            add("ohalsotal", kommun, period, value, 0.1)
    for area, insured in (("lan:18", 2e5), ("riket", 6e6)):
        for period, value in (("2022-12", 28.0), ("2024-12", 27.0)):
            add("ohalsotal", area, period, value, 0.1)
            add("forsakrade", area, period, insured)
    for year, index, cost in (("2022", 380.0, 4000.0), ("2024", 418.0, 4300.0)):
        add("kpi", "riket", year, index, 0.01)
        add("kostnad_sjukpenning", "lan:18", year, cost)
        add("befolkning", "lan:18", year, 190_000.0, group="alder=16-64")
    years = {"kostnad_sjukpenning": ["2022", "2024"]}
    parameters = Parameters(lan="18", before="2022-12", after="2024-12", periods=years)
    return Uppfoljning(parameters, Bundle(pd.DataFrame(rows, columns=COLUMNS), provenance()))


def test_kommuner_with_insured_have_contributions_and_a_funnel(made_up):
    text = said(made_up, "by_size")
    assert "Ändringen för helheten är" in text
    assert "väntar man sig högst 1 utanför 95-procentsgränsen av ren slump" in text
    assert "svänger mycket av sig själva" not in text
    page = html(made_up, "by_size")
    assert 'id="bidrag"' in page and 'id="tratt"' in page
    assert "Påhittade siffror" in page


def test_money_in_fixed_prices_and_per_inhabitant(made_up):
    text = said(made_up, "costs")
    assert "i 2024 års priser: från 4 400 till 4 300 miljoner kronor" in text
    assert "per invånare 16–64 år: omkring 21 100 kronor 2022" in text


def test_population_is_no_substitute_for_the_insured(made_up):
    figures = made_up.observations.copy()
    figures = figures[figures["measure"] != "forsakrade"]
    without = Uppfoljning(made_up.parameters, replace(Bundle(figures, made_up.sources)))
    text = said(without, "by_size")
    assert "bidrar till länets ändring går inte att beräkna eftersom försäkrade 16–64 år" in text


def test_the_kommuner_are_sized_by_one_kind_of_persons(made_up):
    figures = made_up.observations.copy()
    kommun = areas.kommuner("lan:18")[0]
    figures = figures[~((figures["measure"] == "forsakrade") & (figures["area"] == kommun))]
    inhabitants = figures.iloc[:1].assign(
        measure="befolkning", area=kommun, period="2024", group="alder=16-64", value=5000.0
    )
    some = Bundle(pd.concat([figures, inhabitants], ignore_index=True), made_up.sources)
    text = said(Uppfoljning(made_up.parameters, some), "by_size")
    assert "ändrats mer än vanligt går inte att beräkna eftersom folkmängd saknas för" in text


def test_a_split_by_sex_that_cannot_be_says_why(vg):
    figures = vg.observations.copy()
    women = (figures["measure"] == "ohalsotal") & (figures["sex"] == "kvinnor")
    figures.loc[women & (figures["area"] == "lan:14"), "value"] = 30.0
    text = said(Uppfoljning(vg.parameters, Bundle(figures, vg.sources)), "by_sex")
    assert "går inte att beräkna eftersom" in text
    assert "det kräver talen" not in text
