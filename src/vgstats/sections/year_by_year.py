"""Fler sätt att jämföra: the county's distance to the others, year by year."""

from __future__ import annotations

from typing import Any

from vgstats.blocks.blocks import Block, Paragraphs
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import county_sizes, rates_of
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD, USUAL
from vgstats.facts.text import Text, say
from vgstats.methods.year_by_year import EventStudy, event_study
from vgstats.reports.followup import Followup
from vgstats.sections.county_series import (
    decembers,
    labels_of,
    span_of,
)
from vgstats.sections.words import source_list

_SIZE_TOO_DIFFERENT = (
    "Om det är mer än vanlig variation går inte att säga för {area}, vars storlek skiljer sig för mycket "
    "från de andras."
)
_YEARS_FIELD = f"Det {COLOUR_NAMES[FIELD]} fältet: åren från start."
_FIELDS = (
    f"Det {COLOUR_NAMES[USUAL]} fältet: vanlig variation mellan län, som är noll det år som avståndet räknas "
    f"från. {_YEARS_FIELD}"
)


def year_by_year(report: Followup) -> tuple[EventStudy, list[Block]]:
    """Return the event study, with its sentence and its figure.

    Raises:
        NotComputable: the counties' series are not there, or too short.
    """
    before, start, after = span_of(report)
    rates = rates_of(report.area, before)
    found = event_study(
        decembers(report),
        treated=report.area_name,
        base=before,
        last=after,
        period="year",
        kind="län",
        sizes=county_sizes(before).rename(index=areas.name),
        widen=rates.widen,
        **labels_of(report, "år för år"),
    )
    if not rates.trusted:
        found = found.without_limits(say(_SIZE_TOO_DIFFERENT, area=report.area_name))
    return found, [Paragraphs([found.sentence()]), _event_figure(report, found, start, after)]


def _event_figure(report: Followup, found: EventStudy, start: int, after: int) -> Figure:
    table = found.to_frame()
    caption = say(
        "Ohälsotalet i {area} minus de andra länens medelvärde: ändring sedan {base}",
        area=report.area_name,
        base=found.base,
    )
    rows: list[list[Cell]] = [
        [
            str(row.period),
            found.fact(f"eget värde|{row.period}", row.area_value),
            found.fact(f"andras medel|{row.period}", row.others_mean),
            say("{d:signed}", d=found.fact(f"ändrat avstånd|{row.period}", row.change)),
            *([_limits(found, row)] if found.interval else []),
        ]
        for row in table.itertuples()
    ]
    last = table[table["period"].astype(str) == found.last].iloc[0]
    return Figure(
        charts.gap_over_years(table, unit="dagar", start=start, end=after),
        caption,
        say(
            "Linje för ändringen av länets avstånd till de andra länen. {last} var den {d:signed} dagar."
            "{usual}",
            last=found.last,
            d=found.fact(f"ändrat avstånd|{found.last}", last["change"]),
            usual=say(" Vanlig variation då är {limits} dagar.", limits=_limits(found, last))
            if found.interval
            else "",
        ),
        Table(
            "ar-for-ar",
            caption,
            [
                Column("December", "text"),
                Column("Länet"),
                Column("Andra länen, medel"),
                Column(f"Ändrat avstånd sedan {found.base}, dagar"),
                *([Column("Vanlig variation, dagar")] if found.interval else []),
            ],
            rows,
        ),
        say(
            "{fields}{weighed} Plus betyder att länet ligger högre mot de andra än {base}. Ändringen är räknad före "
            "avrundningen och kan skilja {tenth} från tabellens tal. {sources}",
            fields=_FIELDS if found.interval else _YEARS_FIELD,
            base=found.base,
            weighed=say(
                " De andra länens medel är {base} det där varje län väger lika; i ändringen därifrån väger stora "
                "län tyngre.",
                base=found.base,
            )
            if (table["share_of_size"] > 0).any()
            else "",
            tenth=found.fact("avrundning i tabellen", 0.1),
            sources=source_list(report, [found.source]),
        ),
    )


def _limits(found: EventStudy, row: Any) -> Text:
    return say(
        "{low:signed} till {high:signed}",
        low=found.fact(f"vanligt lägst|{row.period}", row.usual_low),
        high=found.fact(f"vanligt högst|{row.period}", row.usual_high),
    )
