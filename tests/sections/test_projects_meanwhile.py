"""Projects whose time is known are marked in the series of their county and kommun, and nowhere else."""

from __future__ import annotations

import pytest

from support import ROOT
from vgstats.batch.plan import plan
from vgstats.reports import kind
from vgstats.sections import lead_figure, series
from vgstats.sections.projects_meanwhile import meanwhile

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
