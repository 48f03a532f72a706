"""Hade det hänt ändå? The years before, the country, the other counties, the rules."""

from __future__ import annotations

import pandas as pd

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.analysis.comparison import Comparison
from vgstats.measures import measure as measure_of
from vgstats.presentation import charts
from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Cell,
    Column,
    Figure,
    Paragraphs,
    Table,
    missing,
)
from vgstats.presentation.uppfoljning.words import (
    compared_in,
    extremes,
    from_to,
    period_words,
    rank_words,
    rule_month,
    sex_words,
    source_list,
    where_to_get,
)
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import COUNTY_COMPARISONS, ONGOING
from vgstats.wording.facts import count_fact
from vgstats.wording.text import Text, direction, join, say


def answer(report: Followup) -> Block:
    """Return the short answer to the section's question, as far as the figures carry it."""
    found = report.comparison()
    pair = (found.county, found.rest or found.riket) if found else _beside_riket(report)
    if pair is None:
        return Paragraphs([say("Det går inte att veta: jämförbara värden för landet saknas.")])
    county, others = (change_facts(change).percent for change in pair)
    whole = bool(found and found.rest)
    words = {
        "whole": "Landet i övrigt" if whole else "Landet som helhet",
        "where": "övriga landet" if whole else "riket",
        "what": compared_in(pair[0]),
    }
    if (county.value < 0) != (others.value < 0):
        sentence = say(
            "Det går inte att veta säkert. {whole} gick åt andra hållet: {what} ändrades med "
            "{others:signed} procent i {where} och med {county:signed} procent i länet.",
            others=others,
            county=county,
            **words,
        )
    else:
        subject = words.pop("whole")
        sentence = say(
            "Det går inte att veta säkert. Men {whole} gick åt samma håll: {what} {moved} med "
            "{others:abs} procent i {where} och med {county:abs} procent i länet.",
            whole=subject[0].lower() + subject[1:],
            moved=direction(others, fell="minskade", rose="ökade", same="låg stilla"),
            others=others,
            county=county,
            **words,
        )
    return Paragraphs([sentence, *_evaluation(report)])


def _beside_riket(report: Followup) -> tuple[Change, Change] | None:
    """Return the county's and riket's change, where there are no figures for the other counties."""
    for measure in COUNTY_COMPARISONS:
        own, riket = report.change(measure), report.change(measure, area=areas.RIKET)
        if own and riket:
            return own, riket
    return None


def _evaluation(report: Followup) -> list[Text]:
    followed = report.intervention
    if followed is None or not followed.evaluation:
        return []
    return [
        say(
            "{text} {source}",
            text=followed.evaluation.text,
            source=source_list(report, [followed.evaluation.source]),
        )
    ]


def against_country(report: Followup) -> Block:
    """Return the county beside riket and the rest of the country, by sex."""
    compared = report.comparison()
    if compared is None:
        return missing(
            "Länet kan inte jämföras med andra län: värden för de flesta län saknas för de här "
            "tidpunkterna.",
            where_to_get(report, COUNTY_COMPARISONS[0], all_counties=True),
        )
    sentences = [
        _beside_the_country(compared),
        _among_the_counties(compared),
        say(
            "Vanlig variation mellan län är inte uträknad här. Därför går det inte att säga om länet "
            "avviker mer än län brukar göra."
        ),
        *_all_had_the_grant(report),
    ]
    name = measure_of(compared.county.after.measure).name
    rest = ["Övriga landet"] if compared.rest else []
    columns = ["Länet", "Riket", *rest, "Plats efter minskning"]
    table = Table(
        "jamforelse",
        say("{name}: förändring {p}", name=name, p=from_to(compared.county)),
        [Column("Kön", "text"), *(Column(name) for name in columns)],
        [
            _comparison_row(sex, found)
            for sex in ("alla", "kvinnor", "män")
            if (found := report.comparison(sex))
        ],
        source_list(report, [compared.county.after.source]),
    )
    return Blocks([Paragraphs(sentences), table])


def _comparison_row(sex: str, found: Comparison) -> list[Cell]:
    changes = [found.county, found.riket, *([found.rest] if found.rest else [])]
    percents: list[Cell] = [say("{p:signed} %", p=change_facts(c).percent) for c in changes]
    return [sex_words(sex).capitalize(), *percents, rank_words(found)]


def _all_had_the_grant(report: Followup) -> list[Text]:
    followed = report.intervention
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
    falls = all(fact.value < 0 for fact in percents)
    form = "{p:abs} procent i {place}" if falls else "{p:signed} procent i {place}"
    *first, last = (
        say(form, p=percent, place=place) for place, percent in zip(places, percents, strict=True)
    )
    best = (
        "Pågående sjukfall av alla längder är det mått som bäst går att jämföra mellan länen. "
        if found.county.after.measure == ONGOING
        else ""
    )
    return say(
        best + "{periods} {moved} {what} med {first} och {last}.",
        periods=from_to(found.county).capitalize(),
        moved="minskade" if falls else "ändrades",
        what="de" if best else compared_in(found.county),
        first=join(first, ", "),
        last=last,
    )


def _among_the_counties(found: Comparison) -> Text:
    own = found.county.after.area
    where = {
        found.largest_fall.after.area: "Länet ligger alltså ytterst",
        found.smallest_fall.after.area: "Länet ligger alltså ytterst",
    }.get(own, "Länet ligger däremellan")
    return say("{extremes} {where}.", extremes=extremes(found), where=where)


def counties(report: Followup) -> Block:
    """Return the change of every county and riket, the county picked out."""
    compared = report.comparison()
    if compared is None:
        return missing(
            "Länen kan inte jämföras: värden för de flesta län saknas för de här tidpunkterna."
        )
    found = [
        change
        for area in [*areas.lan(), areas.RIKET]
        if (change := report.change(compared.county.after.measure, area=area))
    ]
    found.sort(key=lambda change: change.percent)
    drawing = charts.ranking(
        pd.DataFrame(
            [(areas.name(c.after.area), c.percent, c.after.area == areas.RIKET) for c in found],
            columns=["name", "value", "whole"],
        ),
        highlight=report.area_name,
        unit="förändring, procent",
    )
    own = compared.county
    caption = say(
        "{name}: förändring {periods}, länen och riket",
        name=measure_of(own.after.measure).name,
        periods=from_to(own),
    )
    rows: list[list[Cell]] = []
    for change in found:
        facts = change_facts(change)
        name = areas.name(change.after.area)
        rows.append([name, facts.before, facts.after, say("{p:signed} %", p=facts.percent)])
    return Figure(
        drawing,
        caption,
        say(
            "Staplar för {n} län och riket. {extremes} {own} ({o:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", compared.counties),
            extremes=extremes(compared),
            own=report.area_name,
            o=change_facts(own).percent,
            rank=count_fact(f"plats|{report.area}", compared.rank),
        ),
        Table(
            "lanen",
            caption,
            [
                Column("Län", "text"),
                Column(period_words(own.before)),
                Column(period_words(own.after)),
                Column("Förändring"),
            ],
            rows,
        ),
        source_list(report, [own.after.source]),
    )


def rules(report: Followup) -> Block:
    """Return the rules that changed between before and after, for the measures they touch."""
    changed = report.rules()
    if not changed:
        return Paragraphs([say("Inga kända regeländringar ligger mellan tidpunkterna.")])
    rows: list[list[Cell]] = [
        [rule.name, rule_month(rule), rule.text, "; ".join(measure_of(m).name for m in touched)]
        for rule, touched in changed
    ]
    intro = say(
        "Mellan de två mättillfällena hände även annat som berörde hela landet. Det kan förklara en "
        "del av förändringen, och hur stor del går inte att säga. Läget på arbetsmarknaden, som också "
        "kan spela roll, är inte med i uppgifterna."
    )
    table = Table(
        "regler",
        "Ändrade regler och händelser mellan före och efter",
        [Column(n, "text") for n in ("Ändring", "Från", "Innebörd", "Berör")],
        rows,
        source_list(report, [rule.source for rule, _ in changed]),
    )
    return Blocks([Paragraphs([intro]), table])
