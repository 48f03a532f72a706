"""What a county's mapping and a unit's sheet say in words, for each way that the numbers may lie."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mapped_rows import DAYS, SOURCE, rows
from support import plain
from vgstats.catalogue.case_tables import choices
from vgstats.reports import kind
from vgstats.sections import (
    case_actions,
    case_conclusions,
    case_faults,
    case_findings,
    case_lengths,
    case_numbers,
    case_table,
    funnel_of_units,
    how_many,
    mapped_cases,
    plans_and_contacts,
    to_talk_about,
    without_employment,
)

COUNTY, OCCUPATIONS = "lan:14", "intygsfall_sysselsattning"


@pytest.fixture
def said(mapped_store):
    """The words of a section on rows that a test has changed, of the county or of a unit."""
    mapped_store.open_measures()

    def of(section, frame, *given, unit="", earlier=DAYS[0], note=SOURCE["note"]):
        asked = {"lan": "14", "snapshot": DAYS[1], "earlier": earlier}
        cls = kind("enhetsblad" if unit else "sjukfallskartlaggning")
        parameters = cls.model(**asked, **({"enhet": unit} if unit else {}))
        there = cls.gathered(parameters, mapped_store)
        sources = there.sources.assign(note=note)
        report = cls(parameters, replace(there, observations=frame, sources=sources))
        return plain(" ".join(text.plain() for text in section(report, *given).texts()))

    return of


def put(frame, measure, value, *, of=1.0, area=COUNTY, **more):
    """Rows with a value, or a share of it, in the places named."""
    there = frame["measure"].eq(measure) & frame["area"].eq(area)
    for column, wanted in more.items():
        there &= frame[column].eq(wanted)
    assert there.any()
    frame.loc[there, "value"] = frame.loc[there, "value"] * of if value is None else value
    frame.loc[there, "status"] = "ok" if value is None or value else "nil"
    return frame


def hide(frame, measure, *, area=COUNTY, **more):
    there = frame["measure"].eq(measure) & frame["area"].eq(area)
    for column, wanted in more.items():
        there &= frame[column].eq(wanted)
    assert there.any()
    frame.loc[there, ["value", "status"]] = [None, "suppressed"]
    return frame


def test_a_share_that_may_have_changed_by_chance_is_told_with_the_earlier_one(said):
    same = said(case_table, rows(), "intygsfall_grad")
    assert "38 procent är delvis sjukskrivna, lika stor andel som den 1 oktober 2024" in same
    a_little = put(rows(), "intygsfall_grad", None, of=1.05, group="grad=partiell", period=DAYS[1])
    more = said(case_table, a_little, "intygsfall_grad")
    told = (
        "40 procent är delvis sjukskrivna, mot 38 procent den 1 oktober 2024, vilket kan vara slump"
    )
    assert told in more
    much = put(rows(), "intygsfall_grad", None, of=1.4, group="grad=partiell", period=DAYS[1])
    clear = said(case_table, much, "intygsfall_grad")
    assert "53 procent är delvis sjukskrivna, mot 38 procent den 1 oktober 2024 " in clear
    alone = said(case_table, rows(), "intygsfall_grad", earlier="")
    assert "38 procent är delvis sjukskrivna " in alone and "2024" not in alone


def test_the_half_that_has_ended_is_of_cases_that_start_and_not_of_those_that_go_on(said):
    text = said(case_lengths, rows())
    assert "Hälften av de sjukfall som startar är avslutade inom 42 dagar" in text
    assert "Bland dem som pågår en viss dag är de långa fler" in text
    assert "Andelarna avser sjukfall som startade under två år" in text, "as the measure's own definition"  # fmt: skip


def test_the_commonest_employer_and_certifier_are_told_in_whole_sentences(said):
    employer = said(case_table, rows(), "intygsfall_arbetsgivare")
    assert "Vanligaste arbetsgivare: privat, 45 procent av de anställda som är sjukskrivna" in employer  # fmt: skip
    certifier = said(case_table, rows(), "intygsfall_specialitet")
    assert "Vanligaste intygande specialitet: allmänmedicin, 60 procent av sjukfallen" in certifier


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("anställd", "75 procent av de sjukskrivna är anställda"),
        ("försörjningsstöd", "90 procent av de sjukskrivna har försörjningsstöd"),
        ("okänd", "Sysselsättningen är okänd i 90 procent av sjukfallen"),
    ],
)
def test_the_largest_group_of_occupations_is_told_as_one_says_it(said, group, words):
    frame = rows()
    if group != "anställd":
        frame = put(frame, OCCUPATIONS, 1560, group=f"sysselsättning={group}", sex="alla")  # fmt: skip
    assert words in said(case_table, frame, OCCUPATIONS)


def test_a_row_of_the_unknown_is_left_out_where_none_is(said):
    assert "Okänd sysselsättning" in said(case_table, rows(), OCCUPATIONS)
    none = put(rows(), OCCUPATIONS, 0, group="sysselsättning=okänd")
    assert "Okänd sysselsättning" not in said(case_table, none, OCCUPATIONS)
    hidden = hide(none, OCCUPATIONS, group="sysselsättning=okänd", sex="alla")
    assert "Okänd sysselsättning" in said(case_table, hidden, OCCUPATIONS)


def test_by_age_it_is_said_that_all_the_listed_are_divided_by(said):
    told = "Delat med alla listade, inte med dem i samma ålder."
    assert told in said(case_table, rows(), "intygsfall_alder")
    assert told not in said(case_table, rows(), "intygsfall_grad")


def test_page_one_tells_women_and_men_as_far_as_they_are_known(said):
    both = "Bland kvinnor pågick 1 091 sjukfall"
    assert f"{both} (47,0 per 1 000 listade), bland män 645 (27,8)." in said(case_findings, rows())
    without = hide(rows(), "listade", sex="män")
    assert f"{both}, bland män 645." in said(case_findings, without)
    one = hide(rows(), "intygsfall", sex="män")
    assert "Bland kvinnor" not in said(case_findings, one)


def test_page_one_says_which_units_stand_out(said):
    text = said(case_findings, rows())
    assert "Ingen av 6 enheter har klart fler eller färre sjukfall än vanligt" in text
    frame = put(rows(), "intygsfall", None, of=2.2, area="enhet:14-mellan", period=DAYS[1])
    text = said(case_findings, frame)
    assert "Klart fler sjukfall än vanligt för storleken vid Mellanby vårdcentral" in text


def test_units_that_are_too_small_to_compare_are_counted(said):
    frame = rows()
    small = frame["area"].eq("enhet:14-lilla") & frame["measure"].isin(["listade", "intygsfall"])
    frame.loc[small, ["value", "status"]] = [9, "ok"]
    text = said(funnel_of_units, frame)
    assert "5 enheter har klart" in text
    assert "Enheter som inte är med, för att antalet är dolt, saknas eller är för litet: 1." in text


@pytest.mark.parametrize(
    ("unit_by", "words"),
    [("listad", "där personen är listad enligt intyget"), ("senaste_intyg", "som skrev det intyg")],
)
def test_the_funnel_names_whose_the_cases_are(said, unit_by, words):
    text = said(funnel_of_units, rows(), note=choices(5, unit_by))
    assert f"Ett sjukfall räknas till den enhet {words}" in text


def test_units_that_write_few_of_the_countys_certificates_are_not_held_against_all_its_cases(said):
    frame, note = rows(), choices(5, "senaste_intyg")
    frame = put(frame, "intygsfall", None, of=2.5)
    assert said(funnel_of_units, frame) == "", "listed as missing, with the reason"
    sheet = said(how_many, frame, unit="mellan", note=note)
    assert "vanligt" not in sheet and "väntar man sig" not in sheet
    elsewhere = (
        "Regionens tal är också av sjukfall vars senaste intyg är skrivet utanför enheterna."
    )
    assert elsewhere in sheet and elsewhere not in said(how_many, frame, unit="mellan")


def test_faults_that_one_row_may_have_several_of_are_said_to_be(said):
    told = "En rad kan ha flera fel."
    of = {"measure": "intygsrader_fel", "group": "", "value": 49.0}
    there = rows()
    one = there[there["measure"].eq("intygsrader_fel")].drop_duplicates("period").assign(**of)

    assert told not in said(case_faults, pd.concat([there, one]))
    assert told in said(case_faults, pd.concat([there, one.assign(value=45.0)]))


def test_what_is_registered_first_of_all_needs_no_gender(said):
    frame = rows()
    frame = frame[~frame["measure"].isin(["intygsfall_plan", "intygsfall_koordinering"])]
    words = "har kartläggningssamtal registrerats"
    assert f"I 8 procent av sjukfallen på 28 dagar eller mer {words}" in said(case_actions, frame)
    assert f"I 8 procent {words}, i regionen 8" in said(plans_and_contacts, frame, unit="mellan")


def test_twelve_months_end_before_the_day(said):
    assert "tolv månaderna" not in said(case_numbers, rows())
    frame = rows()
    of_year = frame[frame["measure"].eq("intygsfall") & frame["area"].eq(COUNTY)]
    years = of_year["period"].str[:4] + "-09"
    of_year = of_year.assign(measure="intygsfall_startade", period=years)

    text = said(case_numbers, pd.concat([frame, of_year]))
    assert "De tolv månaderna slutar dagen före den som kolumnen avser." in text


def test_the_sheet_says_once_whether_the_number_is_usual(said):
    usual = said(how_many, rows(), unit="mellan")
    assert usual.count("inom det vanliga") == 1 and "mellan" in usual
    frame = put(rows(), "intygsfall", None, of=2.2, area="enhet:14-mellan", period=DAYS[1])
    far = said(how_many, frame, unit="mellan")
    assert far.count("klart fler än vanligt för er storlek") == 1
    assert "Så långt ut hamnar nästan ingen av sig själv" in far


def test_a_unit_is_told_what_chance_does_and_what_was_hidden_in_words(said):
    text = said(to_talk_about, rows(), unit="mellan")
    assert "Här tas bara upp sådant som slumpen ensam ger i högst 2 av 1 000 jämförelser." in text
    hidden = hide(rows(), "intygsfall_grad", area="enhet:14-mellan", group="grad=partiell")
    assert "Dolda tal har inte jämförts: de gäller hel eller delvis sjukskrivning." in said(
        to_talk_about, hidden, unit="mellan"
    )


def test_a_unit_with_few_cases_or_a_hidden_number_of_them_is_told_which(said):
    few = said(to_talk_about, rows(), unit="lilla")
    assert few.startswith("Ni har för få sjukfall för att det ska gå att skilja det som utmärker")
    assert few.endswith("Därför visas inte heller hur de fördelar sig.")
    hidden = hide(rows(), "intygsfall", area="enhet:14-mellan", sex="alla")
    assert said(to_talk_about, hidden, unit="mellan").startswith("Antalet sjukfall hos er är dolt.")


def test_those_without_employment_are_told_where_each_group_of_them_is_hidden(said):
    own, frame = {"area": "enhet:14-mellan"}, rows()
    for value in ("arbetslös", "försörjningsstöd", "studerande"):
        frame = hide(frame, OCCUPATIONS, group=f"sysselsättning={value}", **own)
    text = said(without_employment, frame, unit="mellan")
    assert "25 procent är utan känd anställning, i regionen 25" in text
    assert "25 % (70) 25 % (434) 25 % (70) Arbetslösa" in text
    hidden = hide(frame, OCCUPATIONS, group="sysselsättning=anställd", **own)
    assert "procent är utan" not in said(without_employment, hidden, unit="mellan")
    employed = {"group": "sysselsättning=anställd", "sex": "alla"}
    many = put(frame, OCCUPATIONS, 100, **own, **employed)
    text = said(to_talk_about, many, unit="mellan")
    assert "Fler är utan känd anställning: 64 procent hos er, " in text


def test_where_units_write_few_of_the_certificates_nothing_is_told_per_listed(said):
    frame, note = put(rows(), "intygsfall", None, of=2.5), choices(5, "senaste_intyg")
    frame = put(frame, "intygsfall", None, of=2, area="enhet:14-mellan", period=DAYS[1])
    assert "per 1 000 listade, regionen" in said(how_many, frame, unit="mellan")
    sheet = said(how_many, frame, unit="mellan", note=note)
    assert sheet.startswith("Pågående sjukfall ") and " (" not in sheet
    assert "från 35,0 per 1 000 listade den 1 okt 2024" in said(to_talk_about, frame, unit="mellan")
    talk = said(to_talk_about, frame, unit="mellan", note=note)
    assert "Sjukfallen har blivit fler: från 280 den 1 okt 2024 till 560." in talk


def test_conclusions_speak_of_units_where_there_are_units(said, monkeypatch):
    assert "Att en enhet har fler" in said(case_conclusions, rows())
    monkeypatch.setattr(mapped_cases, "all_units", lambda county: {})
    text = said(case_conclusions, rows())
    assert "enhet" not in text and "från år till år" in text


def test_a_number_of_cases_that_may_have_changed_by_chance_is_told_so(said):
    chance = "ett år tidigare, vilket kan vara slump"
    few = put(rows(), "intygsfall", None, of=1.02, sex="alla", period=DAYS[1])
    put(few, "intygsfall", 1736, sex="alla", period=DAYS[0])
    assert chance in said(case_numbers, few)
    many = put(few, "intygsfall", 2400, sex="alla", period=DAYS[1])
    assert "ett år tidigare" in said(case_numbers, many) and chance not in said(case_numbers, many)


def test_rows_without_a_unit_are_not_called_faulty(said):
    assert "eller saknar enhet" not in said(case_faults, rows())
    frame = rows()
    row = frame[frame["measure"].eq("intygsrader_fel") & frame["period"].eq(DAYS[1])].iloc[[0]]
    more = [row.assign(group="fel=enhet saknas", value=40.0), row.assign(group="", value=90.0)]
    text = said(case_faults, pd.concat([frame, *more]))
    assert "90 rader i underlaget har något fel eller saknar enhet" in text


def test_more_on_income_support_and_fewer_plans_are_told_as_one_says_it(said):
    own, support = {"area": "enhet:14-mellan"}, "sysselsättning=försörjningsstöd"
    frame = put(rows(), OCCUPATIONS, 90, group=support, **own)
    frame = put(frame, OCCUPATIONS, 150, group=support)
    frame = put(frame, "intygsfall_plan", 10, group="insats=ja", **own)
    text = said(to_talk_about, frame, unit="mellan")
    assert "Fler har försörjningsstöd: 32 procent hos er, 9 i regionen." in text
    assert (
        "I färre sjukfall har plan för återgång i arbete registrerats: 4 procent hos er, " in text
    )
