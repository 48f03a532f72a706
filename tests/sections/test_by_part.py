"""Cases by diagnosis chapter, length, age and branch: findings that the figures carry, and nothing without figures."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pandas as pd
import pytest

from commands import vgstats
from making import render
from support import NOTEBOOK, followup, read_page, table_rows, words
from vgstats import sections
from vgstats.batch.plan import plan
from vgstats.blocks.blocks import Block
from vgstats.demo import Size, write_demo
from vgstats.observations import COLUMNS
from vgstats.reports import open_report
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.store.store import Store

PARAMS = 'report: uppfoljning\nlan: ["18"]\nbefore: "2024-12"\nafter: "2025-12"\n'
NAMES = ("chapters", "lengths", "ages", "started", "branches")


def with_figures(
    measure: str, dimension: str, figures: dict[str, tuple[float, float]]
) -> Uppfoljning:
    """A report with made figures of a county by part, from December 2019 to December 2025; "" is the whole."""
    report = followup("18", "2019-12", "2025-12")
    origin = (1, "ok", "fk-pagaende-sjukfall", "2026-01-31")
    rows = [
        (measure, "lan:18", period, "alla", f"{dimension}={part}" if part else "", value, *origin)
        for part, ends in figures.items()
        for period, value in zip(("2019-12", "2025-12"), ends, strict=True)
    ]
    figures = report._bundle.observations
    figures = figures[figures["measure"] != measure]
    more = pd.concat([figures, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True)
    return Uppfoljning(report.parameters, replace(report._bundle, observations=more))


def said(block: Block) -> str:
    return words(read_page(block.html()))


def caption(block: Block) -> str:
    return words(read_page(block.html()).caption).replace(" ,", ",")


@pytest.fixture(scope="module")
def of_demo(once):
    size = Size(lan=("lan:18",), ages=True, kommuner=False, first="2024-12", last="2025-12")
    return Store(
        once("by-part", lambda folder: list(write_demo(Store(folder / "store"), size))) / "store"
    )


def test_the_bundled_figures_have_one_chapter_which_another_section_tells():
    report = followup("18", "2019-12", "2025-12")
    assert all(getattr(sections, name)(report).html() == "" for name in NAMES)
    commands = [command for one in report.left_out.values() for command in one.commands]
    by_part = "--by diagnos --by alder --by langd"
    assert (
        f"vgstats fetch pagaende_sjukfall --lan 18 --from 2019-12 --to 2025-12 {by_part}"
        in commands
    )
    assert "Pågående sjukfall efter längd saknas." in report.left_out


def test_nothing_at_all_is_said_of_what_no_source_has():
    kommun = open_report("kommun", kommun="1480", before="2005-12", after="2008-12")
    block = sections.ages(kommun, measure="ohalsotal")
    assert block.html() == "" and block.left_out() == [] and kommun.left_out == {}


def test_each_section_shows_what_a_store_has(of_demo, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(of_demo.folder))
    report = followup("18", "2024-12", "2025-12")
    shown = {name: getattr(sections, name)(report) for name in NAMES}
    assert [name for name in NAMES if shown[name].html()] == [
        "lengths",
        "ages",
        "started",
        "branches",
    ]
    ages = table_rows(read_page(shown["ages"].html()), "pagaende_sjukfall-alder")
    assert list(ages) == ["16–19 år", "20–29 år", "30–39 år", "40–49 år", "50–59 år", "60–64 år"]
    numbers = {row: [cell.replace(" ", "") for cell in cells] for row, cells in ages.items()}
    total = report.value("pagaende_sjukfall", "2025-12")
    assert sum(int(cells[1]) for cells in numbers.values()) == total.value
    lengths = table_rows(read_page(shown["lengths"].html()), "pagaende_sjukfall-langd")
    assert next(iter(lengths)) == "1–29 dagar" and list(lengths)[-1] == "366 dagar eller mer"
    started = table_rows(read_page(shown["started"].html()), "startade_sjukfall-diagnos")
    whole = report.value("startade_sjukfall", "2025-12")
    assert sum(int(cells[1].replace(" ", "")) for cells in started.values()) == whole.value
    assert list(started)[-1] == "Övriga" and not any("F43" in row for row in started)
    branches = read_page(shown["branches"].html())
    assert len(branches.find_all("table")) == 2 and "Visa de övriga, efter bransch" in words(
        branches
    )


def test_a_fall_a_rise_and_no_change_are_told_as_such():
    def found(*parts: tuple[float, float]) -> str:
        codes = ("F00-F99", "M00-M99", "C00-D48")
        whole = tuple(map(sum, zip(*parts, strict=True)))
        figures = {"": whole, **dict(zip(codes, parts, strict=True))}
        return caption(sections.chapters(with_figures("pagaende_sjukfall", "diagnos", figures)))

    first = "Vanligast är psykiatriska diagnoser, 60,0 procent"
    assert (
        found((700, 600), (200, 250), (150, 150))
        == f"{first}; minskningen är också störst där, 100 färre"
    )
    assert found((580, 600), (300, 250), (150, 150)) == (
        f"{first}; störst minskning har rörelseorganens sjukdomar, 50 färre"
    )
    assert found((600, 600), (200, 250), (150, 150)) == (
        f"{first}; störst ökning har rörelseorganens sjukdomar, 50 fler"
    )
    assert found((600, 600), (250, 250), (150, 150)) == first
    # Two that went different ways as far: neither is the largest.
    assert found((600, 600), (200, 250), (200, 150)) == first


def test_what_is_unknown_is_not_said_to_be_smaller():
    figures = {"": (1000.0, 1000.0), "F00-F99": (400.0, 300.0), "M00-M99": (200.0, 150.0)}
    block = sections.chapters(with_figures("pagaende_sjukfall", "diagnos", figures))
    assert caption(block) == "Psykiatriska diagnoser står för 30,0 procent"
    rows = table_rows(read_page(block.html()), "pagaende_sjukfall-diagnos")
    assert rows["Övriga"][:3] == ["400", "550", "+38"]


def test_chapters_of_a_county_take_few_words(of_demo, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(of_demo.folder))
    report = followup("18", "2024-12", "2025-12")
    assert len(said(sections.started(report)).split()) <= 120


def test_all_of_it_passes_the_gate_of_a_page(of_demo, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    there = {cell.source for cell in notebook.cells}
    calls = [name for name in NAMES if f"{name}(report)" not in there]
    for name in calls:
        source = f"from vgstats.sections import {name}\n{name}(report)"
        notebook.cells.insert(-1, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, tmp_path / NOTEBOOK.name)
    (tmp_path / "one.yaml").write_text(PARAMS, encoding="utf-8")
    (job,) = plan(tmp_path / "one.yaml", of_demo).jobs
    page = read_page(render(job, tmp_path, tmp_path).read_text(encoding="utf-8"))
    ids = {table["id"] for table in page.find_all("table")}
    assert {
        "pagaende_sjukfall-langd",
        "pagaende_sjukfall-alder",
        "startade_sjukfall-diagnos",
    } <= ids


def test_the_agency_s_own_file_comes_through_to_a_page(shared, tmp_path):
    store = {"VGSTATS_STORE": str(tmp_path / "store")}
    for what in ("ohalsotal", "pagaende_sjukfall_diagnos"):
        file = shared / "data" / f"fk_export_{what}_2024_11_06.xlsx"
        assert vgstats("import", file, environment=store).returncode == 0
    report = open_report_in(tmp_path, "20", "2024-01", "2024-04")
    block = sections.chapters(report)
    # The sheet's rows for 20 Dalarnas län, Kvinnor och män: F 51.4 to 53.5 per cent, M 15.2 to 15.4.
    assert caption(block) == "Vanligast är psykiatriska diagnoser, 53,5 procent"
    rows = table_rows(read_page(block.html()), "pagaende_sjukfall_andel-diagnos")
    assert rows["Psykiatriska diagnoser (F00–F99)"][:3] == ["51,4", "53,5", "+2,1"]
    assert rows["Rörelseorganens sjukdomar (M00–M99)"][:3] == ["15,2", "15,4", "+0,2"]


def open_report_in(folder, lan: str, before: str, after: str) -> Uppfoljning:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGSTATS_STORE", str(folder / "store"))
        return followup(lan, before, after)
