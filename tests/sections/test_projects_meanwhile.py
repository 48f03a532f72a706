"""Projects whose time is known are marked in the series of their county and kommun, and nowhere else."""

from __future__ import annotations

import pytest

from support import ROOT
from vgstats.batch.plan import plan
from vgstats.reports import kind
from vgstats.sections import lead_figure, series
from vgstats.sections.projects_meanwhile import meanwhile
from vgstats.store.store import Store

SAID = (
    "Strecket längst ner visar när Timråprojektet i Timrå (april 2018 till december 2019) pågick."
)


def opened(file: str, code: str):
    jobs = plan(ROOT / "params" / file).jobs
    job = next(one for one in jobs if one.parameters.code == code)
    return kind(job.kind)(job.parameters, job.bundle)


def figure_of(block):
    return next(one for one in getattr(block, "blocks", [block]) if hasattr(one, "alt"))


def written(figure) -> list[str]:
    return [text.get_text() for text in figure.drawing.axes[0].texts]


@pytest.fixture(scope="module")
def vasternorrland():
    return opened("lan-2019-2025.yaml", "22")


@pytest.mark.parametrize("drawn", [series, lead_figure])
def test_a_kommuns_project_is_drawn_and_told_in_its_countys_series(vasternorrland, drawn):
    figure = figure_of(drawn(vasternorrland))
    assert "Timråprojektet" in written(figure)
    assert SAID in figure.alt.plain()
    assert SAID in figure.note.plain()


def test_a_county_without_projects_in_that_time_has_no_marks(vasternorrland):
    report = opened("lan-2019-2025.yaml", "09")
    figure = figure_of(series(report))
    assert meanwhile(report, report.yearly(report.main)) == []
    assert "längst ner" not in figure.alt.plain() + figure.note.plain()


def test_the_project_that_is_followed_up_is_no_mark_besides(vasternorrland):
    report = opened("timra-2018-2019.yaml", "22")
    assert report.agreement is not None
    assert meanwhile(report, report.yearly(report.main)) == []
    assert meanwhile(vasternorrland, vasternorrland.yearly(vasternorrland.main)) != []


OWN = (
    "Strecket längst ner visar när Tidig kontakt i Hallands län (regionens egen uppgift, januari 2022 till juni 2023) "
    "pågick."
)


def test_a_regions_own_project_is_drawn_in_the_series_of_its_county_alone_and_its_source_is_told(
    tmp_path,
):
    """Made with the same own file as the register, without naming the project."""
    own = ROOT / "params" / "ovning" / "texter" / "egna-projekt.yaml"
    file = tmp_path / "lan.yaml"
    file.write_text(
        'report: uppfoljning\nlan: ["13", "09"]\nbefore: "2019-12"\nafter: "2024-12"\n'
        f"own: {own}\n",
        encoding="utf-8",
    )
    there = {}
    for job in plan(file, Store(tmp_path / "store")).jobs:
        report = kind(job.kind)(job.parameters, job.bundle)
        for drawn in (series, lead_figure):
            figure = figure_of(drawn(report))
            there[report.area, drawn] = OWN in figure.note.plain() and OWN in figure.alt.plain()
            assert ("Tidig kontakt" in written(figure)) == there[report.area, drawn]
        assert ("projekt-pahittad" in report.named_sources().index) == (report.area == "lan:13")
    assert there == {
        (area, drawn): area == "lan:13"
        for area in ("lan:13", "lan:09")
        for drawn in (series, lead_figure)
    }
