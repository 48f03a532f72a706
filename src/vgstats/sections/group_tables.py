"""För vilka? Counts by diagnosis or another group and sex, in the area and in its kommuner."""

from __future__ import annotations

from functools import partial

from vgstats.blocks.blocks import Block, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import change_cells, month_words, number_cell
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import group_name, short_name
from vgstats.reports.report import Report

_SEXES = ("kvinnor", "män")


def by_group(report: Report, measure: str | None = None) -> Block:
    """Return the area's counts by group and sex, before and after.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    groups = _groups(report, measure)
    if not groups:
        return missing("Registret har inga antal per diagnos.")
    then, now = (month_words(period).capitalize() for period in report.parameters.pair(measure))
    rows: list[list[Cell]] = [
        [f"{group_name(group)}, {sex}", *change_cells(report, measure, sex=sex, group=group)]
        for group in groups
        for sex in _SEXES
    ]
    return Table(
        "diagnoser",
        f"{measure_of(measure).short_name} i {report.area_name} efter diagnos och kön",
        [Column("Diagnos och kön", "text"), *map(Column, (then, now, "Förändring", "Procent"))],
        rows,
    )


def kommuner_by_group(report: Report, measure: str | None = None) -> Block:
    """Return the kommuners' counts by group and sex in the later period.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    groups = _groups(report, measure)
    own = report.observations[report.observations["measure"] == measure]
    places = [kommun for kommun in report.kommuner if kommun in set(own["area"])]
    if not groups or not places:
        return missing("Registret har inga antal per kommun och diagnos.")
    now = report.parameters.pair(measure)[1]

    def cell(kommun: str, group: str, sex: str) -> Cell:
        return number_cell(report, measure, now, group=group, area=kommun, sex=sex)

    columns = [Column("Kommun", "text", of=areas.name)]
    columns += [
        Column(f"{short_name(group)}, {sex}", of=partial(cell, group=group, sex=sex))
        for group in ("", *groups)
        for sex in _SEXES
    ]
    return Table.from_frame(
        places,
        columns,
        id="kommuner-diagnoser",
        caption=f"{measure_of(measure).short_name} per kommun efter diagnos och kön, {month_words(now)}",
    )


def _groups(report: Report, measure: str) -> list[str]:
    own = report.observations[report.observations["measure"] == measure]
    return sorted(set(own["group"]) - {""}, key=lambda group: ("övriga" in group, group))
