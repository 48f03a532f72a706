"""För vilka? Diagnosis and sex, in the county and in its kommuner."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.groups import group_name, short_name
from vgstats.reports.sjukfall import Sjukfall
from vgstats.sections.sjukfall_words import (
    change_cells,
    count,
    month_words,
)

_SEXES = ("kvinnor", "män")


def county(report: Sjukfall) -> Block:
    """Return the county's counts by diagnosis and sex, before and after."""
    if not report.groups:
        return missing("Registret har inga antal per diagnos.")
    then, now = (month_words(month) for month in report.months)
    rows: list[list[Cell]] = [
        [f"{group_name(group)}, {sex}", *change_cells(report, report.area, sex, group)]
        for group in report.groups
        for sex in _SEXES
    ]
    return Table(
        "diagnoser",
        f"Pågående sjukfall i {report.area_name} efter diagnos och kön",
        [
            Column("Diagnos och kön", "text"),
            Column(then.capitalize()),
            Column(now.capitalize()),
            Column("Förändring"),
            Column("Procent"),
        ],
        rows,
    )


def kommuner(report: Sjukfall) -> Block:
    """Return the kommuners' counts by diagnosis and sex in the later month."""
    if not report.groups or not report.kommuner:
        return missing("Registret har inga antal per kommun och diagnos.")
    now = report.parameters.after
    parts = [(group, sex) for group in ("", *report.groups) for sex in _SEXES]
    columns = [Column(f"{short_name(group)}, {sex}") for group, sex in parts]
    rows: list[list[Cell]] = [
        [areas.name(kommun), *(count(report, kommun, now, sex, group) for group, sex in parts)]
        for kommun in report.kommuner
    ]
    return Table(
        "kommuner-diagnoser",
        f"Pågående sjukfall per kommun efter diagnos och kön, {month_words(now)}",
        [Column("Kommun", "text"), *columns],
        rows,
    )
