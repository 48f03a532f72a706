"""Fler sätt att jämföra: year by year, a weighted comparison, a broken trend; or why not."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from vgstats import areas
from vgstats.analysis.comparing.event_study import event_study
from vgstats.analysis.comparing.event_study_result import EventStudy
from vgstats.analysis.comparing.segmented import segmented_regression
from vgstats.analysis.comparing.synthetic_control import synthetic_control
from vgstats.analysis.result import NotComputable, Result
from vgstats.analysis.splitting.parts import Labels
from vgstats.interventions import all_rules
from vgstats.measures import measure as measure_of
from vgstats.periods import Period
from vgstats.presentation import charts
from vgstats.presentation.blocks import Block, Blocks, Cell, Column, Figure, Paragraphs, Table
from vgstats.presentation.uppfoljning.words import source_list
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import FEWEST_COUNTIES, SERIES, SERIES_YEARS_BEFORE
from vgstats.wording.text import Code, Text, as_text, say

_SHOWS = {
    "År för år": "Hur länets avstånd till de andra länen ändrades, med åren före synliga",
    "Sammanvägt jämförelselän": "Länet bredvid den blandning av andra län som följde det bäst före",
    "Brott i trenden": "Om linjen bryts vid starten mer än i de andra länen",
    "Samma ålder och kön": "Hur mycket som är en äldre eller yngre befolkning (direkt standardisering)",
}


_ALIKE = (
    "Gränserna här räknar med att alla län svänger lika mycket av sig själva. För ett litet län är de "
    "då för snäva och för ett stort för vida."
)


def more_ways(report: Followup) -> Block:
    """Return the comparisons over many years that the figures allow, and why the others are not."""
    blocks: list[Block] = []
    lacking: list[list[Cell]] = []
    for name, compute in _WAYS.items():
        try:
            lead = say(
                "{name}: {shows}.", name=name, shows=_SHOWS[name][0].lower() + _SHOWS[name][1:]
            )
            blocks += [Paragraphs([lead], kind="note"), *compute(report)]
        except NotComputable as reason:
            lacking.append(
                [name, _SHOWS[name], f"{reason.because[0].upper()}{reason.because[1:]}."]
            )
    if lacking:
        blocks += _not_computed(report, lacking)
    return Blocks(blocks)


def _decembers(report: Followup) -> pd.DataFrame:
    """Return the counties' December values after the last change of definition: year, area, value.

    The years are those that most counties have, the counties those that have all of these years.

    Raises:
        NotComputable: there are no such years, or the county lacks one of them.
    """
    breaks = [rule.date.year for rule in report.series_rules("definition")]
    rows = [
        (int(value.period[:4]), areas.name(lan), value.value)
        for lan in areas.lan()
        for value in report.series(SERIES, lan)
        if value.period.endswith("-12") and int(value.period[:4]) >= max(breaks, default=0)
    ]
    wide = pd.DataFrame(rows, columns=["year", "area", "value"]).pivot(
        index="year", columns="area", values="value"
    )
    wide = wide[wide.notna().sum(axis=1) >= FEWEST_COUNTIES].dropna(axis=1)
    if wide.empty or report.area_name not in wide:
        raise NotComputable("ohälsotal år för år saknas för de flesta län")
    return wide.melt(ignore_index=False).reset_index()


def _span(report: Followup) -> tuple[int, int, int]:
    """Return the last year before, the first year of the agreement or after, and the last year."""
    before, after = (
        Period.parse(p).end.year for p in (report.parameters.before, report.parameters.after)
    )
    followed = report.intervention
    return before, followed.start.year if followed else before + 1, after


def _year_by_year(report: Followup) -> list[Block]:
    before, start, after = _span(report)
    found = event_study(
        _decembers(report),
        treated=report.area_name,
        base=before,
        last=after,
        period="year",
        kind="län",
        **_labels(report, "år för år"),
    )
    return [Paragraphs([found.sentence(), say(_ALIKE)]), _event_figure(report, found, start, after)]


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
            say(
                "{low:signed} till {high:signed}",
                low=found.fact(f"vanligt lägst|{row.period}", row.usual_low),
                high=found.fact(f"vanligt högst|{row.period}", row.usual_high),
            ),
        ]
        for row in table.itertuples()
    ]
    last = table[table["period"].astype(str) == found.last].iloc[0]
    return Figure(
        charts.gap_over_years(table, unit="dagar", start=start, end=after),
        caption,
        say(
            "Linje för ändringen av länets avstånd till de andra länen. {last} var den {d:signed} dagar; "
            "vanlig variation då är {low:signed} till {high:signed} dagar.",
            last=found.last,
            d=found.fact(f"ändrat avstånd|{found.last}", last["change"]),
            low=found.fact(f"vanligt lägst|{found.last}", last["usual_low"]),
            high=found.fact(f"vanligt högst|{found.last}", last["usual_high"]),
        ),
        Table(
            "ar-for-ar",
            caption,
            [
                Column("December", "text"),
                Column("Länet"),
                Column("Andra länen"),
                Column("Ändrat avstånd"),
                Column("Vanlig variation"),
            ],
            rows,
        ),
        say(
            "Fältet visar vad som är vanlig variation mellan län. {sources}",
            sources=source_list(report, [found.source]),
        ),
    )


def _weighted(report: Followup) -> list[Block]:
    _, start, _ = _span(report)
    found = synthetic_control(
        _decembers(report),
        treated=report.area_name,
        start=start,
        period="year",
        resolution=0.1,
        kind="län",
        **_labels(report, "sammanvägt"),
    )
    return [Paragraphs([found.sentence()])]


def _broken_trend(report: Followup) -> list[Block]:
    _, start, _ = _span(report)
    frame = _decembers(report)
    own = frame["area"] == report.area_name
    rest = "de andra länen"
    two = frame.assign(series=frame["area"].where(own, rest))
    means = two.groupby(["series", "year"], as_index=False)["value"].mean()
    found: Result = segmented_regression(
        means,
        start=start,
        rolling12=measure_of(SERIES).rolling12,
        time="year",
        group="series",
        treated=report.area_name,
        comparison=rest,
        **_labels(report, "brott i trenden"),
    )
    return [Paragraphs([found.sentence()])]


def _same_age(report: Followup) -> list[Block]:
    raise NotComputable("ohälsotal och antal försäkrade per ålder och kön saknas bland uppgifterna")


_WAYS: dict[str, Callable[[Followup], list[Block]]] = {
    "År för år": _year_by_year,
    "Sammanvägt jämförelselän": _weighted,
    "Brott i trenden": _broken_trend,
    "Samma ålder och kön": _same_age,
}


def _labels(report: Followup, what: str) -> Labels:
    values = report.series(SERIES)
    return {
        "unit": measure_of(SERIES).unit,
        "source": values[-1].source if values else "",
        "about": f"{what}|{SERIES}|{report.area}",
    }


def _years_worth_fetching(report: Followup) -> int:
    """Return how many years before the comparison are of use: none from before a new definition."""
    before, _, _ = _span(report)
    definitions = [
        rule.date.year
        for rule in all_rules()
        if rule.kind == "definition" and SERIES in rule.measures and rule.date.year <= before
    ]
    return min(SERIES_YEARS_BEFORE, before - max(definitions))


def _not_computed(report: Followup, lacking: list[list[Cell]]) -> list[Block]:
    command = report.how_to_get(
        SERIES, all_counties=True, years_before=_years_worth_fetching(report)
    )
    how: Text = (
        say("Ohälsotalet för alla län år för år hämtas med: {command}", command=Code(command))
        if command and len(lacking) > 1
        else as_text("")
    )
    return [
        Table(
            "inte-beraknat",
            "Jämförelser som inte gick att göra",
            [Column(n, "text") for n in ("Sätt", "Vad det visar", "Går inte att beräkna eftersom")],
            lacking,
            how,
        )
    ]
