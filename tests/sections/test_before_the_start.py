"""What a title says of the years before and of the order of the counties, and whether the base year was tested."""

from __future__ import annotations

import re

import pytest

from support import followup, plain, read_page, words
from vgstats import published
from vgstats.blocks.words import both_did, did, order_words, short_name, year_words
from vgstats.catalogue import areas
from vgstats.methods.before_after import Change
from vgstats.methods.comparison import Comparison, compare
from vgstats.observations import Value, one
from vgstats.sections import series
from vgstats.sections.base_year import base_year_words


def change(before: float, after: float, measure: str = "ohalsotal", unit: float = 0.1) -> Change:
    ends = zip(("2018-12", "2021-12"), (before, after), strict=True)
    return Change(
        *(Value(measure, "lan:14", when, "alla", "", v, unit, "ok", "demo") for when, v in ends)
    )


@pytest.mark.parametrize(
    ("lan", "said"),
    [
        (
            "05",
            "Redan före 2019 hade länets avstånd till riket ändrats: 2017 låg sjukpenningtalet 2,1 dagar under "
            "riket, och 2019 låg det 0,8 under riket.",
        ),
        (
            "25",
            "Redan före 2019 hade länets avstånd till riket ändrats: 2017 låg sjukpenningtalet 0,9 dagar under "
            "riket, och 2019 låg det 1,8 under riket.",
        ),
        ("01", None),  # 1,2 and 1,0 days under: less than half a day
    ],
)
def test_a_county_that_moved_beside_riket_before_the_first_year_is_told_of(lan, said):
    found = base_year_words(followup(lan, "2019-12", "2025-12"), "sjukpenningtal")
    assert (found and plain(found.plain())) == said


def test_the_distances_before_are_those_of_the_published_values():
    figures = published()
    level = {
        (area, year): one(figures, "sjukpenningtal", area, f"{year}-12").value
        for area in ("lan:05", areas.RIKET)
        for year in (2017, 2019)
    }
    assert level == {
        ("lan:05", 2017): 8.0,
        ("lan:05", 2019): 8.6,
        ("riket", 2017): 10.1,
        ("riket", 2019): 9.4,
    }


def test_the_base_year_is_not_tested_without_the_values_or_over_a_new_definition():
    assert base_year_words(followup("14", "2005-12", "2008-12"), "sjukpenningtal") is None
    assert (
        base_year_words(followup("14", "2005-12", "2008-12"), "ohalsotal") is None
    )  # riket: not 2003
    assert base_year_words(followup("05", "2019-12", "2025-12"), "pagaende_sjukfall") is None


def test_a_december_of_twelve_months_is_called_by_its_year():
    rolling = Value("ohalsotal", "lan:14", "2019-12", "alla", "", 24.0, 0.1, "ok", "demo")
    assert year_words(rolling) == "2019"
    june = Value("ohalsotal", "lan:14", "2019-06", "alla", "", 24.0, 0.1, "ok", "demo")
    assert year_words(june) == "juni 2019"
    stock = Value("pagaende_sjukfall", "lan:14", "2019-12", "alla", "", 24.0, 1, "ok", "demo")
    assert year_words(stock) == "december 2019"


@pytest.mark.parametrize(
    ("found", "words_"),
    [
        (change(32.0, 30.0), "minskade med 6 procent i länet"),
        (change(30.0, 32.0), "ökade med 7 procent i länet"),
        (change(30.0, 30.1), "ändrades inte mer än avrundningen i länet"),
        (change(5, 5, "sa_mottagare", 1), "ändrades inte i länet"),
        (change(98_000, 97_700, "sa_mottagare", 100), "minskade med mindre än en procent i länet"),
        (change(60.0, 60.2), "ökade med mindre än en procent i länet"),
    ],
)
def test_what_a_change_did_is_never_a_sign_or_nought_per_cent(found, words_):
    assert plain(did(found, "länet").plain()) == words_


def test_two_changes_share_their_verb_only_where_they_went_the_same_way():
    fall, rise, same = change(32.0, 30.0), change(30.0, 32.0), change(30.0, 30.1)
    places = ("länet", "riket")
    assert (
        both_did(fall, fall, places).plain()
        == "minskade med 6 procent i länet och 6 procent i riket"
    )
    assert (
        both_did(fall, rise, places).plain()
        == "minskade med 6 procent i länet och ökade med 7 procent i riket"
    )
    assert both_did(same, rise, places).plain().endswith("i länet och ökade med 7 procent i riket")


def ordered(lan: str, measure: str, before: str, after: str) -> tuple[Comparison, str]:
    found = compare(published(), measure, f"lan:{lan}", before, after)
    assert found
    return found, plain(order_words(found).plain())


@pytest.mark.parametrize(
    ("lan", "said"),
    [
        ("09", "Sjukpenningtalet minskade mest i länet av alla 21 län"),
        ("23", "Sjukpenningtalet ökade mest i länet av alla 21 län"),
        ("25", "I 1 län ökade sjukpenningtalet mer än i länet, i 19 mindre (eller minskade)"),
        (
            "07",
            "Sjukpenningtalet ändrades inte mer än avrundningen i länet. Mer nedåt gick det i 5 län, mer uppåt i 15",
        ),
    ],
)
def test_the_title_of_the_counties_says_how_many_went_further(lan, said):
    assert ordered(lan, "sjukpenningtal", "2019-12", "2025-12")[1] == said


def test_the_counties_in_the_title_are_all_counted_once():
    for lan in areas.lan():
        for measure in ("sjukpenningtal", "ohalsotal"):
            found, said = ordered(lan[4:], measure, "2019-12", "2025-12")
            counts = [int(n) for n in re.findall(r"\d+", said.replace("inget", "0"))]
            assert sum(counts) == 20 or "av alla 21 län" in said
            way = re.search(r"(?:län|inget län|talet) (minskade|ökade|ändrades)", said)
            assert way and way[1] == {-1: "minskade", 0: "ändrades", 1: "ökade"}[found.direction]


def test_the_title_of_the_years_before_says_where_they_were_heading():
    page = read_page(series(followup("05", "2019-12", "2025-12"), measure="ohalsotal").html())
    assert (
        words(page.figcaption)
        == "Före 2020 hade ohälsotalet redan börjat sjunka: 27,6 dagar 2015 och 24,0 2019"
    )
    label = words(page.find("p", class_="note"))
    assert label.startswith(
        "Ohälsotal i december, dagar per försäkrad, 2011–2025. Den lodräta axeln börjar inte vid"
    )
    text = words(page)
    assert "Mellan 2015 och 2019 ändrades också 3 regler för hela landet" in text
    assert (
        page.find("a", string="Regler och annat som ändrades")["href"]
        == "#avsnitt-regler-och-annat-som-andrades"
    )
    assert "Tillfälliga regler under pandemin" not in text  # they stand in the table of rules


def test_a_county_is_called_by_its_bare_name_in_a_figure():
    names = [short_name(area) for area in areas.lan()]
    assert len(set(names)) == 21 and not any("län" in name for name in names)
    assert {"Västra Götaland", "Stockholm", "Örebro", "Skåne", "Dalarna"} <= set(names)
    assert short_name("kommun:1480") == areas.name("kommun:1480")
