"""Fler sätt att jämföra: the counties' series, the distance to the others year by year, and a broken trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import low_to_high
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import county_sizes, rates_of
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD, USUAL
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.result import Labels, NotComputable
from vgstats.methods.year_by_year import EventStudy, event_study
from vgstats.reports.base.figures import FEWEST_COUNTIES
from vgstats.reports.report import Report
from vgstats.sections.words import result_column

if TYPE_CHECKING:
    from vgstats.methods.segmented import Segmented


def decembers(report: Report) -> pd.DataFrame:
    """Return the counties' December values after the last change of definition: year, area, value.

    The years are those up to the report's last that most counties have, the counties those that have
    all of these years.

    Raises:
        NotComputable: there are no such years, or the county lacks one of them.
    """
    _, _, after = span_of(report)
    breaks = [rule.date.year for rule in report.law_changes_during("definition")]
    rows = [
        (int(value.period[:4]), areas.name(lan), value.value)
        for lan in areas.lan()
        for value in report.series(report.main, lan)
        if value.period.endswith("-12") and max(breaks, default=0) <= int(value.period[:4]) <= after
    ]
    wide = pd.DataFrame(rows, columns=["year", "area", "value"]).pivot(
        index="year", columns="area", values="value"
    )
    wide = wide[wide.notna().sum(axis=1) >= FEWEST_COUNTIES].dropna(axis=1)
    if wide.empty or report.area_name not in wide:
        what = measure_of(report.main).name.lower()
        raise NotComputable(f"{what} år för år saknas för de flesta län")
    return wide.melt(ignore_index=False).reset_index()


def span_of(report: Report) -> tuple[int, int, int]:
    """Return the last year before, the first year of the agreement or after, and the last year."""
    before, after = (
        Period.parse(p).end.year for p in (report.parameters.before, report.parameters.after)
    )
    followed = report.agreement
    return before, followed.start.year if followed and followed.start else before + 1, after


def demand_trusted(report: Report) -> None:
    """Refuse to judge a county whose size differs too much from the others'."""
    if not rates_of(report.area, span_of(report)[0]).trusted:
        raise NotComputable(
            "länets storlek skiljer sig så mycket från de andras att det inte går att säga vad som är "
            "vanligt"
        )


def labels_of(report: Report, what: str) -> Labels:
    """Return unit, source and name of a result on the counties' series."""
    values = report.series(report.main)
    return {
        "unit": measure_of(report.main).unit,
        "source": values[-1].source if values else "",
        "about": f"{what}|{report.main}|{report.area}",
    }


_SIZE_TOO_DIFFERENT = (
    "Om det är mer än vanlig variation går inte att säga för {area}, vars storlek skiljer sig för mycket "
    "från de andras."
)


def year_by_year(report: Report) -> tuple[EventStudy, list[Block]]:
    """Return the event study, with its sentence.

    Raises:
        NotComputable: the counties' series are not there, or too short.
    """
    before, _, after = span_of(report)
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
    moved = say("{moved}.", moved=_gap_title(report, found))
    return found, [paragraphs(join([found.short(), moved]))]


def event_figure(report: Report, found: EventStudy) -> Figure:
    """Return the event study drawn: how the distance to the others changed, with what is usual."""
    _, start, after = span_of(report)
    table = found.to_frame()
    columns = [
        Column("December", "text", of=lambda row: str(row.period)),
        result_column(
            f"Ändrat avstånd sedan {found.base}, dagar",
            (found, "ändrat avstånd", "change"),
            named="period",
            form="{x:signed}",
        ),
    ]
    if found.interval:
        columns += [
            result_column(
                f"Vanligt, {end}",
                (found, f"vanligt {end}", f"usual_{column}"),
                named="period",
                form="{x:signed}",
            )
            for end, column in (("lägst", "low"), ("högst", "high"))
        ]
    last = table[table["period"].astype(str) == found.last].iloc[0]
    fields = f"Det {COLOUR_NAMES[FIELD]} fältet är åren från start"
    fields += f", det {COLOUR_NAMES[USUAL]} vanlig variation mellan län." if found.interval else "."
    return Figure(
        charts.gap_over_years(table, unit="dagar", start=start, end=after),
        _gap_title(report, found),
        say(
            "Linje för ändringen av länets avstånd till de andra länen. {last} var den {d:signed} dagar."
            "{usual}",
            last=found.last,
            d=found.fact(f"ändrat avstånd|{found.last}", last["change"]),
            usual=say(" Vanlig variation då är {limits} dagar.", limits=_limits(found, last))
            if found.interval
            else "",
        ),
        Table.from_frame(table, columns, id="ar-for-ar", caption="Avståndet år för år"),
        say(
            "{what} minus de andra länens medelvärde{weighed}, dagar sedan {base}. {fields} {sources}",
            what=measure_of(report.main).name,
            weighed=" (i ändringen väger stora län tyngre)"
            if (table["share_of_size"] > 0).any()
            else "",
            base=found.base,
            fields=fields,
            sources=report.cite([found.source]),
        ),
    )


def _gap_title(report: Report, found: EventStudy) -> Text:
    """Return how the distance to the others changed, and whether that is more than usual."""
    moved = found.fact("ändrat avstånd", found.estimate)
    way = direction(moved, fell="nedåt", rose="uppåt", same="")
    said = say(
        "{d:abs} dagar {way} mot de andra länen sedan {base}", d=moved, way=way, base=found.base
    )
    if not way:
        said = say(
            "Ingen ändring mot de andra länen sedan {base} i de tryckta talen", base=found.base
        )
    if found.stands_out is None:
        return said
    return say(
        "{said}, {more} vanligt", said=said, more="mer än" if found.stands_out else "inte mer än"
    )


def _limits(found: EventStudy, row: Any) -> Text:
    low = found.fact(f"vanligt lägst|{row.period}", row.usual_low)
    return low_to_high(low, found.fact(f"vanligt högst|{row.period}", row.usual_high))


def broken_trend(report: Report) -> tuple[Segmented, list[Block]]:
    """Return the break of the county's line, with those of the other counties to judge it by.

    Raises:
        NotComputable: the counties' series are not there, or too short.
    """
    _, start, _ = span_of(report)
    demand_trusted(report)
    frame = decembers(report)
    found = {area: _trend(report, frame, area, start) for area in frame["area"].unique()}
    own = found[report.area_name]
    ranked = say(
        "Mätt på samma sätt har {k} av de {n} länen, detta medräknat, en minst lika stor ändring.",
        **_as_large(own, found, _LEVEL),
    )
    sure = own.shift.withheld or own.sureness()
    return own, [paragraphs(join([_said(own, start), ranked, sure]))]


def _said(own: Segmented, start: int) -> Text:
    """Return the county's change; its line is said to break only where the interval leaves out zero."""
    about: dict[str, Fact | str] = {"start": str(start), "x": own.amount(_LEVEL)}
    if own.distinct(_LEVEL):
        return say(
            "Räknat med räta linjer bröts länets utveckling {start} med {x:signed} dagar jämfört med "
            "de andra länens.",
            **about,
        )
    return say(
        "Räknat med räta linjer före och efter ändrades länets nivå {start} med {x:signed} dagar jämfört "
        "med de andra länens{indistinct}.",
        indistinct="; det går inte att skilja från noll" if own.interval else "",
        **about,
    )


_LEVEL = "skillnad i nivåskifte"


def _trend(report: Report, frame: pd.DataFrame, area: str, start: int) -> Segmented:
    rest = "de andra länen"
    # Here, since it loads statsmodels, which only this way to compare needs.
    from vgstats.methods.segmented import segmented_regression

    two = frame.assign(series=frame["area"].where(frame["area"] == area, rest))
    return segmented_regression(
        two.groupby(["series", "year"], as_index=False)["value"].mean(),
        start=start,
        rolling12=measure_of(report.main).rolling12,
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
