"""Hade det hänt ändå? The county beside the country and the other counties, in words, tables and bars."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, missing, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    capitalised,
    compared_in,
    extremes,
    for_sex,
    from_to,
    low_to_high,
    noise_words,
    period_words,
    place_words,
    rank_words,
    sex_words,
    told,
)
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL
from vgstats.catalogue.measures import INSURED, ONGOING, ONGOING_RATE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import Change, change_facts, percent_fact
from vgstats.methods.comparison import Comparison
from vgstats.methods.like_start import CHOSEN_FOR_HIGH, like_starting_level
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report
from vgstats.sections.words import fetched_with, for_counties_only, not_computable

_TABLE = "jamforelse"


def comparison(report: Report) -> Block:
    """Return the county beside riket, the rest of the country and the other counties, by sex."""
    if report.area != report.county:
        return for_counties_only("Länet bredvid de andra länen")
    compared = report.compared
    if not compared:
        lacking = missing(
            "Länet kan inte jämföras med andra län: värden för de flesta län saknas för de här "
            "tidpunkterna.",
            report.where_to_get([*report.compared_measures, report.main][0], all_counties=True),
        )
        return together(lacking, _picked(report))
    first = compared[0]
    said = paragraphs(
        [text for one in compared for text in (_beside_the_country(one), _usual_words(one))],
        [found.start.sentence() for found in compared if found.start],
        _by_chance(first) if any(one.others and one.others.usual for one in compared) else None,
        [words for found in compared for words in _per_whom(found)],
        None if first.rest else _rest_missing(report),
        _all_had_the_grant(report),
    )
    return together(said, _comparison_tables(report), _picked(report))


def _by_chance(found: Comparison) -> Text:
    """Say how many counties lie outside the usual variation when nothing differs."""
    return say(
        "Av {n} län väntar man sig att ungefär {one} hamnar utanför vanlig variation av ren slump.",
        n=count_fact("antal län", found.counties),
        one=count_fact("län utanför av slump", round(found.counties * NOMINAL / 100)),
    )


def _picked(report: Report) -> Block | None:
    """Return what must be said of an area that was picked out for its high level."""
    followed = report.agreement
    if followed is None or followed.chosen_for_high is None:
        return None
    measure, place = measure_of(followed.chosen_for_high), areas.name(followed.area)
    found = {kommun: report.change(measure.id, area=kommun) for kommun in report.kommuner}
    frame = pd.DataFrame(
        [(areas.name(k), c.before.value, c.difference) for k, c in found.items() if c],
        columns=["area", "before", "difference"],
    )
    try:
        if report.change(measure.id, area=followed.area) is None:
            raise NotComputable(f"{measure.name.lower()} för {place} saknas för tidpunkterna")
        return paragraphs(like_starting_level(frame, place, unit=measure.unit).sentence())
    except NotComputable as reason:
        what = say(
            "{picked} En jämförelse med kommuner som låg lika högt från början",
            picked=CHOSEN_FOR_HIGH,
        )
        how = fetched_with(report.how_to_get(measure.id))
        return paragraphs(not_computable(what, reason.reason), how, kind="missing")


def _usual_words(found: Comparison) -> Text:
    if found.others:
        return found.others.sentence()
    return not_computable("Vanlig variation mellan län", found.why_no_spread)


def _comparison_tables(report: Report) -> list[Block]:
    """Return a table for each measure that the counties are compared in, a row a sex."""
    by_measure: dict[str, dict[str, Comparison]] = {}
    per_inhabitant = any(c.county.after.measure == ONGOING_RATE for c in report.compared)
    for one in [*report.compared, *report.comparisons.values()]:
        if per_inhabitant and one.county.after.measure == ONGOING:
            continue  # counties that grew differently are not compared in plain counts
        by_measure.setdefault(one.county.after.measure, {})[one.county.after.sex] = one
    return [
        _comparison_table(report, found, _TABLE if not number else f"{_TABLE}-{measure}")
        for number, (measure, found) in enumerate(by_measure.items())
    ]


def _comparison_table(report: Report, found: dict[str, Comparison], id_: str) -> Table:
    some = next(iter(found.values()))
    meaning = (
        ""
        if id_ != _TABLE
        else say(
            "Vanlig variation: mellan de gränserna hamnar ungefär {level} av hundra län som skiljer sig från "
            "varandra så mycket som de andra länen gjorde. Siffrorna är hela register och inget urval; "
            "gränserna säger hur olika län brukar ändras. Avviker minst lika mycket: hur många av länen, "
            "det egna medräknat, som ligger minst lika långt från de övrigas medelvärde, där varje län väger lika. ",
            level=count_fact("nivå för vanlig variation", 95),
        )
    )
    columns = [
        Column("Kön", "text", of=lambda one: sex_words(one.county.after.sex).capitalize()),
        Column("Länet", of=lambda one: _percent(one.county)),
        Column("Riket", of=lambda one: _percent(one.riket)),
        *([Column("Övriga landet", of=lambda one: _percent(one.rest))] if some.rest else []),
        Column("Vanlig variation mellan län", of=_usual_cell),
        Column("Plats efter minskning", of=rank_words),
        Column("Avviker minst lika mycket", of=_as_far_cell),
    ]
    return Table.from_frame(
        found.values(),
        columns,
        id=id_,
        caption=told(some.county, "{name}: förändring i procent {periods}"),
        note=say(
            "{meaning}{sources}",
            meaning=meaning,
            sources=report.cite(one.county.after.source for one in found.values()),
        ),
    )


def _percent(change: Change | None) -> Cell:
    return told(change, "{percent:signed} %") if change else None


def _usual_cell(found: Comparison) -> Cell:
    if found.others is None:
        return "kan inte beräknas"
    others, usual = found.others, found.others.usual
    if usual is None:
        return "skrivs inte ut"
    low = others.fact("vanlig variation lägst", usual.low)
    return low_to_high(low, others.fact("vanlig variation högst", usual.high), unit=" %")


def _as_far_cell(found: Comparison) -> Cell:
    if found.others is None:
        return "kan inte beräknas"
    as_far = found.others.count("avviker lika mycket", found.others.as_far)
    return say("{k} av {n}", k=as_far, n=count_fact("antal län", found.counties))


def _per_whom(found: Comparison) -> list[Text | str]:
    """Say what population the cases are set against, or that growth is not accounted for."""
    measure = found.county.after.measure
    if measure == ONGOING_RATE:
        then, now = (str(int(v.period[:4]) - 1) for v in (found.county.before, found.county.after))
        set_against = say(
            "Sjukfallen per 1 000 invånare är räknade på SCB:s folkmängd i alla åldrar den 31 december "
            "{then} och {now}.",
            then=then,
            now=now,
        )
        return [set_against, *noise_words(found.county.before, found.county.after)]
    if measure == ONGOING and found.county.after.sex in ("alla", "kvinnor"):
        return [
            "Sjukfallen jämförs i antal, utan hänsyn till att länens befolkning har växt olika: ett län som "
            "har vuxit får en mindre minskning eller större ökning än det annars hade fått."
        ]
    return []


def _rest_missing(report: Report) -> Text:
    """Say why a rate has no value for the rest of the country, and how to get what it takes."""
    command = report.how_to_get(INSURED, all_counties=True)
    said = not_computable(
        "Övriga landet för sig",
        "Försäkringskassans antal försäkrade i länet och riket saknas för tidpunkterna",
    )
    if command:
        return join([said, *fetched_with(command)])
    return say("{said} De finns bara i {where}.", said=said, where=measure_of(INSURED).available)


def _all_had_the_grant(report: Report) -> str | None:
    followed = report.agreement
    if followed is None or not followed.met_all_counties:
        return None
    return (
        "Alla län fick statsbidraget. Jämförelsen visar om länet skiljer sig från andra län, inte "
        "vad statsbidraget har gett."
    )


def _beside_the_country(found: Comparison) -> Text:
    places = {"länet": found.county, "riket": found.riket, "övriga landet": found.rest}
    known = {place: change for place, change in places.items() if change}
    falls = all(c.percent < 0 and not c.within_rounding for c in known.values())
    form = "{percent:abs} procent i {place}" if falls else "{percent:signed} procent i {place}"
    *first, last = (told(change, form, place=place) for place, change in known.items())
    of_cases = found.county.after.measure == ONGOING and found.county.after.sex == "alla"
    best = "Pågående sjukfall av alla längder är det mått som bäst går att jämföra mellan länen. "
    return say(
        "{best}{when} {moved} {of} med {first} och {last}.{gap}",
        best=best if of_cases else "",
        when=capitalised(from_to(found.county)),
        moved="minskade" if falls else "ändrades",
        of="de" if of_cases else compared_in(found.county),
        first=join(first, ", "),
        last=last,
        gap=_gap(found),
    )


def _gap(found: Comparison) -> Text | str:
    """Say how far the county is from the rest of the country."""
    own, theirs = (change_facts(change).percent for change in (found.county, found.beside))
    if own.decimals != theirs.decimals:
        return ""
    difference = float(own.printed() - theirs.printed())
    inputs = (theirs, own)
    name, unit = f"procentenheter|{own.id}", "procentenheter"
    gap = Fact(name, difference, unit, own.decimals, "difference", inputs)
    whose = "övriga landet" if found.rest else "riket"
    if not gap.printed():
        form = " I de tryckta procenttalen skiljer det ingenting mellan länet och {whose}."
        return say(form, whose=whose)
    return say(
        " Det skiljer {gap:abs} {unit} mellan länet och {whose}.",
        gap=gap,
        unit="procentenhet" if abs(gap.printed()) == 1 else unit,
        whose=whose,
    )


def counties(report: Report, most: int = 2) -> Block:
    """Return the change of every county and riket, the county picked out.

    Args:
        report: the report.
        most: how many of the measures that the counties are compared in to draw.
    """
    compared = report.compared
    if not compared:
        return missing(
            "Länen kan inte jämföras: värden för de flesta län saknas för de här tidpunkterna."
        )
    # A page that is to be mailed has room for so many: the rest stand in the tables of Länet och landet.
    return together(_ranking(report, found) for found in compared[:most])


def _ranking_id(report: Report, own: Change) -> str:
    first = report.compared[0].county.after.measure
    parts = ["lanen", *([own.after.measure] if own.after.measure != first else [])]
    return "-".join([*parts, *([own.after.sex] if own.after.sex != "alla" else [])])


def _ranking(report: Report, compared: Comparison) -> Figure:
    own, sex = compared.county, compared.county.after.sex
    found = [
        change
        for area in [*areas.lan(), areas.RIKET]
        if (change := report.change(own.after.measure, sex, area=area))
    ]
    found.sort(key=lambda change: change.percent)
    usual = compared.others.usual if compared.others else None
    rows = [
        (areas.name(c.after.area), c.percent, c.after.area == areas.RIKET, percent_fact(c).text())
        for c in found
    ]
    drawing = charts.ranking(
        pd.DataFrame(rows, columns=["name", "value", "whole", "label"]),
        highlight=report.area_name,
        unit="förändring, procent",
        usual=(usual.low, usual.high) if usual else None,
    )
    caption = told(own, "{name}{sex}: förändring {periods}, länen och riket", sex=for_sex(own))
    columns = [
        Column("Län", "text", of=lambda c: areas.name(c.after.area)),
        Column(period_words(own.before), of=lambda c: value_fact(c.before)),
        Column(period_words(own.after), of=lambda c: value_fact(c.after)),
        Column("Förändring", of=percent_fact, form="{x:signed} %"),
    ]
    band = f"Det {COLOUR_NAMES[FIELD]} fältet är vanlig variation mellan län, med de andra länen som måttstock. "
    return Figure(
        drawing,
        caption,
        told(
            own,
            "Staplar för {n} län och riket. {extremes} {own} ({percent:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", compared.counties),
            extremes=extremes(compared),
            own=report.area_name,
            rank=place_words(compared),
        ),
        Table.from_frame(found, columns, id=_ranking_id(report, own), caption=caption),
        say(
            "{band}{sources}",
            band=band if usual else "",
            sources=report.cite([own.after.source]),
        ),
    )
