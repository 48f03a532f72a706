"""Fler sätt att jämföra: whether the county's line breaks more than the others' do."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Paragraphs
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.segmented import Segmented, segmented_regression
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import SERIES
from vgstats.sections.county_series import (
    decembers,
    demand_trusted,
    labels_of,
    span_of,
)
from vgstats.sections.words import source_list


def broken_trend(report: Followup) -> tuple[Segmented, list[Block]]:
    """Return the break of the county's line, with those of the other counties to judge it by.

    Raises:
        NotComputable: the counties' series are not there, or too short.
    """
    _, start, _ = span_of(report)
    demand_trusted(report)
    frame = decembers(report)
    found = {area: _trend(report, frame, area, start) for area in frame["area"].unique()}
    own = found[report.area_name]
    ends = {name: own.ends(name) for name in _TERMS}
    rows: list[list[Cell]] = [
        [
            words.format(start=start),
            say("{x:signed}", x=own.amount(name)),
            *(
                [say("{low:signed} till {high:signed}", low=ends[name][0], high=ends[name][1])]
                if ends[name]
                else []
            ),
            say("{k} av {n}", **_as_large(own, found, name)),
        ]
        for name, words in _TERMS.items()
    ]
    table = Table(
        "brott",
        say(
            "Ohälsotalets linjer före och från {start}, {area} mot de andra länen",
            start=str(start),
            area=report.area_name,
        ),
        [
            Column("Vad", "text"),
            Column("Skillnad mot de andra länen"),
            *([Column("Intervall")] if own.interval else []),
            Column("Minst lika stort i"),
        ],
        rows,
        source_list(report, [own.source]),
    )
    return own, [
        Paragraphs([join([_said(own, start), _ranked(own, found), own.sureness()])]),
        table,
    ]


def _said(own: Segmented, start: int) -> Text:
    """Return the county's change; its line is said to break only where the interval leaves out zero."""
    if own.distinct(_LEVEL):
        return say(
            "Räknat med räta linjer bröts länets utveckling {start} med {x:signed} dagar jämfört med "
            "de andra länens.",
            start=str(start),
            x=own.amount(_LEVEL),
        )
    return say(
        "Räknat med räta linjer före och efter ändrades länets nivå {start} med {x:signed} dagar jämfört "
        "med de andra länens{indistinct}.",
        indistinct="; det går inte att skilja från noll" if own.interval else "",
        start=str(start),
        x=own.amount(_LEVEL),
    )


def _ranked(own: Segmented, found: dict[str, Segmented]) -> Text:
    return say(
        "Mätt på samma sätt har {k} av de {n} länen, detta medräknat, en minst lika stor ändring.",
        **_as_large(own, found, _LEVEL),
    )


_LEVEL = "skillnad i nivåskifte"
_TERMS = {
    _LEVEL: "Ändrad nivå {start}, dagar",
    "lutningsskillnad före": "Skillnad i takt före, dagar per år",
    "skillnad i lutningsskifte": "Ändrad takt från {start}, dagar per år",
}


def _trend(report: Followup, frame: pd.DataFrame, area: str, start: int) -> Segmented:
    rest = "de andra länen"
    two = frame.assign(series=frame["area"].where(frame["area"] == area, rest))
    return segmented_regression(
        two.groupby(["series", "year"], as_index=False)["value"].mean(),
        start=start,
        rolling12=measure_of(SERIES).rolling12,
        time="year",
        group="series",
        treated=area,
        comparison=rest,
        **labels_of(report, "brott i trenden"),
    )


def _as_large(own: Segmented, found: dict[str, Segmented], name: str) -> dict[str, Fact]:
    sizes = [abs(one.terms[name].estimate) for one in found.values()]
    as_large = sum(size >= abs(own.terms[name].estimate) - 1e-9 for size in sizes)
    return {
        "k": own.fact(f"minst lika stort {name}", as_large, "antal", 0),
        "n": own.fact("län med linjer", len(sizes), "antal", 0),
    }
