"""Staff, division and forms of cooperation of the 2009 follow-up are those of its table 1 and its appendices."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from support import ROOT, read_page, table_rows
from vgstats.batch.plan import plan
from vgstats.page.numbers_on_page import unaccounted
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sections import structures


def report_of(name: str, lan: str) -> Uppfoljning:
    batch = plan(ROOT / "params" / f"{name}.yaml")
    (job,) = [job for job in batch.jobs if job.parameters.lan == lan]
    return Uppfoljning(job.parameters, job.bundle)


@pytest.fixture(scope="module")
def page() -> LexborHTMLParser:
    html = structures(report_of("vg-2006-2008", "14")).html()
    return LexborHTMLParser(f"<main>{html}</main>")


def test_the_title_says_how_many_fewer_and_the_table_and_the_sentence_are_table_1(page):
    assert (
        page.css_first("#medarbetare caption").text()
        == "Försäkringskassan fick 345 färre anställda för länet"
    )
    assert list(table_rows(read_page(page.html), "medarbetare").values()) == [
        ["1 080", "735", "−345"],
        ["22", "13", "−9"],
    ]
    said = [p.text() for p in page.css("main > p:not([class])")]
    assert said == [
        "Källan anger 580 medarbetare och 9 rådgivare vid lokala försäkringscenter samt 140 medarbetare och 4 "
        "rådgivare vid nationella försäkringscenter."
    ]


def test_the_division_is_that_of_appendix_1(page):
    rows = table_rows(read_page(page.html), "indelning")
    assert [row[1] for row in rows.values()] == ["38", "62", "31", "25"]
    assert rows["Fyrbodal"][0].startswith(
        "HSN 1: Lysekil, Munkedal, Orust, Sotenäs, Strömstad, Tanum; HSN 2: "
    )
    assert rows["Stor-Göteborg"][2] == "Hisingen, Gamlestaden, Centrum"
    assert page.css_first("#indelning caption").text() == (
        "Länet delades i 4 delar, med 12 nämnder och 7 lokala försäkringscenter"
    )


def test_the_forms_of_cooperation_are_those_of_appendix_2(page):
    rows = [[cell.text() for cell in row.css("th, td")] for row in page.css("#samverkan tbody tr")]
    assert [row[1] for row in rows] == ["Regionalt"] * 4 + ["Lokalt"] * 2
    assert len([form for row in rows for form in row[2].split("; ")]) == 35
    assert "försäkringsmedicinska forum" in rows[4][2]


def test_every_number_is_a_fact(page):
    assert list(unaccounted(page)) == []


@pytest.mark.parametrize(("name", "lan"), [("lan-2005-2008", "13"), ("lan-2019-2025", "14")])
def test_a_report_without_such_figures_shows_nothing(name, lan):
    assert structures(report_of(name, lan)).html() == ""
