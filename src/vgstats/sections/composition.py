"""Vad består förändringen av? The two benefits, and women and men."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import from_to, moved, period_words
from vgstats.catalogue.measures import ONGOING
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Code, Text, join, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.composition import Kitagawa
from vgstats.methods.implied import kitagawa_by_sex
from vgstats.methods.result import NotComputable
from vgstats.methods.sums import Components, components
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report

_WHOLE, _SICK, _DISABILITY = "ohalsotal", "ohalsotal_sjukpenning", "ohalsotal_sa"
_PARTS = {
    "sjukpenning": "sjukpenning",
    "sa": "sjuk- och aktivitetsersättning",
}
_OFFICIAL = "Försäkringskassan"


def benefits(report: Report) -> Block:
    """Return how much of the change is each benefit, and new grants beside the stock."""
    found = _benefit_split(report)
    stock = _stock_and_new(report)
    if isinstance(found, Text | str):
        split: Block = _split_missing(report, found)
    else:
        split = Paragraphs([found.sentence(), *_derived(report, found)])
    note = say(
        "Delarna hör ihop: dagar kan flytta från sjukpenning till sjuk- och aktivitetsersättning utan "
        "att någon har kommit tillbaka i arbete."
    )
    return Blocks([split, Paragraphs([*stock, note])])


def _benefit_split(report: Report) -> Components | Text | str:
    """Return the split of the county's ohälsotal, or why there is none."""
    named = (report.change(_SICK), report.change(_DISABILITY))
    whole, sick = report.change(_WHOLE), report.change("sjukpenningtal")
    if named[0] and named[1]:
        ends = [
            [(name, getattr(c, end).value) for name, c in zip(_PARTS, named, strict=True) if c]
            for end in ("before", "after")
        ]
        rounding, source = named[0].after.resolution, named[0].after.source
    elif whole and sick and _same_denominator(report, whole, sick):
        ends = [
            [("sjukpenning", s.value), ("sa", w.value - s.value)]
            for w, s in ((whole.before, sick.before), (whole.after, sick.after))
        ]
        rounding, source = whole.after.resolution + sick.after.resolution, sick.after.source
    else:
        lacking = [
            name for name, change in (("ohälsotal", whole), ("sjukpenningtal", sick)) if not change
        ]
        if not lacking:
            return "ohälsotalet och sjukpenningtalet inte kommer från Försäkringskassan båda två"
        return f"länets {swedish_list(lacking)} för de två tidpunkterna saknas"
    frames = [pd.DataFrame(rows, columns=["part", "value"]) for rows in ends]
    try:
        return components(
            frames[0],
            frames[1],
            _PARTS,
            whole=measure_of(_WHOLE).name + "et",
            rounding=rounding,
            unit=measure_of(_WHOLE).unit,
            source=source,
            about=f"ersättningar|{report.area}",
        )
    except NotComputable as reason:
        return reason.reason


def _split_missing(report: Report, why: Text | str) -> Block:
    commands = [
        say("{command}", command=Code(command))
        for measure in (_WHOLE, "sjukpenningtal")
        if not report.change(measure) and (command := report.how_to_get(measure))
    ]
    said = say(
        "Hur stor del av ohälsotalets ändring som är sjukpenning och hur stor del som är sjuk- och "
        "aktivitetsersättning går inte att beräkna eftersom {why}.",
        why=why,
    )
    if commands:
        said = say("{said} Hämtas med: {commands}", said=said, commands=join(commands, " och "))
    return Paragraphs([said], kind="missing")


def _derived(report: Report, found: Components) -> list[Text]:
    """Say how the parts were had, where no source gives them."""
    if report.change(_SICK) and report.change(_DISABILITY):
        return []
    whole, sick = report.change(_WHOLE), report.change("sjukpenningtal")
    assert whole and sick  # noqa: S101 - the split is of these
    return [
        say(
            "Delarna är omkring: delen med sjuk- och aktivitetsersättning är här ohälsotalet minus "
            "sjukpenningtalet, och enligt Kolada räknas sjukpenningtalet på färre försäkrade, utan dem som har "
            "hel sjuk- eller aktivitetsersättning. Är det så är sjukpenningens del av ohälsotalet omkring "
            "{before} dagar mindre {then} och {after} dagar mindre {now}, och den andra delen så mycket större. "
            "{sources}",
            before=_overstated(whole.before, sick.before),
            after=_overstated(whole.after, sick.after),
            then=period_words(whole.before),
            now=period_words(whole.after),
            sources=report.cite([found.source]),
        )
    ]


_DAYS_OF_A_YEAR = 365


def _overstated(whole: Value, sick: Value) -> Fact:
    """Return how many days sjukpenningtalet would lie above sjukpenning's part of ohälsotalet.

    Days with sjuk- eller aktivitetsersättning per insured, over the days of a year, are the share of the
    insured that a denominator without those who have it in full leaves out, at the most.
    """
    ends = (value_fact(whole), value_fact(sick))
    days = sick.value * (whole.value - sick.value) / _DAYS_OF_A_YEAR
    return Fact(f"sjukpenningtalets mindre nämnare|{key(whole)}", days, "dagar", 1, "model", ends)


def _same_denominator(report: Report, *changes: Change) -> bool:
    """Return whether all come from Försäkringskassan itself, so that they are per the same persons."""
    values = [value for change in changes for value in (change.before, change.after)]
    publishers = {report.sources.loc[value.source, "publisher"] for value in values}
    return report.synthetic or publishers == {_OFFICIAL}


def _stock_and_new(report: Report) -> list[Text]:
    stock, new = report.change("sa_mottagare"), report.change("sa_nya")
    said = []
    if new:
        facts = change_facts(new)
        said.append(
            say(
                "{before} personer fick ny sjuk- eller aktivitetsersättning {then} och {after} {now}, "
                "{by}.",
                before=facts.before,
                after=facts.after,
                then=period_words(new.before),
                now=period_words(new.after),
                by=moved(facts),
            )
        )
    if stock:
        facts = change_facts(stock)
        said.append(
            say(
                "{before} personer hade ersättningen {then} och {after} {now}, {by}.",
                before=facts.before,
                after=facts.after,
                then=period_words(stock.before),
                now=period_words(stock.after),
                by=moved(facts),
            )
        )
    if new and stock:
        said.append(
            say("Beståndet ändras långsamt; de nya visar tidigare åt vilket håll det är på väg.")
        )
    return [join(said)] if said else []


def by_sex(report: Report) -> Block:
    """Return how much of the change each sex gives, and how much their changed shares give."""
    for measure in (_WHOLE, "sjukpenningtal"):
        changes = [report.change(measure, sex) for sex in SEXES]
        known = [change for change in changes if change]
        if len(known) == len(SEXES):
            return _by_sex(report, measure, known)
    counts = [report.change(ONGOING, sex) for sex in SEXES]
    known = [change for change in counts if change]
    if len(known) == len(SEXES):
        return Paragraphs([_cases_by_sex(known)])
    return missing(
        "Hur mycket av ohälsotalets eller sjukpenningtalets ändring som kommer från kvinnor och från män "
        "går inte att beräkna: det kräver talen för kvinnor, män och båda tillsammans.",
        report.where_to_get(_WHOLE),
    )


def _cases_by_sex(changes: list[Change]) -> Text:
    """Say how many of the cases more or fewer are women's and men's, who add up to all."""
    total, women, men = (change_facts(change) for change in changes)
    return say(
        "Ohälsotal och sjukpenningtal per kön finns inte bland uppgifterna. De pågående sjukfallen av alla "
        "längder ändrades {periods} med {t:signed}: {w:signed} för kvinnor ({wp:signed} procent) och "
        "{m:signed} för män ({mp:signed} procent).",
        periods=from_to(changes[0]),
        t=total.difference,
        w=women.difference,
        wp=women.percent,
        m=men.difference,
        mp=men.percent,
    )


def _by_sex(report: Report, measure: str, changes: list[Change]) -> Block:
    frames = [
        pd.DataFrame(
            [(c.after.sex, getattr(c, end).value) for c in changes], columns=["sex", "value"]
        )
        for end in ("before", "after")
    ]
    try:
        found = kitagawa_by_sex(
            *frames,
            rounding=max(c.after.resolution for c in changes),
            unit=measure_of(measure).unit,
            source=changes[0].after.source,
            about=f"kön|{key(changes[0].after)}",
        )
    except NotComputable as reason:
        return missing(
            say(
                "Hur mycket av ändringen som kommer från kvinnor och från män går inte att beräkna "
                "eftersom {why}.",
                why=reason.reason,
            )
        )
    return _by_sex_block(report, measure, found, changes[0])


def _signed(found: Kitagawa, name: str, within: float, mix: float) -> list[Cell]:
    """Return what a group gives through its own change, through its share, and both together."""
    return [
        say("{x:signed}", x=found.fact(f"{what}|{name}", value, decimals=2))
        for what, value in (("inom", within), ("andel", mix), ("summa", within + mix))
    ]


def _by_sex_block(report: Report, measure: str, found: Kitagawa, whole: Change) -> Block:
    rows: list[list[Cell]] = [
        [
            str(row.sex).capitalize(),
            *_signed(found, str(row.sex), float(row.rates), float(row.composition)),
        ]
        for row in found.table.itertuples()
    ]
    rows.append(
        [
            "Tillsammans",
            *_signed(found, "tillsammans", found.rates, found.composition),
        ]
    )
    table = Table(
        "kon-delar",
        say(
            "{name}: förändringens delar {when}, dagar",
            name=measure_of(measure).name,
            when=from_to(whole),
        ),
        [
            Column("Kön", "text"),
            Column("Genom ändring inom gruppen"),
            Column("Genom ändrad andel"),
            Column("Summa"),
        ],
        rows,
        say(
            "Kvinnors andel av de försäkrade är inte publicerad i källan. Den är räknad ur talen för "
            "kvinnor, män och alla, och är därför osäker. Räknat före avrundningen. {sources}",
            sources=report.cite([whole.after.source]),
        ),
    )
    return Blocks([Paragraphs([found.sentence()]), table])
