"""Hade det hänt ändå? The years before, the country, the other counties, the rules."""

from __future__ import annotations

import pandas as pd

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.analysis.comparison import INSURED, Comparison
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
    capitalised,
    compared_in,
    extremes,
    for_sex,
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
from vgstats.wording.facts import Fact, count_fact
from vgstats.wording.text import Code, Text, direction, join, say


def answer(report: Followup) -> Block:
    """Return the short answer to the section's question, as far as the figures carry it."""
    found = report.compared_sexes
    if found:
        sentences = [_same_way(one.county, one.rest or one.riket, one) for one in found]
    elif alone := _beside_riket(report):
        sentences = [_same_way(*alone, None)]
    else:
        return Paragraphs([say("Det går inte att veta: jämförbara värden för landet saknas.")])
    first = say("Det går inte att veta säkert. {said}", said=join(sentences))
    return Paragraphs([first, *_evaluation(report)])


def _same_way(county: Change, others: Change, found: Comparison | None) -> Text:
    """Say whether the rest of the country moved as the county did, and if the gap is unusual."""
    own, theirs = change_facts(county).percent, change_facts(others).percent
    whole = bool(found and found.rest)
    words = {
        "where": "övriga landet" if whole else "riket",
        "what": compared_in(county),
        "others": theirs,
        "county": own,
    }
    subject = "Landet i övrigt" if whole else "Landet som helhet"
    if not own.printed() * theirs.printed():
        beside = say(
            "{what} ändrades med {others:signed} procent i {where} och med {county:signed} procent i "
            "länet.",
            **(words | {"what": capitalised(compared_in(county))}),
        )
    elif own.printed() * theirs.printed() < 0:
        beside = say(
            "{subject} gick åt andra hållet: {what} ändrades med {others:signed} procent i {where} och "
            "med {county:signed} procent i länet.",
            subject=subject,
            **words,
        )
    else:
        beside = say(
            "{subject} gick åt samma håll: {what} {moved} med {others:abs} procent i {where} och med "
            "{county:abs} procent i länet.",
            subject=subject,
            moved=direction(theirs, fell="minskade", rose="ökade", same="låg stilla"),
            **words,
        )
    if found is None or found.others is None or found.others.usual is None:
        return beside
    return say(
        "{beside} Länets förändring ligger {side} vanlig variation mellan län.",
        beside=beside,
        side=found.others.where,
    )


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
    """Return the county beside riket, the rest of the country and the other counties, by sex."""
    compared = report.compared_sexes
    if not compared:
        return missing(
            "Länet kan inte jämföras med andra län: värden för de flesta län saknas för de här "
            "tidpunkterna.",
            where_to_get(report, COUNTY_COMPARISONS[0], all_counties=True),
        )
    sentences = [text for found in compared for text in _beside_others(found)]
    sentences += [*_rest_missing(report, compared[0]), *_all_had_the_grant(report)]
    return Blocks([Paragraphs(sentences), _comparison_table(report)])


def _beside_others(found: Comparison) -> list[Text]:
    sentences = [_beside_the_country(found)]
    if found.others:
        sentences += [found.others.usual_words(), found.others.as_far_words()]
    else:
        sentences.append(
            say(
                "Vanlig variation mellan län går inte att beräkna eftersom {why}.",
                why=found.why_no_spread,
            )
        )
    return sentences


def _comparison_table(report: Followup) -> Table:
    found = report.comparisons
    some = next(iter(found.values()))
    rest = ["Övriga landet"] if some.rest else []
    columns = ["Länet", "Riket", *rest, "Vanlig variation mellan län", "Plats efter minskning"]
    columns.append("Avviker minst lika mycket")
    caption = say(
        "{name}: förändring i procent {p}",
        name=measure_of(some.county.after.measure).name,
        p=from_to(some.county),
    )
    note = say(
        "Vanlig variation: mellan de gränserna hamnar {level} av hundra län där inget särskilt har "
        "hänt. Siffrorna är hela register och inget urval; gränserna säger hur olika län brukar "
        "ändras. Avviker minst lika mycket: hur många av länen, det egna medräknat, som ligger "
        "minst lika långt från de övrigas medelvärde. {sources}",
        level=count_fact("nivå för vanlig variation", 95),
        sources=source_list(report, [one.county.after.source for one in found.values()]),
    )
    return Table(
        "jamforelse",
        caption,
        [Column("Kön", "text"), *(Column(name) for name in columns)],
        [_comparison_row(sex, one) for sex, one in found.items()],
        note,
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


def _rest_missing(report: Followup, found: Comparison) -> list[Text]:
    """Say why a rate has no value for the rest of the country, and how to get what it takes."""
    if found.rest:
        return []
    command = report.how_to_get(INSURED, all_counties=True)
    how = (
        say(" Hämtas med: {command}", command=Code(command))
        if command
        else say(" De finns i {where}.", where=measure_of(INSURED).available)
    )
    return [
        say(
            "Övriga landet för sig går inte att beräkna eftersom Försäkringskassans antal försäkrade i "
            "länet och riket saknas för tidpunkterna.{how}",
            how=how,
        )
    ]


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
    """Say how far the county is from the rest of the country, by the printed per cents."""
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
        return say(" Länet och {whose} ändrades alltså lika mycket.", whose=whose)
    return say(
        " Det skiljer {gap:abs} {unit} mellan länet och {whose}.",
        gap=gap,
        unit="procentenhet" if abs(gap.printed()) == 1 else "procentenheter",
        whose=whose,
    )


def counties(report: Followup) -> Block:
    """Return the change of every county and riket, the county picked out."""
    compared = report.compared_sexes
    if not compared:
        return missing(
            "Länen kan inte jämföras: värden för de flesta län saknas för de här tidpunkterna."
        )
    return Blocks([_counties(report, found) for found in compared])


def _counties(report: Followup, compared: Comparison) -> Figure:
    own, sex = compared.county, compared.county.after.sex
    found = [
        change
        for area in [*areas.lan(), areas.RIKET]
        if (change := report.change(own.after.measure, sex, area=area))
    ]
    found.sort(key=lambda change: change.percent)
    usual = compared.others.usual if compared.others else None
    drawing = charts.ranking(
        pd.DataFrame(
            [(areas.name(c.after.area), c.percent, c.after.area == areas.RIKET) for c in found],
            columns=["name", "value", "whole"],
        ),
        highlight=report.area_name,
        unit="förändring, procent",
        usual=(usual.low, usual.high) if usual else None,
    )
    caption = say(
        "{name}{sex}: förändring {periods}, länen och riket",
        name=measure_of(own.after.measure).name,
        sex=for_sex(own),
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
            rank=count_fact(f"plats|{report.area}|{sex}", compared.rank),
        ),
        Table(
            "lanen" if sex == "alla" else f"lanen-{sex}",
            caption,
            [
                Column("Län", "text"),
                Column(period_words(own.before)),
                Column(period_words(own.after)),
                Column("Förändring"),
            ],
            rows,
        ),
        say(
            "{band}{sources}",
            band="Det ljusa fältet är vanlig variation mellan län, med de andra länen som måttstock. "
            if usual
            else "",
            sources=source_list(report, [own.after.source]),
        ),
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
