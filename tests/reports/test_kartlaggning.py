"""A county's mapping of cases: every declared table of both days, women and men, and no table besides."""

from __future__ import annotations

import re

import pytest

from mapped_rows import DAYS, NAMES, RECORDED, rows, store_of
from support import plain, read_page, table_rows, words
from vgstats.errors import VgstatsError
from vgstats.reports import kind
from vgstats.reports.base.mapped import DECLARED
from vgstats.sections import case_faults, case_lengths, case_numbers, case_table
from vgstats.sections.mapped_findings import moved_most

OF_CASES = re.compile(
    "^(antal|kvar|planer|(langd|diagnos|grad|sysselsattning|alder|arbetsgivare|specialitet)"
    "(-listade)?)$"
)
DAY = {"lan": "14", "snapshot": DAYS[1], "earlier": DAYS[0]}


@pytest.fixture(scope="module")
def page(sjukfallskartlaggning_file):
    return read_page(sjukfallskartlaggning_file.read_text(encoding="utf-8"))


def heads(page, table):
    return [plain(th.get_text()) for th in page.find(id=table).thead.find_all("th")][1:]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("antal", 3),
        ("langd", 5),
        ("kvar", 5),
        ("diagnos", 4),
        ("grad", 2),
        ("sysselsattning", 5),
        ("alder", 5),
        ("arbetsgivare", 3),
        ("specialitet", 3),
        ("planer", 6),
    ],
)
def test_each_table_has_women_and_men_year_beside_year(page, table, rows):
    assert len(table_rows(page, table)) == rows
    found = heads(page, table)
    assert found[:2] == ["Kvinnor 1 okt 2024", "Kvinnor 1 okt 2025"] or table == "kvar"
    assert found[-2:] == ["Alla 1 okt 2024", "Alla 1 okt 2025"]


def test_stress_stands_apart_after_the_psychiatric_diagnoses(page):
    assert [*table_rows(page, "diagnos")][:2] == [
        "Psykiatriska diagnoser (F00–F99)",
        "Stressrelaterade diagnoser (F43)",
    ]
    assert table_rows(page, "diagnos-listade")


def test_titles_say_what_the_tables_find(page):
    titles = plain(" ".join(words(caption) for caption in page.find_all("caption")))
    assert (
        "43 procent av sjukfallen har pågått i 180 dagar eller mer, mot 42 procent den 1 oktober 2024, vilket kan vara "
        "slump" in titles
    )
    assert "1 736 sjukfall pågick den 1 oktober 2025, mot 1 624 ett år tidigare" in titles
    assert "Hälften av de sjukfall som startar är avslutade inom 42 dagar" in titles


def test_page_one_tells_what_is_found_and_what_cannot_be_said(page):
    front = words(page.select_one(".front"))
    sexes = "Bland kvinnor pågick 1 091 sjukfall (47,0 per 1 000 listade), bland män 645 (27,8)."
    assert sexes in plain(page.select_one(".front").get_text())
    assert "inte Försäkringskassans sjukfall" in front and "underregistreras" in front


def test_what_a_region_has_recorded_otherwise_is_told_on_page_one_and_by_the_table(page):
    assert RECORDED in words(page.select_one(".front"))
    table = page.find(id="sysselsattning")
    assert words(table.find_next("p", class_="missing")) == RECORDED
    assert words(page).count(RECORDED) == 2


def test_nothing_that_is_there_by_group_is_called_missing(page):
    text = words(page)
    missing = text[text.rindex("Det som saknas") :].partition("Hur små tal är dolda")[0]
    assert "pågår efter ett antal dagar" not in missing and "Vårdbehovsindex" not in missing
    assert "vgstats cases" not in text and "rader i underlaget" not in missing


def test_a_diagnosis_that_has_changed_beyond_chance_is_told_and_else_that_none_has(
    page, tmp_path, monkeypatch
):
    said = words(page.select_one(".front"))
    assert "Ingen diagnos har ändrat sin andel av sjukfallen mer än slumpen kan förklara" in said
    frame = rows()
    moved = frame["measure"].eq("intygsfall_diagnos") & frame["area"].eq("lan:14")
    then = moved & frame["period"].eq(DAYS[0])
    for group, times in (("diagnos=M00-M99", 0.7), ("diagnos=övriga", 1.22)):
        of_group = then & frame["group"].eq(group)
        frame.loc[of_group, "value"] = (frame.loc[of_group, "value"] * times).round()
    monkeypatch.setenv("VGSTATS_STORE", str(store_of(tmp_path, frame).folder))
    found = moved_most(kind("sjukfallskartlaggning").open(**DAY), "intygsfall_diagnos")
    assert plain(found.plain()).startswith(
        "Rörelseorganens sjukdomar (M00–M99) är 22 procent av sjukfallen, mot 15"
    )


def test_rows_with_faults_are_not_said_to_lack_women_and_men(page):
    assert "Kvinnor och män för sig: rader" not in words(page)


def test_that_certificates_are_no_cases_of_the_insurance_stands_at_each_table_and_once_in_the_definitions(
    page,
):
    told = "kan inte jämföras med Försäkringskassans tal"
    assert (
        words(page).count(told) == len(page.find_all("table", id=OF_CASES)) + 2
    )  # and twice in the definitions
    assert words(page.find(id="definitioner")).count(told) == 1


def test_faults_and_renamed_units_are_told_and_no_unit_is_put_before_another(page):
    assert table_rows(page, "fel") == {
        "Dubblett": ["37", "Utelämnade, utom den första"],
        "Okänd diagnos": ["12", "Kvar utan diagnos: ingen kod i ICD-10-SE"],
    }
    assert table_rows(page, "enheter-namn") == {NAMES["mellan"]: ["Gamla Mellanby"]}
    text = words(page)
    assert "räknas till den enhet där personen är listad" in text
    # In the funnel only what is far outside what is usual is named.
    named = {id_ for id_, name in NAMES.items() if name in text}
    assert named <= {"mellan", "stora"}


def test_what_counts_alone_cannot_say_is_left_out(tmp_path, monkeypatch):
    store = store_of(tmp_path, rows(tables=False))
    monkeypatch.setenv("VGSTATS_STORE", str(store.folder))
    report = kind("sjukfallskartlaggning").open(**DAY)
    assert len(case_numbers(report).rows) == 3
    assert case_lengths(report).html() == ""


def test_a_register_is_named_once_though_its_counts_and_its_statistics_are_two_sources(
    tmp_path, monkeypatch
):
    frame = rows()
    frame.loc[frame["measure"] == "intygsfall_median_dagar", "source"] = "egna-intyg"
    store = store_of(tmp_path, frame, sources=("egna-intyg",))
    monkeypatch.setenv("VGSTATS_STORE", str(store.folder))
    line = kind("sjukfallskartlaggning").open(**DAY).title().line
    assert line.plain() == "Av läkarintyg i regionens egna uppgifter: Egna läkarintyg"


def test_that_no_row_has_a_fault_is_said_and_not_that_it_is_missing(tmp_path, monkeypatch):
    frame = rows()
    faults = frame["measure"].eq("intygsrader_fel")
    frame.loc[faults, ["value", "status"]] = [0.0, "nil"]
    monkeypatch.setenv("VGSTATS_STORE", str(store_of(tmp_path, frame).folder))
    report = kind("sjukfallskartlaggning").open(**DAY)
    assert "Inget fel har hittats" in case_faults(report).html() and not report.left_out


def test_an_index_shows_no_change_from_a_day_that_there_are_no_figures_of(tmp_path, monkeypatch):
    counts = rows(tables=False)
    store = store_of(tmp_path, counts[counts["period"] == DAYS[1]])
    monkeypatch.setenv("VGSTATS_STORE", str(store.folder))
    row = kind("sjukfallskartlaggning").open(**DAY).index_row()
    assert row.columns == ("1 oktober 2025",) and len(row.cells) == 1 and row.percent is None


def test_a_table_that_is_not_declared_is_refused_with_those_that_are(mapped_store, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))
    known = r"measures: startade_sjukfall is not among .* Declared are: intygsfall, "
    with pytest.raises(VgstatsError, match=known):
        kind("sjukfallskartlaggning").open(**DAY, measures=["startade_sjukfall"])
    report = kind("sjukfallskartlaggning").open(**DAY)
    with pytest.raises(VgstatsError, match="Declared are"):
        case_table(report, "ohalsotal")


def test_every_measure_of_the_mapping_is_declared():
    from vgstats.catalogue.measures import catalogue
    from vgstats.methods.observed import worked_out_from

    named = {
        m for m in catalogue() if m.startswith("intygs") and worked_out_from(m) == (m,)
    }  # not worked out of others
    assert named == {one for one in DECLARED if one.startswith("intygs")}
