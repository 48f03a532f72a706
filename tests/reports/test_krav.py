"""The report on requirements says what the published account of the conditions of 2017-2018 says, and no more."""

from __future__ import annotations

import pytest

from making import render
from support import ROOT, plain, read_page, table_rows, words
from vgstats.batch.plan import plan
from vgstats.errors import VgstatsError
from vgstats.reports.krav import Krav

BASIS = "bygger på landstingens egna redovisningar, i vissa fall på planer"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    file = ROOT / "params" / "krav-villkor-2018.yaml"
    (job,) = [one for one in plan(file).jobs if one.parameters.lan == "14"]
    made = render(job, ROOT / "notebooks", tmp_path_factory.mktemp("krav"))
    return read_page(made.read_text(encoding="utf-8"))


def test_every_sub_area_is_judged_met_and_each_table_says_on_what_that_rests(page):
    rows = table_rows(page, "krav-a") | table_rows(page, "krav-b")
    assert [name.split()[0] for name in rows] == [
        *("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6")
    ]
    assert {cells[0] for cells in rows.values()} == {"bedömt uppfyllt"}
    assert all(
        BASIS in words(page.find(id=f"krav-{end}").find_parent("div").parent) for end in "ab"
    )


def test_what_the_source_counts_over_all_counties_is_told_without_naming_any(page):
    text = plain(words(page))
    assert "13 av 21 landsting" in text and "6 av 21 landsting" in text
    assert "Källan säger inte vilka." in text and page.find(id="krav-per-lan") is None
    assert "Vilka det gäller, och hur många de är, säger källan inte." in text


def test_follow_ups_apart_risks_and_what_lies_outside_are_named(page):
    text = words(page)
    for said in (
        "Våld i nära relationer",
        "Variationer",
        "Stabilitet",
        "Otydlighet",
        "Alla bedöms lika",
    ):
        assert said in text
    assert all(f"Villkor {number}:" in text for number in (3, 4, 5))


def test_payments_are_the_published_ones_and_are_checked(page):
    text = plain(words(page)).replace(" ,", ",").replace(" .", ".")
    assert "25 057 200 + 71 830 640 = 96 887 840 kronor" in text
    assert "plats 2 av 21 län" in text
    assert "Stockholms län fick mest, 132 222 595 kronor, och Gotlands län minst, 3 357 605" in text
    assert "150 000 002 kronor för villkor 1, 429 999 999 kronor för villkor 2" in text
    assert "Källan säger inte när de betalades ut." in text
    assert "som 430 till 150 i 21 av 21 län" in text
    off = text.partition("I 5 län skiljer raden från sina delar med 1 krona i källan: ")[2]
    for name in ("Örebro", "Södermanlands", "Västerbottens", "Kalmar", "Jämtlands"):
        assert f"{name} län" in off.partition(".")[0]
    assert len(table_rows(page, "utbetalt")) == 21 and "folkmängden i slutet av 2018" in text


def test_page_one_stands_alone(page):
    front = plain(" ".join(words(part) for part in page.select(".part")))
    assert "bedöms uppfylla alla 10 krav" in front and BASIS in front
    assert "Det här går inte att säga" in front


def test_a_county_is_in_the_index_with_how_many_it_meets():
    report = Krav.open(lan="09", period="2018", requirements="villkor-2017-2018")
    row = report.index_row()
    assert [plain(one.plain()) for one in row.riket[1:]] == ["580 000 000"] and BASIS in row.note
    assert [plain(one.plain()) for one in row.cells] == ["10 av 10", "3 357 605"]
    assert row.columns == ("Bedömt uppfyllt", "Medel, kronor")


def test_a_list_that_is_not_there_is_answered_with_the_nearest_and_a_period_with_those_judged():
    with pytest.raises(VgstatsError, match="villkor-2017-2018"):
        Krav.open(lan="09", period="2018", requirements="vilkor-2017-2018")
    with pytest.raises(VgstatsError, match="There are judgements for: 2018"):
        Krav.open(lan="09", period="2017", requirements="villkor-2017-2018")


def test_no_answer_is_shown_as_none_and_never_as_a_no():
    from vgstats.catalogue.requirements import bundled_judgements, bundled_requirements
    from vgstats.reports.base.judged import judged
    from vgstats.sections import requirement_table, statuses

    report = Krav.open(lan="09", period="2018", requirements="villkor-2017-2018")
    some = [one for one in bundled_judgements() if one.requirement != "2.6"]
    rows = judged(bundled_requirements()["villkor-2017-2018"], some, "lan:09", "2018")
    shown = statuses(report, rows).html() + requirement_table(report, rows).html()
    assert "inget svar" in shown and "ej uppfyllt" not in shown
    assert "bedöms uppfylla" in shown and "alla" not in statuses(report, rows).caption.plain()


def test_a_period_to_compare_with_that_nobody_has_judged_is_answered_with_those_there_are():
    with pytest.raises(VgstatsError, match=r"since: nobody .* There are judgements for: 2018"):
        Krav.open(lan="09", period="2018", since="2017", requirements="villkor-2017-2018")


def test_judgements_of_another_list_are_no_earlier_ones():
    from vgstats.catalogue.requirements import bundled_judgements, bundled_requirements
    from vgstats.reports.base.judged import judged_periods

    (other,) = {one.id for one in bundled_requirements().values()} - {"villkor-2017-2018"}
    rows = bundled_judgements()
    known = bundled_requirements()
    assert judged_periods(known["villkor-2017-2018"], rows, "lan:18") == ["2018"]
    assert judged_periods(known[other], rows, "lan:18") == ["2024"]
    assert judged_periods(known[other], rows, "lan:14") == []


def test_page_one_says_once_on_what_the_judgements_rest(page):
    front = plain(words(page.select_one(".front") or page.main)).partition("Hur är läget?")[0]
    assert front.count(BASIS) == 1 and "Vad återstår?" not in front
    whole = plain(words(page))
    once = ("län bedöms lika:", "13 av 21 landsting", "6 av 21 landsting", "fick 25 057 200")
    assert [whole.count(said) for said in once] == [1] * len(once) and whole.count(BASIS) == 2
