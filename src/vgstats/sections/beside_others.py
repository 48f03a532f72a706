"""Hade det hänt ändå? The county beside the country and the other counties, in words, tables and bars."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    extremes,
    low_to_high,
    noise_words,
    order_words,
    short_name,
    told,
    whom,
)
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL, rates_of, year_of_sizes
from vgstats.catalogue.measures import INSURED, ONGOING, ONGOING_RATE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.before_after import Change, percent_fact
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report
from vgstats.sections.beside_likes import picked_for_high
from vgstats.sections.words import SO_COUNTED, left_out, not_computable


def comparison(report: Report) -> Block:
    """Return what stands behind the answer: each measure beside riket and the other counties, and how it is judged."""
    if report.area != report.county:
        return left_out(report, "Länet jämförs med andra län bara i rapporter om ett län.")
    compared = report.compared
    if not compared:
        lacking = left_out(
            report,
            "Länet kan inte jämföras med andra län: värden för de flesta län saknas för de här tidpunkterna.",
            report.how_to_get([*report.compared_measures, report.main][0], all_counties=True),
        )
        return together(lacking, picked_for_high(report))
    said = paragraphs(
        [text for found in compared for text in _judged(found, first=found is compared[0])],
        _starts(compared),
        [words for found in compared for words in _per_whom(found)],
        _how(report, compared[0]),
    )
    return together(
        picked_for_high(report),
        Folded([_comparison_table(report), said], SO_COUNTED),
        _rest_missing(report),
    )


def _how(report: Report, compared: Comparison) -> list[Text]:
    """Say how the usual variation is worked out and what simulations say of it."""
    year = int(compared.county.before.period[:4])
    rates = rates_of(report.area, year)

    def fact(what: str, value: float, unit: str = "procent", decimals: int = 0) -> Fact:
        return Fact(f"{what}|{report.area}", value, unit, decimals, "model")

    low, high = (
        fact("falska utslag, minst", rates.lowest),
        fact("falska utslag, mest", rates.highest),
    )
    same = low.text() == high.text()
    often = say(
        "{low}" if same else "{low}–{high}",
        **({"low": low} if same else {"low": low, "high": high}),
    )
    widened = say(
        " Gränserna är vidgade {times} gånger, för att de annars skulle peka ut länet för ofta.",
        times=fact("vidgning", rates.widen, "gånger", 2),
    )
    return [
        say(
            "Det vanliga är ett prediktionsintervall (t-fördelning) ur de andra länens ändringar; som länens storlek "
            "räknas pågående sjukfall {year}.{widened}",
            year=str(year_of_sizes(year)),
            widened=widened if rates.widen > 1 else "",
        ),
        say(
            "I simuleringar där ingenting skiljer länen åt pekas {area} ut ungefär {often} gånger av hundra; "
            "avsikten är {aim}.{withheld} Att ett län ligger innanför betyder inte att ingenting har hänt.",
            area=report.area_name,
            often=often,
            aim=fact("falska utslag, avsett", NOMINAL),
            withheld="" if rates.trusted else " Därför skrivs inga gränser ut för länet.",
        ),
    ]


def _rest_missing(report: Report) -> Block | None:
    """Leave out the rest of the country for a rate that cannot be had for it by itself."""
    if report.compared[0].rest:
        return None
    what = "Övriga landet för sig (antalet försäkrade i länet och riket behövs)."
    return left_out(report, what, report.how_to_get(INSURED, all_counties=True))


def _judged(found: Comparison, *, first: bool) -> list[Text]:
    """Return how the county is judged beside the others, in full for the first measure only."""
    if found.others is None:
        return [not_computable("Vad som är vanligt mellan länen", found.why_no_spread)]
    if not first:
        return []
    if found.others.withheld:
        return [found.others.withheld]
    return [found.others.as_far_words(), found.others.seen_words()]


def _starts(compared: list[Comparison]) -> list[Text]:
    """Say beside whom the county must be seen where it began far from the others: once for all such measures."""
    far = {_name_of(found).lower(): found.start for found in compared if found.start}
    if len(far) < 2:
        return [start.short(f" i {what}") for what, start in far.items()]
    return [
        say(
            "Länet låg långt från de andra från början i flera mått. De län som låg närmast det ändrades i genomsnitt "
            "så här: {likes}.",
            likes=join((start.beside(what) for what, start in far.items()), "; "),
        )
    ]


def _comparison_table(report: Report) -> Table:
    """Return a row a measure that the counties are compared in, and a sex."""
    found = {(c.county.after.measure, c.county.after.sex): c for c in report.compared}
    found |= {(c.county.after.measure, sex): c for sex, c in report.comparisons.items()}
    if any(measure == ONGOING_RATE for measure, _ in found):
        # Counties that grew differently are not compared in plain counts.
        found = {key: one for key, one in found.items() if key[0] != ONGOING}
    columns = [
        Column("Mått", "text", of=_name_of),
        Column("Länet, %", of=lambda one: percent_fact(one.county), form="{x:signed}"),
        Column("Riket, %", of=lambda one: percent_fact(one.riket), form="{x:signed}"),
        Column("Vanligt mellan län", of=_usual_cell),
    ]
    if any(one.rest for one in found.values()):
        columns.insert(3, Column("Övriga landet, %", of=lambda one: _percent(one.rest)))
    first = report.compared[0]
    return Table.from_frame(
        found.values(),
        columns,
        id="jamforelse",
        caption=_which_stand_out(list(found.values())),
        note=say(
            "Ändring i procent {when}. Vanligt: där hamnar ungefär {level} av hundra län som skiljer sig åt så mycket "
            "som de andra länen gjorde. {sources}",
            when=told(first.county, "{years}"),
            level=count_fact("nivå för vanlig variation", 95),
            sources=report.cite(one.county.after.source for one in found.values()),
        ),
    )


def _name_of(found: Comparison) -> str:
    own = found.county.after
    return measure_of(own.measure).name + whom(own)


def _which_stand_out(found: list[Comparison]) -> str:
    """Return which of the measures stand out, or that none does, or that it cannot be told."""
    outside = [_name_of(one).lower() for one in found if one.stands_out]
    if outside:
        return f"Länet avviker mer än vanligt i {swedish_list(outside)}"
    if any(one.others and one.others.usual for one in found):
        return "Länet avviker inte mer än vanligt i det som jämförs här"
    return "Om länet avviker mer än vanligt går inte att säga"


def _percent(change: Change | None) -> Cell:
    return told(change, "{percent:signed}") if change else None


def _usual_cell(found: Comparison) -> Cell:
    if found.others is None:
        return "kan inte beräknas"
    others, usual = found.others, found.others.usual
    if usual is None:
        return "skrivs inte ut"
    low = others.fact("vanlig variation lägst", usual.low)
    return low_to_high(low, others.fact("vanlig variation högst", usual.high))


def _per_whom(found: Comparison) -> list[Text | str]:
    """Say what population the cases are set against, or that growth is not accounted for."""
    measure = found.county.after.measure
    if measure == ONGOING_RATE:
        return [*noise_words(found.county.before, found.county.after)]
    if measure == ONGOING and found.county.after.sex in ("alla", "kvinnor"):
        return [
            "Sjukfallen jämförs i antal, utan hänsyn till att länens befolkning har växt olika: ett län som "
            "har vuxit får en mindre minskning eller större ökning än det annars hade fått."
        ]
    return []


def counties(report: Report, most: int = 1, measure: str | None = None) -> Block:
    """Return the change of every county and riket in a figure, with the next measure in its table too.

    Args:
        report: the report.
        most: how many of the measures that the counties are compared in to draw.
        measure: the one to show; those that the report compares the counties in when left out.
    """
    compared = report.compared_in(measure) if measure else report.compared
    if not compared:
        return left_out(
            report, "Länen kan inte visas bredvid varandra: tal för de flesta län saknas."
        )
    sexes = [
        one for one in compared if one.county.after.measure == compared[0].county.after.measure
    ]
    drawn = max(most, len(sexes))
    tables = [[compared[0], *compared[drawn:_IN_A_TABLE]], *([one] for one in compared[1:drawn])]
    return together(_ranking(report, shown) for shown in tables)


def ranking_of(report: Report, found: Comparison) -> Figure:
    """Return the change of every county and riket in a figure, beside one comparison."""
    return _ranking(report, [found])


_IN_A_TABLE = 2  # measures: the first two are the headline ones


def _ranking_id(report: Report, own: Change) -> str:
    first = [one.county.after.measure for one in report.compared[:1]]
    parts = ["lanen", *([own.after.measure] if own.after.measure not in first else [])]
    return "-".join([*parts, *([own.after.sex] if own.after.sex != "alla" else [])])


def _ranking(report: Report, shown: list[Comparison]) -> Figure:
    """Draw the first of some comparisons; the table behind it has them all."""
    compared = shown[0]
    own = compared.county
    found = _of_all(report, own)
    usual = compared.others.usual if compared.others else None
    rows = [
        (short_name(c.after.area), c.percent, c.after.area == areas.RIKET, percent_fact(c).text())
        for c in found
    ]
    drawing = charts.ranking(
        pd.DataFrame(rows, columns=["name", "value", "whole", "label"]),
        highlight=short_name(report.area),
        unit="förändring, procent",
        usual=(usual.low, usual.high) if usual else None,
    )
    caption = order_words(compared)
    columns = [Column("Län", "text", of=lambda c: short_name(c.after.area))]
    for one in shown:
        columns.append(_changes_column(report, one))
    band = f" Det {COLOUR_NAMES[FIELD]} fältet är vanlig variation mellan länen."
    return Figure(
        drawing,
        caption,
        told(
            own,
            "Staplar för {n} län och riket. {order}. {extremes} {own}: {percent:signed} procent.",
            n=count_fact("antal län", compared.counties),
            order=caption.capitalised(),
            extremes=extremes(compared),
            own=short_name(report.area),
        ),
        Table.from_frame(
            found,
            columns,
            id=_ranking_id(report, own),
            caption="Ändring i procent, länen och riket",
        ),
        told(
            own,
            "{name}, ändring i procent {years}.{band} {sources}",
            name=_name_of(compared),
            band=band if usual else "",
            sources=report.cite([own.after.source]),
        ),
    )


def _changes_column(report: Report, one: Comparison) -> Column:
    """Return the column with the change of each county in one of the measures compared."""
    of = {change.after.area: change for change in _of_all(report, one.county)}

    def cell(row: Change) -> Cell:
        return _percent(of.get(row.after.area))

    return Column(f"{_name_of(one)}, %", of=cell)


def _of_all(report: Report, own: Change) -> list[Change]:
    """Return a change in all counties and riket, the largest fall first."""
    measure, sex = own.after.measure, own.after.sex
    found = (report.change(measure, sex, area=area) for area in [*areas.lan(), areas.RIKET])
    return sorted((change for change in found if change), key=lambda change: change.percent)
