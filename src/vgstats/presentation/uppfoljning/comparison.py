"""Hade det hänt ändå? The years before, the country, the other counties, the rules."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from vgstats import areas
from vgstats.analysis.comparison import county_changes
from vgstats.interventions import Rule, all_rules, rules_between
from vgstats.measures import measure as measure_of
from vgstats.observations import Value, one, select
from vgstats.periods import Period
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
from vgstats.presentation.facts import change_facts, count_fact, value_fact
from vgstats.presentation.text import Text, say
from vgstats.presentation.uppfoljning.summary import county_comparison
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


def _december_values(report: Followup, area: str) -> list[Value]:
    rows = select(report.observations, measure=SERIES, area=area, sex="alla", group="")
    periods = sorted(period for period in rows["period"] if period.endswith("-12"))
    values = [one(report.observations, SERIES, area, period) for period in periods]
    return [value for value in values if value]


def years_before(report: Followup) -> Block:
    """Return the county's series over the years, with the agreement and the rules marked."""
    values = _december_values(report, report.area)
    if len(values) < 3:
        return missing(
            "Länets ohälsotal år för år finns inte bland rapportens uppgifter. Därför går det inte att "
            "se om utvecklingen hade börjat redan före insatserna.",
            measure_of(SERIES).available,
        )
    riket_rows = select(report.observations, measure=SERIES, area=areas.RIKET, sex="alla")
    riket = [
        value
        for period in sorted(riket_rows["period"])
        if (value := one(report.observations, SERIES, areas.RIKET, period))
    ]
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
    frame.loc[~frame["joined"], "series"] = "Riket, enstaka månader"
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
                _series_note(report, values, riket, rules, bool(definitions)),
            ),
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
        [Column("Månad", numeric=False), Column(report.area_name), Column("Riket")],
        rows,
    )


def _series_note(
    report: Followup, values: list[Value], riket: list[Value], rules: list[Rule], cut: bool
) -> Text:
    marks = "; ".join(
        f"{number} {rule.name} ({Period.parse(rule.date.isoformat()[:7]).swedish()})"
        for number, rule in enumerate(rules, 1)
    )
    pieces = [f"Ringarna i figuren: {marks}." if marks else ""]
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
        words=" ".join(filter(None, pieces)),
        sources=source_list(report, [v.source for v in [*values, *riket]]),
    )


def against_country(report: Followup) -> Block:
    """Return the county beside riket and the rest of the country, by sex."""
    rows: list[list[Cell]] = []
    sentences: list[Text] = []
    for sex in ("alla", "kvinnor", "män"):
        found = county_comparison(report, sex)
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
            sentences.append(
                say(
                    "Bäst går det att jämföra pågående sjukfall av alla längder. {periods} ändrades de "
                    "med {c:signed} procent i länet, {k:signed} procent i riket och {r:signed} procent i "
                    "övriga landet.",
                    periods=from_to(found.county).capitalize(),
                    c=county.percent,
                    k=riket.percent,
                    r=rest.percent,
                )
            )
            inside = found.lowest < found.county.percent < found.highest
            low, high = _extremes(report)
            sentences.append(
                say(
                    "Länens förändringar går från {low:signed} till {high:signed} procent. Länet "
                    "{where}.",
                    low=low,
                    high=high,
                    where="ligger däremellan" if inside else "ligger ytterst bland länen",
                )
            )
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
                    Column("Kön", numeric=False),
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


def _extremes(report: Followup) -> tuple:
    pair = report.periods(COUNTY_COMPARISON)
    assert pair is not None  # noqa: S101 - called when there is a comparison
    table = county_changes(report.observations, COUNTY_COMPARISON, *pair)
    ends = (report.change(COUNTY_COMPARISON, area=table.iloc[i]["area"]) for i in (0, -1))
    return tuple(change_facts(change).percent for change in ends if change)


def counties(report: Followup) -> Block:
    """Return the change of every county and riket, the county picked out."""
    pair = report.periods(COUNTY_COMPARISON)
    table = (
        county_changes(report.observations, COUNTY_COMPARISON, *pair) if pair else pd.DataFrame()
    )
    if table.empty or report.change(COUNTY_COMPARISON) is None:
        return missing("De andra länens förändringar saknas för samma tidpunkter.")
    found = {
        area: report.change(COUNTY_COMPARISON, area=area) for area in [*table["area"], areas.RIKET]
    }
    ordered = sorted(
        ((area, change) for area, change in found.items() if change),
        key=lambda item: item[1].percent,
    )
    drawing = charts.ranking(
        pd.DataFrame(
            [
                (
                    areas.name(area),
                    change_facts(c).percent.value,
                    "whole" if area == areas.RIKET else "area",
                )
                for area, c in ordered
            ],
            columns=["name", "value", "kind"],
        ),
        highlight=report.area_name,
        unit="förändring, procent",
    )
    own = found[report.area]
    assert own is not None  # noqa: S101 - checked above
    caption = say(
        "Pågående sjukfall, alla längder: förändring {periods}, länen och riket",
        periods=from_to(own),
    )
    rank = int(table.set_index("area").loc[report.area, "rank"])
    first, last = table.iloc[0]["area"], table.iloc[-1]["area"]
    rows: list[list[Cell]] = []
    for area, change in ordered:
        facts = change_facts(change)
        rows.append(
            [areas.name(area), facts.before, facts.after, say("{p:signed} %", p=facts.percent)]
        )
    return Figure(
        drawing,
        caption,
        say(
            "Staplar för {n} län och riket. Störst minskning hade {first} ({f:signed} procent), minst "
            "{last} ({l:signed} procent). {own} ({o:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", len(table)),
            first=areas.name(first),
            f=_percent(found[first]),
            last=areas.name(last),
            l=_percent(found[last]),
            own=report.area_name,
            o=change_facts(own).percent,
            rank=count_fact(f"plats|{report.area}", rank),
        ),
        Table(
            "lanen",
            caption,
            [
                Column("Län", numeric=False),
                Column(period_words(own.before)),
                Column(period_words(own.after)),
                Column("Förändring"),
            ],
            rows,
        ),
        source_list(report, [own.after.source]),
    )


def _percent(change):
    return change_facts(change).percent


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
            Period.parse(rule.date.isoformat()[:7]).swedish(),
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
                [Column(n, numeric=False) for n in ("Ändring", "Från", "Innebörd", "Berör")],
                rows,
                source_list(report, [rule.source for rule, _ in ordered]),
            ),
        ]
    )
