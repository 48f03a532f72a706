"""A unit's sheet: one A4 to have in front of one, with the unit, its region and the unit a year before, no others."""

from __future__ import annotations

import re

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from making import render
from mapped_rows import DAYS, NAMES, RECORDED, rows, store_of
from support import ROOT, plain, read_page, table_rows, words
from vgstats.batch.layout import lay_out
from vgstats.batch.plan import plan
from vgstats.errors import VgstatsError
from vgstats.page.pdf import page_one_of, pdf_of, sheets
from vgstats.reports import kind
from vgstats.sections import (
    about_the_sheet,
    agreed,
    case_numbers,
    how_long,
    how_many,
    plans_and_contacts,
    to_talk_about,
)

FILE = 'report: enhetsblad\nlan: ["14"]\nenhet: {}\nsnapshot: "2025-10-01"\nearlier: "2024-10-01"\n'


def batch(folder, store, units="alla", more=""):
    file = folder / "blad.yaml"
    file.write_text(FILE.format(units) + more, encoding="utf-8")
    return plan(file, store)


@pytest.fixture(scope="module")
def jobs(mapped_store, tmp_path_factory):
    return {
        job.parameters.enhet: job
        for job in batch(tmp_path_factory.mktemp("all"), mapped_store).jobs
    }


@pytest.fixture(scope="module")
def pages(enhetsblad_file, jobs, tmp_path_factory):
    """The pages of the largest and the smallest unit."""
    small = render(jobs["lilla"], ROOT / "notebooks", tmp_path_factory.mktemp("pages"))
    files = {"stora": enhetsblad_file, "lilla": small}
    return {unit: file.read_text(encoding="utf-8") for unit, file in files.items()}


@pytest.fixture(scope="module")
def sheet(pages):
    return read_page(pages["stora"])


def said(block):
    return plain(" ".join(text.plain() for text in block.texts()))


def opened(jobs, unit):
    job = jobs[unit]
    job.bundle.open_measures()
    return kind("enhetsblad")(job.parameters, job.bundle)


def test_every_unit_of_the_county_gets_a_sheet(jobs):
    assert {*jobs} == {*NAMES}
    jobs["stora"].bundle.open_measures()
    assert jobs["stora"].file_name == "stora-vardcentralen-2025-10-01.html"


def test_the_sheet_says_whose_it_is_and_of_which_day(sheet):
    assert sheet.h1.get_text() == "Sjukskrivningar vid Stora vårdcentralen, 1 oktober 2025"


def test_cases_stand_per_thousand_listed_with_their_counts_for_women_and_for_men(sheet):
    many = table_rows(sheet, "hur-manga")
    assert [*many] == ["Kvinnor", "Män", "Kvinnor och män"]
    # 16 000 listed, half of them women; 44 of a thousand women a year before, and a fifth more now.
    assert many["Kvinnor"] == ["52,8 (422)", "47,0 (1 091)", "44,0 (352)"]
    heads = [th.get_text() for th in sheet.find(id="hur-manga").thead.find_all("th")]
    assert heads[1:] == ["Ni", "Regionen", "Ni i fjol"]


def test_shares_stand_with_their_counts_and_f43_inside_f(sheet):
    long, diagnoses = table_rows(sheet, "hur-lange"), table_rows(sheet, "diagnoser")
    assert [*long][:3] == ["90 dagar eller mer", "180 dagar eller mer", "365 dagar eller mer"]
    assert long["180 dagar eller mer"][0] == "55 % (370)"
    assert long["Av nya på tolv månader: hälften avslutade inom"] == [
        "53 dagar",
        "42 dagar",
        "52 dagar",
    ]
    assert [*diagnoses][1] == "därav stressrelaterade diagnoser (F43)"


def test_what_stands_out_is_told_at_most_three_things(sheet, jobs):
    said = [item.get_text() for item in sheet.select(".front li")]
    assert 1 <= len(said) <= 3
    assert any("pågått i 180 dagar eller mer: 55 procent hos er, 43 i regionen" in plain(s) for s in said)  # fmt: skip
    assert any("Sjukfallen har blivit fler" in s for s in said)
    (same,) = to_talk_about(opened(jobs, "mellan")).texts()
    assert same.plain().startswith("Inget som går att jämföra skiljer sig")


def test_what_is_hidden_is_not_said_to_be_as_in_the_region_and_women_and_men_are_compared(tmp_path):
    frame = rows()
    own = frame["area"].eq("enhet:14-mellan")
    frame.loc[own & frame["measure"].eq("intygsfall_plan"), ["value", "status"]] = [
        None,
        "suppressed",
    ]
    frame.loc[own & frame["measure"].eq("intygsfall") & frame["sex"].eq("män"), "value"] = 50
    store = store_of(tmp_path, frame)
    found = {job.parameters.enhet: job for job in batch(tmp_path, store, "[mellan, norra]").jobs}
    men, same = (said(to_talk_about(opened(found, unit))) for unit in ("mellan", "norra"))
    assert "Färre sjukfall bland män: 12,5 per 1 000 listade hos er, " in men
    assert "Dolda tal" not in same
    frame.loc[own & frame["measure"].eq("intygsfall") & frame["sex"].eq("män"), "value"] = 95
    near = batch(tmp_path, store_of(tmp_path / "near", frame), "[mellan]").jobs
    text = said(to_talk_about(opened({"mellan": near[0]}, "mellan")))
    assert text.startswith("Inget som går att jämföra skiljer sig klart från regionen")
    assert "Dolda tal har inte jämförts: de gäller planer och kontakter." in text


def test_plans_of_many_kinds_are_one_thing_to_talk_about_and_more_than_is_told_is_said(tmp_path):
    frame = rows()
    own = frame["area"].eq("enhet:14-stora")
    for name in ("plan", "koordinering", "kontakt_arbetsgivare"):
        acted = own & frame["measure"].eq(f"intygsfall_{name}")
        there = acted & frame["group"].eq("insats=ja")
        frame.loc[there, "value"] = (frame.loc[there, "value"] * 1.7).round()
    job = batch(tmp_path, store_of(tmp_path, frame), "[stora]").jobs[0]
    text = said(to_talk_about(opened({"stora": job}, "stora")))
    assert text.count("registrerats") == 1 and "pågått i" in text
    assert "Det är mer än slumpen brukar ge, och det gäller fler skillnader i tabellerna." in text


def test_the_list_of_measures_has_those_of_the_sheet(sheet):
    told = words(sheet.find(id="definitioner"))
    assert "efter grad" in told and "Nettodagar" not in told and "Startade" not in told


def test_no_other_unit_and_no_rank_is_on_the_page(pages):
    for unit, page in pages.items():
        others = [name for id_, name in NAMES.items() if id_ != unit]
        assert not any(name in page for name in others)
        assert "rang" not in words(read_page(page)).lower().replace("rangordningar", "")


def test_a_small_unit_is_told_that_it_has_too_few_and_none_of_its_numbers(pages):
    page = read_page(pages["lilla"])
    front = words(page.select_one(".front"))
    assert front.count("för få") == 1 and "Diagnoser" not in front
    assert "Ni har för få sjukfall" in front
    told = words(page.find(id="definitioner"))
    assert "Pågående sjukfall enligt läkarintyg" in told and "efter grad" not in told
    assert page.find(id="diagnoser") is None and page.find(id="hur-manga") is not None


def test_what_a_region_has_recorded_otherwise_stands_under_the_table_that_it_is_about(sheet):
    part = sheet.find(id="utan-anstallning").parent.parent
    assert RECORDED in words(part) and words(sheet).count(RECORDED) == 1
    assert "Vårdbehovsindex (CNI) hos er är 1,38 ; ju högre" in plain(
        words(sheet.select_one(".front"))
    )
    assert "uppgift saknas" not in words(sheet.select_one(".front"))


def test_it_says_that_certificates_are_no_cases_of_the_insurance_and_who_owns_a_case(sheet):
    front = words(sheet.select_one(".front"))
    assert "inte Försäkringskassans sjukfall" in front
    assert "räknas till den enhet där personen är listad" in front
    assert "Underregistreras" in front


def test_the_shares_of_plans_say_how_many_cases_they_are_of(sheet):
    front = plain(sheet.select_one(".front").get_text())
    assert re.search(r"28 dagar eller mer \(\d{3} hos er, 1 \d{3} i regionen\)", front)


def test_it_holds_on_one_sheet_of_paper_with_lines_to_write_on(pages, sheet, pdf_tools):
    assert len(sheet.select("p.write")) == 3
    for page in pages.values():
        assert sheets(pdf_of(page)) == 1
        assert sheets(pdf_of(page_one_of(page))) == 1


@pytest.mark.parametrize("named", ["enhetsblad", "sjukfallskartlaggning"])
def test_a_county_with_a_unit_that_lists_nobody_says_so_of_its_rate(named, tmp_path, monkeypatch):  # fmt: skip
    every = rows()
    of_mellan = every["area"].eq("enhet:14-mellan") & every["measure"].eq("listade")
    said = []
    for n, frame in enumerate((every, every[~of_mellan])):
        monkeypatch.setenv("VGSTATS_STORE", str(store_of(tmp_path / str(n), frame).folder))
        own = {"enhet": "stora"} if named == "enhetsblad" else {}
        report = kind(named).open(lan="14", snapshot=DAYS[1], earlier=DAYS[0], **own)
        block = how_many(report) if own else case_numbers(report)
        text = plain(BeautifulSoup(block.html(), "html.parser").get_text())
        said.append("sjukfall vid 1 enhet utan listade, och är högre för det" in text)
    assert said == [False, True]


def test_counts_alone_make_a_sheet_without_what_they_cannot_say(tmp_path, monkeypatch):
    counts = rows(tables=False)
    store = store_of(tmp_path, counts[counts["measure"] == "intygsfall"])
    monkeypatch.setenv("VGSTATS_STORE", str(store.folder))
    report = kind("enhetsblad").open(lan="14", enhet="mellan", snapshot=DAYS[1], earlier=DAYS[0])
    (table,) = [b for b in how_many(report).blocks if hasattr(b, "rows")]
    assert table.to_frame()["Ni"].tolist() == [176, 104, 280]
    assert how_long(report).html() == ""
    assert "senast" in agreed(report).html()


def test_what_nothing_is_known_of_has_no_row_no_column_and_is_not_said_to_be_compared(tmp_path):
    counts = rows()
    alone = counts[counts["measure"].eq("intygsfall") & counts["sex"].eq("alla")]
    (job,) = batch(tmp_path, store_of(tmp_path, alone), "[mellan]").jobs
    report = opened({"mellan": job}, "mellan")
    (table,) = [b for b in how_many(report).blocks if hasattr(b, "rows")]
    assert table.to_frame().iloc[:, 0].tolist() == ["Kvinnor och män"]
    assert said(to_talk_about(report)).startswith("Uppgifterna räcker inte för att jämföra er")
    assert "minst 20" not in said(about_the_sheet(report))
    unlisted = counts[counts["area"].ne("enhet:14-mellan") | counts["measure"].ne("listade")]
    (job,) = batch(tmp_path, store_of(tmp_path / "unlisted", unlisted), "[mellan]").jobs
    (table,) = [b for b in how_many(opened({"mellan": job}, "mellan")).blocks if hasattr(b, "rows")]
    assert table.to_frame().columns.tolist() == ["Antal sjukfall", "Ni", "Regionen", "Ni i fjol"]
    own = counts["area"].ne("lan:14") & counts["period"].eq(DAYS[1])
    (job,) = batch(tmp_path, store_of(tmp_path / "own", counts[own]), "[mellan]").jobs
    report = opened({"mellan": job}, "mellan")
    (table,) = [b for b in how_long(report).blocks if hasattr(b, "rows")]
    assert [one.heading for one in table.columns[1:]] == ["Ni"]
    assert "regionen" not in said(plans_and_contacts(report))
    assert "räcker inte" in said(to_talk_about(report))


def test_no_year_before_is_spoken_of_where_there_is_none(tmp_path):
    counts = rows()
    (job,) = batch(
        tmp_path, store_of(tmp_path, counts[counts["period"] == DAYS[1]]), "[mellan]"
    ).jobs
    report = opened({"mellan": job}, "mellan")
    (table,) = [b for b in how_many(report).blocks if hasattr(b, "rows")]
    assert [one.heading for one in table.columns[1:]] == ["Ni", "Regionen"]
    assert "tidigare" not in said(to_talk_about(report))


def test_a_unit_that_is_not_declared_is_answered_with_those_that_are(mapped_store, tmp_path):
    with pytest.raises(VgstatsError, match=r"'stor' is no unit .*Did you mean 'stora'"):
        batch(tmp_path, mapped_store, "[stor]")


def test_a_unit_of_another_county_is_answered_with_its_own(mapped_store, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))
    with pytest.raises(VgstatsError, match="'stora' lies in lan '14', not in '18'"):
        kind("enhetsblad").open(lan="18", enhet="stora", snapshot=DAYS[1])


@pytest.mark.parametrize("day", ["2025", "2025-10", "2025-13-01"])
def test_a_time_that_is_no_day_is_refused(day, mapped_store):
    mapped_store.open_measures()
    with pytest.raises(ValueError, match="snapshot"):
        kind("enhetsblad").model(lan="14", enhet="stora", snapshot=day)


def test_a_day_without_cases_is_answered_with_those_that_have_some(mapped_store, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))
    with pytest.raises(VgstatsError, match="2024-10-01, 2025-10-01"):
        kind("enhetsblad").open(lan="14", enhet="stora", snapshot="2023-10-01")


def test_one_of_ones_own_is_laid_out_with_a_unit_that_there_is(tmp_path, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(store_of(tmp_path / "s").folder))
    made = lay_out("enhetsblad", "mitt-blad", tmp_path)
    (unit,) = yaml.safe_load(made.parameters.read_text(encoding="utf-8"))["enhet"]
    assert unit in NAMES
    first = nbformat.read(made.notebook, as_version=4).cells[0].source
    assert f'enhet = "{unit}"' in first
