"""What lies behind the first page: sources that are used, what is missing once, titles that say the finding."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from support import SECTIONS, followup, plain
from vgstats.blocks.blocks import Folded
from vgstats.facts.facts import count_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change
from vgstats.observations import Value
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.uppfoljning import Parameters, Uppfoljning
from vgstats.sections.change_tables import changes
from vgstats.sections.missing import gaps
from vgstats.sections.provenance import remake
from vgstats.sections.spending import costs
from vgstats.sections.verdict import rules
from vgstats.sections.words import finding, left_out, not_computable


@pytest.fixture(scope="module")
def recent() -> Uppfoljning:
    """A county's report, after the sections that cite what it shows or leave something out."""
    report = followup("05", "2019-12", "2025-12")
    for name in ("changes", "series", "goals", "kommuner", "shares", "instances", "costs", "rules"):
        SECTIONS[name](report)
    return report


def moved(before: float, after: float, measure: str = "ohalsotal", unit: float = 0.1) -> Change:
    ends = [
        Value(measure, "lan:14", period, "alla", "", value, unit, "ok", "demo")
        for period, value in (("2019-12", before), ("2025-12", after))
    ]
    return Change(*ends)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (moved(30.0, 28.5), "Ohälsotalet i länet minskade med 1,5 dagar"),
        (moved(28.5, 30.0), "Ohälsotalet i länet ökade med 1,5 dagar"),
        (moved(28.5, 28.6), "Ohälsotalet i länet låg stilla inom avrundningen"),
        (
            moved(200, 150, "pagaende_sjukfall", 1),
            "De pågående sjukfallen i länet minskade med 25 procent",
        ),
        (
            moved(200, 200, "pagaende_sjukfall", 1),
            "De pågående sjukfallen i länet låg stilla",
        ),
        (
            moved(0, 5, "pagaende_sjukfall", 1),
            "De pågående sjukfallen i länet ökade",
        ),
    ],
)
def test_a_title_says_what_happened(change, said):
    found = plain(str(finding(change, "länet")))
    assert re.sub(r",0 procent", " procent", found) == said


def test_only_sources_that_the_report_used_are_listed(recent):
    used = recent.named_sources()
    assert {"fk-ohalsotal-sjukpenningtal-2025", "scb-folkmangd-lan"} <= set(used.index)
    for other in (
        "Ohälsotalet i",
        "Lerum",
        "Åtgärder i Västra",
    ):
        assert not used["title"].str.contains(other).any(), other
    assert not used["short"].str.startswith("Sveriges Radio").any()


def test_a_report_lists_what_is_missing_once_and_its_commands_once(recent):
    listed = [plain(str(text)) for text in gaps(recent).texts()]
    assert len(set(listed)) == len(listed)
    for what in ("Försäkringskassans kostnader", "sjukfall, 60 dagar", "Kvinnor och män för sig"):
        assert sum(what.lower() in one.lower() for one in listed) == 1, what
    assert not any("vgstats" in one for one in listed)
    commands = re.findall(r"vgstats fetch[^<]*", re.sub("</?span>", "", remake(recent).html()))
    assert commands and len({one.partition("--")[2] for one in commands}) == len(commands)


def test_commands_for_the_same_places_and_years_are_one(recent):
    same = "--lan 05 --from 1999-12 --to 2000-12"
    left_out(recent, "Ett.", f"vgstats fetch ohalsotal {same}")
    left_out(
        recent, "Två.", f"vgstats fetch sjukpenningtal {same}", f"vgstats fetch ohalsotal {same}"
    )
    shown = re.sub("</?span>", "", remake(recent).html())
    assert f"vgstats fetch ohalsotal sjukpenningtal {same}" in shown
    assert shown.count(same) == 1


def test_what_is_missing_for_the_same_reason_or_of_the_same_measure_is_one_line():
    report = followup("05", "2019-12", "2025-12")
    why = "uppgifter saknas"
    left_out(report, not_computable("Ett", why))
    left_out(report, not_computable("Två", why))
    left_out(report, say("{n} kommuner finns inte bland uppgifterna.", n=count_fact("antal", 3)))
    SECTIONS["lengths"](report)
    SECTIONS["ages"](report)
    listed = [plain(str(text)) for text in gaps(report).texts()]
    assert "Ett, två (uppgifter saknas)." in listed
    assert "3 kommuner." in listed
    assert "Pågående sjukfall efter längd och ålder." in listed


def test_what_is_left_out_for_want_of_a_listed_measure_is_not_said_again(recent):
    left_out(recent, "Ett tecken på kostnaderna.", measures=["kostnad_sa"])
    left_out(recent, "Ett tecken på ohälsotalet.", measures=["ohalsotal"])
    listed = " ".join(str(text) for text in gaps(recent).texts())
    assert "kostnaderna." not in listed and "ohälsotalet." in listed


def test_rules_are_told_shortly_and_without_a_column_that_says_the_same(recent):
    table = rules(recent).blocks[0]
    assert [column.heading for column in table.columns] == ["Ändring", "Från", "Innebörd"]
    words = " ".join(str(cell) for row in table.rows for cell in row).split()
    assert len(words) <= 150
    assert not any(re.search(r"\b(införs|höjs|sänks|blir)\b", str(row[0])) for row in table.rows)


def test_many_rows_fold_and_few_do_not(vg):
    assert isinstance(changes(vg), Folded)
    assert not isinstance(changes(vg, measures=["ohalsotal"]), Folded)


def test_the_amount_of_a_month_is_a_cost_where_it_is_known(vg):
    rows = [
        ("sa_belopp", "lan:14", period, "alla", "", value, 1.0, "ok", "fk-sa-bestand", "2026-11-27")
        for period, value in (("2005-12", 800_000.0), ("2008-12", 860_000.0))
    ]
    more = pd.concat(
        [vg.observations, pd.DataFrame(rows, columns=vg.observations.columns)], ignore_index=True
    )
    parameters = Parameters(**vg.parameters.model_dump(exclude={"measures"}))
    report = Uppfoljning(parameters, Bundle(more, vg.sources))
    table = costs(report).blocks[-1].table
    named = {str(row[0]): [plain(str(cell)) for cell in row] for row in table.rows}
    (row,) = (cells for name, cells in named.items() if name.startswith("Utbetald"))
    assert "tusen kronor" in row[0] and row[4] == "+7,5 %"


def test_a_series_of_several_sources_is_marked(vg):
    SECTIONS["series"](vg)
    said = plain(" ".join(str(text) for text in SECTIONS["remarks"](vg).texts()))
    assert "kan bero på det: ohälsotal för riket och Västra Götalands län." in said
