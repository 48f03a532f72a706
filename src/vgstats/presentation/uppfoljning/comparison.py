"""Hade det hänt ändå? The years before, the country, the other counties, the rules."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from vgstats import areas
from vgstats.analysis.comparison import Comparison
from vgstats.interventions import Rule, all_rules, rules_between
from vgstats.measures import measure as measure_of
from vgstats.observations import Value
from vgstats.periods import Period
from vgstats.presentation import charts
from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Bullets,
    Cell,
    Column,
    Figure,
    Paragraphs,
    Table,
    missing,
)
from vgstats.presentation.facts import change_facts, count_fact, value_fact
from vgstats.presentation.text import Text, say
from vgstats.presentation.uppfoljning.words import (
    from_to,
    period_words,
    rank_words,
    sex_words,
    source_list,
)
from vgstats.report_kinds.uppfoljning import COSTS, COUNTY_COMPARISON, OUTCOMES, Followup

SERIES = "ohalsotal"


def _axis_position(day: dt.date) -> float:
    """Place a day so that a December value stands at its year: 2005 is the end of 2005."""
    return day.year + (day.month - 12) / 12


def _rule_position(rule: Rule) -> float:
    return _axis_position(rule.date - dt.timedelta(days=1))


def _month(rule: Rule) -> str:
    return Period.parse(rule.date.isoformat()[:7]).swedish()


def years_before(report: Followup) -> Block:
    """Return the county's series over the years, with the agreement and the rules marked."""
    values = [v for v in report.series(SERIES) if v.period.endswith("-12")]
    if len(values) < 3:
        return missing(
            "Länets ohälsotal år för år finns inte bland rapportens uppgifter. Därför går det inte att "
            "se om utvecklingen hade börjat redan före insatserna.",
            measure_of(SERIES).available,
        )
    riket = report.series(SERIES, areas.RIKET)
    first, last = (_axis_position(Period.parse(v.period).end) for v in (values[0], values[-1]))
    rules = [
        rule
        for rule in all_rules()
        if SERIES in rule.measures
        and rule.kind == "regel"
        and first <= _rule_position(rule) <= last
    ]
    definitions = tuple(
        _rule_position(rule)
        for rule in all_rules()
        if SERIES in rule.measures
        and rule.kind == "definition"
        and first <= _rule_position(rule) <= last
    )
    frame = pd.DataFrame(
        [
            (
                areas.name(v.area),
                _axis_position(Period.parse(v.period).end),
                v.value,
                v.area == report.area,
            )
            for v in [*values, *riket]
        ],
        columns=["series", "when", "value", "joined"],
    )
    frame.loc[~frame["joined"], "series"] = "Riket,\nenstaka månader"
    followed = report.intervention
    drawing = charts.series(
        frame,
        pd.DataFrame(
            [(_rule_position(rule), number) for number, rule in enumerate(rules, 1)],
            columns=["when", "label"],
        ),
        unit="dagar per försäkrad",
        span=(
            _axis_position(followed.start - dt.timedelta(days=1)),
            _axis_position(followed.end),
        )
        if followed
        else None,
        span_label=followed.short_name if followed else "",
        breaks=definitions,
    )
    caption = say(
        "Ohälsotalet i {area}, {first} till {last}",
        area=report.area_name,
        first=period_words(values[0]),
        last=period_words(values[-1]),
    )
    return Blocks(
        [
            Paragraphs([_before_the_start(report, values)]),
            Figure(
                drawing,
                caption,
                _series_alt(report, values),
                _series_table(report, values, riket, caption),
                _series_note(report, values, riket, bool(definitions)),
            ),
            _marks(rules),
        ]
    )


def _peak(values: list[Value]) -> Value:
    return max(values, key=lambda value: value.value)


def _before_the_start(report: Followup, values: list[Value]) -> Text:
    followed = report.intervention
    peak = _peak(values)
    start = followed.start if followed else Period.parse(report.parameters.before).end
    earlier = [v for v in values if Period.parse(v.period).end < start]
    if Period.parse(peak.period).end < start and len(earlier) >= 2:
        return say(
            "Ohälsotalet hade börjat sjunka före insatserna. Det var högst, {peak} dagar, i {when} och "
            "hade i {then} kommit ner till {value} dagar.",
            peak=value_fact(peak),
            when=period_words(peak),
            then=period_words(earlier[-1]),
            value=value_fact(earlier[-1]),
        )
    return say(
        "Ohälsotalet var högst, {peak} dagar, i {when}.",
        peak=value_fact(peak),
        when=period_words(peak),
    )


def _series_alt(report: Followup, values: list[Value]) -> Text:
    peak, last = _peak(values), values[-1]
    return say(
        "Linjediagram. Länets ohälsotal var {f} dagar i {f_when}, högst i {p_when} med {p} dagar och "
        "{l} dagar i {l_when}.",
        f=value_fact(values[0]),
        f_when=period_words(values[0]),
        p=value_fact(peak),
        p_when=period_words(peak),
        l=value_fact(last),
        l_when=period_words(last),
    )


def _series_table(
    report: Followup, values: list[Value], riket: list[Value], caption: Text
) -> Table:
    by_period = {v.period: v for v in values}
    whole = {v.period: v for v in riket}
    rows: list[list[Cell]] = []
    for period in sorted({*by_period, *whole}):
        county, country = by_period.get(period), whole.get(period)
        rows.append(
            [
                Period.parse(period).swedish(),
                value_fact(county) if county else None,
                value_fact(country) if country else None,
            ]
        )
    return Table(
        "serie",
        caption,
        [Column("Månad", "text"), Column(report.area_name), Column("Riket")],
        rows,
    )


def _series_note(report: Followup, values: list[Value], riket: list[Value], cut: bool) -> Text:
    pieces = []
    if cut:
        pieces.append(
            "Linjen är bruten där beräkningssättet ändrades: värdena på var sida går inte att jämföra."
        )
    if riket:
        pieces.append(
            "För riket finns bara de enstaka månader som Försäkringskassan nämnt i "
            "pressmeddelanden; några är uträknade ur uppgivna ändringar."
        )
    return say(
        "{words} {sources}",
        words=" ".join(pieces),
        sources=source_list(report, [v.source for v in [*values, *riket]]),
    )


def _marks(rules: list[Rule]) -> Blocks:
    if not rules:
        return Blocks([])
    return Blocks(
        [
            Paragraphs([say("Ringarna i figuren är regler som ändrades för hela landet:")]),
            Bullets(
                [say("{name} ({when}).", name=rule.name, when=_month(rule)) for rule in rules],
                ordered=True,
            ),
        ]
    )


def against_country(report: Followup) -> Block:
    """Return the county beside riket and the rest of the country, by sex."""
    rows: list[list[Cell]] = []
    sentences: list[Text] = []
    for sex in ("alla", "kvinnor", "män"):
        found = report.comparison(sex)
        if found is None:
            continue
        county, riket, rest = (change_facts(c) for c in (found.county, found.riket, found.rest))
        rows.append(
            [
                sex_words(sex).capitalize(),
                say("{p:signed} %", p=county.percent),
                say("{p:signed} %", p=riket.percent),
                say("{p:signed} %", p=rest.percent),
                rank_words(found),
            ]
        )
        if sex == "alla":
            sentences += [_beside_the_country(found), _among_the_counties(found)]
    if not rows:
        return missing(
            "Länet kan inte jämföras med landet: värden med samma tidpunkter saknas.",
            measure_of(COUNTY_COMPARISON).available,
        )
    sentences.append(
        say(
            "Hur stora skillnader mellan län som brukar uppstå av sig själva är inte uträknat i den "
            "här rapporten. Därför går det inte att säga om länet avviker mer än vanligt."
        )
    )
    followed = report.intervention
    if followed and followed.met_all_counties:
        sentences.append(
            say(
                "Alla län fick statsbidraget. Jämförelsen visar om länet skiljer sig från andra län, "
                "inte vad statsbidraget har gett."
            )
        )
    change = report.change(COUNTY_COMPARISON)
    assert change is not None  # noqa: S101 - there were rows
    return Blocks(
        [
            Paragraphs(sentences),
            Table(
                "jamforelse",
                say(
                    "Pågående sjukfall, alla längder: förändring {periods}",
                    periods=from_to(change),
                ),
                [
                    Column("Kön", "text"),
                    Column("Länet"),
                    Column("Riket"),
                    Column("Riket utom länet"),
                    Column("Plats efter minskning"),
                ],
                rows,
                source_list(report, [change.after.source]),
            ),
        ]
    )


def _beside_the_country(found: Comparison) -> Text:
    changes = [change_facts(c).percent for c in (found.county, found.riket, found.rest)]
    names = dict(zip(("county", "riket", "rest"), changes, strict=True))
    opening = "Bäst går det att jämföra pågående sjukfall av alla längder. {periods} "
    periods = from_to(found.county).capitalize()
    if all(fact.value < 0 for fact in changes):
        return say(
            opening
            + "minskade de med {county:abs} procent i länet, {riket:abs} procent i riket och "
            "{rest:abs} procent i övriga landet.",
            periods=periods,
            **names,
        )
    return say(
        opening
        + "ändrades de med {county:signed} procent i länet, {riket:signed} procent i riket och "
        "{rest:signed} procent i övriga landet.",
        periods=periods,
        **names,
    )


def _among_the_counties(found: Comparison) -> Text:
    first, last = found.largest_fall, found.smallest_fall
    own = found.county.after.area
    where = "Länet ligger däremellan"
    if own in (first.after.area, last.after.area):
        where = "Länet är ett av de två"
    return say(
        "Av de {n} länen minskade de mest i {first} ({f:signed} procent) och minst i {last} "
        "({l:signed} procent). {where}.",
        n=count_fact("antal län", found.counties),
        first=areas.name(first.after.area),
        f=change_facts(first).percent,
        last=areas.name(last.after.area),
        l=change_facts(last).percent,
        where=where,
    )


def counties(report: Followup) -> Block:
    """Return the change of every county and riket, the county picked out."""
    compared = report.comparison()
    if compared is None:
        return missing("De andra länens förändringar saknas för samma tidpunkter.")
    found = [
        change
        for area in [*areas.lan(), areas.RIKET]
        if (change := report.change(COUNTY_COMPARISON, area=area))
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
    own, first, last = compared.county, compared.largest_fall, compared.smallest_fall
    caption = say(
        "Pågående sjukfall, alla längder: förändring {periods}, länen och riket",
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
            "Staplar för {n} län och riket. Störst minskning hade {first} ({f:signed} procent), minst "
            "{last} ({l:signed} procent). {own} ({o:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", compared.counties),
            first=areas.name(first.after.area),
            f=change_facts(first).percent,
            last=areas.name(last.after.area),
            l=change_facts(last).percent,
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
    touched: dict[str, tuple[Rule, list[str]]] = {}
    for measure in [*OUTCOMES, *COSTS]:
        pair = report.periods(measure)
        if pair is None or report.change(measure) is None:
            continue
        for rule in rules_between(measure_of(measure), *(Period.parse(p) for p in pair)):
            touched.setdefault(rule.id, (rule, []))[1].append(measure_of(measure).name)
    if not touched:
        return Paragraphs([say("Inga kända regeländringar ligger mellan tidpunkterna.")])
    ordered = sorted(touched.values(), key=lambda item: item[0].date)
    rows: list[list[Cell]] = [
        [
            rule.name,
            _month(rule),
            rule.text,
            "; ".join(names),
        ]
        for rule, names in ordered
    ]
    return Blocks(
        [
            Paragraphs(
                [
                    say(
                        "Mellan före och efter hände annat som berörde hela landet. Det kan förklara "
                        "en del av förändringen, och hur stor del går inte att säga."
                    )
                ]
            ),
            Table(
                "regler",
                "Ändrade regler och händelser mellan före och efter",
                [Column(n, "text") for n in ("Ändring", "Från", "Innebörd", "Berör")],
                rows,
                source_list(report, [rule.source for rule, _ in ordered]),
            ),
        ]
    )
