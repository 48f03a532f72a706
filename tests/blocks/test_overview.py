"""The index is made of what the manifest keeps: every report, what it says, and what went wrong."""

from __future__ import annotations

import dataclasses
import json

import pytest

from support import index_row, read_page, table_rows, words
from vgstats.blocks.figures import LinkedMap
from vgstats.blocks.overview import Listed, overview
from vgstats.blocks.record import IndexRow
from vgstats.blocks.tables import HIDDEN, Link, Table
from vgstats.facts.facts import MINUS, count_fact
from vgstats.facts.text import say


@pytest.fixture(scope="module")
def rows(counties) -> list[IndexRow]:
    return [report.index_row() for report in counties[:5]]


def entries(rows: list[IndexRow]) -> list[Listed]:
    return [Listed(row.name, f"{row.area[4:]}.html", row, "klar") for row in rows]


def parts(block, kind) -> list:
    return [part for part in block.blocks if isinstance(part, kind)]


def test_a_line_comes_back_from_json_as_it_was(rows, register_job):
    none = {"cells": (), "riket": (), "percent": None, "level": None, "mark": None}
    for row in [*rows, index_row(register_job)]:
        again = IndexRow.from_json(json.loads(json.dumps(row.as_json())))
        assert again.facts() == row.facts()
        shown = [[str(getattr(c, "html", lambda c=c: c)()) for c in r.cells] for r in (row, again)]
        assert shown[0] == shown[1]
        assert dataclasses.replace(again, **none) == dataclasses.replace(row, **none)


def test_a_hidden_number_stays_hidden_in_a_line(rows):
    row = dataclasses.replace(rows[0], cells=(HIDDEN, None, "ord"))
    assert IndexRow.from_json(row.as_json()).cells == (HIDDEN, None, "ord")


def test_a_line_of_an_earlier_version_opens(rows):
    packed = rows[0].as_json()
    for name in ("level", "mark", "unchanged", "drawn"):
        del packed[name]
    assert IndexRow.from_json(packed).level is None
    with pytest.raises(KeyError):
        IndexRow.from_json({"area": "lan:14"})


def test_the_reports_stand_by_name_with_level_change_and_mark(rows, counties):
    (found,) = parts(overview(entries(rows[::-1])), LinkedMap)
    table = read_page(found.html()).find("table")
    assert [th.get_text() for th in table.thead.find_all("th")] == [
        "Län", "Efter, sjukfall", "Ändring", "Bland länen",
    ]  # fmt: skip
    shown = table_rows(read_page(found.html()), "rapporter")
    names = ["Jönköpings län", "Stockholms län", "Södermanlands län", "Uppsala län"]
    assert list(shown) == [*names, "Östergötlands län", "Riket"]
    told = counties[0].compared[0]
    assert shown["Stockholms län"] == ["29 297", f"{MINUS}27,7 %", told.mark().plain()]
    assert shown["Riket"] == ["144 998", f"{MINUS}34,7 %", ""]


def test_the_map_has_the_same_links_as_the_table_and_says_each_change(rows):
    (found,) = parts(overview(entries(rows)), LinkedMap)
    page = read_page(found.html())
    areas_of = {area["href"]: area["alt"] for area in page.find_all("area")}
    assert set(areas_of) == {a["href"] for a in page.select("table th a")}
    assert areas_of["01.html"] == "Stockholms län: minskade med 27,7 procent"
    assert page.img["usemap"] == f"#{page.find('map')['name']}"
    assert words(page.figcaption) == "Pågående sjukfall av alla längder: minskade i 5 län"
    width, height = int(page.img["width"]), int(page.img["height"])
    for area in page.find_all("area"):
        corners = [int(number) for number in area["coords"].split(",")]
        assert 6 <= len(corners) <= 200 and len(corners) % 2 == 0
        assert max(corners[::2]) <= width and max(corners[1::2]) <= height


def test_the_index_says_how_many_stand_out_by_chance(rows, counties):
    for few in (rows[:1], rows):
        said = words(read_page(overview(entries(few)).html()))
        assert (
            "Av 100 län väntas ungefär 5 avvika mer än vanligt från de andra av ren slump." in said
        )
    all_of_them = [report.index_row() for report in counties]
    said = words(read_page(overview(entries(all_of_them)).html()))
    assert "Av 21 län väntas ungefär 1 avvika mer än vanligt från de andra av ren slump." in said


MOVES = [
    (-12, False, "minskade"),
    (8, False, "ökade"),
    (1, True, "oförändrat"),
    (0, False, "oförändrat"),
]


def test_falls_rises_and_what_rounding_leaves_open_are_told_apart(rows):
    moved = [
        dataclasses.replace(row, percent=dataclasses.replace(row.percent, value=value, decimals=0), unchanged=same)
        for row, (value, same, _) in zip(rows, MOVES, strict=False)
    ]  # fmt: skip
    page = read_page(overview(entries(moved)).html())
    said = {area["href"]: area["alt"].partition(": ")[2] for area in page.find_all("area")}
    assert [said[f"{row.area[4:]}.html"] for row in moved] == [
        "minskade med 12 procent",
        "ökade med 8 procent",
        "oförändrat inom avrundningen",
        "oförändrat inom avrundningen",
    ]
    assert words(page.figcaption) == (
        "Pågående sjukfall av alla längder: minskade i 1 län, ökade i 1 län, oförändrat inom avrundningen i 2 län"
    )


def test_what_is_no_map_is_a_table_alone(rows, register_job):
    for few in (rows[:2], [index_row(register_job)]):
        block = overview(entries(few))
        assert parts(block, Table) and not parts(block, LinkedMap)
    assert "Ändring" not in overview(entries([index_row(register_job)])).html()


def test_made_up_figures_are_marked_in_every_link(rows):
    made_up = [dataclasses.replace(row, synthetic=True) for row in rows]
    page = read_page(overview(entries(made_up)).html())
    assert all(area["alt"].endswith(", påhittat") for area in page.find_all("area"))


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


def test_what_all_lines_say_alike_stands_once_under_them_with_what_must_be_said(rows):
    told = [
        dataclasses.replace(
            row,
            columns=("Krav", "Medel"),
            cells=(say("10 av 10"), say("{x}", x=count_fact(f"medel|{at}", at))),
            riket=("", say("{x}", x=count_fact("medel", 9))),
            note="Bara redovisat.",
            level=None,
            percent=None,
            mark=None,
        )
        for at, row in enumerate(rows[:3], 1)
    ]
    (table,) = parts(overview(entries(told)), Table)
    shown = table_rows(read_page(table.html()), "rapporter")
    assert shown["Riket"] == ["9"] and {len(cells) for cells in shown.values()} == {1}
    assert table.note.plain() == "Krav: 10 av 10 för alla. Bara redovisat."
