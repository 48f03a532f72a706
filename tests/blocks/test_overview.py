"""The index is made of what the manifest keeps: every report, what it says, and what went wrong."""

from __future__ import annotations

import dataclasses
import json

import pytest

from support import index_row, read_page, table_rows
from vgstats.blocks.figures import Figure
from vgstats.blocks.overview import Listed, overview
from vgstats.blocks.record import IndexRow
from vgstats.blocks.tables import HIDDEN, Link, Table
from vgstats.methods.before_after import change_facts


@pytest.fixture(scope="module")
def rows(counties) -> list[IndexRow]:
    return [report.index_row() for report in counties[:5]]


def entries(rows: list[IndexRow]) -> list[Listed]:
    return [Listed(row.name, f"{row.area[4:]}.html", row, "klar") for row in rows]


def parts(block, kind) -> list:
    return [part for part in block.blocks if isinstance(part, kind)]


def test_a_line_comes_back_from_json_as_it_was(rows, register_job):
    for row in [*rows, index_row(register_job)]:
        again = IndexRow.from_json(json.loads(json.dumps(row.as_json())))
        assert again.facts() == row.facts()
        shown = [[str(getattr(c, "html", lambda c=c: c)()) for c in r.cells] for r in (row, again)]
        assert shown[0] == shown[1]
        assert dataclasses.replace(again, cells=(), riket=(), percent=None) == dataclasses.replace(
            row, cells=(), riket=(), percent=None
        )


def test_a_hidden_number_stays_hidden_in_a_line(rows):
    row = dataclasses.replace(rows[0], cells=(HIDDEN, None, "ord"))
    assert IndexRow.from_json(row.as_json()).cells == (HIDDEN, None, "ord")


def test_the_counties_stand_beside_each_other_with_the_largest_fall_first(rows, counties):
    block = overview(entries(rows))
    (figure,) = parts(block, Figure)
    found = list(figure.table.rows)
    changes = {r.area_name: change_facts(r.comparison().county).percent for r in counties[:5]}
    assert [row[0] for row in found] == sorted(changes, key=lambda name: changes[name].value)
    (table,) = parts(block, Table)
    assert [row[0].words if isinstance(row[0], Link) else row[0] for row in table.rows] == [
        *(row.name for row in rows),
        "Riket",
    ]


def test_reports_of_other_periods_stand_under_headings_of_their_own(rows):
    later = [dataclasses.replace(row, about="Annat", heading="Sjukfrånvaron, 2019") for row in rows]
    html = overview([*entries(rows), *entries(later)]).html()
    page = read_page(html)
    assert [h.get_text() for h in page.find_all("h2")] == [rows[0].about, "Annat"]
    assert page.h1.get_text() == "Sjukfrånvaron i flera tider"
    assert page.find(id="rapporter") and page.find(id="rapporter-2")


def test_what_failed_is_told_with_a_link_to_why(rows):
    why = Link("kunde inte göras", "99.fel.html")
    failed = Listed("Blekinge län", "99.html", None, "kunde inte göras", why)
    page = read_page(overview([*entries(rows), failed]).html())
    assert table_rows(page, "inte-gjorda") == {"Blekinge län": ["kunde inte göras"]}
    assert page.find("a", href="99.fel.html")
    assert "5 av 6 rapporter är gjorda" in page.find(class_="byline").get_text()
