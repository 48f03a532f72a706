"""Hade det hänt ändå? The county beside the country and the other counties."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    capitalised,
    compared_in,
    from_to,
    noise_words,
    rank_words,
    sex_words,
)
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL
from vgstats.catalogue.measures import INSURED, ONGOING, ONGOING_RATE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Code, Text, join, say
from vgstats.methods.before_after import change_facts
from vgstats.methods.comparison import Comparison
from vgstats.methods.like_start import CHOSEN_FOR_HIGH, like_starting_level
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report

_TABLE = "jamforelse"


def comparison(report: Report) -> Block:
    """Return the county beside riket, the rest of the country and the other counties, by sex."""
    compared = report.compared
    if not compared:
        lacking = missing(
            "Länet kan inte jämföras med andra län: värden för de flesta län saknas för de här "
            "tidpunkterna.",
            report.where_to_get(report.compared_measures[0], all_counties=True),
        )
        return Blocks([lacking, *_picked(report)])
    sentences = [text for found in compared for text in _beside_others(found)]
    sentences += [found.start.sentence() for found in compared if found.start]
    if any(found.others and found.others.usual for found in compared):
        sentences.append(_by_chance(compared[0]))
    sentences += [words for found in compared for words in _per_whom(found)]
    sentences += [*_rest_missing(report, compared[0]), *_all_had_the_grant(report)]
    return Blocks([Paragraphs(sentences), *_comparison_tables(report), *_picked(report)])


def _by_chance(found: Comparison) -> Text:
    """Say how many counties lie outside the usual variation when nothing differs."""
    return say(
        "Av {n} län väntar man sig att ungefär {one} hamnar utanför vanlig variation av ren slump.",
        n=count_fact("antal län", found.counties),
        one=count_fact("län utanför av slump", round(found.counties * NOMINAL / 100)),
    )


def _picked(report: Report) -> list[Block]:
    """Return what must be said of an area that was picked out for its high level."""
    followed = report.agreement
    if followed is None or followed.chosen_for_high is None:
        return []
    measure = followed.chosen_for_high
    own = report.change(measure, area=followed.area)
    found = {k: report.change(measure, area=k) for k in report.kommuner}
    frame = pd.DataFrame(
        [(areas.name(k), c.before.value, c.difference) for k, c in found.items() if c],
        columns=["area", "before", "difference"],
    )
    try:
        if own is None:
            raise NotComputable(
                f"{measure_of(measure).name.lower()} för {areas.name(followed.area)} saknas för tidpunkterna"
            )
        like = like_starting_level(
            frame,
            areas.name(followed.area),
            unit=measure_of(measure).unit,
        )
        return [Paragraphs([like.sentence()])]
    except NotComputable as reason:
        said = say(
            "{picked} En jämförelse med kommuner som låg lika högt från början går inte att beräkna "
            "eftersom {why}.",
            picked=CHOSEN_FOR_HIGH,
            why=reason.reason,
        )
        return [Paragraphs([said, _command(report, measure)], kind="missing")]


def _command(report: Report, measure: str) -> Text:
    command = report.how_to_get(measure)
    return say("Hämtas med: {command}", command=Code(command)) if command else say("")


def _beside_others(found: Comparison) -> list[Text]:
    sentences = [_beside_the_country(found)]
    if found.others:
        sentences.append(found.others.sentence())
    else:
        sentences.append(
            say(
                "Vanlig variation mellan län går inte att beräkna eftersom {why}.",
                why=found.why_no_spread,
            )
        )
    return sentences


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
    rest = ["Övriga landet"] if some.rest else []
    columns = ["Länet", "Riket", *rest, "Vanlig variation mellan län", "Plats efter minskning"]
    columns.append("Avviker minst lika mycket")
    caption = say(
        "{name}: förändring i procent {p}",
        name=measure_of(some.county.after.measure).name,
        p=from_to(some.county),
    )
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
    sources = report.cite([one.county.after.source for one in found.values()])
    return Table(
        id_,
        caption,
        [Column("Kön", "text"), *(Column(name) for name in columns)],
        [_comparison_row(sex, one) for sex, one in found.items()],
        say("{meaning}{sources}", meaning=meaning, sources=sources),
    )


def _comparison_row(sex: str, found: Comparison) -> list[Cell]:
    changes = [found.county, found.riket, *([found.rest] if found.rest else [])]
    percents: list[Cell] = [say("{p:signed} %", p=change_facts(c).percent) for c in changes]
    return [
        sex_words(sex).capitalize(),
        *percents,
        _usual_cell(found),
        rank_words(found),
        _as_far_cell(found),
    ]


def _usual_cell(found: Comparison) -> Cell:
    if found.others is None:
        return "kan inte beräknas"
    others, usual = found.others, found.others.usual
    if usual is None:
        return "skrivs inte ut"
    return say(
        "{low:signed} till {high:signed} %",
        low=others.fact("vanlig variation lägst", usual.low),
        high=others.fact("vanlig variation högst", usual.high),
    )


def _as_far_cell(found: Comparison) -> Cell:
    if found.others is None:
        return "kan inte beräknas"
    return say(
        "{k} av {n}",
        k=found.others.fact("avviker lika mycket", found.others.as_far, "antal", 0),
        n=count_fact("antal län", found.counties),
    )


def _per_whom(found: Comparison) -> list[Text]:
    """Say what population the cases are set against, or that growth is not accounted for."""
    measure = found.county.after.measure
    if measure == ONGOING_RATE:
        then, now = (str(int(v.period[:4]) - 1) for v in (found.county.before, found.county.after))
        return [
            say(
                "Sjukfallen per 1 000 invånare är räknade på SCB:s folkmängd i alla åldrar den 31 december "
                "{then} och {now}.",
                then=then,
                now=now,
            ),
            *noise_words(found.county.before, found.county.after),
        ]
    if measure == ONGOING and found.county.after.sex in ("alla", "kvinnor"):
        return [
            say(
                "Sjukfallen jämförs i antal, utan hänsyn till att länens befolkning har växt olika: ett län som "
                "har vuxit får en mindre minskning eller större ökning än det annars hade fått."
            )
        ]
    return []


def _rest_missing(report: Report, found: Comparison) -> list[Text]:
    """Say why a rate has no value for the rest of the country, and how to get what it takes."""
    if found.rest:
        return []
    command = report.how_to_get(INSURED, all_counties=True)
    how = (
        say(" Hämtas med: {command}", command=Code(command))
        if command
        else say(" De finns bara i {where}.", where=measure_of(INSURED).available)
    )
    return [
        say(
            "Övriga landet för sig går inte att beräkna eftersom Försäkringskassans antal försäkrade i "
            "länet och riket saknas för tidpunkterna.{how}",
            how=how,
        )
    ]


def _all_had_the_grant(report: Report) -> list[Text]:
    followed = report.agreement
    if followed is None or not followed.met_all_counties:
        return []
    return [
        say(
            "Alla län fick statsbidraget. Jämförelsen visar om länet skiljer sig från andra län, inte "
            "vad statsbidraget har gett."
        )
    ]


def _beside_the_country(found: Comparison) -> Text:
    places = {"länet": found.county, "riket": found.riket}
    places |= {"övriga landet": found.rest} if found.rest else {}
    percents = [change_facts(change).percent for change in places.values()]
    falls = all(c.percent < 0 and not c.within_rounding for c in places.values())
    form = "{p:abs} procent i {place}" if falls else "{p:signed} procent i {place}"
    *first, last = (
        say(form, p=percent, place=place) for place, percent in zip(places, percents, strict=True)
    )
    best = (
        "Pågående sjukfall av alla längder är det mått som bäst går att jämföra mellan länen. "
        if found.county.after.measure == ONGOING and found.county.after.sex == "alla"
        else ""
    )
    return say(
        best + "{periods} {moved} {what} med {first} och {last}.{gap}",
        periods=capitalised(from_to(found.county)),
        moved="minskade" if falls else "ändrades",
        what="de" if best else compared_in(found.county),
        first=join(first, ", "),
        last=last,
        gap=_gap(found),
    )


def _gap(found: Comparison) -> Text:
    """Say how far the county is from the rest of the country."""
    beside = found.rest or found.riket
    own, theirs = change_facts(found.county).percent, change_facts(beside).percent
    if own.decimals != theirs.decimals:
        return say("")
    gap = Fact(
        f"procentenheter|{own.id}",
        float(own.printed() - theirs.printed()),
        "procentenheter",
        own.decimals,
        "difference",
        (theirs, own),
    )
    whose = "övriga landet" if found.rest else "riket"
    if not gap.printed():
        return say(
            " I de tryckta procenttalen skiljer det ingenting mellan länet och {whose}.",
            whose=whose,
        )
    return say(
        " Det skiljer {gap:abs} {unit} mellan länet och {whose}.",
        gap=gap,
        unit="procentenhet" if abs(gap.printed()) == 1 else "procentenheter",
        whose=whose,
    )
