"""Any section on any kind of report, with any measure and area: a block, or a plain message."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from support import read_page, words
from vgstats import sections
from vgstats.batch.plan import plan
from vgstats.blocks.blocks import Block
from vgstats.errors import VgstatsError
from vgstats.reports import kind, open_report
from vgstats.reports.report import Report

SECTIONS = [
    name
    for name, of in vars(sections).items()
    if getattr(of, "__module__", "").startswith("vgstats.sections.")
]
OWN = "pagaende_sjukfall_eget_register"
OF_A_MEASURE = [
    "series",
    "kommuner",
    "map_of",
    "months",
    "by_group",
    "kommuner_by_group",
    "beside",
    "in_brief",
]
ABOUT_THE_PLACE = ["actions", "goals", "money", "costs", "shares"]
ANY = ["ohalsotal_sa", "sa_mottagare", "kostnad_sa", "vardcentraler", OWN]
GIVEN = {
    "uppfoljning": {"lan": "20", "before": "2005-12", "after": "2008-12"},
    "kommun": {"lan": "", "kommun": "1480", "before": "2005-12", "after": "2008-12"},
    "sjukfall": {
        "lan": "20",
        "before": "2024-12",
        "after": "2025-12",
        "disclosure": {"mode": "off"},
    },
}


@pytest.fixture(params=GIVEN)
def report(request, register_store, monkeypatch) -> Report:
    if request.param == "sjukfall":
        monkeypatch.setenv("VGSTATS_STORE", str(register_store.folder))
    return open_report(request.param, **GIVEN[request.param])


def text(block: Block) -> str:
    plt.close("all")
    return " ".join([words(read_page(block.html())), *block.left_out()])


def in_a_batch(tmp_path: Path, lines: str) -> Report:
    file = tmp_path / "some.yaml"
    file.write_text(lines, encoding="utf-8")
    (job,) = plan(file).jobs
    return kind(job.kind)(job.parameters, job.bundle)


KOMMUN = 'report: kommun\nlan: ["14"]\nkommun: ["1480"]\nbefore: "2005-12"\nafter: "2008-12"\n'
COUNTY = 'report: uppfoljning\nlan: ["14"]\nbefore: "2005-12"\nafter: "2008-12"\n'


def test_every_section_is_a_block_on_every_kind(report):
    for name in SECTIONS:
        said = text(getattr(sections, name)(report))
        assert "None" not in said, name
        if report.area.startswith("kommun:") and name in ABOUT_THE_PLACE:
            assert "länet" not in said and "kommunen" in said


def test_every_section_takes_any_measure(report):
    for name in OF_A_MEASURE:
        for measure in ANY:
            assert text(getattr(sections, name)(report, measure=measure)), (name, measure)
        with pytest.raises(VgstatsError, match="Unknown measure 'nonsense'"):
            getattr(sections, name)(report, measure="nonsense")


def test_what_is_no_list_of_measures_is_said_to_be_none(report):
    for name, measures in itertools.product(["changes", "costs", "gaps"], ["ohalsotal", 3]):
        with pytest.raises(
            VgstatsError, match=rf"measures: {measures!r} will not do\. Expected a list"
        ):
            getattr(sections, name)(report, measures=measures)


def test_an_area_that_cannot_be_picked_out_is_refused(report):
    wrong = ["1480", "x", 3, "riket", "kommun:0180"]
    for name, highlight in itertools.product(["kommuner", "map_of"], wrong):
        with pytest.raises(VgstatsError, match=r"Unknown area|highlight: .* is no kommun of"):
            getattr(sections, name)(report, highlight=highlight)


def test_only_money_is_a_cost(report):
    with pytest.raises(VgstatsError, match="ohalsotal is counted in dagar, not in kronor"):
        sections.costs(report, measures=["ohalsotal"])


def test_shares_come_in_the_order_asked_for_and_no_other_dimension_is_known(vg):
    table = sections.shares(vg, dimensions=["grad", "kön"]).blocks[-1].table
    assert [str(row[0]) for row in table.rows] == [
        "Helt sjukskrivna",
        "Delvis sjukskrivna",
        "Kvinnor",
        "Män",
    ]
    for wrong in ("kön", ["ålder"], 3):
        with pytest.raises(
            VgstatsError, match=r"dimensions: .* will not do\. Expected a list of 'kön'"
        ):
            sections.shares(vg, dimensions=wrong)


@pytest.mark.parametrize(
    ("lines", "name", "measure"),
    [
        (COUNTY, "series", "sa_mottagare"),  # asked for, but not year by year
        (COUNTY, "months", "sa_mottagare"),
        (COUNTY, "kommuner", "sa_mottagare"),
        (KOMMUN, "by_group", "pagaende_sjukfall"),
        (KOMMUN, "kommuner_by_group", "pagaende_sjukfall"),
        (KOMMUN, "months", "transfereringar"),
    ],
)
def test_in_a_batch_what_was_not_asked_for_gives_the_line_that_asks_for_it(
    tmp_path, lines, name, measure
):
    report = in_a_batch(tmp_path, lines)
    with pytest.raises(VgstatsError, match=rf"measures: \[{measure}\]"):
        getattr(sections, name)(report, measure=measure)
    asked = in_a_batch(tmp_path, f"{lines}measures: [{measure}]\n")
    assert text(getattr(sections, name)(asked, measure=measure))


def test_in_jupyterlab_groups_and_months_are_fetched_too(register_store, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(register_store.folder))
    given = {"lan": "20", "kommun": "2080", "before": "2024-12", "after": "2025-12"}
    for name in ("months", "by_group", "kommuner_by_group", "kommuner"):
        report = open_report("kommun", **given, disclosure={"mode": "off"})
        assert getattr(sections, name)(report, measure=OWN).to_frame().size, name


def test_no_number_is_said_to_be_hidden_that_is_only_not_there(report):
    for measure in ("kostnad_sa", "fk_medarbetare", "sa_mottagare"):
        assert "är dolt, för" not in text(sections.in_brief(report, measure=measure))
        assert "Registret" not in text(sections.kommuner(report, measure=measure))
        assert "Registret" not in text(sections.by_group(report, measure=measure))


def test_a_report_without_own_counts_says_that_it_has_none(vg):
    assert (
        text(sections.hidden(vg)).strip()
        == "Rapporten har inga egna antal, så inga små tal har behövt döljas."
    )


def test_how_own_counts_are_hidden_is_said_once_and_not_as_of_their_source(register_job):
    report = kind("sjukfall")(register_job.parameters, register_job.bundle)
    assert "källan döljer" not in text(sections.remarks(report))
    assert "Därför döljs" in text(sections.sources(report))
    assert "Därför döljs" not in text(sections.sources(report, how_hidden=False))


def test_what_there_are_no_figures_of_takes_no_room_and_is_listed_once(report):
    for name in ("kommuner", "by_group", "months", "costs", "shares", "instances", "psychiatric"):
        block = getattr(sections, name)(report)
        if left := block.left_out():
            assert "vgstats fetch" not in block.html() and "saknas" not in block.html()
            listed = text(sections.gaps(report))
            assert listed.count(str(report.left_out[left[0].partition(" `")[0]].what)) <= 1


def test_a_map_shows_the_measure_that_was_asked_for_or_none():
    vg = open_report("uppfoljning", lan="14", before="2005-12", after="2008-12")
    assert "Kartan kan inte ritas: sjuk- och" in text(sections.map_of(vg, measure="kostnad_sa"))


def test_a_count_by_years_is_headed_with_its_years():
    report = open_report("uppfoljning", lan="14", before="2005-12", after="2008-12")
    table = sections.by_group(report, measure="pagaende_sjukfall")
    assert [str(c.heading) for c in table.columns[1:3]] == ["2005", "2008"]


def test_what_stands_beside_a_county_says_nothing_of_a_kommun():
    report = open_report("uppfoljning", lan="14", before="2005-12", after="2008-12")
    said = text(sections.beside(report, measure="pagaende_sjukfall"))
    assert "det som gjorts i länet" in said and "kommun" not in said


def test_a_measure_that_is_asked_for_twice_stands_once(vg):
    table = sections.changes(vg, measures=["ohalsotal"])
    again = sections.changes(vg, measures=["ohalsotal", "ohalsotal"])
    assert len(table.rows) == len(again.rows)


def test_what_is_fetched_later_comes_from_the_store_that_the_report_was_opened_from(
    register_store, monkeypatch
):
    report = open_report("uppfoljning", lan="20", before="2005-12", after="2008-12")
    monkeypatch.setenv("VGSTATS_STORE", str(register_store.folder))
    sections.changes(report, measures=["avslag_efter_180"])
    assert not report.synthetic and "avslag_efter_180" in report.parameters.measures


def test_own_counts_that_were_never_released_are_refused_each_time(
    register_store, monkeypatch, tmp_path
):
    folder = shutil.copytree(register_store.folder, tmp_path / "s")
    shutil.rmtree(folder / "released", ignore_errors=True)
    monkeypatch.setenv("VGSTATS_STORE", str(folder))
    report = open_report("kommun", lan="20", kommun="2062", before="2024-12", after="2025-12")
    for _ in range(2):
        for name in ("months", "by_group", "kommuner", "kommuner_by_group", "map_of", "series"):
            with pytest.raises(VgstatsError, match="were never released"):
                getattr(sections, name)(report, measure=OWN)
    assert OWN not in set(report.observations["measure"])
