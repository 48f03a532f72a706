"""Every agreement, name, rule and remark that the package carries can stand on a finished page."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from making import render
from support import ROOT, SECTIONS, followup
from vgstats.batch.plan import plan
from vgstats.blocks.blocks import Block
from vgstats.blocks.tables import Column, Table
from vgstats.catalogue.agreements import Agreement, all_agreements, all_remarks
from vgstats.catalogue.law_changes import all_law_changes
from vgstats.catalogue.measures import catalogue
from vgstats.page.numbers_on_page import unaccounted
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sections.words import remark_text
from vgstats.store.published import provenance, published


def strangers(*shown: Block) -> list[str]:
    """The numbers that a page with these blocks would be refused for."""
    html = "".join(block.html() for block in shown)
    return list(unaccounted(LexborHTMLParser(f"<main>{html}</main>")))


def table(*texts: str) -> Table:
    """A page's table with texts in it, each in a cell of its own."""
    return Table("texter", "Texter", [Column("Text", "text")], [[text] for text in texts])


def around(followed: Agreement) -> Uppfoljning:
    """A report on an agreement, for the county it is of or for Östergötland, over its years."""
    lan = {"lan:14": "14", "kommun:2262": "22"}.get(followed.area, "05")
    start, end = (day.year for day in followed.dates)
    return followup(lan, f"{max(start - 1, 2005)}-12", f"{end}-12", intervention=followed.id)


_TELL_OF_IT = (
    "findings", "indicators", "goals", "answer", "series", "comparison", "rules", "actions", "money", "remarks",
    "sources",
)  # fmt: skip


@pytest.mark.parametrize("name", [one.id for one in all_agreements().values() if one.dates])
def test_every_agreement_can_be_followed_up_on_a_page(name):
    report = around(all_agreements()[name])
    shown = [report.title(), *(SECTIONS[name](report) for name in _TELL_OF_IT)]
    assert strangers(*shown) == []


def test_the_agreement_whose_measure_has_numbers_in_its_name_makes_a_finished_page(tmp_path):
    file = tmp_path / "villkor.yaml"
    text = (ROOT / "params" / "lan-2015-2018.yaml").read_text(encoding="utf-8")
    text = text.replace("overenskommelser-2016-2018", "overenskommelse-2017-2018")
    file.write_text(text.replace("lan: alla", 'lan: ["09"]'), encoding="utf-8")
    page = render(plan(file).jobs[0], ROOT / "notebooks", tmp_path).read_text(encoding="utf-8")
    assert "Utbetalda medel för villkor 1 och 2" in page


@pytest.mark.parametrize("measure", catalogue().values(), ids=lambda measure: measure.id)
def test_every_measure_can_be_named_and_told(measure):
    assert strangers(table(measure.name, measure.definition, measure.available or "")) == []


@pytest.mark.parametrize("rule", all_law_changes(), ids=lambda rule: rule.id)
def test_every_rule_can_be_named_and_told(rule):
    assert strangers(table(rule.name, f"{rule.name} ({rule.date.year})", rule.text)) == []


def test_every_remark_can_be_told(vg):
    said = [remark_text(vg, remark) for remark in all_remarks()]
    assert strangers(Table("texter", "Texter", [Column("Text", "text")], [[t] for t in said])) == []


def test_a_number_that_ends_one_entry_is_no_neighbour_of_the_next():
    assert strangers(table("Utbetalda medel för villkor 1 och 2")) == []
    assert strangers(table("och 3"))


def test_every_bundled_figure_is_read_by_a_default_report():
    figures = published()
    read = set()
    for file in sorted((ROOT / "params").glob("*.yaml")):
        jobs = plan(file).jobs
        assert jobs, f"{file.name} makes nothing of what comes along"
        for job in jobs:
            read |= set(job.bundle.observations["source"])
    assert set(figures["source"]) == read & set(figures["source"])
    assert set(figures["source"]) <= set(provenance().index)
